"""What a chain tells, newest first, narrowed by who, what, about what, result and days.

Pages are found by key, not by counting: the hundredth page of a million events costs what the first does.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from waymark.audit.formats.sentences import in_words, name_of
from waymark.audit.models import Event, Verification

PAGE = 50
# The distinct values of an indexed column, one look into the index each: a GROUP BY would read the whole chain.
_DISTINCT = """
WITH RECURSIVE found AS (
    (SELECT {column} AS value FROM audit_event WHERE chain = %(chain)s ORDER BY {column} LIMIT 1)
    UNION ALL
    SELECT (SELECT e.{column} FROM audit_event e WHERE e.chain = %(chain)s AND e.{column} > f.value
            ORDER BY e.{column} LIMIT 1)
    FROM found f WHERE f.value IS NOT NULL
)
SELECT value FROM found WHERE value <> '' LIMIT 300
"""


@dataclass(frozen=True)
class Narrowing:
    """What a reader asks of the chain; an empty answer asks nothing."""

    actor: str = ""
    verb: str = ""
    kind: str = ""
    result: str = ""
    about: str = ""
    first_day: dt.date | None = None
    last_day: dt.date | None = None

    def apply(self, events: QuerySet[Event]) -> QuerySet[Event]:
        columns = {"actor": self.actor, "verb": self.verb, "object_kind": self.kind, "result": self.result}
        events = events.filter(**{name: value for name, value in columns.items() if value})
        if self.about.isdigit():
            events = events.filter(link__sequence=int(self.about[:18]))
        elif self.about:
            events = events.filter(object_id=self.about)
        if self.first_day:
            events = events.filter(at__gte=_midnight(self.first_day))
        if self.last_day:
            events = events.filter(at__lt=_midnight(self.last_day + dt.timedelta(days=1)))
        return events


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


@dataclass(frozen=True)
class Told:
    """An event as a person reads it."""

    event: Event
    who: str
    what: str

    @property
    def kind(self) -> str:
        return self.event.object_kind.replace("_", " ")

    @property
    def sequence(self) -> int | None:
        # The event of this very transaction is not linked before it commits.
        return self.event.link.sequence if hasattr(self.event, "link") else None


@dataclass(frozen=True)
class EventPage:
    """Some events and the keys of the pages beside them."""

    rows: list[Told]
    older: int | None
    newer: int | None


def events_of(chain: uuid.UUID, narrowing: Narrowing) -> QuerySet[Event]:
    """The events that match, newest first."""
    return narrowing.apply(Event.objects.filter(chain=chain)).select_related("link").order_by("-id")


def page_of(
    chain: uuid.UUID, narrowing: Narrowing, *, before: int | None = None, after: int | None = None, size: int = PAGE
) -> EventPage:
    """The page of events before or after an event's id; without either, the newest."""
    events = events_of(chain, narrowing)
    if after is not None:
        found = list(events.filter(id__gt=after).order_by("id")[: size + 1])
        has_newer, rows = len(found) > size, found[:size][::-1]
        has_older = True
    else:
        found = list((events.filter(id__lt=before) if before is not None else events)[: size + 1])
        has_newer, has_older, rows = before is not None, len(found) > size, found[:size]
    return EventPage(told(rows), rows[-1].pk if rows and has_older else None, rows[0].pk if rows and has_newer else None)


def told(events: list[Event]) -> list[Told]:
    """Events with names and sentences; one read of names, however many events."""
    names = names_of({event.actor for event in events})
    return [Told(event, name_of(event.actor, names), in_words(event.verb)) for event in events]


def names_of(actors: set[str]) -> dict[str, str]:
    """Display names of those actors who are members."""
    users = [actor for actor in actors if ":" not in actor]
    found = get_user_model()._default_manager.filter(pk__in=users).values_list("pk", "display_name")
    return {str(key): name for key, name in found}


def actors_of(chain: uuid.UUID) -> list[tuple[str, str]]:
    """Who the chain tells of, with names, for the filter; strangers are left out, there may be very many."""
    actors = {actor for actor in _distinct("actor", chain) if not actor.startswith(("visitor:", "invited:"))}
    names = names_of(actors)
    return sorted(((actor, name_of(actor, names)) for actor in actors), key=lambda pair: pair[1].lower())


def kinds_of(chain: uuid.UUID) -> list[tuple[str, str]]:
    """What the chain's events are about, for the filter."""
    return [(kind, kind.replace("_", " ").capitalize()) for kind in _distinct("object_kind", chain)]


def _distinct(column: str, chain: uuid.UUID) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_DISTINCT.format(column=column), {"chain": chain})
        return [row[0] for row in cursor.fetchall()]


def last_verification(chain: uuid.UUID) -> Verification | None:
    """What computing the chain again found last."""
    return Verification.objects.filter(chain=chain).order_by("-id").first()
