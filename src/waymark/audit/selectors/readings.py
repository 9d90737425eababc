"""How much somebody has read in the last hour, and whether they look at a thing anew, as their chain tells it."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from waymark.audit.models import Event

# What somebody turns within so long is one look.
ONE_LOOK = dt.timedelta(minutes=1)


def nth_newest(*, chain: uuid.UUID, actor: str, verb: str, number: int, since: dt.datetime) -> dt.datetime | None:
    """When `actor` did `verb` the `number`th time, counted back from the newest after `since`; None for fewer.

    One look into the index of an actor's newest events, which ends at the first that is older than `since`.
    """
    mine = Event.objects.filter(chain=chain, actor=actor)
    older = mine.filter(at__lte=since).order_by("-id").values("pk")[:1]
    fresh = mine.filter(pk__gt=Coalesce(Subquery(older), Value(0)), verb=verb, result=Event.Result.DONE, at__gt=since)
    return fresh.order_by("-id").values_list("at", flat=True)[number - 1 : number].first()


def is_new_look(*, chain: uuid.UUID, actor: str, kind: str, about: object) -> bool:
    """Whether a look at this thing is one to tell, and not the next page of a look that was told."""
    newest = newest_about(chain=chain, kind=kind, about=about, actor=actor, verb=f"{kind}.read")
    return newest is None or newest + ONE_LOOK <= timezone.now()


def newest_about(*, chain: uuid.UUID, actor: str, verb: str, kind: str, about: object) -> dt.datetime | None:
    """When `actor` last did `verb` to this very thing."""
    told = Event.objects.filter(chain=chain, object_kind=kind, object_id=str(about), actor=actor, verb=verb)
    return told.filter(result=Event.Result.DONE).order_by("-id").values_list("at", flat=True).first()
