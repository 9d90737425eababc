"""Months of help with rent: what the policy counts, what the database counts, and what both refuse."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.factories.assistance import Three, a_stay, leased, stepped, three_people
from tests.factories.disclosures import acting
from tests.factories.people import a_case, a_person, an_address
from tests.waymark.cases.test_rules import refused

from waymark.assistance.models import HOUSING_MOVES, HousingMove, HousingStay, StayState, StayStep
from waymark.assistance.policies.housing import (
    RULES,
    is_over,
    last_day_of,
    month_after,
    months_between,
    months_left,
    rule_on,
)
from waymark.people.models import Person

# Month ends, leap days, and the days on which clocks change.
HARD_DAYS = [
    dt.date(2023, 12, 31),
    dt.date(2024, 1, 31),
    dt.date(2024, 2, 29),
    dt.date(2025, 2, 28),
    dt.date(2026, 3, 8),
    dt.date(2026, 11, 1),
    dt.date(2027, 1, 30),
    dt.date(2028, 2, 29),
]
DAYS = st.one_of(st.sampled_from(HARD_DAYS), st.dates(dt.date(2023, 6, 1), dt.date(2030, 12, 31)))
DAY = dt.timedelta(days=1)


def slow_months(first: dt.date, last: dt.date) -> list[dt.date]:
    """The same by walking day by day: a month begins on the first day's number, or on the last day of a short month."""
    found, day = [], first
    while day <= last:
        is_last = (day + DAY).day == 1
        if day.day == first.day or (is_last and day.day < first.day):
            found.append(day)
        day += DAY
    return found


def slow_is_over(months: list[dt.date]) -> bool:
    """Every stretch of three years, whichever day it begins on."""
    if not months:
        return False
    day = min(months) - dt.timedelta(days=40)
    while day <= max(months):
        year, number = day.year + 3, day.day
        while True:
            try:
                end = dt.date(year, day.month, number)
                break
            except ValueError:
                number -= 1
        if sum(day <= month < end for month in months) > 24:
            return True
        day += DAY
    return False


@given(first=DAYS, days=st.integers(0, 1200))
@example(first=dt.date(2024, 1, 31), days=60)
@example(first=dt.date(2024, 2, 29), days=1200)
@settings(max_examples=120, deadline=None)
def test_months_are_counted_as_by_hand(first: dt.date, days: int) -> None:
    last = first + dt.timedelta(days=days)
    assert months_between(first, last) == slow_months(first, last)


@given(first=DAYS, months=st.integers(1, 60))
@settings(max_examples=120, deadline=None)
def test_so_many_months_end_the_day_before_the_next_begins(first: dt.date, months: int) -> None:
    last = last_day_of(first, months)
    assert len(months_between(first, last)) == months
    assert len(months_between(first, last + DAY)) == months + 1


@given(stays=st.lists(st.tuples(DAYS, st.integers(1, 900)), min_size=1, max_size=3))
@settings(max_examples=40, deadline=None)
def test_no_stretch_of_three_years_is_missed(stays: list[tuple[dt.date, int]]) -> None:
    months = [month for first, days in stays for month in slow_months(first, first + dt.timedelta(days=days))]
    assert is_over(sorted(months)) == slow_is_over(months)


def test_twenty_four_months_may_begin_and_the_twenty_fifth_waits() -> None:
    first = dt.date(2026, 1, 31)
    assert months_left([], first) == 24
    had = months_between(first, last_day_of(first, 24))
    assert (len(had), had[-1]) == (24, dt.date(2027, 12, 31))
    assert months_left(had, dt.date(2028, 1, 31)) == 0
    assert months_left(had, month_after(first, 36) - DAY) == 0
    assert months_left(had, month_after(first, 36)) == 24
    assert months_left(had[:10], dt.date(2027, 6, 1)) == 14


def test_policy_and_database_name_the_same_rule(db: None) -> None:
    assert [rule.since for rule in RULES] == sorted(rule.since for rule in RULES)
    for day in (dt.date(1999, 1, 1), RULES[-1].since, dt.date(2026, 11, 22), dt.date(2040, 1, 1)):
        with connection.cursor() as cursor:
            cursor.execute("SELECT months, in_months FROM assistance_housing_rule(%s)", [day])
            assert cursor.fetchone() == (rule_on(day).months, rule_on(day).in_months)


@pytest.fixture
def people(db: None) -> Three:
    return three_people()


