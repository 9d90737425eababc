"""Deciding and paying: by somebody else than who asked, and never both by the same person."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.assistance.actions import moving
from waymark.assistance.formats.amounts import dollars
from waymark.assistance.forms.requests import AmountForm, DecisionForm, WordsForm
from waymark.assistance.models import AssistanceRequest, Move, State
from waymark.assistance.policies.who import APPROVE, PAY, VIEW
from waymark.assistance.selectors.requests import needs_two
from waymark.assistance.views.requests import done_by, form_for, move_page, not_now, press, request_or_404
from waymark.people.policies import Refused
from waymark.vault.selectors import vault_in


@requires(APPROVE)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_decide(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = request_or_404(request, pk)
    if (back := not_now(request, row, Move.APPROVE, Move.RETURN, Move.DENY)) is not None:
        return back
    form = DecisionForm(request.POST if request.method == "POST" else None, initial={"amount": row.amount})
    found: list[str] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        found.append(
            moving.decide_request(
                vault=vault,
                row=row,
                move=data["answer"],
                amount=data["amount"] or 0,
                reason=data["reason"],
                by=request.user,
            )
        )

    if done_by(request, form, act):
        messages.success(request, f"{State(found[0]).label}.")
        return redirect("assistance:detail", row.pk)
    lead = f"{dollars(row.amount)} of {row.fund.name}, which has {dollars(row.fund.balance)} left."
    if row.state == State.SUBMITTED and needs_two(row, row.amount):
        lead += " This is above what the fund lets one person approve: a second person approves after you."
    return form_for(request, row, form, title=f"Decide on {row.code}", lead=lead, button="Decide")


@requires(PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def request_set_aside(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return move_page(
        request,
        pk,
        Move.COMMIT,
        form=press,
        act=lambda row, data, vault: moving.set_aside(row=row, by=request.user),
        done="The money is set aside.",
        page=lambda row: {
            "title": f"Set money aside for {row.code}",
            "consequences": [f"{dollars(row.approved)} of {row.fund.name} are kept for this. Nobody else can spend them."],
            "button": "Set it aside",
        },
    )


@requires(PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def request_pay(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """To whom the money goes is shown here, to who pays, in an open vault; the look is written down."""
    return move_page(
        request,
        pk,
        Move.PAY,
        form=lambda row, data: AmountForm(data, initial={"amount": row.committed}, label="How much you paid, in dollars"),
        act=lambda row, data, vault: moving.pay_request(row=row, amount=data["amount"], by=request.user),
        done="Paid. Whoever asked shows it next, by a receipt or in their own words.",
        page=lambda row: {
            "template": "assistance/request_pay.html",
            "title": f"Pay {row.code}",
            "button": "I paid it",
            "payee": _payee(request, row),
        },
    )


def _payee(request: StaffRequest, row: AssistanceRequest) -> str:
    try:
        return moving.read_payee(vault=vault_in(request), row=row, by=request.user)
    except Refused:
        return ""


@requires(PAY)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_bounce(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    says = ["The payment is taken back by an entry of its own. Both stay written. The money is set aside again."]
    return move_page(
        request,
        pk,
        Move.BOUNCE,
        form=lambda row, data: WordsForm(data),
        act=lambda row, data, vault: moving.note_bounce(vault=vault, row=row, reason=data["reason"], by=request.user),
        done="Taken back. The money is set aside again, and can be paid anew.",
        page=lambda row: {"title": "The payment did not go through", "consequences": says, "button": "Take it back"},
    )


@requires(PAY)
@require_http_methods(["GET", "HEAD", "POST"])
def request_refund(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return move_page(
        request,
        pk,
        Move.REFUND,
        form=lambda row, data: AmountForm(data, initial={"amount": row.out}, label="How much came back, in dollars"),
        act=lambda row, data, vault: moving.note_refund(row=row, amount=data["amount"], by=request.user),
        done="Written down. It is in the fund again.",
        page=lambda row: {
            "title": "Money came back",
            "consequences": [f"{dollars(row.out)} are still out. When all of it is back, the request is over."],
            "button": "It came back",
        },
    )


@requires(VIEW)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_void(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    says = ["Nothing is paid. What was set aside is free again. A new request can be written any time."]
    return move_page(
        request,
        pk,
        Move.VOID,
        form=lambda row, data: WordsForm(data),
        act=lambda row, data, vault: moving.void_request(vault=vault, row=row, reason=data["reason"], by=request.user),
        done="Called off.",
        page=lambda row: {
            "title": f"Call off {row.code}?",
            "consequences": says,
            "button": "Call it off",
            "is_grave": True,
            "cancel_label": "Keep it",
        },
    )
