"""Writing in the shared calendar.

`schedule_entry`, `change_entry` and `cancel_entry` are parts of other acts: a meeting that is called, an agreement with a
review date. They ask nobody's leave and tell no event: the act around them does both. What a person writes on the calendar
itself goes through the acts below them, which do.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.coalition.models import CalendarEntry, WorkingGroup
from waymark.coalition.policies import Refused
from waymark.coalition.policies import calendar as policies
from waymark.coalition.policies.groups import now_in
from waymark.coalition.selectors.calendar import path_of, region_zone
from waymark.notices.actions import notify

CHANGEABLE = ("kind", "title", "place", "all_day", "time_zone", "starts_on", "starts_clock", "ends_on", "ends_clock")
MORE = ("group", "for_membership", "is_private", "path")
# Which notice tells of an event.
NOTICE_OF = {
    "calendar_entry.cancelled": "calendar.cancelled",
    "calendar_entry.changed": "calendar.changed",
    "calendar_entry.written": "calendar.scheduled",
}
LONGEST = dt.timedelta(days=366)


def schedule_entry(
    *,
    kind: str,
    title: str,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    all_day: bool = False,
    time_zone: str = "",
    place: str = "",
    group: WorkingGroup | None = None,
    for_membership: Membership | None = None,
    is_private: bool = False,
    path: str = "",
    by: User | None = None,
) -> CalendarEntry:
    """Put something into the calendar as a part of another act, between two instants.

    With `all_day` it is every day in the zone that the instants touch. Without `time_zone` it is the region's zone.
    """
    entry = CalendarEntry(kind=kind, group=group, for_membership=for_membership, is_private=is_private, path=path)
    entry.title, entry.place, entry.made_by = title, place, by.acting if by is not None else None
    entry.time_zone = time_zone or region_zone().key
    _put_times(entry, starts_at, ends_at, all_day=all_day)
    entry.save(force_insert=True)
    return entry


def change_entry(*, entry: CalendarEntry, **changes: Any) -> CalendarEntry:
    """Change what `changes` name, as `schedule_entry` takes it, and count the change. Nothing changed counts nothing.

    With a new zone and no new instants the clock on the wall stays. An entry that was cancelled comes back with its next
    change: the meeting takes place after all.
    """
    fresh = CalendarEntry.objects.select_for_update().get(pk=entry.pk)
    before = {name: getattr(fresh, name) for name in (*CHANGEABLE, "starts_at", "ends_at")}
    before |= {"group": fresh.group_id, "for_membership": fresh.for_membership_id}
    before |= {"is_private": fresh.is_private, "path": fresh.path, "cancelled_at": fresh.cancelled_at}
    starts_at, ends_at = changes.pop("starts_at", None), changes.pop("ends_at", None)
    all_day = bool(changes.pop("all_day", fresh.all_day))
    unknown = changes.keys() - {"kind", "title", "place", "time_zone", *MORE}
    if unknown:
        raise TypeError(f"An entry has no {sorted(unknown)}.")
    for name, value in changes.items():
        setattr(fresh, name, value)
    if starts_at is not None or ends_at is not None or all_day != fresh.all_day:
        _put_times(fresh, starts_at or fresh.starts_at, ends_at or fresh.ends_at, all_day=all_day)
    elif "time_zone" in changes:
        fresh.put_instants()
    fresh.cancelled_at = None
    after = {name: getattr(fresh, f"{name}_id" if name in {"group", "for_membership"} else name) for name in before}
    return _counted(fresh) if before != after else fresh


def cancel_entry(*, entry: CalendarEntry) -> CalendarEntry:
    """It does not take place. It stays for a time, so that every calendar that shows it learns of it."""
    fresh = CalendarEntry.objects.select_for_update().get(pk=entry.pk)
    if fresh.cancelled_at is not None:
        return fresh
    fresh.cancelled_at = timezone.now()
    return _counted(fresh)


def _counted(entry: CalendarEntry) -> CalendarEntry:
    entry.sequence += 1
    entry.changed_at = timezone.now()
    entry.save()
    return entry


def _put_times(entry: CalendarEntry, starts_at: dt.datetime, ends_at: dt.datetime, *, all_day: bool) -> None:
    """Two instants become the clock on the wall, or the days that they touch. Raises ValueError when there are none."""
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise ValueError("An entry ends after it begins, within a year.")
    zone = ZoneInfo(entry.time_zone)
    begin, end = starts_at.astimezone(zone), ends_at.astimezone(zone)
    entry.all_day, entry.starts_on = all_day, begin.date()
    if all_day:
        entry.ends_on = (end - dt.timedelta(microseconds=1)).date()
        entry.starts_clock = entry.ends_clock = None
        entry.put_instants()
    else:
        # The instants as they are given: an hour that comes twice in autumn has two, and the caller said which.
        entry.ends_on, entry.starts_clock, entry.ends_clock = end.date(), begin.time(), end.time()
        entry.starts_at, entry.ends_at = starts_at, ends_at


# What people write on the calendar itself


@transaction.atomic
def write_entry(*, values: Mapping[str, Any], by: User) -> CalendarEntry:
    """Put something into the calendar by hand: for the whole coalition, for a group, or for oneself."""
    policies.must_write(by, group=values.get("group"), for_membership=values.get("for_membership"))
    policies.must_not_be_operational(values["title"], values.get("place", ""))
    entry = _refusing(lambda: schedule_entry(**values, by=by))
    entry.by_hand, entry.path = True, path_of(entry)
    entry.save(update_fields=["by_hand", "path"])
    _tell("calendar_entry.written", entry, by)
    return entry


@transaction.atomic
def rewrite_entry(*, entry: CalendarEntry, values: Mapping[str, Any], by: User) -> CalendarEntry:
    """Change what was written by hand. Whose it is stays."""
    policies.must_change(by, entry)
    policies.must_not_be_operational(values["title"], values.get("place", ""))
    changed = _refusing(lambda: change_entry(entry=entry, **values))
    if changed.sequence != entry.sequence:
        _tell("calendar_entry.changed", changed, by)
    return changed


@transaction.atomic
def withdraw_entry(*, entry: CalendarEntry, by: User) -> CalendarEntry:
    """Cancel what was written by hand."""
    policies.must_change(by, entry)
    changed = cancel_entry(entry=entry)
    _tell("calendar_entry.cancelled", changed, by)
    return changed


def _refusing(act: Any) -> CalendarEntry:
    try:
        done: CalendarEntry = act()
    except ValueError as error:
        raise Refused(str(error)) from error
    return done


def _tell(verb: str, entry: CalendarEntry, by: User) -> None:
    """One event; and a notice to a group's people. The whole coalition is not told, nor is anybody of one's own entries."""
    record(verb=verb, by=by, kind="calendar_entry", about=entry.pk)
    if entry.group is not None:
        here = now_in(entry.group).select_related("membership")
        notify(to=[member.membership for member in here], kind=NOTICE_OF[verb], path=entry.path)


@transaction.atomic
def keep_walls() -> int:
    """Compute the instants of coming entries again: when a zone's rules have changed, the clock on the wall stays.

    Called by the worker every night. Returns how many moved.
    """
    moved = 0
    for entry in CalendarEntry.objects.select_for_update().filter(ends_at__gte=timezone.now()).order_by("pk"):
        shown = entry.starts_at.astimezone(ZoneInfo(entry.time_zone))
        if not entry.all_day and (shown.date(), shown.time()) == (entry.starts_on, entry.starts_clock):
            continue
        if entry.put_instants():
            _counted(entry)
            moved += 1
    return moved
