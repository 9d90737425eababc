"""Reads of working groups and of who speaks for an agency. Every member of the coalition may read them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Lower

from waymark.accounts.models import Agency, Membership, User
from waymark.coalition.models import GroupMember, JoinRequest, Representative, WorkingGroup
from waymark.coalition.policies.groups import current_voices, groups_of, now_in, people_there


def groups_listed(user: User, *, words: str = "", state: str = "", whose: str = "") -> QuerySet[WorkingGroup]:
    """Groups by name, each with how many people of how many agencies are in it and whether the reader is."""
    found = WorkingGroup.objects.order_by(Lower("name"), "id")
    if words:
        found = found.filter(Q(name__icontains=words) | Q(purpose__icontains=words))
    if state:
        found = found.filter(state=state)
    if whose == "mine":
        found = found.filter(pk__in=groups_of(user).values("pk"))
    here = Q(members__until__isnull=True, members__membership__in=people_there())
    mine = GroupMember.objects.filter(group=OuterRef("pk"), membership=user.acting, until__isnull=True)
    return found.annotate(
        people=Count("members", filter=here),
        agencies=Count("members__membership__agency", filter=here, distinct=True),
        is_mine=Exists(mine),
    )


def group_for(pk: uuid.UUID) -> WorkingGroup | None:
    return WorkingGroup.objects.filter(pk=pk).first()


def members_of(group: WorkingGroup) -> list[GroupMember]:
    """Who is in a group now, by agency and name; the order ranks nobody."""
    found = now_in(group)
    return list(
        found.select_related("membership__user", "membership__agency").order_by(
            Lower("membership__agency__name"), Lower("membership__user__display_name"), "id"
        )
    )


def member_in(group: WorkingGroup, pk: uuid.UUID) -> GroupMember | None:
    """Somebody who is in a group, as the list shows them."""
    return next((member for member in members_of(group) if member.pk == pk), None)


def own_place_in(user: User, group: WorkingGroup) -> GroupMember | None:
    found = GroupMember.objects.select_related("group", "membership__user")
    return found.filter(group=group, membership=user.acting, until__isnull=True).first() if user.acting else None


def requests_of(group: WorkingGroup) -> list[JoinRequest]:
    """Who waits to be let in, longest first."""
    found = JoinRequest.objects.filter(membership__in=people_there(), group=group, state="waiting")
    return list(found.select_related("group", "membership__user", "membership__agency").order_by("asked_at", "id"))


def own_request(user: User, group: WorkingGroup) -> JoinRequest | None:
    found = JoinRequest.objects.select_related("group")
    return found.filter(group=group, membership=user.acting, state="waiting").first() if user.acting else None


def voice_of(agency: Agency) -> Representative | None:
    """Who speaks and votes for an agency now; somebody who lost their place there speaks for nobody."""
    return voices_of([agency.pk]).get(agency.pk)


def voices_of(agencies: Iterable[uuid.UUID]) -> dict[uuid.UUID, Representative]:
    """Who speaks and votes for each of some agencies, in one read. A person who lost their place is left out."""
    found = current_voices().filter(agency__in=list(agencies))
    found = found.annotate(
        membership_stands=Exists(people_there().filter(pk=OuterRef("membership_id"))),
        deputy_stands=Exists(people_there().filter(pk=OuterRef("deputy_id"))),
    ).select_related("agency", "membership__user", "membership__agency", "deputy__user", "deputy__agency")
    return {voice.agency_id: voice for voice in found if voice.membership_stands or voice.deputy_stands}


def voters_of(agencies: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[Membership]]:
    """The people who may vote for each of some agencies: the representative first, then the deputy."""
    return {agency: voters(voice) for agency, voice in voices_of(agencies).items()}


def voters(voice: Representative) -> list[Membership]:
    """Who of a voice may act now. The voice comes from `voices_of`, which found out."""
    found = [voice.membership] if getattr(voice, "membership_stands", False) else []
    return [*found, voice.deputy] if voice.deputy is not None and getattr(voice, "deputy_stands", False) else found


def colleagues_of(user: User) -> QuerySet[Membership]:
    """The people of one's own agency who could speak for it."""
    if user.acting is None:
        return Membership.objects.none()
    found = people_there().filter(agency_id=user.acting.agency_id)
    return found.exclude(role="administrator").select_related("user").order_by(Lower("user__display_name"), "id")
