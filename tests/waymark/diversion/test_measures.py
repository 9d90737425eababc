"""Measures of a program: each definition against people counted by hand, and what may leave against what must not."""

from __future__ import annotations

import datetime as dt
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.waymark.diversion.desks import Desks, enrolled

from waymark.diversion.formats.measures import (
    GRADUATED,
    LEFT,
    OUTCOMES,
    STILL_IN,
    Way,
    entrants_beside_graduates,
    groups,
    measures,
)

ON = dt.date(2026, 11, 22)
EXAMPLES = 300 if os.environ.get("WAYMARK_TEST_PROFILE") == "nightly" else 30


def way(started: str, **changes: object) -> Way:
    begun = dt.date.fromisoformat(started)
    values: dict[str, object] = {
        "came_on": begun - dt.timedelta(days=20),
        "decided_on": begun - dt.timedelta(days=6),
        "started_on": begun,
        "first_session_on": begun + dt.timedelta(days=4),
        "first_left_on": None,
        "graduated_on": None,
        "is_still_in": True,
        "authority": "Penal Code 1001.95, by the court",
        **changes,
    }
    return Way(**values)  # type: ignore[arg-type]


def said(ways: list[Way]) -> dict[str, str]:
    return {one.name: one.said for one in measures(ways, on=ON)}


def test_each_measure_is_what_its_definition_says() -> None:
    ways = [
        way("2025-01-10", graduated_on=dt.date(2025, 7, 29), is_still_in=False),
        way("2025-02-01", first_left_on=dt.date(2025, 2, 20), is_still_in=False),
        way("2025-03-01", first_left_on=dt.date(2025, 8, 28), is_still_in=False),
        way("2026-11-01", decided_on=None, first_session_on=None),
    ]
    found = said(ways)
    assert found["From referral to decision"] == "14 days"
    assert found["From decision to the first session"] == "10 days"
    assert found["Still in, or graduated, after 30 days"] == "67 %"
    assert found["Still in, or graduated, after 180 days"] == "67 %", "left on day 180 is not within it"
    assert found["Completion of all who started"] == "25 %"
    assert found["Completion of all who ended"] == "33 %"
    assert found["Time to graduation"] == "200 days"


def test_nobody_is_a_number_of_its_own() -> None:
    assert set(said([]).values()) == {"Nobody to count yet"}
    assert groups([], "year") == []
    assert entrants_beside_graduates([]) == []


def test_who_left_and_came_back_to_graduate_is_a_graduate_who_had_left() -> None:
    back = way("2025-01-10", first_left_on=dt.date(2025, 1, 20), graduated_on=dt.date(2026, 1, 10), is_still_in=False)
    assert back.outcome == GRADUATED
    assert said([back])["Still in, or graduated, after 30 days"] == "0 %"


@settings(max_examples=EXAMPLES)
@given(st.lists(st.tuples(st.sampled_from(["2024", "2025", "2026"]), st.sampled_from(OUTCOMES)), max_size=120))
def test_no_group_of_fewer_than_eleven_leaves_or_can_be_worked_out(drawn: list[tuple[str, str]]) -> None:
    made = {
        GRADUATED: {"graduated_on": dt.date(2026, 11, 1), "is_still_in": False},
        LEFT: {"is_still_in": False},
        STILL_IN: {},
    }
    ways = [way(f"{year}-01-05", **made[outcome]) for year, outcome in drawn]  # type: ignore[arg-type]
    for group in groups(ways, "year"):
        true = [sum(1 for one in drawn if one == (group.name, outcome)) for outcome in OUTCOMES]
        for shown, number in zip(group.outcomes, true, strict=True):
            assert shown in (None, number)
            assert shown is None or shown == 0 or shown >= 11
        hidden = [number for shown, number in zip(group.outcomes, true, strict=True) if shown is None]
        if group.started is not None and hidden:
            assert len(hidden) >= 2, "one hidden number beside its total is no secret"


@pytest.mark.django_db
def test_the_page_shows_numbers_with_their_definitions_and_holds_back_small_groups(four: Desks) -> None:
    enrollment = enrolled(four)
    page = four.worker.get(f"/diversion/programs/{enrollment.program_id}/measures/")
    assert "Graduates of everybody who ever started." in page
    assert "held back" in page
    assert "fewer than 11, or held back" in page
    assert four.judge.client.get(f"/diversion/programs/{enrollment.program_id}/measures/").status_code in (403, 404)
