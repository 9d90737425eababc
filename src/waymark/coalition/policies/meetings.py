"""Who reads which part of a meeting, and who keeps it.

Three circles: *public* may be handed to anybody, *members* is for whoever reads the coalition's work, *closed* is for the
group itself. Keeping a group does not open its closed parts: a coordinator who is not in the group arranges its meetings
and reads none of them. A meeting of the whole coalition has no group; its closed part is read by the coordinator and by
those who speak for an agency that was there.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from waymark.accounts.models import User
from waymark.coalition.models import Attendance, GroupMember, Meeting, Minutes, Part, WorkingGroup
from waymark.coalition.policies import Refused, groups

OPEN_PARTS = (Part.PUBLIC, Part.MEMBERS)
WAS_THERE = (Attendance.How.PRESENT, Attendance.How.REMOTE)


def own_groups(to: User) -> QuerySet[GroupMember, Any]:
    """Ids of the groups that `to` is in, closed ones too: what was said in a group stays its members' to read."""
    mine = GroupMember.objects.filter(membership=to.acting, until__isnull=True)
    return (mine if to.acting is not None and groups.takes_part(to) else mine.none()).values("group_id")


def is_in(to: User, group: WorkingGroup) -> bool:
    return own_groups(to).filter(group=group).exists()


def visible(queryset: QuerySet[Meeting], *, to: User) -> QuerySet[Meeting]:
    """Meetings that `to` may know of. A private one is known to its group, and to the coordinator, who arranges it."""
    if not groups.may_read_common(to):
        return queryset.none()
    if groups.may_found_group(to):
        return queryset
    return queryset.filter(Q(entry__is_private=False) | Q(group__in=own_groups(to)))


def is_asked(to: User, meeting: Meeting) -> bool:
    """Whether somebody is asked to come: the group, or everybody who takes part."""
    return is_in(to, meeting.group) if meeting.group is not None else groups.takes_part(to)


def reads_how_to_join(to: User, meeting: Meeting) -> bool:
    return is_asked(to, meeting) or keeps(to, meeting)


def may_call(by: User, group: WorkingGroup | None) -> bool:
    """Call a meeting: chair, secretary and coordinator for a group; the coordinator for everybody."""
    return groups.may_found_group(by) if group is None else groups.may_keep_group(by, group)


def must_call(by: User, group: WorkingGroup | None) -> None:
    if not may_call(by, group):
        raise Refused("The chair, the secretary and the coordinator call the meetings of an open group.")


def keeps(by: User, meeting: Meeting) -> bool:
    """Whether somebody arranges this meeting, now or before its group closed."""
    return groups.may_found_group(by) if meeting.group is None else groups.keeps_group(by, meeting.group)


def may_keep(by: User, meeting: Meeting) -> bool:
    """Change a meeting, its agenda, its attendance and its minutes. What was cancelled stays as it is."""
    return meeting.entry.cancelled_at is None and keeps(by, meeting)


def must_keep(by: User, meeting: Meeting) -> None:
    if meeting.entry.cancelled_at is not None:
        raise Refused("This meeting was cancelled. It stays as it is.")
    if not may_keep(by, meeting):
        raise Refused("The chair, the secretary and the coordinator keep this meeting.")


def parts_read_by(to: User, meeting: Meeting) -> tuple[Part, ...]:
    """The parts of a meeting's agenda and minutes that `to` reads."""
    if not groups.may_read_common(to):
        return ()
    return (*OPEN_PARTS, Part.CLOSED) if _reads_closed(to, meeting) else OPEN_PARTS


def _reads_closed(to: User, meeting: Meeting) -> bool:
    if meeting.group is not None:
        return is_in(to, meeting.group)
    if groups.may_found_group(to):
        return True
    if to.acting is None or not groups.speaks_for_own_agency(to):
        return False
    return Attendance.objects.filter(meeting=meeting, agency_id=to.acting.agency_id, how__in=WAS_THERE).exists()


def reads_minutes(to: User, meeting: Meeting, minutes: Minutes) -> bool:
    """A draft is read by those who keep the meeting; circulated minutes by their readers, part by part."""
    return keeps(to, meeting) if minutes.state == Minutes.State.DRAFT else groups.may_read_common(to)


def may_write_minutes(by: User, meeting: Meeting, minutes: Minutes | None) -> bool:
    """Write until they are approved; then they are locked and only an addendum corrects them."""
    return may_keep(by, meeting) and (minutes is None or minutes.state != Minutes.State.APPROVED)


def must_write_minutes(by: User, meeting: Meeting, minutes: Minutes | None) -> None:
    must_keep(by, meeting)
    if not may_write_minutes(by, meeting, minutes):
        raise Refused("These minutes are approved and locked. Write an addendum.")


def may_add_addendum(by: User, meeting: Meeting, minutes: Minutes | None) -> bool:
    return may_keep(by, meeting) and minutes is not None and minutes.state == Minutes.State.APPROVED


def must_add_addendum(by: User, meeting: Meeting, minutes: Minutes) -> None:
    if not may_add_addendum(by, meeting, minutes):
        raise Refused("Only approved minutes have an addendum, written by who keeps the meeting.")


def may_approve(by: User, meeting: Meeting, minutes: Minutes | None) -> bool:
    return may_keep(by, meeting) and minutes is not None and minutes.state == Minutes.State.CIRCULATED


def must_approve(by: User, meeting: Meeting, minutes: Minutes, *, later: Meeting) -> None:
    """Minutes are approved in a later meeting of the same people that has begun."""
    if not may_approve(by, meeting, minutes):
        raise Refused("Circulated minutes are approved by who keeps the meeting.")
    if later.group_id != meeting.group_id or later.entry.cancelled_at is not None:
        raise Refused("Minutes are approved in a meeting of the same group that took place.")
    if later.entry.starts_at <= meeting.entry.starts_at:
        raise Refused("Minutes are approved in a later meeting.")
