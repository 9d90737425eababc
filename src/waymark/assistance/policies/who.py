"""Who may see requests, funds and stays, and who may make which move.

Whoever approves or pays need not work on the case: they see code, fund, category, amount and days, and what is sealed stays
closed. Two things hold for them as for everybody: who stands on the deny list of a person meets nothing of that person
here, and what is kept to named colleagues is kept to those. The database asks the same (migrations/sql/requests.sql).
"""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.assistance.models import MOVES, AssistanceRequest, Fund, HousingStay, Move, State
from waymark.people.policies import Refused, agency_of, holds, open_to

VIEW = Permission.ASSISTANCE_MONEY_VIEW
ASK = Permission.ASSISTANCE_REQUEST_ASK
APPROVE = Permission.ASSISTANCE_REQUEST_APPROVE
PAY = Permission.ASSISTANCE_REQUEST_PAY
HOUSING = Permission.ASSISTANCE_HOUSING_WORK
# Which permission a move needs. Calling off is for whoever asked, and for who decides; to attest is for everybody who sees
# the money, but who paid it.
NEEDS: dict[str, Permission] = {
    Move.SUBMIT: ASK,
    Move.ENDORSE: APPROVE,
    Move.APPROVE: APPROVE,
    Move.RETURN: APPROVE,
    Move.DENY: APPROVE,
    Move.COMMIT: PAY,
    Move.PAY: PAY,
    Move.BOUNCE: PAY,
    Move.RECEIPT: ASK,
    Move.ATTEST: VIEW,
    Move.CLOSE: ASK,
    Move.VOID: VIEW,
    Move.REFUND: PAY,
}
# What whoever paid reads who would attest their own payment.
PAID_IT = (
    "You paid this, so somebody else attests it: another advocate, or an officer of your agency. If there is a receipt, "
    "write that down yourself."
)
# What who asked may do with their own request; of everybody else's they do the rest.
ASKERS = frozenset({Move.SUBMIT, Move.RECEIPT, Move.ATTEST, Move.CLOSE, Move.VOID})


def must(by: User, permission: Permission) -> uuid.UUID:
    """The agency for which `by` may do this. Raises Refused."""
    if not holds(by, permission):
        raise Refused("Your role does not include this.")
    return agency_of(by)


def visible(queryset: QuerySet[AssistanceRequest], *, to: User) -> QuerySet[AssistanceRequest]:
    """The agency's requests, as far as the people whom they are for are open to `to`; drafts to who writes them."""
    if to.acting is None or not holds(to, VIEW):
        return queryset.none()
    rows = open_to(queryset.filter(agency_id=to.acting.agency_id), to=to, person="case__person")
    return rows if holds(to, Permission.CASES_CASE_VIEW) else rows.exclude(state=State.DRAFT)


def visible_funds(queryset: QuerySet[Fund], *, to: User) -> QuerySet[Fund]:
    """The agency's own funds: they are about nobody."""
    if to.acting is None or not holds(to, VIEW):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def visible_stays(queryset: QuerySet[HousingStay], *, to: User) -> QuerySet[HousingStay]:
    """The agency's stays, as far as their people are open to `to`."""
    if to.acting is None or not holds(to, HOUSING):
        return queryset.none()
    return open_to(queryset.filter(agency_id=to.acting.agency_id), to=to, person="case__person")


def may_move(by: User, row: AssistanceRequest, move: str) -> bool:
    """Whether `by` may make this move with this request now; the amount is another question."""
    if (row.state, move) not in MOVES or not holds(by, NEEDS[move]):
        return False
    if move == Move.SUBMIT:
        return row.asked_by_id == by.pk
    if row.asked_by_id == by.pk:
        return move in ASKERS
    if move == Move.APPROVE:
        return row.endorsed_by_id != by.pk
    if move == Move.PAY:
        return by.pk not in {row.approved_by_id, row.endorsed_by_id}
    if move == Move.ATTEST:
        return row.paid_by_id != by.pk
    # What came back in part went through: the rest comes back, or is shown.
    return move != Move.BOUNCE or row.came_back == 0


def moves_for(by: User, row: AssistanceRequest) -> list[Move]:
    """The moves that `by` may make now, in the order of the work. To endorse is to approve, as the first of two."""
    return [move for move in Move if move is not Move.ENDORSE and may_move(by, row, move)]


def may_change(by: User, row: AssistanceRequest) -> bool:
    """What is asked for changes by who asks, before it is decided."""
    return row.asked_by_id == by.pk and holds(by, ASK) and row.state in {State.DRAFT, State.RETURNED}


def waiting_for_decision(by: User) -> Q:
    """Requests that `by` could decide: not their own, and not those that they were the first to approve."""
    return Q(state__in=[State.SUBMITTED, State.SECOND]) & ~Q(asked_by=by) & (Q(endorsed_by=None) | ~Q(endorsed_by=by))


def waiting_for_payment(by: User) -> Q:
    """Approved requests for which `by` could set money aside, or pay."""
    others = (Q(approved_by=None) | ~Q(approved_by=by)) & (Q(endorsed_by=None) | ~Q(endorsed_by=by))
    return ~Q(asked_by=by) & (Q(state=State.APPROVED) | Q(state=State.COMMITTED) & others)
