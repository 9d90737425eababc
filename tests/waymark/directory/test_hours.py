"""Open now, opens next, or not known: the shared cases, and laws that hold for any hours."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from waymark.directory.formats.hours import Hours, hours_at, schedules_of

CASES = json.loads((Path(__file__).parents[2] / "fixtures" / "hours_cases.json").read_text())["cases"]
ZONE = "America/Los_Angeles"


def told(hours: Hours) -> dict[str, str]:
    found = {"state": hours.state}
    for key in ("closes", "opens"):
        moment = getattr(hours, key)
        if moment:
            found[key] = moment.strftime("%Y-%m-%dT%H:%M")
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_the_shared_cases(case: dict[str, Any]) -> None:
    now = dt.datetime.fromisoformat(case["now"].replace("Z", "+00:00"))
    assert told(hours_at(case["schedules"], now, case["zone"])) == case["expect"]


DAYS = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), min_size=1, unique=True).map(",".join)
TIMES = st.times().map(lambda moment: moment.replace(second=0, microsecond=0).strftime("%H:%M:%S"))
DATES = st.dates(dt.date(2026, 1, 1), dt.date(2027, 12, 31)).map(str)
OPENING = st.fixed_dictionaries(
    {"freq": st.just("WEEKLY"), "byday": DAYS, "opens_at": TIMES, "closes_at": TIMES},
    optional={"valid_from": DATES, "valid_to": DATES},
)
CLOSURE = st.fixed_dictionaries({"is_closed": st.just(True), "valid_from": DATES, "valid_to": DATES})
MOMENTS = st.datetimes(dt.datetime(2026, 1, 2), dt.datetime(2027, 12, 30), timezones=st.just(dt.UTC)).map(
    lambda moment: moment.replace(second=0, microsecond=0)
)
ROWS = st.lists(st.one_of(OPENING, CLOSURE), max_size=6)


def at(wall: dt.datetime) -> dt.datetime:
    """A local time as a moment; times that the clock skips or tells twice are left out."""
    moment = wall.replace(tzinfo=ZoneInfo(ZONE))
    assume(moment.astimezone(dt.UTC).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None) == wall)
    assume(moment.utcoffset() == moment.replace(fold=1).utcoffset())
    return moment


@given(ROWS, MOMENTS)
def test_it_is_open_when_it_says_that_it_opens(rows: list[Any], now: dt.datetime) -> None:
    found = hours_at(rows, now, ZONE)
    if found.opens:
        assert found.state == "closed"
        assert hours_at(rows, at(found.opens), ZONE).state == "open"


@given(ROWS, MOMENTS)
def test_it_is_open_until_it_closes_and_not_then(rows: list[Any], now: dt.datetime) -> None:
    found = hours_at(rows, now, ZONE)
    if found.closes:
        assert found.state == "open"
        assert hours_at(rows, at(found.closes - dt.timedelta(minutes=1)), ZONE).state == "open"
        assert hours_at(rows, at(found.closes), ZONE).state != "open"


@given(
    st.lists(CLOSURE, max_size=4), st.lists(st.sampled_from([{"description": "Call"}, {"opens_at": "09:00:00"}])), MOMENTS
)
def test_hours_that_nobody_stated_are_never_open(closures: list[Any], words: list[Any], now: dt.datetime) -> None:
    assert hours_at([*closures, *words], now, ZONE).state != "open"


@given(ROWS, MOMENTS)
def test_a_closed_row_for_these_days_always_closes(rows: list[Any], now: dt.datetime) -> None:
    day = now.astimezone(ZoneInfo(ZONE)).date()
    closed = {"is_closed": True, "valid_from": str(day - dt.timedelta(1)), "valid_to": str(day)}
    assert hours_at([*rows, closed], now, ZONE).state != "open"


@given(ROWS, MOMENTS, st.permutations(range(6)))
def test_the_order_of_rows_does_not_matter(rows: list[Any], now: dt.datetime, order: list[int]) -> None:
    shuffled = [rows[place] for place in order if place < len(rows)]
    assert hours_at(shuffled, now, ZONE) == hours_at(rows, now, ZONE)


def test_hours_belong_to_the_service_before_its_places() -> None:
    own, there, place = {"byday": "MO"}, {"byday": "TU"}, {"byday": "WE"}
    visit = {"schedules": [there], "location": {"schedules": [place]}}
    assert schedules_of({"schedules": [own], "service_at_locations": [visit]}) == [own]
    assert schedules_of({"service_at_locations": [visit]}) == [there]
    assert schedules_of({"service_at_locations": [{"location": {"schedules": [place]}}]}) == [place]
    assert schedules_of({}) == []
