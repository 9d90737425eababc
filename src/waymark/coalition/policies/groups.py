"""Who may found, keep, join and leave working groups, and who speaks for an agency.

The coordinator founds groups and keeps all; chair and secretary keep their own. An officer says who speaks for their
agency. Names of another agency's people are known only where they took part: nobody can look up who else works there.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import Agency, Membership, User
from waymark.accounts.policies.people import holds, must_hold
from waymark.accounts.selectors.members import open_today
from waymark.coalition.models import GroupMember, JoinRequest, Representative, WorkingGroup
from waymark.coalition.policies import Refused

KEEPERS = (GroupMember.Duty.CHAIR, GroupMember.Duty.SECRETARY)


def people_there() -> QuerySet[Membership]:
    """Every membership under which somebody may act today."""
    return open_today(Membership.objects.all())


def now_in(group: WorkingGroup) -> QuerySet[GroupMember]:
    """Who is in a group now. Whoever lost their place in their agency is out, though nobody ended their place here."""
    here = GroupMember.objects.filter(group=group, until__isnull=True)
    return here.filter(membership__in=people_there())


def groups_of(user: User) -> QuerySet[WorkingGroup]:
    """The open groups in which a user is, under the membership under which they act now."""
    if user.acting is None:
        return WorkingGroup.objects.none()
    mine = GroupMember.objects.filter(membership=user.acting, until__isnull=True)
    return WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN, pk__in=mine.values("group_id"))


def is_in_group(user: User, group: WorkingGroup) -> bool:
    return groups_of(user).filter(pk=group.pk).exists()


def may_read_common(by: User) -> bool:
    """What agencies share is read by every member of every agency."""
    return holds(by, Permission.COALITION_WORK_VIEW)


def may_found_group(by: User) -> bool:
    return holds(by, Permission.COALITION_GROUP_FOUND)


def must_found_group(by: User) -> None:
    must_hold(by, Permission.COALITION_GROUP_FOUND)


def keeps_group(by: User, group: WorkingGroup) -> bool:
    """The coordinator, and the group's own chair and secretary."""
    if may_found_group(by):
        return True
    mine = GroupMember.objects.filter(group=group, membership=by.acting, until__isnull=True, duty__in=KEEPERS)
    return takes_part(by) and mine.exists()


def may_keep_group(by: User, group: WorkingGroup) -> bool:
    """Change an open group, its members and what it does."""
    return group.state == WorkingGroup.State.OPEN and keeps_group(by, group)


def must_keep_group(by: User, group: WorkingGroup) -> None:
    if group.state == WorkingGroup.State.CLOSED:
        raise Refused("This group is closed. The coordinator can reopen it.")
    if not may_keep_group(by, group):
        raise Refused("The chair, the secretary and the coordinator keep this group.")


def may_reopen_group(by: User, group: WorkingGroup) -> bool:
    return group.state == WorkingGroup.State.CLOSED and may_found_group(by)


def must_reopen_group(by: User, group: WorkingGroup) -> None:
    if not may_reopen_group(by, group):
        raise Refused("Only the coordinator reopens a closed group.")


def takes_part(by: User) -> bool:
    return holds(by, Permission.COALITION_WORK_TAKE_PART)


def must_take_part(by: User) -> Membership:
    return must_hold(by, Permission.COALITION_WORK_TAKE_PART)


def must_join(by: User, group: WorkingGroup) -> Membership:
    acting = must_take_part(by)
    if group.state == WorkingGroup.State.CLOSED:
        raise Refused("This group is closed and takes nobody in.")
    if is_in_group(by, group):
        raise Refused("You are in this group already.")
    return acting


def may_answer(by: User, request: JoinRequest) -> bool:
    """Let somebody in or decline: who keeps the group, and nobody for themselves except the coordinator."""
    if request.state != JoinRequest.State.WAITING or not may_keep_group(by, request.group):
        return False
    return by.acting is not None and (by.acting.pk != request.membership_id or may_found_group(by))


def may_withdraw_request(by: User, request: JoinRequest) -> bool:
    return request.state == JoinRequest.State.WAITING and by.acting is not None and by.acting.pk == request.membership_id


def known_to(by: User, group: WorkingGroup) -> QuerySet[Membership]:
    """Whom a keeper may take in without being asked: whoever is known by name already.

    Those are who speaks for an agency, who is in another group, and, for an officer, the people of their own agency.
    """
    voices = Representative.objects.filter(until__isnull=True)
    known = (
        Q(pk__in=voices.values("membership_id"))
        | Q(pk__in=voices.filter(deputy__isnull=False).values("deputy_id"))
        | Q(pk__in=GroupMember.objects.filter(until__isnull=True).values("membership_id"))
    )
    if by.acting is not None:
        known |= Q(pk=by.acting.pk)
        if holds(by, Permission.ACCOUNTS_MEMBER_VIEW):
            known |= Q(agency_id=by.acting.agency_id)
    here = GroupMember.objects.filter(group=group, until__isnull=True).values("membership_id")
    return people_there().filter(known).exclude(pk__in=here)


def may_name_voices(by: User, agency: Agency) -> bool:
    """Who speaks for an agency is its own officer's to say."""
    return (
        holds(by, Permission.COALITION_VOICE_NAME)
        and by.acting is not None
        and by.acting.agency_id == agency.pk
        and agency.state == Agency.State.ACTIVE
    )


def must_name_voices(by: User, agency: Agency) -> None:
    if not may_name_voices(by, agency):
        raise Refused("Only an officer of this agency says who speaks for it.")


def current_voices() -> QuerySet[Representative]:
    """Who speaks for each agency now."""
    return Representative.objects.filter(until__isnull=True, agency__state=Agency.State.ACTIVE)


def speaks_for_own_agency(user: User) -> bool:
    """Whether a user is the representative, or the deputy, of the agency for which they act now."""
    if user.acting is None or not takes_part(user):
        return False
    mine = Q(membership=user.acting) | Q(deputy=user.acting)
    return current_voices().filter(mine, agency_id=user.acting.agency_id).exists()
