"""Agencies that hold rows about the entry: who they are, what each was sent, what each confirmed."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.disclosures.formats.kinds import KINDS
from waymark.pages.questions import PlainForm
from waymark.people.policies import Refused
from waymark.people.views.sealed_forms import done_by
from waymark.relief.actions.holders import (
    confirm_holder,
    drop_holder,
    name_holder,
    serve_by_packet,
    take_in_answers,
    tell_of_order,
)
from waymark.relief.forms import ConfirmForm, HolderForm
from waymark.relief.models import Holder, ReliefCase
from waymark.relief.selectors import records
from waymark.relief.views.record import case_or_404, form_for
from waymark.vault.selectors import unlock_url, vault_in

WORK = Permission.RELIEF_CASE_WORK
SENDS = {"petition": serve_by_packet, "relief_order": tell_of_order}


def _holder_or_404(case: ReliefCase, pk: uuid.UUID) -> Holder:
    found = records.holder_of(case, pk)
    if found is None:
        raise Http404
    return found


def _name(holder: Holder) -> str:
    return holder.agency_told.name if holder.agency_told is not None else holder.name


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def holder_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    agencies = records.agencies_to_name(case)
    form = HolderForm(request.POST if request.method == "POST" else None, agencies=agencies)

    def act(_: Any) -> None:
        data = form.cleaned_data
        name_holder(case=case, agency=data["agency"], name=data["name"], by=request.user)

    if done_by(request, form, act):
        messages.success(request, "On the list. Nothing was sent to them.")
        return redirect("relief:detail", case.pk)
    return form_for(
        request,
        case,
        form,
        title=f"Who holds rows about this entry? Relief {case.code}",
        lead="Naming an agency tells it nothing. Who arrested, who prosecuted, the court, and whoever got it from them.",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def holder_drop(request: StaffRequest, pk: uuid.UUID, holder: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    found = _holder_or_404(case, holder)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda _: drop_holder(case=case, holder=found, by=request.user)):
        messages.success(request, "Taken off the list.")
        return redirect("relief:detail", case.pk)
    return form_for(
        request,
        case,
        form,
        title=f"Take {_name(found)} off the list?",
        consequences=["It was told nothing and is told nothing. It can be named again."],
        button="Take it off",
        is_grave=True,
        cancel_label="Keep it",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def holder_send(request: StaffRequest, pk: uuid.UUID, holder: uuid.UUID, what: str) -> HttpResponse:
    case = case_or_404(request, pk)
    found = _holder_or_404(case, holder)
    if what not in SENDS:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: SENDS[what](vault=vault, case=case, holder=found, by=request.user)):
        messages.success(request, f"Sent to {_name(found)}.")
        return redirect("relief:detail", case.pk)
    labels = [question.label.lower() for question in KINDS[what].questions]
    return form_for(
        request,
        case,
        form,
        title=f"Send {_name(found)}: {KINDS[what].label.lower()}",
        consequences=[
            f"They get {', '.join(labels)}. No grounds, no declaration, no answer to a question.",
            "It is written in the ledger first. Under Mail you see whether they opened it.",
        ],
        button="Send it",
        cancel_label="Go back without sending",
    )


@requires(WORK)
@require_POST
def answers_take_in(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Write down what members answered by packet. They learn that their answer was opened."""
    case = case_or_404(request, pk)
    here = reverse("relief:detail", args=[case.pk])
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(here))
    try:
        taken = take_in_answers(vault=vault, case=case, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(here)
    if taken:
        messages.success(request, "Written down.")
    else:
        messages.warning(
            request, "No answer could be written down. Call the agency on a number that you knew, and write what it says."
        )
    return redirect(here)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def holder_confirm(request: StaffRequest, pk: uuid.UUID, holder: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    found = _holder_or_404(case, holder)
    initial = {"sealed_on": found.sealed_on, "destroyed_on": found.destroyed_on}
    form = ConfirmForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(_: Any) -> None:
        confirm_holder(case=case, holder=found, by=request.user, **form.cleaned_data)

    if done_by(request, form, act):
        messages.success(request, "Written down.")
        return redirect("relief:detail", case.pk)
    return form_for(
        request,
        case,
        form,
        title=f"What {_name(found)} confirmed",
        lead=f"For an agency that answers on paper, with the reference {case.code}. Answers by packet come by themselves.",
    )
