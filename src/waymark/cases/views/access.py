"""Who may see a case and its person: kept to named colleagues, and the deny list that beats every grant."""

from __future__ import annotations

import uuid
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.actions.access import deny, lift_denial, release_case, restrict_case
from waymark.cases.forms import DenyForm, RestrictForm
from waymark.cases.selectors import records
from waymark.cases.selectors.caseload import workers_of
from waymark.cases.views.record import case_or_404, form_for, trail_to
from waymark.pages.questions import PlainForm
from waymark.people.selectors import secret_of
from waymark.people.selectors.opened import opened_row
from waymark.people.selectors.persons import denials_of, readers_of
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import unlock_url, vault_in

WORK = Permission.CASES_CASE_WORK


def _back(case: Any, request: StaffRequest, said: str) -> HttpResponse:
    """To the page about access, or to the list when the case is hidden from oneself now."""
    messages.success(request, said)
    if records.case_for(case.pk, to=request.user) is None:
        return redirect("cases:list")
    return redirect("cases:access", case.pk)


@requires(WORK)
@require_safe
def access(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, case.person) if vault is not None else None
    context = {
        "title": f"Who may see case {case.code}",
        "case": case,
        "readers": readers_of(case.person),
        "denials": [
            (row, opened_row(row, secret).get("text", "") if secret is not None else "") for row in denials_of(case.person)
        ],
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to(case),
    }
    return render(request, "cases/access.html", context)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def case_restrict(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    named = [str(row.user_id) for row in readers_of(case.person)] or [str(request.user.pk), str(case.worker_id)]
    form = RestrictForm(
        request.POST if request.method == "POST" else None, workers=workers_of(request.user), initial={"to": named}
    )

    def act(vault: Any) -> None:
        to = [uuid.UUID(user) for user in form.cleaned_data["to"]]
        restrict_case(vault=vault, case=case, to=to, by=request.user)

    if done_by(request, form, act):
        return _back(case, request, "Only the named open this person's file and cases now.")
    return form_for(
        request,
        case,
        form,
        title=f"Keep case {case.code} to named colleagues",
        consequences=[
            "Nobody else in the agency sees or opens this person or their cases, and nobody finds them by the look-up.",
            "If all of the named lose their keys, it cannot be opened again by anybody. Name at least two.",
        ],
        button="Keep it to them",
    )


def _by_press(request: StaffRequest, pk: uuid.UUID, act: Any, said: str, **context: Any) -> HttpResponse:
    case = case_or_404(request, pk)
    form: forms.BaseForm = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: act(vault, case)):
        return _back(case, request, said)
    return form_for(request, case, form, **context)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def case_release(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return _by_press(
        request,
        pk,
        lambda vault, case: release_case(vault=vault, case=case, by=request.user),
        "The agency's advocates open it again.",
        title="Open it to the agency again?",
        consequences=["Every advocate of your agency sees and opens this person and their cases, but not who is denied."],
        button="Open it to the agency",
    )


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def denial_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    case = case_or_404(request, pk)
    others = [(user, name) for user, name in workers_of(request.user) if user != request.user.pk]
    form = DenyForm(request.POST if request.method == "POST" else None, workers=others)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        deny(vault=vault, case=case, user=uuid.UUID(data["user"]), reason=data["reason"], by=request.user)

    if done_by(request, form, act):
        return _back(case, request, "They see nothing of this person any more.")
    return form_for(
        request,
        case,
        form,
        title="Somebody who must not see this person",
        consequences=[
            "They see neither the person nor any case, note or name, whatever else would let them. They are not told.",
            "They still hold the agency's key. If you fear that somebody would alter the program itself, keep the person "
            "to named colleagues as well.",
        ],
        button="Put them on the deny list",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def denial_lift(request: StaffRequest, pk: uuid.UUID, denial: uuid.UUID) -> HttpResponse:
    row = denials_of(case_or_404(request, pk).person).filter(pk=denial).first()
    if row is None:
        raise Http404
    return _by_press(
        request,
        pk,
        lambda vault, case: lift_denial(vault=vault, case=case, denial=row, by=request.user),
        "They are off the list.",
        title=f"Take {row.user.display_name} off the deny list?",
        consequences=["They see this person and the cases again, as every advocate of your agency does."],
        button="Take them off",
        is_grave=True,
    )
