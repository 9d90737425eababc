"""What counts and standards ask of one case."""

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
from waymark.cases.selectors.records import case_for, secret_of
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.reports.actions.facts import write_facts
from waymark.reports.forms.facts import FactsForm, as_initial
from waymark.reports.selectors.facts import facts_of, has_facts
from waymark.vault.selectors import vault_in


@requires(Permission.CASES_CASE_WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def case_facts(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_for(pk, to=request.user)
    if case is None:
        raise Http404
    vault = vault_in(request)
    secret = secret_of(vault, case) if vault is not None else None
    before = facts_of(case, secret) if secret is not None else {}
    form = FactsForm(request.POST if request.method == "POST" else None, initial=as_initial(before))
    if done_by(
        request,
        form,
        lambda opened: write_facts(vault=opened, case=case, values=form.values(before), by=request.user),
    ):
        messages.success(request, "Saved. Counts and exports know it now.")
        return redirect("cases:detail", case.pk)
    return sealed_form(
        request,
        form,
        title=f"Facts for reports, case {case.code}",
        lead="Write what is known; nothing here is needed for help. It is sealed, and counts never show few.",
        cancel_url=reverse("cases:detail", args=[case.pk]),
        trail=[("Cases", reverse("cases:list")), (f"Case {case.code}", reverse("cases:detail", args=[case.pk]))],
        is_correction=has_facts(case),
    )
