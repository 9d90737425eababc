"""Entries as parts of other acts: the clock on the wall and its instants, changes counted, cancelling, coming back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from tests.factories.accounts import UserFactory
from tests.factories.coalition import WorkingGroupFactory

from waymark.accounts.models import User
from waymark.audit.models import Event
from waymark.coalition.actions.calendar import cancel_entry, change_entry, keep_walls, schedule_entry
from waymark.coalition.models import CalendarEntry, Region

pytestmark = pytest.mark.django_db
ZONE = "America/Los_Angeles"


@pytest.fixture
def by(db: None) -> User:
    Region.objects.create(name="Invented County", time_zone=ZONE)
    user: User = UserFactory(role="coordinator")
    return user


def meeting(by: User, **changes: Any) -> CalendarEntry:
    start = dt.datetime(2026, 10, 30, 17, 0, tzinfo=dt.UTC)
    values = {"kind": "meeting", "title": "Invented meeting", "starts_at": start, "ends_at": start + dt.timedelta(hours=1)}
    return schedule_entry(**(values | changes), by=by)


def test_the_clock_on_the_wall_is_kept_on_both_sides_of_the_change_of_clocks(by: User) -> None:
    summer = meeting(by)
    winter = meeting(
        by,
        starts_at=dt.datetime(2026, 11, 6, 18, 0, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 11, 6, 19, 0, tzinfo=dt.UTC),
    )
    for entry, day, offset in ((summer, dt.date(2026, 10, 30), 17), (winter, dt.date(2026, 11, 6), 18)):
        entry.refresh_from_db()
        assert (entry.starts_on, entry.starts_clock, entry.time_zone) == (day, dt.time(10), ZONE)
        assert entry.starts_at == dt.datetime.combine(day, dt.time(offset), dt.UTC)


def test_whole_days_begin_and_end_at_the_region_s_midnight_also_when_a_day_has_25_hours(by: User) -> None:
    entry = meeting(
        by,
        starts_at=dt.datetime(2026, 11, 1, 20, tzinfo=dt.UTC),
        ends_at=dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC),
        all_day=True,
    )
    assert entry.all_day
    assert entry.starts_at == dt.datetime(2026, 11, 1, 7, tzinfo=dt.UTC)
    assert entry.ends_at - entry.starts_at == dt.timedelta(hours=25)


def test_the_hour_that_comes_twice_keeps_the_instants_that_were_meant(by: User) -> None:
    second = dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC)
    entry = meeting(by, starts_at=second, ends_at=second + dt.timedelta(minutes=15))
    assert (entry.starts_clock, entry.starts_at) == (dt.time(1, 30), second)
    assert keep_walls() == 0


@pytest.mark.parametrize(
    "times",
    [
        {"ends_at": dt.datetime(2026, 10, 30, 17, 0, tzinfo=dt.UTC)},
        {"ends_at": dt.datetime(2028, 1, 1, tzinfo=dt.UTC)},
        {"ends_at": dt.datetime(2026, 10, 29, 17, 0, tzinfo=dt.UTC), "all_day": True},
    ],
)
def test_an_entry_ends_after_it_begins_within_a_year(by: User, times: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="An entry"):
        meeting(by, **times)


def test_changes_are_counted_once_each_and_nothing_changed_counts_nothing(by: User) -> None:
    entry = meeting(by)
    assert entry.sequence == 0
    assert change_entry(entry=entry, title="Invented meeting").sequence == 0
    moved = change_entry(
        entry=entry, starts_at=entry.starts_at + dt.timedelta(hours=1), ends_at=entry.ends_at + dt.timedelta(hours=1)
    )
    assert (moved.pk, moved.sequence, moved.starts_clock) == (entry.pk, 1, dt.time(11))
    assert change_entry(entry=entry, group=WorkingGroupFactory(), place="Room 4").sequence == 2
    east = change_entry(entry=entry, time_zone="America/New_York")
    assert (east.starts_clock, east.starts_at) == (dt.time(11), dt.datetime(2026, 10, 30, 15, tzinfo=dt.UTC))
    with pytest.raises(TypeError, match="no \\['colour'\\]"):
        change_entry(entry=entry, colour="red")


def test_what_was_cancelled_stays_and_comes_back_with_its_next_change(by: User) -> None:
    entry = meeting(by)
    cancelled = cancel_entry(entry=entry)
    assert cancelled.cancelled_at is not None
    assert cancelled.sequence == 1
    assert cancel_entry(entry=entry).sequence == 1
    back = change_entry(entry=entry)
    assert (back.cancelled_at, back.sequence) == (None, 2)


def test_parts_of_other_acts_tell_no_event_of_their_own(by: User) -> None:
    entry = meeting(by)
    cancel_entry(entry=change_entry(entry=entry, title="Other"))
    assert not Event.objects.exists()


def test_when_a_zone_s_rules_change_the_clock_on_the_wall_stays(by: User) -> None:
    """As if the entry had been written when the zone still had another offset."""
    start = dt.datetime(2096, 10, 30, 17, 0, tzinfo=dt.UTC)
    entry = meeting(by, starts_at=start, ends_at=start + dt.timedelta(hours=1))
    CalendarEntry.objects.update(starts_at=start + dt.timedelta(hours=1), ends_at=start + dt.timedelta(hours=2))
    assert keep_walls() == 1
    entry.refresh_from_db()
    assert (entry.starts_at, entry.sequence) == (start, 1)
    assert keep_walls() == 0
