"""Clocks of the law: hours of the world, days of the zone, business days that end too soon and never too late."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waymark.law.formats.dated_files import clock_file
from waymark.law.policies.clocks import due_at, due_on

HERE = ZoneInfo("America/Los_Angeles")


def plain_business_days(since: dt.date, length: int) -> dt.date:
    """The slow twin: step by step, counting Monday to Friday."""
    day = since
    while length:
        day += dt.timedelta(days=1)
        length -= day.weekday() < 5
    return day


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_business_days_are_counted_as_by_hand(since: dt.date) -> None:
    assert due_on("law_enforcement_endorsement", since) == plain_business_days(since, 15)


def test_thirty_six_hours_are_hours_when_summer_time_begins_and_ends() -> None:
    for begun in (dt.datetime(2026, 3, 7, 20, tzinfo=HERE), dt.datetime(2026, 10, 31, 20, tzinfo=HERE)):
        due = due_at("child_abuse_report", begun)
        assert due.astimezone(dt.UTC) - begun.astimezone(dt.UTC) == dt.timedelta(hours=36)
        assert due.tzinfo is HERE
    assert due_at("child_abuse_report", dt.datetime(2026, 3, 7, 20, tzinfo=HERE)).hour == 9


def test_days_end_with_the_day() -> None:
    due = due_at("vacatur_response", dt.datetime(2026, 1, 10, 9, 30, tzinfo=HERE))
    assert due == dt.datetime(2026, 2, 24, 23, 59, 59, tzinfo=HERE)


def test_what_cannot_be_counted_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_at("child_abuse_report", dt.datetime(2026, 1, 1))
    with pytest.raises(ValueError, match="hours"):
        due_on("doj_breach", dt.date(2026, 1, 1))
    with pytest.raises(KeyError):
        due_on("invented", dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("key", "length", "unit"),
    [
        ("doj_breach", 24, "hours"),
        ("civil_code_breach", 30, "days"),
        ("child_abuse_report", 36, "hours"),
        ("law_enforcement_endorsement", 15, "business_days"),
        ("certification", 30, "days"),
        ("certification_in_removal", 7, "days"),
        ("vacatur_response", 45, "days"),
        ("elder_abuse_report", 2, "business_days"),
        ("injury_report", 2, "business_days"),
    ],
)
def test_the_file_holds_the_clocks_of_our_sources(key: str, length: int, unit: str) -> None:
    clock = clock_file().clocks[key]
    assert (clock.length, clock.unit) == (length, unit)
    assert clock.source
