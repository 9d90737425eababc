"""The safety plan in a case: talked through, versions, a print in a safe form, whether they have a copy."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.care.actions.safety import NEWER, note_copy, postpone_review, write_safety_plan
from waymark.care.formats.safety_plans import sections
from waymark.care.forms.safety import FINDERS, PrintForm, ReviewForm, SafetyPlanForm
from waymark.care.models import SafetyPlan
from waymark.care.selectors.safety import (
    OpenedSafetyPlan,
    opened_safety_plan,
    safety_plan_for,
    safety_plans_of,
    what_it_tells,
)
from waymark.cases.actions.papers import print_for_person
from waymark.cases.views.beside import Beside, beside
from waymark.cases.views.record import form_for, trail_to
from waymark.people.policies import Refused
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import unlock_url

WORK = Permission.CASES_CASE_WORK


def _current(request: StaffRequest, here: Beside) -> tuple[SafetyPlan, OpenedSafetyPlan | None]:
    row = safety_plan_for(here.case.person, to=request.user)
    if row is None:
        raise Http404
    return row, opened_safety_plan(row, here.secret) if here.secret is not None else None


@requires(Permission.CASES_CASE_VIEW)
@require_safe
def safety_plan(request: StaffRequest, pk: uuid.UUID, version: uuid.UUID | None = None) -> HttpResponse:
    """The current version, or one before it."""
    here = beside(request, pk)
    row = safety_plan_for(here.case.person, to=request.user, pk=version)
    if version is not None and row is None:
        raise Http404
    context = {
        "title": f"Safety plan, case {here.case.code}",
        "case": here.case,
        "row": row,
        "opened": opened_safety_plan(row, here.secret) if row is not None and here.secret is not None else None,
        "versions": list(safety_plans_of(here.case.person, to=request.user)),
        "is_vault_open": here.vault is not None,
        "is_open_to_us": here.secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to(here.case),
    }
    return render(request, "cases/safety_plan.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def safety_plan_write(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row = safety_plan_for(here.case.person, to=request.user)
    initial: dict[str, Any] = {"after": row.number if row is not None else None}
    if row is not None and here.secret is not None:
        initial |= opened_safety_plan(row, here.secret).texts()
    form = SafetyPlanForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(vault: Any) -> None:
        write_safety_plan(
            vault=vault,
            person=here.case.person,
            case=here.case.pk,
            texts=form.texts(),
            review_on=form.cleaned_data["review_on"],
            after=form.cleaned_data["after"],
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "This version is the current one now. Ask whether they want a copy.")
        return redirect("cases:safety_plan", here.case.pk)
    if row is not None and NEWER in form.non_field_errors():
        # Who was told of it once may put theirs in its place, or what they typed could only be thrown away.
        form.renew(after=row.number)
    return form_for(
        request,
        here.case,
        form,
        title="Safety plan: a new version" if row is not None else "Safety plan",
        lead="Talk it through in their order. They know best what is dangerous. Every part may stay empty.",
        button="Keep this version",
        is_correction=row is not None,
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def safety_plan_review(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    here = beside(request, pk)
    row, _ = _current(request, here)
    form = ReviewForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda _: postpone_review(plan=row, by=request.user, **form.cleaned_data)):
        messages.success(request, "Written down: you looked at it together, and it still holds.")
        return redirect("cases:safety_plan", here.case.pk)
    return form_for(request, here.case, form, title="It still holds", button="We looked at it together")


@requires(WORK)
@require_POST
def safety_plan_copy(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One press: they have a copy, or they want none."""
    here = beside(request, pk)
    row, _ = _current(request, here)
    try:
        note_copy(plan=row, is_given="given" in request.POST, by=request.user)
        messages.success(request, "Written down.")
    except Refused as refused:
        messages.error(request, str(refused))
    return redirect("cases:safety_plan", here.case.pk)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def safety_plan_print(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Choose what goes on the paper; the paper comes only after its line stands in the ledger."""
    here = beside(request, pk)
    row, opened = _current(request, here)
    if opened is None or here.opened is None:
        return redirect(unlock_url(request.path))
    agency = here.case.agency
    telling = what_it_tells(opened, here.opened, [agency.name, agency.short_name])
    form = PrintForm(request.POST if request.method == "POST" else None, plan=opened, telling=telling)
    paper: list[HttpResponse] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        page = _paper(request, opened, data["chosen"], data["language"])
        print_for_person(
            vault=vault,
            case=here.case,
            fields=[f"safety_plan.{code}" for code in data["chosen"]],
            content=page.content,
            by=request.user,
        )
        note_copy(plan=row, is_given=True, by=request.user)
        paper.append(page)

    if done_by(request, form, act):
        return paper[0]
    return form_for(
        request,
        here.case,
        form,
        template="cases/safety_plan_print.html",
        title="Print it in a safe form",
        finders=FINDERS,
        telling=telling,
        button="Show the paper",
    )


def _paper(request: StaffRequest, plan: OpenedSafetyPlan, chosen: list[str], language: str) -> HttpResponse:
    """The paper: a heading that says nothing, the chosen sections in the person's words, and no more."""
    context = {
        "language": language,
        "heading": sections(plan.version).title[language],
        "written": [(one.section.heading[language], one.text) for one in plan.written if one.section.code in chosen],
    }
    return render(request, "cases/safety_plan_paper.html", context)
