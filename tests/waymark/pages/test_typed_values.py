"""Days, times and numbers typed any sane way; anything else is refused in words, never guessed."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError

from waymark.pages.templatetags.pages import clock, day, moment, tel
from waymark.pages.typed_values import ClockField, DayField, PhoneField

NOW = dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-05-03", dt.date(2026, 5, 3)),
        ("5/3/2026", dt.date(2026, 5, 3)),
        ("05/03/26", dt.date(2026, 5, 3)),
        ("5-3-2026", dt.date(2026, 5, 3)),
        ("May 3 2026", dt.date(2026, 5, 3)),
        ("May 3, 2026", dt.date(2026, 5, 3)),
        ("may 3, 2026", dt.date(2026, 5, 3)),
        ("3 May 2026", dt.date(2026, 5, 3)),
        ("Sunday, May 3, 2026", dt.date(2026, 5, 3)),
        ("  Sun   May 3   2026 ", dt.date(2026, 5, 3)),
        ("May 3", dt.date(2026, 5, 3)),
        ("5/3", dt.date(2026, 5, 3)),
        ("today", dt.date(2026, 11, 22)),
        ("Yesterday", dt.date(2026, 11, 21)),
    ],
)
@time_machine.travel(NOW)
def test_days(text: str, expected: dt.date) -> None:
    assert DayField().clean(text) == expected


@pytest.mark.parametrize(
    "text", ["31/12/2026", "2026-02-30", "May 2026", "soon", "0001-01-01", "9999999", "5/3/2026 9am", "٣"]
)
@time_machine.travel(NOW)
def test_what_is_no_day(text: str) -> None:
    with pytest.raises(ValidationError, match="Enter a day"):
        DayField().clean(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9", dt.time(9)),
        ("9am", dt.time(9)),
        ("9 AM", dt.time(9)),
        ("9:30 p.m.", dt.time(21, 30)),
        ("9.30pm", dt.time(21, 30)),
        ("930", dt.time(9, 30)),
        ("17:00", dt.time(17)),
        ("1700", dt.time(17)),
        ("12am", dt.time(0)),
        ("12 pm", dt.time(12)),
        ("noon", dt.time(12)),
        ("Midnight", dt.time(0)),
        ("24:00", dt.time(0)),
        ("0", dt.time(0)),
    ],
)
def test_times(text: str, expected: dt.time) -> None:
    assert ClockField().clean(text) == expected


@pytest.mark.parametrize("text", ["25", "9:61", "13pm", "0am", "nine", "9-5", "99999", "9:3"])
def test_what_is_no_time(text: str) -> None:
    with pytest.raises(ValidationError, match="Enter a time"):
        ClockField().clean(text)


@pytest.mark.parametrize("text", ["916-555-0142", "(916) 555-0142", "+1 916 555 0142", "711", "211", "*67 916-555-0142"])
def test_numbers(text: str) -> None:
    assert PhoneField().clean(text) == text


@pytest.mark.parametrize("text", ["call me", "12", "916-555-0142 x12", "1" * 16, "<b>916</b>", "1-800-HELP-NOW"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ValidationError, match="as it is dialed"):
        PhoneField().clean(text)


@pytest.mark.parametrize(
    ("number", "dialed"),
    [
        ("(916) 555-0142", "9165550142"),
        ("+1 916 555 0142", "+19165550142"),
        ("916-555-0142 ext. 12", "9165550142"),
        ("x", ""),
    ],
)
def test_a_tap_dials_the_number(number: str, dialed: str) -> None:
    assert tel(number) == dialed


def test_days_are_told_with_their_name() -> None:
    assert day(dt.date(2026, 5, 3)) == "Sunday, May 3, 2026"
    assert day(None) == "not known"
    assert moment(dt.datetime(2026, 5, 3, 21, 5, tzinfo=dt.UTC)) == "Sunday, May 3, 2026 at 2:05 PM"
    assert clock(dt.time(0, 5)) == "12:05 AM"
