"""Asking for money: written in a case, sent in, and shown afterwards that it went where it should."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.assistance.actions.asking import change_request, draft_request
from waymark.assistance.actions.moving import close_request, show_payment, submit_request
from waymark.assistance.forms.requests import RequestForm, ShownForm
from waymark.assistance.models import AssistanceRequest, Move
from waymark.assistance.policies.who import ASK, VIEW, may_change, moves_for
from waymark.assistance.selectors import requests
from waymark.assistance.selectors.funds import funds_listed, today
from waymark.assistance.views.requests import form_for, move_page, press, request_or_404
from waymark.cases.views.record import case_or_404, trail_to
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import vault_in

NO_FUND = "Your agency has no fund that can be asked of now. Whoever keeps the funds adds one."


def _form(request: StaffRequest, row: AssistanceRequest | None, initial: dict[str, Any]) -> RequestForm:
    funds = list(funds_listed(request.user, words="", when="now", on=today()))
    if row is not None and row.fund_id not in {fund.pk for fund in funds}:
        funds.append(row.fund)
    return RequestForm(request.POST if request.method == "POST" else None, funds=funds, initial=initial)


@requires(ASK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = _form(request, None, {"household_size": 1, "urgency": "days"})
    made: list[AssistanceRequest] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        row = draft_request(
            vault=vault, case=case, values=form.values(), payee=data["payee"], words=form.words(), by=request.user
        )
        made.append(row)

    if done_by(request, form, act):
        messages.success(request, "Written down as a draft. Look it over, then ask for a decision.")
        return redirect("assistance:detail", made[0].pk)
    return sealed_form(
        request,
        form,
        title=f"Money for case {case.code}",
        lead="" if form.funds else NO_FUND,
        button="Write it down",
        cancel_url=reverse("cases:detail", args=[case.pk]),
        trail=trail_to(case),
    )


@requires(ASK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    row = request_or_404(request, pk)
    if not may_change(request.user, row):
        messages.warning(request, "What was sent in is changed only after it came back, and by who asked.")
        return redirect("assistance:detail", row.pk)
    secret = requests.case_secret(vault_in(request), row)
    open_ = ("category", "amount", "urgency", "household_size", "payee_kind")
    initial: dict[str, Any] = {"fund": str(row.fund_id), **{name: getattr(row, name) for name in open_}}
    if secret is not None:
        initial |= {"payee": requests.payee_in(row, secret), **requests.words_in(row, secret)}
    form = _form(request, row, initial)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        change_request(vault=vault, row=row, values=form.values(), payee=data["payee"], words=form.words(), by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("assistance:detail", row.pk)
    return form_for(request, row, form, title=f"Correct request {row.code}", is_correction=True)


@requires(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def request_submit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    says = ["Whoever may decide is told. They see amount, fund and what sort of bill it is, and no name."]
    return move_page(
        request,
        pk,
        Move.SUBMIT,
        form=press,
        act=lambda row, data, vault: submit_request(row=row, by=request.user),
        done="Sent in. It is decided within 48 hours.",
        page=lambda row: {"title": "Ask for a decision", "consequences": says, "button": "Ask for a decision"},
    )


@requires(VIEW)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def request_shown(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return move_page(
        request,
        pk,
        Move.RECEIPT,
        Move.ATTEST,
        form=lambda row, data: ShownForm(data, moves=moves_for(request.user, row)),
        act=lambda row, data, vault: show_payment(
            vault=vault, row=row, move=data["how"], reason=data["reason"], by=request.user
        ),
        done="Written down.",
        page=lambda row: {"title": f"How {row.code} is shown"},
    )


@requires(ASK)
@require_http_methods(["GET", "HEAD", "POST"])
def request_close(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    says = ["Nothing changes after this."]
    return move_page(
        request,
        pk,
        Move.CLOSE,
        form=press,
        act=lambda row, data, vault: close_request(row=row, by=request.user),
        done="Done.",
        page=lambda row: {"title": f"Finish {row.code}?", "consequences": says, "button": "It is done"},
    )
