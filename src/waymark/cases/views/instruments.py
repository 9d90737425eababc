"""Instruments in a case: chosen, answered at the person's pace, scored, seen over time. An alert is on screen only."""

from __future__ import annotations

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
from waymark.access.permissions import Permission
from waymark.care.actions.assessments import begin_assessment, go_on_with_assessment, void_assessment
from waymark.care.formats.instruments import SLOTS, instrument
from waymark.care.forms.assessments import AnswersForm, ChooseForm, HeldAnswersForm, initial_of
from waymark.care.models import Assessment
from waymark.care.selectors.assessments import (
    assessment_for,
    assessments_of,
    opened_assessment,
    series_of,
)
from waymark.cases.views.beside import Beside, beside
from waymark.cases.views.record import form_for, trail_to
from waymark.pages.questions import PlainForm
from waymark.people.views.sealed_forms import LOCKED, done_by
from waymark.vault.selectors import unlock_url

WORK = Permission.CASES_CASE_WORK
SHOWN = 200


def _row_or_404(request: StaffRequest, here: Beside, pk: uuid.UUID) -> Assessment:
    found = assessment_for(pk, person=here.case.person, to=request.user)
    if found is None:
        raise Http404
    return found


def _trail(here: Beside) -> list[tuple[str, str]]:
    return [*trail_to(here.case), ("Instruments", reverse("cases:assessments", args=[here.case.pk]))]


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def assessment_list(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Every set of answers, and what each instrument said over time."""
    here = beside(request, pk)
    taken = []
    if here.secret is not None:
        taken = [opened_assessment(row, here.secret) for row in assessments_of(here.case.person, to=request.user)[:SHOWN]]
    context = {
        "title": f"Instruments in case {here.case.code}",
        "case": here.case,
        "taken": taken,
        "series": series_of(taken),
        "slots": [instrument(key) for key in SLOTS],
        "is_vault_open": here.vault is not None,
        "is_open_to_us": here.secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to(here.case),
    }
    return render(request, "cases/assessment_list.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Which instrument is chosen stands in no address: a draft is begun, and its id is all that a browser keeps."""
    here = beside(request, pk)
    form = ChooseForm(request.POST if request.method == "POST" else None)
    made: list[Assessment] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            begin_assessment(
                vault=vault,
                person=here.case.person,
                case=here.case.pk,
                key=data["instrument"],
                language=data["language"],
                taken_on=timezone.localdate(),
                by=request.user,
            )
        )

    if done_by(request, form, act):
        return redirect("cases:assessment_go_on", here.case.pk, made[0].pk)
    return form_for(
        request,
        here.case,
        form,
        title="Which instrument",
        lead="Say what it is for, that they can stop, and that no help depends on it.",
        button="Begin",
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_go_on(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    found = _row_or_404(request, here, row)
    if found.state == Assessment.State.DRAFT and request.method == "POST" and here.vault is None:
        return _kept(request, here)
    if here.secret is None or found.state != Assessment.State.DRAFT:
        return redirect("cases:assessment", here.case.pk, found.pk)
    opened = opened_assessment(found, here.secret)
    initial = {**initial_of(opened.answers), "taken_on": found.taken_on}
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        asks=opened.instrument,
        language=opened.language,
        initial=initial,
    )

    def act(vault: Any) -> None:
        go_on_with_assessment(
            vault=vault,
            row=found,
            answers=form.answers(),
            taken_on=form.cleaned_data["taken_on"],
            is_done=form.is_done,
            by=request.user,
        )

    if done_by(request, form, act):
        return redirect("cases:assessment", here.case.pk, found.pk)
    return _questions(request, here, form)


def _questions(request: StaffRequest, here: Beside, form: AnswersForm) -> HttpResponse:
    return form_for(
        request,
        here.case,
        form,
        template="cases/assessment_answer.html",
        title=form.asks.name,
        asks=form.asks,
        language=form.language,
        button="Finish",
    )


def _kept(request: StaffRequest, here: Beside) -> HttpResponse:
    """The vault was locked meanwhile, so the questions cannot be read: the answers wait on the page, unseen."""
    form = HeldAnswersForm(request.POST)
    form.add_error(None, LOCKED)
    lead = "The questions are sealed, so they are not shown. The answers are kept on this page, out of sight."
    return form_for(request, here.case, form, title="Answers that are not saved yet", lead=lead, button="Save the answers")


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def assessment_detail(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    """What one set of answers says. Here, and nowhere else, an alert is seen."""
    here = beside(request, pk)
    found = _row_or_404(request, here, row)
    opened = opened_assessment(found, here.secret) if here.secret is not None else None
    context = {
        "title": f"{opened.instrument.name}, case {here.case.code}" if opened is not None else "An instrument",
        "case": here.case,
        "row": found,
        "opened": opened,
        "is_vault_open": here.vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": _trail(here),
    }
    return render(request, "cases/assessment_detail.html", context)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def assessment_void(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    found = _row_or_404(request, here, row)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: void_assessment(vault=vault, row=found, by=request.user)):
        messages.success(request, "These answers do not count any more.")
        return redirect("cases:assessments", here.case.pk)
    return form_for(
        request,
        here.case,
        form,
        title="Make these answers void?",
        consequences=["They leave the chart. They can still be read, and are marked as void. It cannot be taken back."],
        button="Make them void",
        is_grave=True,
        cancel_label="Keep them",
    )
