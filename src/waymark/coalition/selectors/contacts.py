"""Reads of agencies as partners: how each is reached, who speaks for it, what its people do with others."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Lower

from waymark.accounts.models import Agency
from waymark.coalition.models import GroupMember, MediaSpeaker, Representative, WorkingGroup
from waymark.coalition.policies.groups import current_voices, people_there
from waymark.coalition.selectors.groups import voice_of


@dataclass(frozen=True)
class Contact:
    """An agency with those who speak for it."""

    agency: Agency
    voice: Representative | None = None
    speaker: MediaSpeaker | None = None


def agencies_in_order(*, words: str = "", kind: str = "", state: str = "") -> QuerySet[Agency]:
    """Agencies alphabetically inside their kind, whoever asks: the order of mention never ranks."""
    found = Agency.objects.order_by("kind", Lower("name"), "id")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(short_name__icontains=words))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(state=state or Agency.State.ACTIVE)


def with_names(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """The same agencies with the names of those who speak for them: `speaks`, else `stands_in`, and `press`."""
    voices = current_voices().filter(agency=OuterRef("pk"))
    speaks = voices.filter(membership__in=people_there()).values("membership__user__display_name")
    stands_in = voices.filter(deputy__in=people_there()).values("deputy__user__display_name")
    press = MediaSpeaker.objects.filter(agency=OuterRef("pk")).values("speaker")
    return agencies.annotate(speaks=Subquery(speaks[:1]), stands_in=Subquery(stands_in[:1]), press=Subquery(press[:1]))


def contact_for(pk: uuid.UUID) -> Contact | None:
    agency = Agency.objects.filter(pk=pk).first()
    if agency is None:
        return None
    return Contact(agency, voice_of(agency), MediaSpeaker.objects.filter(agency=agency).first())


def groups_with(agency: Agency) -> QuerySet[WorkingGroup]:
    """The open groups in which somebody of an agency is now."""
    here = GroupMember.objects.filter(until__isnull=True, membership__in=people_there().filter(agency=agency))
    return WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN, pk__in=here.values("group_id")).order_by(
        Lower("name")
    )
