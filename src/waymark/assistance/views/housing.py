"""Stays in rapid rehousing: the list, one of them with the months that are left, its steps."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.assistance.actions import housing as acts
from waymark.assistance.forms.housing import WENT, DayForm, EndForm, HelpForm, LeaseForm
from waymark.assistance.models import HOUSING_MOVES, HousingMove, HousingStay, StayState
from waymark.assistance.policies.housing import last_day_of, months_between
from waymark.assistance.policies.who import HOUSING
from waymark.assistance.selectors import housing
from waymark.assistance.selectors.requests import CASE
from waymark.cases.views.record import case_or_404, tell_look, trail_to
from waymark.pages.listing import Ask, Filter, ReadOnce
from waymark.pages.questions import PlainForm
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import secrets_of, unlock_url, vault_in

FILTERS = [
    Filter("state", "State", [*StayState.choices, ("every", "Every state")], "All open"),
    Filter("due", "Due", [("soon", "Help ends within two months")]),
]


def stay_or_404(request: StaffRequest, pk: uuid.UUID) -> HousingStay:
    found = housing.stay_for(pk, to=request.user)
    if found is None:
        raise Http404
    tell_look(request, found.case)
    return found


def form_for(request: StaffRequest, stay: HousingStay, form: Any, **context: Any) -> HttpResponse:
    """A form that belongs to a stay."""
    here = reverse("assistance:stay_detail", args=[stay.pk])
    trail = [("Housing", reverse("assistance:stay_list")), (f"Stay in case {stay.case.code}", here)]
    return sealed_form(request, form, cancel_url=here, trail=trail, **context)


def not_now(request: StaffRequest, stay: HousingStay, move: HousingMove) -> HttpResponse | None:
    if (stay.state, move) in HOUSING_MOVES:
        return None
    messages.warning(request, "There is no such step from here. This is where the stay stands now.")
    return redirect("assistance:stay_detail", stay.pk)


@requires(HOUSING)
@require_safe
def stay_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, FILTERS)
    on = timezone.localdate()
    rows = housing.stays_listed(request.user, words=ask.words, state=ask.answer("state"), due=ask.answer("due"), on=on)
    context = {
        "title": "Rapid rehousing",
        "listing": ReadOnce(ask, rows),
        "search_label": "Search by the code of a case",
        "today": on,
    }
    return render(request, "assistance/stay_list.html", context)


@requires(HOUSING)
@require_http_methods(["GET", "HEAD", "POST"])
def stay_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = PlainForm(request.POST if request.method == "POST" else None)
    made: list[HousingStay] = []
    if done_by(request, form, lambda _: made.append(acts.begin_stay(case=case, by=request.user))):
        messages.success(request, "Written down. When a lease is signed, write it here.")
        return redirect("assistance:stay_detail", made[0].pk)
    help_ = housing.help_of(case, on=timezone.localdate())
    return sealed_form(
        request,
        form,
        title=f"Rapid rehousing for case {case.code}",
        lead=f"{help_.left} of {help_.rule.months} months of help with rent are left from today on.",
        consequences=["The household looks for a place with your help. Nothing is counted before a lease is signed."],
        button="Begin",
        cancel_url=reverse("cases:detail", args=[case.pk]),
        trail=trail_to(case),
    )


@requires(HOUSING)
@require_safe
def stay_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Days, rent and months; where the unit is stands in the address vault, and on no page."""
    stay = stay_or_404(request, pk)
    vault = vault_in(request)
    secret = secrets_of(vault, CASE, [stay.case_id]).get(stay.case_id) if vault is not None else None
    first, last = stay.helped_from, stay.helped_until
    after = last + dt.timedelta(days=1) if last is not None and stay.state != StayState.EXITED else timezone.localdate()
    words = housing.words_in(stay, secret)
    context = {
        "title": f"Rapid rehousing, case {stay.case.code}",
        "stay": stay,
        "words": words,
        "went": dict(WENT).get(words.get("went", ""), ""),
        "months": len(months_between(first, last)) if first and last else 0,
        "help": housing.help_of(stay.case, on=after),
        "next_moves": [move for move in HousingMove if (stay.state, move) in HOUSING_MOVES],
        "steps": housing.steps_of(stay),
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Housing", reverse("assistance:stay_list"))],
    }
    return render(request, "assistance/stay_detail.html", context)


@requires(HOUSING)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def stay_lease(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    stay = stay_or_404(request, pk)
    if (back := not_now(request, stay, HousingMove.LEASE)) is not None:
        return back
    help_ = housing.help_of(stay.case, on=timezone.localdate(), without=stay)
    form = LeaseForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        lease = acts.Lease(
            address=data["address"],
            lease_from=data["lease_from"],
            lease_until=data["lease_until"],
            rent=data["rent"],
            helped_from=data["helped_from"],
            helped_until=data["helped_until"],
            words=form.words(),
        )
        acts.sign_lease(vault=vault, stay=stay, lease=lease, by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Written down. Where the unit is lies in the address vault.")
        return redirect("assistance:stay_detail", stay.pk)
    lead = f"{help_.left} of {help_.rule.months} months of help with rent are left from today on ({help_.rule.source})."
    return form_for(request, stay, form, title="The lease is signed", lead=lead)


@requires(HOUSING)
@require_http_methods(["GET", "HEAD", "POST"])
def stay_help(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    stay = stay_or_404(request, pk)
    if stay.helped_from is None or (stay.state, HousingMove.HELP) not in HOUSING_MOVES:
        messages.warning(request, "There is no help with rent to change here now.")
        return redirect("assistance:stay_detail", stay.pk)
    form = HelpForm(request.POST if request.method == "POST" else None, initial={"helped_until": stay.helped_until})

    def act(_: Any) -> None:
        acts.change_help(stay=stay, helped_until=form.cleaned_data["helped_until"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("assistance:stay_detail", stay.pk)
    most = housing.help_of(stay.case, on=stay.helped_from, without=stay).left
    latest = last_day_of(stay.helped_from, most) if most else stay.helped_from
    lead = f"The rule lets it go on until {latest:%B} {latest.day}, {latest.year}, if no other stay comes between."
    return form_for(request, stay, form, title="Until when we help with the rent", lead=lead)


@requires(HOUSING)
@require_http_methods(["GET", "HEAD", "POST"])
def stay_moved_in(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    stay = stay_or_404(request, pk)
    if (back := not_now(request, stay, HousingMove.MOVE_IN)) is not None:
        return back
    form = DayForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})
    if done_by(request, form, lambda _: acts.note_move_in(stay=stay, on=form.cleaned_data["on"], by=request.user)):
        messages.success(request, "They have moved in.")
        return redirect("assistance:stay_detail", stay.pk)
    return form_for(request, stay, form, title="They moved in")


@requires(HOUSING)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def stay_end(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    stay = stay_or_404(request, pk)
    if (back := not_now(request, stay, HousingMove.EXIT)) is not None:
        return back
    form = EndForm(request.POST if request.method == "POST" else None, initial={"on": timezone.localdate()})

    def act(vault: Any) -> None:
        data = form.cleaned_data
        words = {"went": data["went"], "note": data["note"]}
        acts.end_stay(vault=vault, stay=stay, on=data["on"], words=words, by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Written down. The unit's address can be looked up by nobody any more.")
        return redirect("assistance:stay_detail", stay.pk)
    says = ["The help ends on that day. Nobody can look up the unit's address afterwards. It cannot be taken back."]
    return form_for(
        request,
        stay,
        form,
        title="The help ends",
        consequences=says,
        button="It has ended",
        is_grave=True,
        cancel_label="Go on with it",
    )
