"""Who gives, reads, reports and drops action items.

An action item is read by its group and by its owner; one of the whole coalition by everybody who reads the common work. It
is done by its owner, who may also take that back. Whoever keeps the group may give it to somebody else or drop it.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from waymark.accounts.models import Membership, User
from waymark.coalition.models import ActionItem, GroupMember, WorkingGroup
from waymark.coalition.policies import Refused, groups, meetings

State = ActionItem.State


def visible(queryset: QuerySet[ActionItem], *, to: User) -> QuerySet[ActionItem]:
    if not groups.may_read_common(to) or to.acting is None:
        return queryset.none()
    if groups.may_found_group(to):
        return queryset
    return queryset.filter(Q(owner=to.acting) | Q(group__isnull=True) | Q(group__in=meetings.own_groups(to)))


def mine(queryset: QuerySet[ActionItem], *, to: User) -> QuerySet[ActionItem]:
    """What somebody has promised for the agency for which they act now."""
    return queryset.filter(owner=to.acting) if to.acting is not None else queryset.none()


def may_give(by: User, group: WorkingGroup | None) -> bool:
    """Write down who does what: who keeps a group; the coordinator for everybody."""
    return meetings.may_call(by, group)


def may_take(by: User, group: WorkingGroup | None) -> bool:
    """Promise something oneself: whoever is in the group."""
    if group is None:
        return groups.takes_part(by)
    return groups.takes_part(by) and group.state == WorkingGroup.State.OPEN and meetings.is_in(by, group)


def must_give(by: User, group: WorkingGroup | None, owner: Membership) -> None:
    if may_give(by, group) or (by.acting is not None and by.acting.pk == owner.pk and may_take(by, group)):
        return
    raise Refused("Take it yourself, or ask who keeps the group to give it to somebody.")


def is_owner(by: User, item: ActionItem) -> bool:
    return groups.takes_part(by) and by.acting is not None and by.acting.pk == item.owner_id


def keeps(by: User, item: ActionItem) -> bool:
    return groups.may_found_group(by) if item.group is None else groups.keeps_group(by, item.group)


def may_change(by: User, item: ActionItem) -> bool:
    """Change what it says, its owner or its day while it is open."""
    return item.state == State.OPEN and (keeps(by, item) or is_owner(by, item))


def must_change(by: User, item: ActionItem, *, owner: Membership) -> None:
    if not may_change(by, item):
        raise Refused("This action item is settled, or not yours to change.")
    if owner.pk != item.owner_id and not keeps(by, item):
        raise Refused("Who keeps the group gives it to somebody else.")


def may_settle(by: User, item: ActionItem) -> bool:
    """Say that it is done, or how far it is: the owner."""
    return item.state == State.OPEN and is_owner(by, item)


def must_settle(by: User, item: ActionItem) -> None:
    if not may_settle(by, item):
        raise Refused("This action item is settled, or somebody else's.")


def may_drop(by: User, item: ActionItem) -> bool:
    return may_change(by, item)


def may_take_back(by: User, item: ActionItem) -> bool:
    """Undo: what is done by its owner, what was dropped by whoever may drop it."""
    if item.state == State.DONE:
        return is_owner(by, item)
    return item.state == State.DROPPED and (is_owner(by, item) or keeps(by, item))


def must_take_back(by: User, item: ActionItem) -> None:
    if not may_take_back(by, item):
        raise Refused("This action item is open, or somebody else's.")


def kept_groups(by: User) -> QuerySet[WorkingGroup]:
    """Open groups that somebody keeps."""
    if groups.may_found_group(by):
        return WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN)
    if by.acting is None or not groups.takes_part(by):
        return WorkingGroup.objects.none()
    duties = GroupMember.objects.filter(membership=by.acting, until__isnull=True, duty__in=groups.KEEPERS)
    return WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN, pk__in=duties.values("group_id"))
