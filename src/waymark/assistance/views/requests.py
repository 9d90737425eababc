"""Requests for money: the list, one of them, and what the pages of its moves have in common."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.assistance.formats.amounts import dollars
from waymark.assistance.models import CATEGORIES, AssistanceRequest, Move, State
from waymark.assistance.policies.who import VIEW, may_change, moves_for
from waymark.assistance.selectors import requests
from waymark.cases.views.record import tell_look
from waymark.pages.listing import Ask, Filter, ReadOnce
from waymark.pages.questions import PlainForm
from waymark.people.policies import Refused, holds
from waymark.people.views.sealed_forms import sealed_form
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

FILTERS = [
    Filter("whose", "Which", [("decide", "Wait for my decision"), ("pay", "Wait for me to pay"), ("mine", "I asked")]),
    Filter("state", "State", [*State.choices, ("every", "Every state")], "All open"),
    Filter("category", "For what", CATEGORIES),
]
# Each move, with the page that makes it, in the order in which the buttons stand.
PAGES: dict[Move, tuple[str, str]] = {
    Move.SUBMIT: ("assistance:submit", "Ask for a decision"),
    Move.APPROVE: ("assistance:decide", "Decide"),
    Move.COMMIT: ("assistance:set_aside", "Set the money aside"),
    Move.PAY: ("assistance:pay", "Pay"),
    Move.RECEIPT: ("assistance:shown", "Show that it was paid"),
    Move.ATTEST: ("assistance:shown", "Attest that it was paid"),
    Move.CLOSE: ("assistance:close", "It is done"),
    Move.BOUNCE: ("assistance:bounce", "The payment did not go through"),
    Move.REFUND: ("assistance:refund", "Money came back"),
    Move.VOID: ("assistance:void", "Call it off"),
}


def request_or_404(request: StaffRequest, pk: uuid.UUID) -> AssistanceRequest:
    """A request that is open to who asks. Its sealed words open for who works with cases: theirs is a look into one."""
    found = requests.request_for(pk, to=request.user)
    if found is None:
        raise Http404
    if holds(request.user, Permission.CASES_CASE_VIEW):
        tell_look(request, found.case)
    return found


def here_of(row: AssistanceRequest) -> str:
    return reverse("assistance:detail", args=[row.pk])


def form_for(request: StaffRequest, row: AssistanceRequest, form: Any, **context: Any) -> HttpResponse:
    """A form that belongs to a request."""
    trail = [("Money", reverse("assistance:list")), (f"Request {row.code}", here_of(row))]
    return sealed_form(request, form, cancel_url=here_of(row), trail=trail, row=row, **context)


def done_by(request: StaffRequest, form: forms.BaseForm, act: Callable[[OpenVault | None], object]) -> bool:
    """Run an act when the form is right; it gets the vault only if that is open, because not every step of money needs it.
    What refuses it stands above the form.
    """
    if not form.is_bound or not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act(vault_in(request))
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    return True


def not_now(request: StaffRequest, row: AssistanceRequest, *moves: Move) -> HttpResponse | None:
    """Back to the request where none of these moves is this person's to make now; None where one is."""
    if set(moves) & set(moves_for(request.user, row)):
        return None
    messages.warning(request, "This step is not yours to make now. This is where the request stands.")
    return redirect("assistance:detail", row.pk)


def move_page(
    request: StaffRequest,
    pk: uuid.UUID,
    *moves: Move,
    form: Callable[[AssistanceRequest, QueryDict | None], forms.BaseForm],
    act: Callable[[AssistanceRequest, dict[str, Any], OpenVault | None], object],
    done: str,
    page: Callable[[AssistanceRequest], dict[str, Any]],
) -> HttpResponse:
    """The page of a move: its form, and after it the request with a word on what was `done`."""
    row = request_or_404(request, pk)
    if (back := not_now(request, row, *moves)) is not None:
        return back
    filled = form(row, request.POST if request.method == "POST" else None)
    if done_by(request, filled, lambda vault: act(row, filled.cleaned_data, vault)):
        messages.success(request, done)
        return redirect("assistance:detail", row.pk)
    return form_for(request, row, filled, **page(row))


def press(row: AssistanceRequest, data: QueryDict | None) -> PlainForm:
    """The form of a move that asks for nothing but the press of its button."""
    return PlainForm(data)


@requires(VIEW)
@require_safe
def request_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, FILTERS)
    rows = requests.requests_listed(
        request.user,
        words=ask.words,
        state=ask.answer("state"),
        whose=ask.answer("whose"),
        category=ask.answer("category"),
    )
    context = {
        "title": "Money for survivors",
        "listing": ReadOnce(ask, rows),
        "search_label": "Search by the code of a request or a case",
        "now": timezone.now(),
        "may_see_cases": holds(request.user, Permission.CASES_CASE_VIEW),
    }
    return render(request, "assistance/request_list.html", context)


@requires(VIEW)
@require_safe
def request_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What stands in the open is for whoever decides or pays; what is sealed opens for who works on cases."""
    row = request_or_404(request, pk)
    works_on_cases = holds(request.user, Permission.CASES_CASE_VIEW)
    vault = vault_in(request) if works_on_cases else None
    secret = requests.case_secret(vault, row)
    steps: dict[str, str] = {}
    mine = moves_for(request.user, row)
    for name, label in (page for move, page in PAGES.items() if move in mine):
        steps.setdefault(reverse(name, args=[row.pk]), label)
    is_waiting = row.state in {State.SUBMITTED, State.SECOND}
    is_another_s = is_waiting and Move.APPROVE not in mine
    context = {
        "title": f"{row.get_category_display()}, {dollars(row.amount)}",
        "row": row,
        "payee": requests.payee_in(row, secret) if secret is not None else "",
        "words": requests.words_in(row, secret) if secret is not None else {},
        "moves": requests.moves_of(row, secret),
        "steps": list(steps.items()),
        "may_change": may_change(request.user, row),
        "works_on_cases": works_on_cases,
        "is_waiting": is_waiting,
        "is_another_s": is_another_s,
        "nobody_decides": is_another_s and not requests.who_can_decide(row, but=request.user).exists(),
        "is_late": row.due_at is not None and row.due_at < timezone.now(),
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Money", reverse("assistance:list"))],
    }
    return render(request, "assistance/request_detail.html", context)
