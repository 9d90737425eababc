"""Counts of a quarter: they are the sums of rows, small ones are hidden, and no subtraction brings them back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from tests.waymark.reports.counting import CODES, VOCA, people, services_of

from smallcells import HIDDEN, audit
from waymark.reports.formats.counts import Counted, Hidden, Published, corrected, packed, protected, tables_of, unpacked
from waymark.reports.formats.counts.counting import CountedTable
from waymark.reports.formats.counts.templates import quarter_name

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
# Few enough tables that thousands of reports can be tried; each kind of table is among them.
SOME = {"individuals", "age", "gender", "several", "service:A1", "victimization:trafficking_sex", "occurrences"}


def true_tables(counted: Sequence[Counted], *, some: bool = True) -> list[CountedTable]:
    tables = tables_of(VOCA, counted, services_of(list(counted)), codes=CODES, period="2026-07-01")
    return [one for one in tables if not some or one.key in SOME]


def cannot_be_undone(published: Sequence[Published], counted: Sequence[Counted]) -> None:
    for unit in ("people", "times"):
        first, *rest = [one.safe for one in published if one.unit == unit]
        assert audit(first, others=rest).passed
    true = {one.key: one.table for one in true_tables(counted)}
    for one in published:
        for shown, count in zip(one.safe.shown.flat, true[one.key].counts.flat, strict=True):
            assert shown in (HIDDEN, count)
            assert shown == HIDDEN or not 0 < shown < 11


def sums_are_right(counted: Sequence[Counted]) -> None:
    services = services_of(list(counted))
    tables = {one.key: one.table for one in true_tables(counted)}
    assert tables["occurrences"].counts[-1] == sum(service.units for service in services)
    assert tables["individuals"].counts[-1] == len(counted)
    assert tables["age"].counts[:-2].sum() == sum(person.is_new for person in counted)


@settings(max_examples=5, suppress_health_check=SLOW)
@given(people())
def test_a_report_cannot_be_undone_and_its_sums_are_those_of_the_rows(counted: list[Counted]) -> None:
    sums_are_right(counted)
    cannot_be_undone(protected(true_tables(counted), VOCA.policy), counted)


def test_eleven_known_people_tell_nothing_of_the_five_who_had_one_service() -> None:
    """Their number is shown by one table, so a hidden yes and no beside it could only be one to ten each."""
    answers = {name: next(iter(VOCA.answers[name])) for name in ("age", "gender", "race")}

    def some(number: int, *services: str) -> list[Counted]:
        nothing: frozenset[str] = frozenset()
        one = Counted(is_new=False, victimization=nothing, classes=nothing, services=frozenset(services), **answers)
        return [one] * number

    counted = [*some(5, "A1"), *some(6, "B4")]
    cannot_be_undone(protected(true_tables(counted), VOCA.policy), counted)


@pytest.mark.nightly
@settings(max_examples=10_000, suppress_health_check=SLOW)
@given(people())
def test_ten_thousand_reports_cannot_be_undone(counted: list[Counted]) -> None:
    sums_are_right(counted)
    cannot_be_undone(protected(true_tables(counted), VOCA.policy), counted)


def two_reports_of_one_time(counted: list[Counted]) -> None:
    """A second template over the same people is fitted around the first, or is not given at all."""
    tables = true_tables(counted)
    first = protected([one for one in tables if one.key in {"individuals", "age", "occurrences"}], VOCA.policy)
    try:
        second = protected([one for one in tables if one.key not in {"occurrences"}], VOCA.policy, standing=first)
    except Hidden:
        return
    everybody = [one.safe for one in (*first, *second) if one.unit == "people"]
    assert audit(everybody[0], others=everybody[1:]).passed


def test_a_second_report_is_not_given_where_the_first_tells_of_it() -> None:
    """Eleven people stand in the first; a hidden yes and no in the second could only be one to ten each."""
    some = Counted(True, "0-12", "female", "native", services=frozenset({"B4"}))
    counted = [*[some] * 9, *[replace(some, services=frozenset({"A1"}))] * 2]
    tables = true_tables(counted)
    first = protected([one for one in tables if one.key == "individuals"], VOCA.policy)
    with pytest.raises(Hidden, match="another report"):
        protected([one for one in tables if one.key == "service:A1"], VOCA.policy, standing=first)


@settings(max_examples=5, suppress_health_check=SLOW)
@given(people())
def test_a_second_report_of_one_time_does_not_undo_the_first(counted: list[Counted]) -> None:
    two_reports_of_one_time(counted)


@pytest.mark.nightly
@settings(max_examples=10_000, suppress_health_check=SLOW)
@given(people())
def test_ten_thousand_second_reports_undo_no_first(counted: list[Counted]) -> None:
    two_reports_of_one_time(counted)


def correction_tells_of_few(before: list[Counted], after: list[Counted]) -> None:
    original = protected(true_tables(before), VOCA.policy)
    changed = corrected(true_tables(after), VOCA.policy, original=original)
    old = {one.key: one.safe for one in original}
    for one in changed.tables:
        for was, now in zip(old[one.key].shown.flat, one.safe.shown.flat, strict=True):
            assert not (was == HIDDEN and now != HIDDEN)
            assert HIDDEN in (was, now) or was == now or abs(int(was) - int(now)) >= 11
    told = {one.key for one in changed.tables} | set(changed.standing)
    same = protected(true_tables(after), VOCA.policy)
    assert told == {one.key for one in same if old[one.key].shown.tolist() != one.safe.shown.tolist()}


@settings(max_examples=5, suppress_health_check=SLOW)
@given(people(), people())
def test_a_correction_tells_of_no_few_people(before: list[Counted], after: list[Counted]) -> None:
    correction_tells_of_few(before, after)


@pytest.mark.nightly
@settings(max_examples=10_000, suppress_health_check=SLOW)
@given(people(), people())
def test_ten_thousand_corrections_tell_of_no_few_people(before: list[Counted], after: list[Counted]) -> None:
    correction_tells_of_few(before, after)


def test_a_late_entry_of_two_people_is_said_in_words_alone() -> None:
    before = [Counted(True, "18-24", services=frozenset({"A1"}))] * 30
    after = [*before, *[Counted(True, "25-59", services=frozenset({"A1"}))] * 2]
    original = protected(true_tables(before), VOCA.policy)
    changed = corrected(true_tables(after), VOCA.policy, original=original)
    assert "individuals" not in {one.key for one in changed.tables}
    assert "individuals" in changed.standing


def test_of_fewer_than_eleven_people_nothing_is_told_at_all() -> None:
    counted = [Counted(True, "18-24", services=frozenset({"A1"}))] * 10
    assert all((one.safe.shown == HIDDEN).all() for one in protected(true_tables(counted), VOCA.policy))


def test_what_is_stored_is_what_was_shown() -> None:
    counted = [Counted(True, "18-24", services=frozenset({"A1"}))] * 30 + [Counted(False, services=frozenset({"B4"}))] * 3
    published = protected(true_tables(counted), VOCA.policy)
    stored = packed(published)
    assert packed(unpacked(stored)) == stored
    assert None in stored[0]["shown"]
    assert 3 not in stored[0]["shown"]


def test_quarters_and_fiscal_years() -> None:
    assert VOCA.quarters(dt.date(2026, 11, 22), back=2) == [
        (dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        (dt.date(2026, 4, 1), dt.date(2026, 6, 30)),
    ]
    assert VOCA.quarters(dt.date(2026, 1, 1), back=1) == [(dt.date(2025, 10, 1), dt.date(2025, 12, 31))]
    assert VOCA.year_of(dt.date(2026, 9, 30)) == dt.date(2025, 10, 1)
    assert VOCA.year_of(dt.date(2026, 10, 1)) == dt.date(2026, 10, 1)
    assert quarter_name(dt.date(2026, 7, 1)) == "July to September 2026"