@pytest.mark.parametrize("state", StayState.values)
def test_every_move_of_a_stay_in_every_state(people: Three, state: str) -> None:
    today = timezone.localdate()
    for move in HousingMove.values:
        with acting(people.asks):
            point = transaction.savepoint()
            stay = a_stay(a_case(people.agency, people.asks), people.asks)
            if state in {StayState.LEASED, StayState.MOVED_IN}:
                leased(stay, people.asks, today, today + 300 * DAY)
            if state == StayState.MOVED_IN:
                stepped(stay, "move_in")
            if state == StayState.EXITED:
                stepped(stay, "exit")
            if (state, move) not in HOUSING_MOVES:
                refused(lambda stay=stay, move=move: stepped(stay, move))  # type: ignore[misc]
            elif move == HousingMove.LEASE:
                refused(lambda stay=stay: stepped(stay, "lease"), "who_rents")  # type: ignore[misc]
                assert leased(stay, people.asks, today, today).state == StayState.LEASED
            elif move == HousingMove.HELP:
                refused(lambda stay=stay: stepped(stay, "help"), "no such step")  # type: ignore[misc]
                assert stepped(stay, "help", helped_until=today).state == state
            else:
                assert stepped(stay, move).state == HOUSING_MOVES[state, move]
            transaction.savepoint_rollback(point)


def test_a_stay_is_of_its_household_and_its_unit_of_its_person(people: Three) -> None:
    today = timezone.localdate()
    with acting(people.asks):
        stay = a_stay(a_case(people.agency, people.asks), people.asks)
        assert stay.household_id == stay.case.person_id
        refused(lambda: a_stay(stay.case, people.asks), "one_open_stay_a_household")
        stranger = an_address(a_person(people.agency, people.asks), people.asks, "unit")
        own = an_address(stay.case.person, people.asks, "real")
        for place in (stranger, own):
            refused(lambda place=place: HousingStay.objects.filter(pk=stay.pk).update(unit=place), "unit is an address")  # type: ignore[misc]
        refused(lambda: HousingStay.objects.filter(pk=stay.pk).update(state="leased"), "moves by a step alone")
        leased(stay, people.asks, today, last_day_of(today, 24))
        too_long = last_day_of(today, 24) + DAY
        refused(lambda: stepped(stay, "help", helped_until=too_long), "more months of help")
        stepped(stay, "exit", today + 10 * DAY)
        assert stay.helped_until == today + 10 * DAY
        refused(lambda: HousingStay.objects.filter(pk=stay.pk).update(rent=1), "is over")
    with acting(people.approves):
        refused(lambda: stepped(stay, "exit"), "No role")


def test_no_day_of_help_changes_without_a_step_that_keeps_it(people: Three) -> None:
    """Who shortens the help afterwards, or ends it before it began, frees months: how many there were stays to be seen."""
    today = timezone.localdate()
    with acting(people.asks):
        stay = leased(a_stay(a_case(people.agency, people.asks), people.asks), people.asks, today, today + 600 * DAY)
        for days in ({"helped_until": today}, {"helped_from": today + DAY}, {"helped_from": None, "helped_until": None}):
            refused(lambda days=days: HousingStay.objects.filter(pk=stay.pk).update(**days), "change by a step alone")  # type: ignore[misc]
        assert stepped(stay, "help", helped_until=today + 30 * DAY).helped_until == today + 30 * DAY
        assert stepped(stay, "exit", today - DAY).helped_from is None
        steps = StayStep.objects.filter(stay=stay).order_by("at").values_list("move", "helped_from", "helped_until")
        assert list(steps) == [
            ("lease", today, today + 600 * DAY),
            ("help", today, today + 30 * DAY),
            ("exit", None, None),
        ]


@dataclass(frozen=True)
class Help:
    """A stay of one of two files: help from a day on for so many days; it is over, or goes on."""

    file: int
    first: dt.date
    days: int
    goes_on: bool


@dataclass(frozen=True)
class Until:
    """The help of a stay is planned until so many days after its first."""

    which: int
    days: int


@dataclass(frozen=True)
class End:
    """A stay ends so many days after its first day of help, or before it."""

    which: int
    days: int


@dataclass(frozen=True)
class Merge:
    """The two files turn out to be one person's, or two people's again."""


WHICH = st.integers(0, 5)
STORIES = st.lists(
    st.one_of(
        *[st.builds(Help, st.integers(0, 1), DAYS, st.integers(0, 800), st.booleans())] * 3,
        st.builds(Until, WHICH, st.integers(0, 900)),
        st.builds(End, WHICH, st.integers(-40, 900)),
        st.just(Merge()),
    ),
    min_size=2,
    max_size=7,
)


@dataclass
class Known:
    """A stay as it should be."""

    file: int
    days: tuple[dt.date, dt.date] | None
    is_open: bool
    first: dt.date


