"""What the database says of funds and requests, whatever program writes: moves, three people, no fund below zero."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.assistance import (
    EVERYTHING,
    Three,
    a_fund,
    a_receipt,
    a_request,
    amount_of,
    moved,
    put_into,
    three_people,
)
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case, a_denial
from tests.waymark.cases.test_rules import moved as case_moved
from tests.waymark.cases.test_rules import refused

from waymark.access.permissions import Permission
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
from waymark.people.policies import holds

Owner = Callable[..., list[tuple[Any, ...]]]


@pytest.fixture
def people(db: None) -> Three:
    return three_people()


def request_of(people: Three, fund: Fund, amount: int = 8_000, **fields: Any) -> AssistanceRequest:
    with acting(people.asks):
        return a_request(a_case(people.agency, people.asks), fund, people.asks, amount, **fields)


def full_fund(people: Three, amount: int = 100_000, **fields: Any) -> Fund:
    with acting(people.approves):
        return a_fund(people.agency, people.approves, amount, **fields)


@pytest.mark.parametrize("state", State.values)
def test_every_move_of_money_in_every_state(people: Three, state: str) -> None:
    """All thirteen moves in all twelve states: the database's table is the program's."""
    capped = state == State.SECOND
    fund = full_fund(people, cap_request=5_000 if capped else None)
    row = put_into(request_of(people, fund), state, people)
    for move in Move.values:
        there = MOVES.get((state, move))
        with acting(people.of(move)):
            point = transaction.savepoint()
            if there is None or (state == State.SUBMITTED and move == Move.ENDORSE):
                refused(lambda move=move: moved(row, move, row.amount if move in WITH_AMOUNT else None))  # type: ignore[misc]
            else:
                assert moved(row, move, amount_of(row, move)).state == there
            transaction.savepoint_rollback(point)
            row.refresh_from_db()


@pytest.mark.django_db
def test_who_asks_never_approves_and_who_approved_never_pays() -> None:
    people = three_people()
    fund = full_fund(people)
    row = put_into(request_of(people, fund), State.SUBMITTED, people)
    for move in (Move.APPROVE, Move.DENY, Move.RETURN):
        with acting(people.asks):
            refused(lambda move=move: moved(row, move, row.amount if move == Move.APPROVE else None), "Who asks decides")  # type: ignore[misc]
    with acting(people.approves):
        moved(row, Move.APPROVE, row.amount)
    with acting(people.asks):
        refused(lambda: moved(row, Move.COMMIT), "Who asks decides")
    with acting(people.pays):
        moved(row, Move.COMMIT)
    with acting(people.approves):
        refused(lambda: moved(row, Move.PAY, row.amount), "who_pays_neither_asked_nor_approved")
    with acting(people.asks):
        refused(lambda: moved(row, Move.PAY, row.amount), "Who asks decides")
    with acting(people.pays):
        moved(row, Move.PAY, row.amount)
    assert len({row.asked_by_id, row.approved_by_id, row.paid_by_id}) == 3


def test_above_the_cap_two_people_approve_and_neither_pays(people: Three) -> None:
    fund = full_fund(people, cap_request=5_000, cap_household=9_000)
    row = put_into(request_of(people, fund), State.SUBMITTED, people)
    with acting(people.approves):
        refused(lambda: moved(row, Move.APPROVE, row.amount), "two people approve")
        point = transaction.savepoint()
        assert moved(row, Move.APPROVE, 5_000).state == State.APPROVED, "what is within the cap takes one"
        transaction.savepoint_rollback(point)
        moved(row, Move.ENDORSE, row.amount)
        refused(lambda: moved(row, Move.APPROVE, row.amount), "two_approvals_are_two_people_s")
    with acting(people.other):
        moved(row, Move.APPROVE, row.amount)
    with acting(people.pays):
        moved(row, Move.COMMIT)
    for user in (people.approves, people.other):
        with acting(user):
            refused(lambda: moved(row, Move.PAY, row.amount), "who_pays_neither_asked_nor_approved")
    # The same household asks again: alone each is within the cap of one request, together they are above the household's.
    with acting(people.asks):
        again = a_request(row.case, fund, people.asks, 4_000)
        moved(again, Move.SUBMIT)
    with acting(people.approves):
        refused(lambda: moved(again, Move.APPROVE, 4_000), "two people approve")
        assert moved(again, Move.APPROVE, 1_000).state == State.APPROVED


def test_no_entry_changes_and_none_of_a_request_is_written_by_hand(people: Three, owner: Owner) -> None:
    fund = full_fund(people)
    row = put_into(request_of(people, fund), State.PAID, people)
    with acting(people.pays):
        for act in (
            lambda: FundEntry.objects.filter(fund=fund).update(amount=1),
            lambda: FundEntry.objects.filter(fund=fund).delete(),
            lambda: RequestMove.objects.filter(request=row).update(move="void"),
        ):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                act()
        for kind in ("commit", "pay", "return"):
            refused(
                lambda kind=kind: FundEntry.objects.create(  # type: ignore[misc]
                    agency=people.agency, fund=fund, request=row, kind=kind, amount=1
                ),
                "moves with the request",
            )
        paid = FundEntry.objects.get(kind="pay")
        refused(
            lambda: FundEntry.objects.create(
                agency=people.agency, fund=fund, request=row, kind="reverse", reverses=paid, amount=1
            ),
            "moves with the request",
        )
        refused(lambda: Fund.objects.filter(pk=fund.pk).update(balance=5), "follows from its entries")
        refused(lambda: AssistanceRequest.objects.filter(pk=row.pk).update(paid=0), "moves by a move alone")
        refused(lambda: AssistanceRequest.objects.filter(pk=row.pk).update(state="closed"), "moves by a move alone")
        refused(lambda: AssistanceRequest.objects.filter(pk=row.pk).update(amount=1), "before it is decided")
        refused(lambda: connection.cursor().execute("DELETE FROM assistance_fund"), "stays")


def test_after_payment_there_are_reversals_only_and_the_sums_stay_true(people: Three) -> None:
    fund = full_fund(people, 10_000)
    row = put_into(request_of(people, fund), State.COMMITTED, people)
    with acting(people.pays):
        fund.refresh_from_db()
        assert (fund.balance, fund.set_aside, fund.paid) == (2_000, 8_000, 0)
        moved(row, Move.PAY, 7_500)
        fund.refresh_from_db()
        assert (fund.balance, fund.set_aside, fund.paid) == (2_500, 0, 7_500), "what was not needed is free again"
        refused(lambda: moved(row, Move.VOID), "no such move")
        moved(row, Move.BOUNCE)
        fund.refresh_from_db()
        assert (fund.balance, fund.set_aside, fund.paid) == (2_500, 7_500, 0)
        moved(row, Move.PAY, 7_500)
        refused(lambda: moved(row, Move.REFUND, 7_501), "not_negative|paid_is_committed")
        assert moved(row, Move.REFUND, 500).state == State.PAID
        assert moved(row, Move.REFUND, 7_000).state == State.REFUNDED
    with acting(people.approves):
        fund.refresh_from_db()
        assert (fund.balance, fund.received, fund.set_aside, fund.paid) == (10_000, 10_000, 0, 0)
        came = FundEntry.objects.get(kind="receipt")
        FundEntry.objects.create(agency=people.agency, fund=fund, kind="reverse", reverses=came, amount=10_000)
        refused(
            lambda: FundEntry.objects.create(agency=people.agency, fund=fund, kind="reverse", reverses=came, amount=1),
            "No more is taken back",
        )


def test_a_fund_is_never_below_zero_and_only_for_what_it_is_for(people: Three) -> None:
    fund = full_fund(people, 7_999, categories=["food"])
    row = put_into(request_of(people, fund), State.APPROVED, people)
    with acting(people.pays):
        refused(lambda: moved(row, Move.COMMIT), "a_fund_is_never_below_zero")
    with acting(people.approves):
        a_receipt(fund, 1)
    with acting(people.pays):
        moved(row, Move.COMMIT)
    with acting(people.approves):
        came = FundEntry.objects.filter(kind="receipt").order_by("at").first()
        assert came is not None
        back = {"agency": people.agency, "fund": fund, "kind": "reverse", "reverses": came}
        refused(lambda: FundEntry.objects.create(amount=1, **back), "a_fund_is_never_below_zero")
    with acting(people.asks):
        refused(lambda: a_request(row.case, fund, people.asks, category="rent"), "not for that")
    old = full_fund(people, 10_000, ends_on=timezone.localdate() - dt.timedelta(days=3))
    late = request_of(people, old)
    with acting(people.asks):
        refused(lambda: moved(late, Move.SUBMIT), "time is over")


def test_the_deny_list_a_restriction_and_the_wrong_role_beat_every_grant(people: Three) -> None:
    fund = full_fund(people)
    row = put_into(request_of(people, fund), State.SUBMITTED, people)
    with acting(people.asks):
        a_denial(row.case.person, people.approves, people.asks)
    with acting(people.approves):
        refused(lambda: moved(row, Move.APPROVE, row.amount), "deny list")
        refused(lambda: a_request(row.case, fund, people.approves), "deny list")
    member = UserFactory(role="member", agency=people.agency)
    with acting(member):
        refused(lambda: moved(row, Move.APPROVE, row.amount), "No role")
    with acting(people.asks):
        type(row.case.person).objects.filter(pk=row.case.person_id).update(is_restricted=True)
    with acting(people.other):
        refused(lambda: moved(row, Move.APPROVE, row.amount), "kept to named")


def test_only_an_officer_keeps_a_fund_whatever_program_writes(people: Three) -> None:
    """Opens it, changes it, writes down what came in and that this was a mistake; the program asks for the same role."""
    fund = full_fund(people, 1_000)
    for role in ("advocate", "member", "officer"):
        user = UserFactory(role=role, agency=people.agency)
        values = {"agency": people.agency, "source": "Invented", "starts_on": fund.starts_on, "categories": ["food"]}
        acts: tuple[Callable[[], object], ...] = (
            lambda: Fund.objects.create(name=f"Of {role}", made_by=user, **values),  # noqa: B023
            lambda: Fund.objects.filter(pk=fund.pk).update(cap_request=1),
            lambda: Fund.objects.filter(pk=fund.pk).update(ends_on=fund.starts_on),
            lambda: FundEntry.objects.create(agency=people.agency, fund=fund, kind="receipt", amount=1),
            lambda: FundEntry.objects.create(
                agency=people.agency, fund=fund, kind="reverse", amount=1, reverses=FundEntry.objects.earliest("at")
            ),
        )
        with acting(user):
            assert holds(user, Permission.ASSISTANCE_FUND_KEEP) is (role == "officer")
            for act in acts:
                if role == "officer":
                    act()
                else:
                    refused(act, "Only an officer keeps a fund")


def test_what_a_fund_said_before_stays_with_who_changed_it(people: Three) -> None:
    fund = full_fund(people, cap_request=5_000)
    name, source = fund.name, fund.source
    with acting(people.approves):
        mine = Fund.objects.filter(pk=fund.pk)
        mine.update(cap_request=9_000, ends_on=dt.date(2031, 5, 4), name="Anew (invented)")
        mine.update(cap_request=None, cap_household=7_000, source="Somebody else (invented)", categories=["food"])
        a_receipt(fund, 100)
        told = FundChange.objects.filter(fund=fund)
        assert sorted(told.values_list("field", "before", "after"), key=str) == [
            ("cap_household", None, 7_000),
            ("cap_request", 5_000, 9_000),
            ("cap_request", 9_000, None),
            ("categories", EVERYTHING, ["food"]),
            ("ends_on", None, "2031-05-04"),
            ("name", name, "Anew (invented)"),
            ("source", source, "Somebody else (invented)"),
        ]
        assert set(told.values_list("by", flat=True)) == {people.approves.pk}
        by_hand = {"agency": people.agency, "fund": fund, "field": "cap_request", "before": 1, "after": 2}
        refused(lambda: FundChange.objects.create(**by_hand), "told by the fund itself")
        for act in (lambda: told.update(before=1), told.delete):
            with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
                act()


def test_who_paid_does_not_attest_it_and_an_officer_may(people: Three) -> None:
    row = put_into(request_of(people, full_fund(people)), State.PAID, people)
    with acting(people.pays):
        refused(lambda: moved(row, Move.ATTEST), "Who paid does not attest")
    for user, move in ((people.approves, Move.ATTEST), (people.other, Move.ATTEST), (people.pays, Move.RECEIPT)):
        with acting(user):
            point = transaction.savepoint()
            assert moved(row, move).state == State.PROVEN
            transaction.savepoint_rollback(point)
            row.refresh_from_db()
    member = UserFactory(role="member", agency=people.agency)
    for user, move in ((member, Move.ATTEST), (people.approves, Move.RECEIPT)):
        with acting(user):
            refused(lambda move=move: moved(row, move), "No role")  # type: ignore[misc]


def test_the_justice_side_keeps_no_fund_and_a_case_with_open_money_is_not_put_away(people: Three) -> None:
    agency, user = agency_with_member(AgencyKind.LAW_ENFORCEMENT, "officer")
    with acting(user):
        refused(lambda: a_fund(agency, user), "keeps no money")
    fund = full_fund(people)
    row = request_of(people, fund)
    with acting(people.asks):
        for move in ("begin_closing", "close"):
            case_moved(row.case, move)
        refused(lambda: case_moved(row.case, "archive"), "still under way")
        moved(row, Move.VOID)
        case_moved(row.case, "archive")
        refused(lambda: a_request(row.case, fund, people.asks), "open case")


def _spend(people: Three, row: AssistanceRequest, gate: threading.Barrier, done: list[bool]) -> None:
    try:
        gate.wait(timeout=20)
        with acting(people.pays):
            RequestMove.objects.create(agency_id=row.agency_id, request_id=row.pk, move=Move.COMMIT)
            connection.cursor().execute("SELECT pg_sleep(0.05)")
        done.append(True)
    except DatabaseError:
        done.append(False)
    finally:
        connections.close_all()


def test_two_payments_at_once_cannot_overdraw(committed_db: None) -> None:
    """Six requests that one fund can pay twice, each set aside in a connection of its own."""
    people = three_people()
    fund = full_fund(people, 16_500)
    rows = [put_into(request_of(people, fund), State.APPROVED, people) for _ in range(6)]
    gate, done = threading.Barrier(6), list[bool]()
    threads = [threading.Thread(target=_spend, args=(people, row, gate, done)) for row in rows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(done) == [False] * 4 + [True] * 2
    with acting(people.pays):
        fund.refresh_from_db()
        assert fund.balance == 500
        assert sum(FundEntry.objects.values_list("effect", flat=True)) == 500
