"""Who sees what in the shared calendar, and who writes there.

What concerns the whole coalition is everybody's to see; what concerns a group, its people's; what is one person's own, that
person's. A private entry tells others only that the time is taken: of a group or the coalition to whoever would see it
otherwise, of a person to those who share a group with them and look for a time.
"""

from __future__ import annotations

import re

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import Membership, User
from waymark.accounts.policies.people import holds, must_hold
from waymark.coalition.models import CalendarEntry, CalendarFeed, GroupMember, WorkingGroup
from waymark.coalition.policies import Refused
from waymark.coalition.policies.groups import (
    groups_of,
    may_found_group,
    may_keep_group,
    people_there,
    speaks_for_own_agency,
)

# No date of an operation stands in a calendar: whoever writes one is stopped before it is saved.
OPERATIONAL = re.compile(
    r"(?<![\w-])(operations?\b(?!\s+(?:manager|meeting|committee|staff|team))|raids?|stings?|sweeps?|takedowns?|busts?|stake-?outs?"
    r"|surveillance|search warrants?|arrest(?:s| warrants?)?)\b",
    re.IGNORECASE,
)
OPERATIONAL_SENTENCE = (
    "“{word}” sounds like an operation. No date of an operation stands in this calendar, past or coming: too many people "
    "and programs read it. Write it nowhere here."
)


def may_view(user: User) -> bool:
    return holds(user, Permission.COALITION_WORK_VIEW)


def visible(queryset: QuerySet[CalendarEntry], *, to: User) -> QuerySet[CalendarEntry]:
    """Entries that a person sees, some of them only as busy (`is_busy_for`)."""
    if to.acting is None or not may_view(to):
        return queryset.none()
    fellows = fellows_of(to)
    return queryset.filter(
        Q(group__isnull=True, for_membership__isnull=True)
        | Q(for_membership=to.acting)
        | _of_groups(to)
        | Q(is_private=True, cancelled_at__isnull=True, for_membership__in=fellows)
    )


def _of_groups(user: User) -> Q:
    return Q(group__isnull=False) if may_found_group(user) else Q(group__in=groups_of(user).values("pk"))


def fellows_of(user: User) -> QuerySet[Membership]:
    """Who shares an open group with a person."""
    here = GroupMember.objects.filter(group__in=groups_of(user).values("pk"), until__isnull=True)
    return here.values("membership_id")  # type: ignore[return-value]


def readable(queryset: QuerySet[CalendarEntry], *, to: User) -> QuerySet[CalendarEntry]:
    """Entries of which a person sees what they are."""
    if to.acting is None:
        return queryset.none()
    shown = visible(queryset, to=to).filter(
        Q(for_membership=to.acting) | Q(made_by=to.acting) | Q(for_membership__isnull=True)
    )
    if may_found_group(to):
        return shown
    return shown.filter(Q(is_private=False) | Q(group__isnull=False) | Q(for_membership=to.acting) | Q(made_by=to.acting))


def is_busy_for(user: User, entry: CalendarEntry) -> bool:
    """Of an entry that a person sees: whether they see only that the time is taken."""
    if not entry.is_private or user.acting is None:
        return False
    if entry.for_membership_id is not None:
        return entry.for_membership_id != user.acting.pk
    return entry.group_id is None and entry.made_by_id != user.acting.pk and not may_found_group(user)


def groups_to_write_in(by: User) -> QuerySet[WorkingGroup]:
    """The open groups whose calendar a person keeps: the coordinator all, the others as chair or secretary."""
    if by.acting is None or not may_view(by):
        return WorkingGroup.objects.none()
    if may_found_group(by):
        return WorkingGroup.objects.filter(state=WorkingGroup.State.OPEN)
    kept = GroupMember.objects.filter(
        membership=by.acting, until__isnull=True, duty__in=[GroupMember.Duty.CHAIR, GroupMember.Duty.SECRETARY]
    )
    return groups_of(by).filter(pk__in=kept.values("group_id"))


def may_write_for_all(by: User) -> bool:
    """The coordinator, and whoever speaks for an agency."""
    return may_found_group(by) or speaks_for_own_agency(by)


def must_write(by: User, *, group: WorkingGroup | None, for_membership: Membership | None) -> Membership:
    """The place under which `by` writes. Raises Refused where they may not write."""
    acting = must_hold(by, Permission.COALITION_WORK_VIEW)
    if for_membership is not None:
        if for_membership.pk != acting.pk:
            raise Refused("Only your own entries are yours to write.")
    elif group is not None:
        if not may_keep_group(by, group):
            raise Refused("The chair, the secretary and the coordinator write for a group that is open.")
    elif not may_write_for_all(by):
        raise Refused("The coordinator, and who speaks for an agency, write for the whole coalition.")
    return acting


def may_change(by: User, entry: CalendarEntry) -> bool:
    """An entry that was written by hand, by who may write there: one's own, or who keeps the group or the whole."""
    if not entry.by_hand or entry.cancelled_at is not None or by.acting is None or not may_view(by):
        return False
    if entry.for_membership_id is not None:
        return entry.for_membership_id == by.acting.pk
    if entry.group is not None:
        return may_keep_group(by, entry.group)
    return may_found_group(by) or (entry.made_by_id == by.acting.pk and speaks_for_own_agency(by))


def must_change(by: User, entry: CalendarEntry) -> None:
    if entry.cancelled_at is not None:
        raise Refused("This entry was cancelled. Write a new one.")
    if not may_change(by, entry):
        raise Refused("This entry is not yours to change.")


def must_not_be_operational(*words: str) -> None:
    """No entry tells of an operation, past or coming."""
    for text in words:
        found = OPERATIONAL.search(text)
        if found is not None:
            raise Refused(OPERATIONAL_SENTENCE.format(word=found[0]))


def visible_feeds(queryset: QuerySet[CalendarFeed], *, to: User) -> QuerySet[CalendarFeed]:
    """One's own feeds, of the place under which one acts."""
    return queryset.filter(membership=to.acting) if to.acting is not None else queryset.none()


def live_feeds(queryset: QuerySet[CalendarFeed]) -> QuerySet[CalendarFeed]:
    """Feeds whose member has an open place today."""
    return queryset.filter(membership__in=people_there())


def must_have_feed(by: User, group: WorkingGroup | None) -> Membership:
    """Who sees the calendar may have a link to it; to a group's, who sees that."""
    acting = must_hold(by, Permission.COALITION_WORK_VIEW)
    if group is not None and not may_found_group(by) and not groups_of(by).filter(pk=group.pk).exists():
        raise Refused("You are not in this group.")
    return acting


def must_end_feed(by: User, feed: CalendarFeed) -> None:
    if by.acting is None or feed.membership_id != by.acting.pk:
        raise Refused("Only your own links are yours to end.")