@dataclass
class Model:
    """Stays of two files, which may be one household's. It counts by walking from day to day."""

    stays: list[Known] = field(default_factory=list)
    is_merged: bool = False

    def happens(self, deed: Any) -> bool:
        """Whether it may happen; if so, it has. What would break a rule is tried on a copy."""
        stays, is_merged = [Known(**vars(stay)) for stay in self.stays], self.is_merged
        if isinstance(deed, Merge):
            is_merged = not is_merged
        elif isinstance(deed, Help):
            stays.append(Known(deed.file, (deed.first, deed.first + deed.days * DAY), True, deed.first))
            if not self._holds(stays, is_merged):
                return False
            stays[-1].is_open = deed.goes_on
        elif not stays:
            return False
        else:
            one = stays[deed.which % len(stays)]
            if not one.is_open:
                return False
            last = one.first + deed.days * DAY
            if isinstance(deed, Until):
                one.days = (one.first, last)
            else:
                one.is_open = False
                before = one.days
                one.days = (one.first, min(before[1], last)) if before and last >= one.first else None
        if not self._holds(stays, is_merged):
            return False
        self.stays, self.is_merged = stays, is_merged
        return True

    def _holds(self, stays: list[Known], is_merged: bool) -> bool:
        for households in [{0, 1}] if is_merged else [{0}, {1}]:
            here = [stay for stay in stays if stay.file in households]
            spans = [stay.days for stay in here if stay.days]
            overlap = any(a[0] <= b[1] and b[0] <= a[1] for number, a in enumerate(spans) for b in spans[number + 1 :])
            months = [month for first, last in spans for month in slow_months(first, last)]
            if overlap or sum(stay.is_open for stay in here) > 1 or slow_is_over(months):
                return False
        return True


class World:
    """An agency, two files with a case each."""

    def __init__(self) -> None:
        people = three_people()
        self.by = people.asks
        with acting(self.by):
            self.cases = [a_case(people.agency, self.by) for _ in range(2)]
            self.unit = [an_address(case.person, self.by, "unit") for case in self.cases]
        self.stays: list[HousingStay] = []

    def does(self, deed: Any) -> bool:
        """The same in the database; False when it refused."""
        try:
            with transaction.atomic():
                if isinstance(deed, Merge):
                    self._merge()
                elif isinstance(deed, Help):
                    self.stays.append(self._help(deed))
                elif not self.stays:
                    return False
                else:
                    self._change(self.stays[deed.which % len(self.stays)], deed)
        except DatabaseError:
            return False
        return True

    def _help(self, deed: Help) -> HousingStay:
        last = deed.first + deed.days * DAY
        stay = leased(a_stay(self.cases[deed.file], self.by), self.by, deed.first, last)
        return stay if deed.goes_on else stepped(stay, "exit", last)

    def _change(self, stay: HousingStay, deed: Until | End) -> None:
        last = stay.lease_from + deed.days * DAY  # type: ignore[operator]
        if isinstance(deed, End):
            stepped(stay, "exit", last)
        else:
            stepped(stay, "help", helped_until=last)

    def _merge(self) -> None:
        one, other = (case.person_id for case in self.cases)
        is_merged = Person.objects.get(pk=one).merged_into_id is not None
        Person.objects.filter(pk=one).update(
            merged_into=None if is_merged else other, merged_at=None if is_merged else timezone.now()
        )


def _run(examples: int) -> None:
    world = World()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=STORIES)
    @example(story=[Help(0, dt.date(2024, 1, 31), 366, False), Help(1, dt.date(2024, 6, 1), 30, False), Merge()])
    @example(
        story=[
            Help(0, dt.date(2024, 1, 31), 500, False),
            Help(1, dt.date(2026, 1, 1), 300, True),
            Merge(),
            Until(1, 30),
            Merge(),
            Merge(),
        ]
    )
    def lives(story: list[Any]) -> None:
        with transaction.atomic(), acting(world.by):
            model, world.stays = Model(), []
            for number, deed in enumerate(story):
                expected = model.happens(deed)
                assert world.does(deed) is expected, (story[: number + 1], model)
            rows = list(HousingStay.objects.filter(pk__in=[stay.pk for stay in world.stays]).order_by("made_at"))
            assert [(row.helped_from, row.helped_until) for row in rows] == [
                one.days if one.days else (None, None) for one in model.stays
            ]
            transaction.set_rollback(True)

    lives()


@pytest.mark.django_db
def test_random_stays_of_two_files_hold_what_a_plain_model_holds() -> None:
    _run(20)


@pytest.mark.nightly
@pytest.mark.django_db
def test_ten_thousand_stories_of_housing() -> None:
    _run(10_000)
