"""People and services as counts see them, made by hand and at random."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hypothesis import strategies as st
from tests.factories.care import a_service
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk

from waymark.cases.models import Case
from waymark.reports.actions.facts import write_facts
from waymark.reports.formats.counts import Counted, CountedService
from waymark.reports.formats.counts.templates import current

VOCA = current("voca")
CODES = ["A1", "B4", "C1", "D1"]
FIRST, LAST = dt.date(2026, 7, 1), dt.date(2026, 9, 30)


def people(most: int = 60) -> st.SearchStrategy[list[Counted]]:
    one = st.builds(
        Counted,
        is_new=st.booleans(),
        age=st.sampled_from(list(VOCA.answers["age"])),
        gender=st.sampled_from(list(VOCA.answers["gender"])),
        race=st.sampled_from(list(VOCA.answers["race"])),
        victimization=st.frozensets(st.sampled_from(["trafficking_sex", "trafficking_labor", "domestic"]), max_size=3),
        classes=st.frozensets(st.sampled_from(["homeless", "immigrant"]), max_size=2),
        services=st.frozensets(st.sampled_from(CODES), min_size=1),
    )
    # Alike people in clumps: counts of every size come about, small ones beside large.
    clumps = st.lists(st.tuples(one, st.integers(1, 25)), max_size=8)
    return clumps.map(lambda pairs: [person for person, often in pairs for _ in range(often)][:most])


def services_of(counted: list[Counted]) -> list[CountedService]:
    return [CountedService(code, 1 + len(code) % 2) for person in counted for code in sorted(person.services)]


def served(desk: Desk, number: int, **facts: Any) -> list[Case]:
    """Cases of a desk, each with two services in the quarter and the same facts."""
    cases = []
    for _ in range(number):
        case = opened_case(desk.person, age_band="18-24")
        with desk.person.acting():
            a_service(case, desk.user, code="case_work", on=FIRST + dt.timedelta(days=3))
            a_service(case, desk.user, code="shelter_night", on=LAST, units=4)
            if facts:
                write_facts(vault=desk.person.vault(), case=case, values=facts, by=desk.user)
        cases.append(case)
    return cases
