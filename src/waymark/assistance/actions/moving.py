"""Moving a request on: sent in, decided, money set aside, paid, shown, done; or called off, and the money come back.

Who asks decides nothing and pays nothing of it, who approved pays nothing of it, and who paid does not attest it: the
policy says so first, then the database. Money moves in the same row that moves the request, so there is never one without
the other.
"""

from __future__ import annotations

import uuid

from django.db import transaction

from waymark.access.sites import staff_page
from waymark.accounts.models import Membership, User
from waymark.assistance.actions.asking import MOVED, held_request, open_case_key
from waymark.assistance.actions.funds import held_fund
from waymark.assistance.formats.amounts import dollars
from waymark.assistance.models import MOVES, WITH_REASON, AssistanceRequest, Fund, Move, RequestMove, State
from waymark.assistance.policies.who import PAID_IT, may_move
from waymark.assistance.selectors.funds import today
from waymark.assistance.selectors.requests import KIND, needs_two, payee_in, who_can_decide
from waymark.audit.actions import record, record_read
from waymark.notices.actions import notify
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

SAY_WHY = "Say it in a few words. They are sealed, and only your agency reads them."
NOT_YOURS = "Who asks does not approve, and who asked or approved does not pay. Somebody else of your agency does this."
DECISIONS = {
    Move.APPROVE: "money_request.approved",
    Move.RETURN: "money_request.returned",
    Move.DENY: "money_request.denied",
}


def _write(
    held: AssistanceRequest, move: str, by: User, *, vault: OpenVault | None, reason: str = "", amount: int | None = None
) -> None:
    """One move; a part of the act that needs it. The database judges, moves the request and the money."""
    if not may_move(by, held, move):
        raise Refused(NOT_YOURS if (held.state, move) in MOVES else MOVED)
    if move in WITH_REASON and not reason:
        raise Refused(SAY_WHY)
    pk, sealed = uuid.uuid4(), None
    if reason:
        secret = open_case_key(vault=vault, case=held.case_id)
        sealed = secret.seal("assistance_requestmove", "reason", pk, pack({"text": reason}))
    RequestMove.objects.create(pk=pk, agency_id=held.agency_id, request=held, move=move, amount=amount, reason=sealed)


def _must_be_in_time(fund: Fund) -> None:
    day = today()
    if day < fund.starts_on or (fund.ends_on is not None and day > fund.ends_on):
        raise Refused("This fund's time is over, or has not begun. Choose another one.")


@transaction.atomic
def submit_request(*, row: AssistanceRequest, by: User) -> None:
    """Ask for a decision. Whoever may decide is told that something waits; it is decided within 48 hours."""
    held = held_request(row)
    _must_be_in_time(held.fund)
    _write(held, Move.SUBMIT, by, vault=None)
    deciders = list(who_can_decide(held, but=by))
    notify(to=deciders, kind="task.waits", path=staff_page("assistance:detail", held.pk))
    record(verb="money_request.submitted", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def decide_request(
    *, vault: OpenVault | None, row: AssistanceRequest, move: str, amount: int, reason: str, by: User
) -> str:
    """Approve as much or less, send back, or deny with the reason. Gives the state afterwards: above what the fund allows
    it waits for a second person.
    """
    held = held_request(row)
    fund = held_fund(held.agency_id, held.fund_id)
    if move == Move.APPROVE:
        _must_be_in_time(fund)
        if not 0 < amount <= held.amount:
            raise Refused(f"Approve more than nothing, and no more than the {dollars(held.amount)} that are asked for.")
        is_first = held.state == State.SUBMITTED and needs_two(held, amount)
        step = Move.ENDORSE.value if is_first else Move.APPROVE.value
        _write(held, step, by, vault=vault, reason=reason, amount=amount)
    else:
        _write(held, move, by, vault=vault, reason=reason)
    held.refresh_from_db(fields=["state"])
    page = staff_page("assistance:detail", held.pk)
    if held.state == State.SECOND:
        notify(to=list(who_can_decide(held, but=by)), kind="task.waits", path=page)
    asker = Membership.objects.filter(agency_id=held.agency_id, user_id=held.asked_by_id, state="active")
    notify(to=asker.select_related("user"), kind="task.changed", path=page)
    record(verb=DECISIONS[Move(move)], by=by, kind=KIND, about=held.pk)
    return held.state


@transaction.atomic
def set_aside(*, row: AssistanceRequest, by: User) -> None:
    """Set the approved money aside: from now on nobody else can spend it. The fund is held meanwhile."""
    held = held_request(row)
    fund = held_fund(held.agency_id, held.fund_id)
    if held.approved > fund.balance:
        raise Refused(
            f"The fund has {dollars(fund.balance)} left, which is less than the {dollars(held.approved)} approved."
        )
    _write(held, Move.COMMIT, by, vault=None)
    record(verb="money_request.set_aside", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def read_payee(*, vault: OpenVault | None, row: AssistanceRequest, by: User) -> str:
    """To whom the money goes, for who pays it now. Whoever does not work with cases is told to the log as a reader."""
    if not may_move(by, row, Move.PAY):
        raise Refused(NOT_YOURS)
    secret = open_case_key(vault=vault, case=row.case_id)
    record_read(by=by, kind="payee", about=row.pk, purpose="")
    return payee_in(row, secret)


@transaction.atomic
def pay_request(*, row: AssistanceRequest, amount: int, by: User) -> None:
    """Write down that it was paid, as much as was set aside or less; the rest is free again."""
    held = held_request(row)
    if held.state == State.COMMITTED and not 0 < amount <= held.committed:
        raise Refused(f"Pay no more than the {dollars(held.committed)} that are set aside.")
    _write(held, Move.PAY, by, vault=None, amount=amount)
    record(verb="money_request.paid", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def note_bounce(*, vault: OpenVault | None, row: AssistanceRequest, reason: str, by: User) -> None:
    """The payment did not go through: it is taken back, the money is set aside again, and can be paid anew."""
    held = held_request(row)
    _write(held, Move.BOUNCE, by, vault=vault, reason=reason)
    record(verb="money_request.bounced", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def note_refund(*, row: AssistanceRequest, amount: int, by: User) -> None:
    """Money came back, some or all of it. When all of it is back, the request is over."""
    held = held_request(row)
    if not 0 < amount <= held.out:
        raise Refused(f"No more can come back than the {dollars(held.out)} that are still out.")
    _write(held, Move.REFUND, by, vault=None, amount=amount)
    record(verb="money_request.refunded", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def show_payment(*, vault: OpenVault | None, row: AssistanceRequest, move: str, reason: str, by: User) -> None:
    """A receipt is there, or nobody should ask for one: then somebody else than who paid attests it in words."""
    held = held_request(row)
    if move not in {Move.RECEIPT, Move.ATTEST}:
        raise Refused(MOVED)
    if move == Move.ATTEST and held.paid_by_id == by.pk:
        raise Refused(PAID_IT)
    _write(held, move, by, vault=vault, reason=reason)
    record(verb="money_request.shown", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def close_request(*, row: AssistanceRequest, by: User) -> None:
    """It is done."""
    held = held_request(row)
    _write(held, Move.CLOSE, by, vault=None)
    record(verb="money_request.closed", by=by, kind=KIND, about=held.pk)


@transaction.atomic
def void_request(*, vault: OpenVault | None, row: AssistanceRequest, reason: str, by: User) -> None:
    """Call it off before it is paid. What was set aside is free again."""
    held = held_request(row)
    _write(held, Move.VOID, by, vault=vault, reason=reason)
    record(verb="money_request.voided", by=by, kind=KIND, about=held.pk)
