"""Sequences of events on one enrollment, against a plain model: whatever order, the database goes where the table says.

Single moves in every state stand in test_database_rules; here they follow upon each other, with hearings written down,
decided and taken back between them, over several entries.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.disclosures import acting
from tests.factories.diversion import Parties, an_enrollment, four_parties
from tests.waymark.diversion.moving import decide, hearing, move

from waymark.accounts.models import User
from waymark.diversion.models import Enrollment, EnrollmentMove, Exit, Hearing
from waymark.diversion.models.enrollments import EXITS, MOVES, OPEN_STATES, Move, State

LAST_PHASE = 2
WRITES = ("write a hearing",)
DECISIONS = {"decide to go on": "continues", "decide to terminate": "terminate", "take the hearing back": "taken_back"}
EVENTS = st.lists(st.sampled_from([*Move.values, *WRITES, *DECISIONS]), min_size=6, max_size=25)
SETTINGS = {"deadline": None, "suppress_health_check": list(HealthCheck)}


@dataclass
class Plain:
    """What should be so, in as few words as possible."""

    state: str = State.ACTIVE
    entry: int = 1
    phase: int = 1
    moves: int = 0
    pending: list[int] = field(default_factory=list)
    terminated: set[int] = field(default_factory=set)

    def happens(self, event: str) -> bool:
        """Whether it may happen now; if so, it has."""
        if event in WRITES:
            self.pending.append(self.entry)
            return True
        if event in DECISIONS:
            if not self.pending:
                return False
            entry = self.pending.pop()
            if DECISIONS[event] == "terminate":
                self.terminated.add(entry)
            return True
        there = MOVES.get((self.state, event))
        is_open = self.entry in self.pending
        blocked = (
            there is None
            or (event == Move.ADVANCE and self.phase == LAST_PHASE)
            or (event == Move.NOTICE_HEARING and not is_open)
            or (event == Move.CONTINUE and is_open)
            or (event == Move.TERMINATE and self.entry not in self.terminated)
        )
        if blocked or there is None:
            return False
        self.state, self.moves = there, self.moves + 1
        self.phase += event == Move.ADVANCE
        self.entry += event == Move.RE_ENTER
        return True


def done(enrollment: Enrollment, event: str, by: User) -> bool:
    """The same in the database; False when it refused."""
    try:
        with transaction.atomic():
            if event in WRITES:
                hearing(enrollment, by)
            elif event in DECISIONS:
                held = Hearing.objects.filter(outcome="").order_by("-entry").first()
                if held is None:
                    return False
                if DECISIONS[event] == "taken_back":
                    Hearing.objects.filter(pk=held.pk).update(outcome="taken_back")
                else:
                    decide(held, DECISIONS[event])
            elif event == Move.RE_ENTER:
                move(enrollment, event, max_end_on=timezone.localdate() + dt.timedelta(days=300))
            elif event == Move.TERMINATE:
                decided = Hearing.objects.filter(outcome="terminate").order_by("-entry").first()
                move(enrollment, event, hearing=decided)
            else:
                move(enrollment, event)
    except DatabaseError:
        return False
    return True


@pytest.fixture
def here(db: None) -> Parties:
    return four_parties()


@pytest.fixture
def enrolled(here: Parties) -> Enrollment:
    return an_enrollment(here)


def walk(here: Parties, enrolled: Enrollment, events: list[str]) -> None:
    """One sequence; afterwards everything is as it was before."""
    with acting(here.worker):
        point = transaction.savepoint()
        plain = Plain()
        for number, event in enumerate(events):
            # A hearing is of the entry in which it is written: the youngest is decided first, here as in the plain model.
            expected = plain.happens(event)
            assert done(enrolled, event, here.worker) is expected, (events[: number + 1], plain)
        row = Enrollment.objects.select_related("phase").get(pk=enrolled.pk)
        assert (row.state, row.entry, row.phase.number) == (plain.state, plain.entry, plain.phase)
        assert EnrollmentMove.objects.count() == plain.moves
        left = Exit.objects.count()
        assert left == plain.entry - (plain.state in OPEN_STATES), "one exit for each entry that is over"
        ended = Exit.objects.filter(kind=State.TERMINATED).select_related("hearing")
        assert all(one.hearing is not None and one.hearing.outcome == "terminate" for one in ended)
        assert all(one.hearing.entry == one.entry for one in ended if one.hearing is not None)
        transaction.savepoint_rollback(point)


@settings(max_examples=15, **SETTINGS)
@given(events=EVENTS)
def test_whatever_order_the_database_goes_where_the_table_says(
    here: Parties, enrolled: Enrollment, events: list[str]
) -> None:
    walk(here, enrolled, events)


@pytest.mark.nightly
@settings(max_examples=1_700, **SETTINGS)
@given(events=EVENTS)
def test_ten_thousand_events_go_where_the_table_says(here: Parties, enrolled: Enrollment, events: list[str]) -> None:
    """1,700 sequences of at least six events."""
    walk(here, enrolled, events)


def test_every_way_out_is_walked() -> None:
    assert set(EXITS) < set(Move.values)
    plain = Plain()
    assert [plain.happens(event) for event in ("write a hearing", "notice_hearing", "decide to terminate")] == [True] * 3
    assert plain.happens(Move.TERMINATE)
    assert plain.happens(Move.RE_ENTER)
    assert not plain.happens(Move.TERMINATE), "a hearing of an earlier entry ends no later one"
