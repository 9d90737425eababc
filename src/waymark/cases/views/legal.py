"""Legal relief on the screen: what somebody asks a public body for, with the clock that the law gives."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.legal import keep_legal
from waymark.cases.forms import LegalForm
from waymark.cases.models import Case, LegalRelief
from waymark.cases.selectors.legal import legal_in, legal_row
from waymark.cases.selectors.records import secret_of
from waymark.cases.views.record import case_or_404, form_for
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import vault_in

WORK = Permission.CASES_CASE_WORK


def _answer(
    request: StaffRequest, case: Case, row: LegalRelief | None, title: str, initial: dict[str, Any]
) -> HttpResponse:
    form = LegalForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(vault: Any) -> None:
        keep_legal(vault=vault, case=case, legal=form.legal(), row=row, by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved. The case comes up in the caseload on its day.")
        return redirect("cases:detail", case.pk)
    lead = "Dates and kinds are sealed. Not legal advice: a lawyer looks at it before anything is sent."
    return form_for(request, case, form, title=title, lead=lead, is_correction=row is not None)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def legal_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    return _answer(request, case, None, f"Legal relief in case {case.code}", {"status": "planned"})


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def legal_change(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    found = legal_row(case, row)
    if found is None:
        raise Http404
    vault = vault_in(request)
    secret = secret_of(vault, case) if vault is not None else None
    initial: dict[str, Any] = {}
    if secret is not None:
        known = vars(legal_in(found, secret))
        days = {name: dt.date.fromisoformat(known[name]) if known[name] else None for name in ("since", "own_day")}
        initial = {**known, **days}
    return _answer(request, case, found, f"Where it stands: case {case.code}", initial)
