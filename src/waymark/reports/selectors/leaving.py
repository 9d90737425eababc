"""Cases as they leave in a file: opened, put into a standard's words, never more than this member may see."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Max, QuerySet
from django.utils import timezone

from waymark.accounts.models import User
from waymark.cases.models import OPEN_STATES, Case, CaseMove, State
from waymark.cases.policies import visible
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.people.selectors import opened_person
from waymark.reports.formats.htcds import Record
from waymark.reports.formats.htcds.mapping import outgoing
from waymark.reports.policies import MOST_CASES
from waymark.reports.selectors.facts import facts_by_case, some_at_a_time
from waymark.sealing.errors import CannotOpenError
from waymark.vault.selectors import OpenVault, secrets_of


def leaving(*, to: User, whose: str, state: str) -> QuerySet[Case]:
    """The cases that somebody asks for: `mine` or all, open or all."""
    rows = visible(Case.objects.all(), to=to).select_related("person", "worker")
    if whose == "mine":
        rows = rows.filter(worker=to)
    if state == "open":
        rows = rows.filter(state__in=OPEN_STATES)
    return rows.order_by("opened_on", "code")


def not_too_many(rows: QuerySet[Case]) -> list[Case]:
    """The cases of one file. Raises Refused when there are none or too many."""
    cases = list(rows[: MOST_CASES + 1])
    if not cases:
        raise Refused("No case fits. Nothing was taken out.")
    if len(cases) > MOST_CASES:
        raise Refused(f"These are more than {MOST_CASES:,} cases. Take out fewer: yours, or the open ones.")
    return cases


@dataclass(frozen=True)
class Opened:
    """A case with what its person's file and its facts say."""

    case: Case
    name: str = field(repr=False)
    facts: dict[str, Any] = field(repr=False)
    asked: dict[str, Any] = field(repr=False)


def opened_cases(cases: Sequence[Case], *, vault: OpenVault) -> list[Opened]:
    """Cases whose person this member can open; the others stay out of every file."""
    people: dict[uuid.UUID, Person] = {case.person_id: case.person for case in cases}
    names: dict[uuid.UUID, tuple[str, dict[str, Any]]] = {}
    for some in some_at_a_time(people):
        for pk, secret in secrets_of(vault, "person", some).items():
            try:
                opened = opened_person(people[pk], secret)
            except CannotOpenError:
                continue
            names[pk] = (opened.name, opened.facts)
    asked = facts_by_case(vault, [case.pk for case in cases if case.person_id in names])
    return [Opened(case, *names[case.person_id], asked.get(case.pk, {})) for case in cases if case.person_id in names]


def as_records(opened: Sequence[Opened], *, agency: str) -> list[Record]:
    """Cases as records of the standard."""
    return [
        Record(
            number,
            outgoing(
                name=one.name,
                facts=one.facts,
                state=one.case.state,
                worker=one.case.worker.display_name,
                agency=agency,
                kept=one.asked.get("htcds", {}),
            ),
            one.asked.get("beside", {}),
        )
        for number, one in enumerate(opened, start=2)
    ]


def closed_on(cases: Sequence[Case]) -> dict[uuid.UUID, dt.date]:
    """The day on which each closed case was closed for the last time."""
    closed = [case.pk for case in cases if case.state in (State.CLOSED, State.ARCHIVED)]
    found: dict[uuid.UUID, dt.date] = {}
    for some in some_at_a_time(closed):
        rows = CaseMove.objects.filter(agency_id=cases[0].agency_id, case_id__in=some, to_state=State.CLOSED)
        last = rows.order_by().values_list("case_id").annotate(last=Max("at"))
        found.update({pk: timezone.localdate(at) for pk, at in last})
    return found
