"""The auditor sees what an attentive reader sees."""

import numpy as np
import pytest

from smallcells import HIDDEN, BadTable, Finding, Policy, SafeTable, Table, audit, protect
from smallcells.audit import gives_small_count_away


def published(names, labels, counts, hide=(), policy=None, period=None, totals=None):
    table = Table.of(names, labels, counts, totals=totals, period=period)
    shown = table.counts.copy()
    for position in hide:
        shown[position] = HIDDEN
    return SafeTable(table.dimensions, shown, policy or Policy(), period)


COUNTY_AGE = (["county", "age"], [["P", "Y"], ["minor", "adult"]], [[3, 40], [12, 60]])
COUNTY_SEX = (["county", "sex"], [["P", "Y"], ["f", "m"]], [[23, 20], [40, 32]])


def test_a_lone_hidden_cell_is_the_total_minus_the_rest():
    verdict = audit(published(*COUNTY_AGE, hide=[(0, 0)]))
    assert not verdict.passed
    assert verdict.findings == (
        Finding(
            "age=minor, county=P", 3, 3, "age=minor, county=P is hidden, yet it is exactly 3: the published sums say so"
        ),
    )
    assert (verdict.hidden, verdict.narrowest) == (1, 0)


def test_a_rectangle_passes_and_states_its_narrowest_interval():
    verdict = audit(published(*COUNTY_AGE, hide=[(0, 0), (0, 1), (1, 0), (1, 1)]))
    assert verdict.passed
    assert verdict.hidden == 4
    # The small cell runs from 1 to 14, the least of its row and column totals less the other's floor.
    assert verdict.narrowest == 13
    assert verdict.to_json_dict() == {"passed": True, "hidden": 4, "narrowest": 13.0, "findings": []}


def test_width_exactly_the_threshold_passes_one_less_does_not():
    assert audit(published(["x"], [["a", "b"]], [3, 10], [(0,), (1,)])).passed
    verdict = audit(published(["x"], [["a", "b"]], [3, 9], [(0,), (1,)]))
    assert [(f.low, f.high) for f in verdict.findings] == [(1, 11), (1, 11)]
    assert "between 1 and 11" in verdict.findings[0].reason


def test_shown_small_counts_are_found():
    verdict = audit(published(*COUNTY_AGE))
    assert [f.reason for f in verdict.findings] == ["age=minor, county=P is under 11 and shown"]
    assert verdict.to_json_dict()["findings"] == [
        {"cell": "age=minor, county=P", "interval": [3, 3.0], "reason": "age=minor, county=P is under 11 and shown"}
    ]
    assert verdict.narrowest == 0


def test_nothing_hidden_is_infinitely_wide_and_json_says_null():
    verdict = audit(published(["x"], [["a", "b"]], [30, 12]))
    assert verdict.passed
    assert verdict.narrowest == np.inf
    assert verdict.to_json_dict()["narrowest"] is None


def test_hidden_here_shown_there():
    here = published(*COUNTY_AGE, hide=[(0, 0), (0, 1), (1, 0), (1, 1)])
    there = published(["age"], [["minor", "adult"]], [15, 100])
    assert audit(here, others=[there]).passed
    telling = published(["county"], [["P", "Y"]], [43, 72])
    blank = published(*COUNTY_AGE, hide=[(0, 0), (0, 2), (1, 0), (1, 2)])
    assert audit(blank).passed
    verdict = audit(blank, others=[telling])
    assert {f.cell for f in verdict.findings} >= {"age=minor, county=P", "county=P"}
    assert verdict.narrowest == 0


def test_two_tables_that_share_margins():
    first = protect(Table.of(*COUNTY_AGE))
    second = protect(Table.of(*COUNTY_SEX))
    verdict = audit(first, others=[second])
    assert verdict.passed


def test_revised_figures_tell_of_the_difference():
    first = published(["x"], [["a", "b"]], [30, 40])
    second = published(["x"], [["a", "b"]], [31, 40])
    verdict = audit(second, others=[first])
    assert verdict.findings[0] == Finding("x=a", 1, 1, "x=a is published as 31 and as 30: the difference tells of 1 people")


