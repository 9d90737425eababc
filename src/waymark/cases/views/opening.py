"""Opening a case: one page, everything optional but one question, nothing lost on an error."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.opening import open_case, open_case_for
from waymark.cases.forms import IntakeForm, KnownPersonForm
from waymark.cases.models import OPEN_STATES, Case
from waymark.cases.selectors import records
from waymark.people.selectors import person_for
from waymark.people.views.sealed_forms import done_by, sealed_form


@requires(Permission.CASES_CASE_WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_new(request: StaffRequest) -> HttpResponse:
    form = IntakeForm(request.POST if request.method == "POST" else None)
    made: list[Case] = []
    if done_by(request, form, lambda vault: made.append(open_case(vault=vault, intake=form.intake(), by=request.user))):
        messages.success(request, f"Case {made[0].code} is open.")
        return redirect("cases:detail", made[0].pk)
    return sealed_form(
        request,
        form,
        template="cases/case_new.html",
        title="New case",
        button="Open the case",
        cancel_url=reverse("cases:list"),
        trail=[("Cases", reverse("cases:list"))],
    )


@requires(Permission.CASES_CASE_WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_new_for(request: StaffRequest, person: uuid.UUID) -> HttpResponse:
    """Another case of a known person, or the first one of a child, with a key and notices of its own."""
    known = person_for(person, to=request.user)
    if known is None:
        raise Http404
    form = KnownPersonForm(request.POST if request.method == "POST" else None)
    made: list[Case] = []
    if done_by(
        request,
        form,
        lambda vault: made.append(open_case_for(vault=vault, person=known, intake=form.intake(), by=request.user)),
    ):
        messages.success(request, f"Case {made[0].code} is open.")
        return redirect("cases:detail", made[0].pk)
    file = reverse("people:detail", args=[known.pk])
    return sealed_form(
        request,
        form,
        template="cases/case_new_for.html",
        title=f"New case for file {known.code}",
        button="Open the case",
        open_cases=records.cases_of_person(known.pk, to=request.user).filter(state__in=OPEN_STATES),
        cancel_url=file,
        trail=[("Look somebody up", reverse("people:find")), (f"File {known.code}", file)],
    )
