"""Reads of agencies as partners: how each is reached, who speaks for it, what its people do with others."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower

from waymark.accounts.models import Agency
from waymark.coalition.models import GroupMember, MediaSpeaker, Representative, WorkingGroup
from waymark.coalition.policies.groups import people_there
from waymark.coalition.selectors.groups import voices_of


@dataclass(frozen=True)
class Contact:
    """An agency with those who speak for it."""

    agency: Agency
    voice: Representative | None = None
    speaker: MediaSpeaker | None = field(default=None)


def agencies_in_order(*, words: str = "", kind: str = "", state: str = "") -> QuerySet[Agency]:
    """Agencies alphabetically inside their kind, whoever asks: the order of mention never ranks."""
    found = Agency.objects.order_by("kind", Lower("name"), "id")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(short_name__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(state=state or Agency.State.ACTIVE)


def contacts_of(agencies: Iterable[Agency]) -> list[Contact]:
    """The same agencies with those who speak for them: two reads for any number."""
    rows = list(agencies)
    voices = voices_of(agency.pk for agency in rows)
    speakers = MediaSpeaker.objects.in_bulk([agency.pk for agency in rows])
    return [Contact(agency, voices.get(agency.pk), speakers.get(agency.pk)) for agency in rows]


def contact_for(pk: uuid.UUID) -> Contact | None:
    return next(iter(contacts_of(Agency.objects.filter(pk=pk))), None)


def groups_with(agency: Agency) -> QuerySet[WorkingGroup]:
    """The open groups in which somebody of an agency is now."""
    here = GroupMember.objects.filter(until__isnull=True, membership__in=people_there().filter(agency=agency))
    return WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN, pk__in=here.values("group_id")).order_by(
        Lower("name")
    )