def test_subtracting_a_part_leaves_the_rest():
    everyone = published(["county"], [["P", "Y"]], [43, 72])
    all_but_one = published(["county"], [["P", "Y"]], [40, 52])
    verdict = audit(everyone, parts=[all_but_one])
    assert [f.cell for f in verdict.findings] == ["(publication 1)=outside, county=P"]
    assert verdict.findings[0].reason.endswith("was not published, yet it is exactly 3: the published sums say so")
    # The same subtraction is harmless when what remains is nobody, or enough people.
    assert audit(everyone, parts=[published(["county"], [["P", "Y"]], [43, 52])]).passed
    assert not audit(
        published(["county"], [["P", "Y"]], [43, 72], policy=Policy(hide_zeros=True)),
        parts=[published(["county"], [["P", "Y"]], [43, 52])],
    ).passed


def test_two_parts_are_told_apart():
    everyone = published(["county"], [["P", "Y"]], [43, 72])
    parts = [published(["county"], [["P", "Y"]], [20, 30]), published(["county"], [["P", "Y"]], [20, 69])]
    verdict = audit(everyone, parts=parts)
    assert [f.cell for f in verdict.findings] == ["(publication 2)=outside, county=Y"]


def test_categories_made_of_categories():
    adults = published(["age"], [["0-17", "18+"]], [14, 50])
    ages = published(["age"], [["0-17", "18-24", "25+"]], [14, 20, 30], hide=[(1,), (2,)])
    assert audit(ages, others=[adults]).passed
    groups = {"age": {"18+": ["18-24", "25+"]}}
    assert audit(ages, others=[adults], groups=groups).passed
    one = published(["age"], [["0-17", "18-24", "25+"]], [14, 20, 30], hide=[(1,), (3,)])
    assert audit(one).passed
    verdict = audit(one, others=[adults], groups=groups)
    assert {(f.cell, f.low, f.high) for f in verdict.findings} == {("age=18-24", 20, 20), ("the grand total", 64, 64)}


def test_whole_people_are_bounded_more_closely_than_fractions():
    # x+y = y+z = x+z = 20, in units of one: the linear program and the integer program agree on 10 each.
    tables = [published(["who"], [[a, b]], [10, 10], [(0,), (1,)]) for a, b in ("xy", "yz", "xz")]
    verdict = audit(tables[0], others=tables[1:])
    assert {(f.low, f.high) for f in verdict.findings} == {(10.0, 10.0)}


def test_three_dimensions_are_bounded_by_whole_people():
    counts = np.full((2, 2, 2), 20)
    counts[0, 0, 0] = 4
    safe = protect(Table.of(["a", "b", "c"], [["0", "1"]] * 3, counts))
    assert audit(safe).passed
    assert audit(safe).narrowest >= 11


def test_contradicting_publications_are_an_error():
    wrong = published(["x"], [["a", "b"]], [30, 40])
    shown = wrong.shown.copy()
    shown[2] = 90
    with pytest.raises(BadTable, match="contradict"):
        audit(SafeTable(wrong.dimensions, shown, Policy()))


def test_periods_must_agree():
    first = published(["x"], [["a", "b"]], [30, 40], period="2023")
    second = published(["x"], [["a", "b"]], [31, 40], period="2024")
    with pytest.raises(
        BadTable, match=r"^the tables are about different periods \(2023, 2024\): audit those of one period together$"
    ):
        audit(second, parts=[first])
    assert audit(published(["x"], [["a", "b"]], [30, 40]), others=[first]).passed


@pytest.mark.parametrize(
    ("low", "high", "hide_zeros", "away"),
    [
        (3, 3, False, True),
        (0, 0, False, False),
        (0, 0, True, True),
        (10, 20, False, True),
        (11, 12, False, False),
        (0, 11, False, False),
        (0, 10, False, True),
        (0, 1, False, True),
        (10, 21, False, False),
    ],
)
def test_what_gives_a_small_count_away(low, high, hide_zeros, away):
    assert gives_small_count_away(low, high, Policy(hide_zeros=hide_zeros)) is away
