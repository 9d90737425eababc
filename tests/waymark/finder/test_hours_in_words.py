"""Hours as a visitor reads them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from waymark.directory.formats.hours import Hours
from waymark.finder.content import strings
from waymark.finder.formats.hours import hours_lines, state_words

MONDAY = date(2026, 11, 23)


def weekly(days: str, opens: str, closes: str, **more: Any) -> dict[str, Any]:
    return {"freq": "WEEKLY", "byday": days, "opens_at": opens, "closes_at": closes, **more}


def lines(*schedules: dict[str, Any], code: str = "en") -> list[tuple[str, str]]:
    return hours_lines(schedules, strings(code), code, MONDAY, date.isoformat)


def test_days_with_the_same_hours_stand_together() -> None:
    found = lines(weekly("MO,TU,WE,TH,FR", "09:00:00", "17:00:00"), weekly("SA", "10:00:00", "12:30:00"))
    assert found == [
        ("Monday to Friday", "9:00\u00a0AM to 5:00\u00a0PM"),
        ("Saturday", "10:00\u00a0AM to 12:30\u00a0PM"),
    ]


def test_two_days_are_named_and_a_gap_is_shown() -> None:
    assert lines(weekly("MO,TU,TH", "09:00:00", "12:00:00"))[0][0] == "Monday, Tuesday, Thursday"


def test_every_day_all_day() -> None:
    assert lines(weekly("MO,TU,WE,TH,FR,SA,SU", "00:00:00", "00:00:00")) == [("Every day", "Open all day and night")]


def test_past_midnight_says_the_next_day_and_midnight_does_not() -> None:
    assert lines(weekly("FR", "18:00:00", "02:00:00"))[0][1] == "6:00\u00a0PM to 2:00\u00a0AM the next day"
    assert lines(weekly("FR", "18:00:00", "00:00:00"))[0][1] == "6:00\u00a0PM to 12:00\u00a0AM"


def test_the_second_wednesday_of_the_month() -> None:
    monthly = {"freq": "MONTHLY", "byday": "2WE", "opens_at": "09:00:00", "closes_at": "10:00:00"}
    assert lines(monthly)[0][0] == "Second Wednesday of the month"


def test_a_season_a_coming_holiday_and_nothing_that_is_over() -> None:
    found = lines(
        weekly("MO", "09:00:00", "10:00:00", valid_from="2026-10-01", valid_to="2027-03-01"),
        weekly("TU", "09:00:00", "10:00:00", valid_from="2026-01-01", valid_to="2026-03-01"),
        {"is_closed": True, "valid_from": "2026-11-26", "valid_to": "2026-11-26"},
        {"is_closed": True, "valid_from": "2026-07-04", "valid_to": "2026-07-04"},
    )
    assert found == [
        ("From 2026-10-01 to 2027-03-01 · Monday", "9:00\u00a0AM to 10:00\u00a0AM"),
        ("Closed on 2026-11-26", ""),
    ]


def test_words_that_are_no_hours_are_left_out() -> None:
    assert lines({"description": "By appointment"}, weekly("MO", "soon", "later")) == []


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Open now · Open until 5:00\u00a0PM"),
        ("es", "Abierto ahora · Abierto hasta las 5:00 p.\u00a0m."),
    ],
)
def test_open_until(code: str, said: str) -> None:
    state = Hours("open", closes=datetime(2026, 11, 23, 17))
    assert state_words(state, strings(code), code, datetime(2026, 11, 23, 10)) == said


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (Hours("unknown"), "Hours not known. Call first."),
        (Hours("open"), "Open all day and night"),
        (Hours("closed"), "Closed now"),
        (Hours("closed", opens=datetime(2026, 11, 23, 13)), "Closed now · Opens today at 1:00\u00a0PM"),
        (Hours("closed", opens=datetime(2026, 11, 24, 9)), "Closed now · Opens Tuesday at 9:00\u00a0AM"),
        (Hours("closed", opens=datetime(2026, 12, 24, 9)), "Closed now"),
    ],
)
def test_states(state: Hours, said: str) -> None:
    assert state_words(state, strings("en"), "en", datetime(2026, 11, 23, 10)) == said
