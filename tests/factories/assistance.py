"""Funds, requests and stays for tests.

Their sealed columns are random bytes that nothing opens; who needs words uses the real actions. Invariants: whoever acts
made the row, asked, approved or paid, and each is another member where the database wants it; a case is open. A fund is
kept by an officer, also inside of what an advocate does.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.people import a_case

from waymark.access import context
from waymark.accounts.models import Agency, AgencyKind, Membership, User
from waymark.assistance.models import (
    CATEGORIES,
    MOVES,
    WITH_REASON,
    AssistanceRequest,
    Fund,
    FundEntry,
    HousingStay,
    Move,
    RequestMove,
    State,
    StayStep,
)
from waymark.cases.models import Case
from waymark.people.formats.codes import new_code
from waymark.people.models import Address

EVERYTHING = [code for code, _ in CATEGORIES]


@dataclass(frozen=True)
class Three:
    """The three people whom a payment takes, and one more; of one agency that serves survivors."""

    agency: Agency
    asks: User
    approves: User
    pays: User
    other: User

    def of(self, move: str) -> User:
        """Who makes a move, where nothing else is said."""
        if move in {Move.SUBMIT, Move.RECEIPT, Move.ATTEST, Move.CLOSE, Move.VOID}:
            return self.asks
        if move in {Move.COMMIT, Move.PAY, Move.BOUNCE, Move.REFUND}:
            return self.pays
        return self.other if move == Move.ENDORSE else self.approves


def three_people() -> Three:
    agency = AgencyFactory(kind=AgencyKind.VICTIM_SERVICES)
    asks, pays, other = (UserFactory(role="advocate", agency=agency) for _ in range(3))
    return Three(agency, asks, UserFactory(role="officer", agency=agency), pays, other)


@contextmanager
def meanwhile(agency: uuid.UUID, user: uuid.UUID) -> Iterator[None]:
    """Somebody acts for a moment, also inside of what another member of the agency does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting(%s, true)", [context.SETTING])
        before = cursor.fetchone()[0]
    mark = context._current.set(None)
    try:
        with context.acting_for(agency, user):
            yield
    finally:
        context._current.reset(mark)
        if before:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, %s, true)", [context.SETTING, before])


def keeper_of(agency: Agency) -> User:
    """An officer of an agency, who keeps its funds."""
    place = Membership.objects.filter(agency=agency, role="officer", state="active").select_related("user").first()
    if place is None:
        return UserFactory(role="officer", agency=agency)
    place.user.act_as(place)
    return place.user


def a_fund(agency: Agency, by: User | None = None, amount: int = 0, **fields: Any) -> Fund:
    """A fund of an officer, with so many cents in it."""
    by = by if by is not None and by.role == "officer" else keeper_of(agency)
    values = {
        "name": f"Fund {new_code()} (invented)",
        "source": "A foundation (invented)",
        "starts_on": dt.date(2020, 1, 1),
        "categories": EVERYTHING,
        "made_by": by,
        **fields,
    }
    with meanwhile(agency.pk, by.pk):
        fund = Fund.objects.create(agency=agency, **values)
    if amount:
        a_receipt(fund, amount)
    return fund


def a_receipt(fund: Fund, amount: int) -> FundEntry:
    """What came in, written down by who keeps the fund."""
    with meanwhile(fund.agency_id, fund.made_by_id):
        entry = FundEntry.objects.create(agency_id=fund.agency_id, fund=fund, kind="receipt", amount=amount)
        fund.refresh_from_db()
    return entry


def a_request(case: Case, fund: Fund, by: User, amount: int = 8_000, **fields: Any) -> AssistanceRequest:
    """A draft whose sealed columns nothing opens."""
    values = {
        "code": new_code(),
        "category": "food",
        "payee_kind": "card",
        "payee": os.urandom(160),
        "words": os.urandom(160),
        "asked_by": by,
        **fields,
    }
    return AssistanceRequest.objects.create(agency_id=case.agency_id, case=case, fund=fund, amount=amount, **values)


def moved(row: AssistanceRequest, move: str, amount: int | None = None) -> AssistanceRequest:
    """A move of who acts."""
    RequestMove.objects.create(
        agency_id=row.agency_id, request=row, move=move, amount=amount, reason=b"sealed" if move in WITH_REASON else None
    )
    row.refresh_from_db()
    return row


def amount_of(row: AssistanceRequest, move: str) -> int | None:
    """The usual amount of a move: all of it."""
    if move in {Move.ENDORSE, Move.APPROVE}:
        return row.amount
    return {Move.PAY: row.committed or row.amount, Move.REFUND: row.paid - row.came_back or row.amount}.get(Move(move))


def ways_to(state: str) -> list[str]:
    """The shortest way of moves to a state."""
    ways: dict[str, list[str]] = {State.DRAFT: []}
    waiting = [State.DRAFT.value]
    while waiting:
        here = waiting.pop(0)
        for (start, move), there in MOVES.items():
            if start == here and there not in ways:
                ways[there] = [*ways[here], move]
                waiting.append(there)
    return ways[state]


def put_into(row: AssistanceRequest, state: str, people: Three) -> AssistanceRequest:
    """A request in a state, by moves of those who may make them; outside of any context."""
    for move in ways_to(state):
        with acting(people.of(move)):
            moved(row, move, amount_of(row, move))
    return row


def a_stay(case: Case, by: User) -> HousingStay:
    stay = HousingStay.objects.create(agency_id=case.agency_id, case=case, made_by=by)
    stay.refresh_from_db()
    return stay


def leased(stay: HousingStay, by: User, first: dt.date, last: dt.date) -> HousingStay:
    """A stay with a lease and days of help."""
    person = stay.case.person
    stay.unit = Address.objects.create(
        agency_id=stay.agency_id, person=person, kind="unit", sealed=os.urandom(160), made_by=by
    )
    stay.lease_from, stay.rent, stay.helped_from, stay.helped_until = first, 90_000, first, last
    stay.save(update_fields=["unit", "lease_from", "rent", "helped_from", "helped_until"])
    return stepped(stay, "lease", first)


def stepped(stay: HousingStay, move: str, on: dt.date | None = None, *, helped_until: dt.date | None = None) -> HousingStay:
    on = on or timezone.localdate()
    StayStep.objects.create(agency_id=stay.agency_id, stay=stay, move=move, on=on, helped_until=helped_until)
    stay.refresh_from_db()
    return stay


def a_request_in(agency: Agency, by: User) -> AssistanceRequest:
    """A draft of `by` in a case of its own, of a fund of its own."""
    return a_request(a_case(agency, by), a_fund(agency, by), by)
