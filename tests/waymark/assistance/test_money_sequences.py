"""Random sequences of requests, approvals, payments and reversals, against a plain model: whatever order, the fund holds.

The model below knows no database. It knows who may do what, what is in the fund, and what each request has used of it. Of
two requests of one household it counts the caps, which whoever keeps the fund changes meanwhile; what they were stays.
After every event the database has done, or has refused, the same.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assistance import a_fund, a_request, keeper_of, moved
from tests.factories.disclosures import acting
from tests.factories.people import a_case

from waymark.accounts.models import AgencyKind
from waymark.assistance.models import (
    MOVES,
    WITH_AMOUNT,
    AssistanceRequest,
    Fund,
    FundChange,
    FundEntry,
    Move,
    RequestMove,
    State,
)

CAP, CAP_HOUSEHOLD, START = 5_000, 9_000, 6_000
ASKED = (4_000, 8_000)
AMOUNTS = (1, 1_000, 4_000, 5_000, 5_001, 8_000)
WRITES = frozenset({Move.SUBMIT, Move.RECEIPT, Move.CLOSE})
# The fifth of the people is an officer, who keeps the fund and does nothing else here but attest.
KEEPER = 4


@dataclass(frozen=True)
class Step:
    """Somebody of five makes a move with one of two requests, with an amount where it takes one."""

    who: int
    which: int
    move: str
    cents: int


@dataclass(frozen=True)
class Comes:
    """Money comes in."""

    cents: int
    who: int = KEEPER


@dataclass(frozen=True)
class Back:
    """The last receipt was a mistake."""

    who: int = KEEPER


@dataclass(frozen=True)
class Caps:
    """Above what one request may have of the fund, two approve: another amount from now on."""

    cents: int
    who: int = KEEPER


STEPS = st.builds(Step, st.integers(0, 3), st.integers(0, 1), st.sampled_from(Move.values), st.sampled_from(AMOUNTS))
KEEPING = st.sampled_from([KEEPER, KEEPER, KEEPER, 0])
# What leads on stands more often than chance would put it, or few sequences would reach a payment.
USUAL = st.sampled_from(
    [
        Step(who, which, move, cents)
        for which, asks in ((0, 0), (1, 1))
        for who, move, cents in (
            (asks, "submit", 1),
            (2, "approve", 4_000),
            (2, "endorse", 8_000),
            (asks ^ 1, "approve", 8_000),
            (3, "commit", 1),
            (3, "pay", 4_000),
            (3, "pay", 8_000),
            (3, "bounce", 1),
            (3, "refund", 1_000),
            (asks, "receipt", 1),
            (asks, "attest", 1),
            (3, "attest", 1),
            (KEEPER, "attest", 1),
            (asks, "void", 1),
        )
    ]
)
STORIES = st.lists(
    st.one_of(
        USUAL,
        USUAL,
        USUAL,
        STEPS,
        st.builds(Comes, st.sampled_from(AMOUNTS), KEEPING),
        st.builds(Back, KEEPING),
        st.builds(Caps, st.sampled_from(AMOUNTS), KEEPING),
    ),
    min_size=4,
    max_size=16,
)


@dataclass
class Plain:
    """One request as it should be."""

    asker: int
    amount: int
    state: str = State.DRAFT
    endorsed: int | None = None
    approver: int | None = None
    payer: int | None = None
    approved: int = 0
    committed: int = 0
    paid: int = 0
    back: int = 0

    @property
    def used(self) -> int:
        """What it counts against the household's cap."""
        if self.state == State.APPROVED:
            return self.approved
        return self.committed - self.back if self.approved and self.state != State.VOIDED else 0


