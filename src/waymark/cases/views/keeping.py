"""Keeping cases and destroying them: the worker's page of one case, and the officer's page of what waits."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions import keeping
from waymark.cases.forms import CodeForm, DestroyForm, HoldForm, RetentionForm
from waymark.cases.models import DestructionRequest, State
from waymark.cases.policies import kept_until
from waymark.cases.selectors import keeping as selected
from waymark.cases.views.record import WORK, case_or_404, form_for, trail_to
from waymark.pages.listing import Ask, Listing
from waymark.pages.questions import PlainForm
from waymark.people.policies import Refused
from waymark.vault.actions import lift_hold
from waymark.vault.policies import KEY_BACKUP_DAYS
from waymark.vault.policies import Refused as VaultRefused

DECIDE = Permission.VAULT_RECORD_SHRED


def _done(form: forms.BaseForm, act: Callable[[], object]) -> bool:
    """Run an act that needs no open vault; what refuses it stands above the form."""
    if not form.is_bound or not form.is_valid():
        return False
    try:
        act()
    except (Refused, VaultRefused) as refused:
        form.add_error(None, str(refused))
        return False
    return True


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def case_keeping(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """How long one case is kept, what holds it, and whether somebody asked to destroy it."""
    case = case_or_404(request, pk)
    rule = selected.rule_of(case.agency_id)
    closed = selected.closed_on(case)
    context = {
        "title": f"Keeping case {case.code}",
        "case": case,
        "rule": rule,
        "closed_on": closed,
        "kept_until": kept_until(closed, rule.years if rule else None),
        "today": timezone.localdate(),
        "holds": list(selected.holds_of(case)),
        "waiting": selected.waiting_request_of(case),
        "stone": selected.tombstone_of(case),
        "may_ask": case.state == State.ARCHIVED,
        "trail": trail_to(case),
    }
    return render(request, "cases/case_keeping.html", context)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def hold_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if _done(form, lambda: keeping.hold_case(case=case, why=form.cleaned_data["reason"], by=request.user)):
        messages.success(request, "The case is held. Nobody can destroy it until an officer lifts the hold.")
        return redirect("cases:keeping", case.pk)
    return form_for(
        request,
        case,
        form,
        title=f"Hold case {case.code}",
        lead="Place a hold as soon as somebody may have to show the case: destroying it then can be a crime.",
        button="Hold it",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def destroy_ask(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = DestroyForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        data = form.cleaned_data
        keeping.ask_to_destroy(case=case, why=data["reason"], with_person=data["with_person"], by=request.user)

    if _done(form, act):
        messages.success(request, "An officer of your agency is asked. Until they decide, nothing is destroyed.")
        return redirect("cases:keeping", case.pk)
    return form_for(
        request,
        case,
        form,
        title=f"Ask to destroy case {case.code}",
        consequences=[
            "Somebody else of your agency decides. When they agree, the key of the case is deleted: nobody can read "
            "its notes, files and reasons any more, and nobody can undo it.",
            f"Backups of keys are kept {KEY_BACKUP_DAYS} days. The certificate names the day from which none opens it.",
            "Code, dates and states stay, and what was counted stays counted.",
        ],
        button="Ask for it",
        is_grave=True,
        cancel_label="Keep the case",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def destroy_take_back(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if _done(form, lambda: keeping.take_back_destruction(case=case, by=request.user)):
        messages.success(request, "Taken back. The case is kept.")
        return redirect("cases:keeping", case.pk)
    return form_for(request, case, form, title="Take the request back?", button="Keep the case")


@requires(DECIDE)
@require_safe
def keeping_list(request: StaffRequest) -> HttpResponse:
    """What an officer decides: requests, holds, the agency's rule, and what was kept long enough. Codes, never names."""
    ask = Ask(request.GET)
    today = timezone.localdate()
    rows = selected.kept_long_enough(request.user, on=today)
    if ask.words:
        rows = rows.filter(code__icontains=ask.words.strip())
    agency = request.user.acting.agency_id
    context = {
        "title": "Keeping and destroying",
        "lead": "Nothing is destroyed by itself. A worker asks, and you decide.",
        "rule": selected.rule_of(agency),
        "requests": list(selected.decidable(request.user)),
        "held": selected.held_records(request.user),
        "listing": Listing(ask, rows),
        "search_label": "Search by the code of a case" if rows.exists() or ask.words else "",
    }
    return render(request, "cases/keeping_list.html", context)


