"""Services in a case: written down in seconds, corrected, taken out as a mistake; and the list of all of them."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.care.actions.services import correct_service, record_service, void_service
from waymark.care.forms.services import CorrectionForm, ServiceForm
from waymark.care.models import Service
from waymark.care.selectors.services import kind_of, opened_services, service_for, services_of
from waymark.cases.views.beside import Beside, beside
from waymark.cases.views.record import form_for, trail_to
from waymark.pages.listing import Ask, Filter, Listing
from waymark.pages.questions import PlainForm
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import unlock_url

WORK = Permission.CASES_CASE_WORK
FILTERS = [Filter("state", "How it went", Service.State.choices)]


def _service_or_404(request: StaffRequest, here: Beside, pk: uuid.UUID) -> Service:
    found = service_for(pk, person=here.case.person, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def service_list(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    ask = Ask(request.GET, FILTERS)
    rows = services_of(here.case.person, to=request.user, state=ask.answer("state"), words=ask.words)
    listing = Listing(ask, rows)
    context = {
        "title": f"Services in case {here.case.code}",
        "case": here.case,
        "listing": listing,
        "services": opened_services(listing.rows, here.secret) if here.secret is not None else [],
        "search_label": "Find a kind of service",
        "primary_url": reverse("cases:service_new", args=[here.case.pk]),
        "primary_label": "Record a service",
        "is_vault_open": here.vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to(here.case),
    }
    return render(request, "cases/service_list.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def service_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    form = ServiceForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        record_service(
            vault=vault,
            person=here.case.person,
            case=here.case.pk,
            code=data["code"],
            values=form.values(),
            note=data["note"],
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "The service is written down.")
        return redirect("cases:service_new" if "another" in request.POST else "cases:detail", here.case.pk)
    return form_for(
        request,
        here.case,
        form,
        template="cases/service_new.html",
        title="Record a service",
        lead="Choose what it was. The rest is filled in as it mostly is.",
        button="Save",
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def service_correct(request: StaffRequest, pk: uuid.UUID, service: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _service_or_404(request, here, service)
    initial = {name: getattr(row, name) for name in ("state", "on", "minutes", "units", "household")}
    if here.secret is not None:
        initial["note"] = opened_services([row], here.secret)[0].note
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(vault: Any) -> None:
        correct_service(vault=vault, service=row, values=form.values(), note=form.cleaned_data["note"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("cases:services", here.case.pk)
    kind = kind_of(row)
    label = kind.label if kind is not None else row.code
    return form_for(request, here.case, form, title=f"How it went: {label}", button="Save", is_correction=True)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def service_void(request: StaffRequest, pk: uuid.UUID, service: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = _service_or_404(request, here, service)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: void_service(vault=vault, service=row, by=request.user)):
        messages.success(request, "It counts nowhere any more.")
        return redirect("cases:services", here.case.pk)
    return form_for(
        request,
        here.case,
        form,
        title="Was this written down by mistake?",
        consequences=["It leaves the list and counts in no report. A report that was certified already stays as it was."],
        button="It was a mistake",
        is_grave=True,
        cancel_label="Keep it",
    )