@dataclass
class Model:
    balance: int = START
    caps: list[int] = field(default_factory=lambda: [CAP])
    receipts: list[int] = field(default_factory=lambda: [START])
    requests: list[Plain] = field(default_factory=lambda: [Plain(0, ASKED[0]), Plain(1, ASKED[1])])

    def happens(self, event: Any) -> bool:
        """Whether it may happen now; if so, it has."""
        if not isinstance(event, Step) and event.who != KEEPER:
            return False
        if isinstance(event, Caps):
            if event.cents != self.caps[-1]:
                self.caps.append(event.cents)
            return True
        if isinstance(event, Comes):
            self.balance += event.cents
            self.receipts.append(event.cents)
            return True
        if isinstance(event, Back):
            if not self.receipts or self.receipts[-1] > self.balance:
                return False
            self.balance -= self.receipts.pop()
            return True
        return self._moves(event)

    def _moves(self, step: Step) -> bool:
        one, other = self.requests[step.which], self.requests[1 - step.which]
        there = MOVES.get((one.state, step.move))
        if there is None or not self._may(step, one):
            return False
        cents = step.cents
        if step.move in {Move.APPROVE, Move.ENDORSE}:
            takes_two = cents > self.caps[-1] or cents + other.used > CAP_HOUSEHOLD
            if cents > one.amount * (step.move == Move.APPROVE) and step.move == Move.APPROVE:
                return False
            if one.state == State.SUBMITTED and takes_two != (step.move == Move.ENDORSE):
                return False
        if step.move == Move.COMMIT and one.approved > self.balance:
            return False
        if step.move == Move.PAY and cents > one.committed:
            return False
        if step.move == Move.REFUND and cents > one.paid - one.back:
            return False
        self._move(step, one, there)
        return True

    def _may(self, step: Step, one: Plain) -> bool:
        if step.move == Move.SUBMIT:
            return step.who == one.asker
        if step.move in WRITES:
            return step.who != KEEPER
        if step.move == Move.ATTEST:
            return step.who != one.payer
        if step.move == Move.VOID:
            return True
        if step.who == one.asker:
            return False
        if step.move == Move.APPROVE:
            return step.who != one.endorsed
        return step.move != Move.PAY or step.who not in {one.approver, one.endorsed}

    def _move(self, step: Step, one: Plain, there: str) -> None:
        one.state = there
        if step.move == Move.ENDORSE:
            one.endorsed = step.who
        elif step.move == Move.RETURN:
            one.endorsed = None
        elif step.move == Move.APPROVE:
            one.approver, one.approved = step.who, step.cents
        elif step.move == Move.COMMIT:
            one.committed, self.balance = one.approved, self.balance - one.approved
        elif step.move == Move.PAY:
            one.payer = step.who
            self.balance += one.committed - step.cents
            one.committed = one.paid = step.cents
        elif step.move == Move.BOUNCE:
            one.paid = 0
        elif step.move == Move.VOID:
            self.balance, one.committed = self.balance + one.committed, 0
        elif step.move == Move.REFUND:
            one.back, self.balance = one.back + step.cents, self.balance + step.cents
            if one.back < one.paid:
                one.state = State.PAID if self._was_paid else State.PROVEN

    _was_paid: bool = True


class World:
    """Four advocates and an officer of one agency, a case, a fund, and two requests of one household."""

    def __init__(self) -> None:
        self.agency = AgencyFactory(kind=AgencyKind.VICTIM_SERVICES)
        self.people = [UserFactory(role="advocate", agency=self.agency) for _ in range(4)]
        self.people.append(keeper_of(self.agency))
        with acting(self.people[0]):
            self.case = a_case(self.agency, self.people[0])
        self.fund = a_fund(self.agency, self.people[KEEPER], START, cap_request=CAP, cap_household=CAP_HOUSEHOLD)
        self.requests = []
        for asker, amount in enumerate(ASKED):
            with acting(self.people[asker]):
                self.requests.append(a_request(self.case, self.fund, self.people[asker], amount))

    def does(self, event: Any) -> bool:
        """The same in the database; False when it refused."""
        inside = {"agency": self.agency, "fund": self.fund}
        try:
            with acting(self.people[event.who]), transaction.atomic():
                if isinstance(event, Comes):
                    FundEntry.objects.create(**inside, kind="receipt", amount=event.cents)
                elif isinstance(event, Caps):
                    Fund.objects.filter(pk=self.fund.pk).update(cap_request=event.cents)
                elif isinstance(event, Back):
                    return self._takes_back()
                else:
                    moved(self.requests[event.which], event.move, event.cents if event.move in WITH_AMOUNT else None)
        except DatabaseError:
            return False
        return True

    def _takes_back(self) -> bool:
        undone = FundEntry.objects.filter(kind="reverse").values("reverses")
        last = FundEntry.objects.filter(kind="receipt").exclude(pk__in=undone).order_by("-at").first()
        if last is not None:
            FundEntry.objects.create(agency=self.agency, fund=self.fund, kind="reverse", reverses=last, amount=last.amount)
        return last is not None