@requires(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def retention(request: StaffRequest) -> HttpResponse:
    rule = selected.rule_of(request.user.acting.agency_id)
    initial = {"years": rule.years, "source": rule.source} if rule else {}
    form = RetentionForm(request.POST if request.method == "POST" else None, initial=initial)
    if _done(form, lambda: keeping.set_retention(by=request.user, **form.cleaned_data)):
        messages.success(request, "Saved. It holds for every closed case of your agency.")
        return redirect("cases:keeping_list")
    return _officers_form(
        request,
        form,
        title="How long cases are kept",
        lead="Ask counsel: funders want some records for years, and what nobody must keep is safer destroyed.",
    )


@requires(DECIDE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def destroy_decide(request: StaffRequest, waiting: uuid.UUID) -> HttpResponse:
    """Destroy what somebody else asked to destroy, after typing its code."""
    row = _request_or_404(request, waiting)
    form = CodeForm(request.POST if request.method == "POST" else None, expected=row.case.code)
    if _done(form, lambda: keeping.destroy_case(request=row.pk, by=request.user)):
        messages.success(request, f"Case {row.case.code} is destroyed. Its certificate is under Destroyed records.")
        return redirect("cases:keeping_list")
    more = ["With it goes the file of the person, when this is their last case."] if row.with_person else []
    return _officers_form(
        request,
        form,
        title=f"Destroy case {row.case.code}?",
        consequences=[
            f"{row.asked_by.display_name} asked for it: {row.get_why_display().lower()}.",
            "Nobody can read it afterwards, and nobody can undo it.",
            *more,
            f"Backups of keys are kept {KEY_BACKUP_DAYS} days; the certificate names the day from which none opens it.",
        ],
        button="Destroy it for good",
        is_grave=True,
        cancel_label="Decide later",
        refuse_url=reverse("cases:destroy_refuse", args=[row.pk]),
    )


@requires(DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def destroy_refuse(request: StaffRequest, waiting: uuid.UUID) -> HttpResponse:
    row = _request_or_404(request, waiting)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if _done(form, lambda: keeping.refuse_destruction(request=row.pk, by=request.user)):
        messages.success(request, f"Case {row.case.code} is kept. Who asked is told that there is an answer.")
        return redirect("cases:keeping_list")
    title = f"Keep case {row.case.code}?"
    consequences = ["The request is closed. Somebody may ask again."]
    return _officers_form(request, form, title=title, consequences=consequences, button="Keep it")


@requires(DECIDE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def hold_lift(request: StaffRequest, hold: uuid.UUID) -> HttpResponse:
    found = next((one for one in selected.held_records(request.user) if one.hold.pk == hold), None)
    if found is None:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if _done(form, lambda: lift_hold(hold=hold, by=request.user)):
        messages.success(request, "The hold is lifted.")
        return redirect("cases:keeping_list")
    return _officers_form(
        request,
        form,
        title=f"Lift the hold on {found.code or 'this record'}?",
        consequences=["It can be destroyed again when two people want it. Ask counsel first."],
        button="Lift it",
        is_grave=True,
    )


def _request_or_404(request: StaffRequest, pk: uuid.UUID) -> DestructionRequest:
    found = selected.decidable(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _officers_form(request: StaffRequest, form: forms.BaseForm, **context: Any) -> HttpResponse:
    here = reverse("cases:keeping_list")
    shown = {"form": form, "cancel_url": here, "trail": [("Keeping and destroying", here)], **context}
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "cases/keeping_form.html", shown, status=status)
