"""Opening a case: one page, everything optional but one question, nothing lost on an error."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.opening import open_case
from waymark.cases.forms import IntakeForm
from waymark.cases.models import Case
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
