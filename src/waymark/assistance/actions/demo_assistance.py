"""The demo's money and housing: a fund, three requests at different steps, and a household with a lease.

They are made by the same actions that a worker's press of a button runs, each by the person who could press it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.assistance.actions.asking import draft_request
from waymark.assistance.actions.funds import add_fund, change_fund, enter_receipt
from waymark.assistance.actions.housing import Lease, begin_stay, note_move_in, sign_lease
from waymark.assistance.actions.moving import decide_request, pay_request, set_aside, submit_request
from waymark.assistance.models import AssistanceRequest, Fund, Move, State
from waymark.cases.actions.demo_vault import members_of_demo_vault, must_be_the_demo
from waymark.cases.models import OPEN_STATES, Case
from waymark.cases.policies import visible
from waymark.people.policies import agency_of
from waymark.vault.actions.own_key import unlock
from waymark.vault.selectors import OpenVault, open_vault

CENTS = 100
CAME_IN = 12_000 * CENTS


@dataclass(frozen=True)
class Wish:
    """What is asked for, and how far the request has come."""

    category: str
    dollars: int
    household: int
    urgency: str
    payee_kind: str
    payee: str
    purpose: str
    state: str


WISHES = (
    Wish("deposit", 900, 2, "week", "landlord", "M. Landlord (invented)", "Invented. The deposit of a room.", "paid"),
    Wish("papers", 140, 1, "month", "vendor", "A notary (invented)", "Invented. Her birth certificate.", "approved"),
    Wish("safety", 220, 2, "days", "vendor", "A locksmith (invented)", "Invented. A lock and a light.", "submitted"),
)
TRIED = "Invented. Asked the county first: six weeks."


@transaction.atomic
def load_demo_assistance(*, today: dt.date, passphrases: Mapping[str, str]) -> int:
    """Fill the demo's vault with money, once. Gives how many requests are new. Raises NotTheDemo."""
    must_be_the_demo()
    members = [user for user in members_of_demo_vault() if user.email in passphrases]
    advocates = [user for user in members if user.role == "advocate"]
    officers = [user for user in members if user.role == "officer"]
    if not advocates or not officers:
        return 0
    asks, pays, approves = advocates[0], advocates[-1], officers[0]
    agency = agency_of(asks)
    with acting_for(agency, approves.pk):
        if Fund.objects.filter(agency_id=agency).exists():
            return 0
        fund = _fund(approves, today)
    with acting_for(agency, asks.pk):
        own = unlock(passphrase=passphrases[asks.email], by=asks)
        vault = open_vault(own=own, by=asks) if own is not None else None
        open_cases = visible(Case.objects.filter(state__in=OPEN_STATES), to=asks).order_by("opened_on", "pk")
        case = open_cases.first()
        if vault is None or case is None:
            return 0
        asked = [(_asked(vault, asks, case, fund, wish), wish.state) for wish in WISHES]
        _housed(vault, asks, case, today)
    for request, steps in asked:
        _go_on(request, steps, approves=approves, pays=pays if pays != asks else None)
    return len(asked)


def _fund(by: User, today: dt.date) -> Fund:
    values = {
        "name": "Open Door Fund (invented)",
        "source": "A foundation of the county (invented), 2026-07",
        "starts_on": today - dt.timedelta(days=140),
        "ends_on": None,
        "cap_request": 1_000 * CENTS,
        "cap_household": 4_000 * CENTS,
        "categories": ["rent", "deposit", "moving", "papers", "safety", "transport"],
    }
    fund = add_fund(values=values, by=by)
    change_fund(fund=fund, values={**values, "cap_request": 1_500 * CENTS}, by=by)
    enter_receipt(fund=fund, amount=CAME_IN, note="First half of the grant", by=by)
    return fund


def _asked(vault: OpenVault, by: User, case: Case, fund: Fund, wish: Wish) -> AssistanceRequest:
    values = {
        "fund": fund.pk,
        "category": wish.category,
        "amount": wish.dollars * CENTS,
        "urgency": wish.urgency,
        "household_size": wish.household,
        "payee_kind": wish.payee_kind,
    }
    words = {"purpose": wish.purpose, "tried": TRIED}
    row = draft_request(vault=vault, case=case, values=values, payee=wish.payee, words=words, by=by)
    submit_request(row=row, by=by)
    return row


def _go_on(row: AssistanceRequest, state: str, *, approves: User, pays: User | None) -> None:
    """Decided by the officer and paid by a second advocate, as far as the demo has one."""
    if state == State.SUBMITTED:
        return
    with acting_for(row.agency_id, approves.pk):
        decide_request(vault=None, row=row, move=Move.APPROVE, amount=row.amount, reason="", by=approves)
    if state != State.PAID or pays is None:
        return
    with acting_for(row.agency_id, pays.pk):
        set_aside(row=row, by=pays)
        pay_request(row=row, amount=row.amount, by=pays)


def _housed(vault: OpenVault, by: User, case: Case, today: dt.date) -> None:
    begun = today - dt.timedelta(days=75)
    stay = begin_stay(case=case, by=by)
    lease = Lease(
        address="2 Elm Street, the second door (invented)",
        lease_from=begun,
        lease_until=None,
        rent=1_150 * CENTS,
        helped_from=begun,
        helped_until=today + dt.timedelta(days=105),
        words={"landlord": "M. Landlord (invented), (555) 555-0151", "is_inspected": True, "is_reasonable": True},
    )
    sign_lease(vault=vault, stay=stay, lease=lease, by=by)
    note_move_in(stay=stay, on=begun + dt.timedelta(days=4), by=by)