def walk(world: World, story: list[Any]) -> None:
    """One sequence; afterwards everything is as it was before."""
    with transaction.atomic():
        model = Model()
        for number, event in enumerate(story):
            if isinstance(event, Step):
                model._was_paid = model.requests[event.which].state == State.PAID
            expected = model.happens(event)
            assert world.does(event) is expected, (story[: number + 1], model)
        with acting(world.people[0]):
            fund = Fund.objects.get(pk=world.fund.pk)
            assert fund.balance == model.balance >= 0
            assert fund.balance == sum(FundEntry.objects.values_list("effect", flat=True))
            assert fund.received == sum(model.receipts)
            assert fund.paid == sum(one.paid - one.back for one in model.requests)
            kept = list(FundChange.objects.order_by("at").values_list("before", "after", "by"))
            assert kept == [(*pair, world.people[KEEPER].pk) for pair in pairwise(model.caps)]
            assert fund.set_aside == sum(one.committed - one.paid for one in model.requests)
            for row, plain in zip(world.requests, model.requests, strict=True):
                now = AssistanceRequest.objects.get(pk=row.pk)
                sums = (now.state, now.approved, now.committed, now.paid, now.came_back)
                assert sums == (plain.state, plain.approved, plain.committed, plain.paid, plain.back)
                assert now.paid <= now.committed <= now.approved <= now.amount
                attested = RequestMove.objects.filter(request=row, move=Move.ATTEST).values_list("by", flat=True)
                assert now.paid_by_id not in attested, "nobody attests their own payment"
                who = [now.asked_by_id, now.approved_by_id, now.endorsed_by_id, now.paid_by_id if now.paid else None]
                there = [one for one in who if one is not None]
                assert len(there) == len(set(there)), "nobody stands twice in one request"
        transaction.set_rollback(True)


def _run(examples: int) -> None:
    world = World()

    @settings(max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck))
    @given(story=STORIES)
    def lives(story: list[Any]) -> None:
        walk(world, story)

    lives()


@pytest.mark.django_db
def test_whatever_order_no_fund_is_below_zero_and_three_people_pay() -> None:
    _run(25)


@pytest.mark.nightly
@pytest.mark.django_db
def test_ten_thousand_stories_of_money() -> None:
    _run(10_000)


@pytest.mark.django_db
def test_the_way_to_a_second_payment_is_walked() -> None:
    """What chance may leave out: two approvals, a payment that bounced, one that came back in parts, a household's cap."""
    walk(
        World(),
        [
            Comes(8_000),
            Step(1, 1, "submit", 1),
            Step(2, 1, "approve", 8_000),
            Step(2, 1, "endorse", 8_000),
            Step(2, 1, "approve", 8_000),
            Step(0, 1, "approve", 8_000),
            Step(0, 0, "submit", 1),
            Step(2, 0, "approve", 4_000),
            Step(2, 0, "approve", 1_000),
            Step(3, 1, "commit", 1),
            Step(0, 1, "pay", 8_000),
            Step(3, 1, "pay", 5_000),
            Step(3, 1, "bounce", 1),
            Step(3, 1, "pay", 5_001),
            Step(3, 1, "pay", 5_000),
            Step(3, 1, "attest", 1),
            Step(KEEPER, 1, "attest", 1),
            Caps(8_000, 0),
            Caps(8_000),
            Step(3, 1, "refund", 1_000),
            Step(3, 1, "refund", 4_000),
            Step(3, 0, "commit", 1),
            Step(0, 0, "void", 1),
            Back(),
        ],
    )
