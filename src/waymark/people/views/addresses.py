"""Where a person is: written down, looked at for a reason after a fresh proof, ended."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.pages.questions import PlainForm
from waymark.people.actions.addresses import end_address, keep_address, read_address
from waymark.people.forms.around import AddressForm, ReasonForm
from waymark.people.models import Address, Person
from waymark.people.selectors.persons import addresses_of
from waymark.people.views.record import WORK, form_for, person_or_404, trail_to
from waymark.people.views.sealed_forms import done_by


def _address_or_404(person: Person, pk: uuid.UUID) -> Address:
    found = addresses_of(person).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def address_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    form = AddressForm(request.POST if request.method == "POST" else None, initial={"kind": "substitute"})

    def act(vault: Any) -> None:
        data = form.cleaned_data
        values = {"text": data["text"], "is_safe_at_home": data["is_safe_at_home"]}
        keep_address(vault=vault, person=person, kind=data["kind"], values=values, by=request.user)

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("people:detail", person.pk)
    return form_for(request, person, form, title="An address", lead="A new one ends the one before of its kind.")


@requires(WORK, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def address_read(request: StaffRequest, pk: uuid.UUID, address: uuid.UUID) -> HttpResponse:
    """The real address, once, on a page of its own, after a fresh proof and for a reason that stands in the log."""
    person = person_or_404(request, pk)
    row = _address_or_404(person, address)
    if row.kind == Address.Kind.SUBSTITUTE:
        raise Http404
    form = ReasonForm(request.POST if request.method == "POST" else None)
    read: list[dict[str, Any]] = []

    def act(vault: Any) -> None:
        reason = form.cleaned_data["reason"]
        read.append(read_address(vault=vault, person=person, address=row.pk, reason=reason, by=request.user))

    if done_by(request, form, act):
        context = {"title": f"Where {person.code} is", "person": person, "text": read[0].get("text", "")}
        return render(request, "people/address_read.html", {**context, "trail": trail_to(person)})
    return form_for(
        request,
        person,
        form,
        title=f"Where {person.code} really is",
        lead="Only who must go there, or must send somebody, has to know. That you looked, and why, is written down.",
        button="Show it",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def address_end(request: StaffRequest, pk: uuid.UUID, address: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    row = _address_or_404(person, address)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: end_address(vault=vault, person=person, address=row.pk, by=request.user)):
        messages.success(request, "Nobody can look it up any more.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title="End this address?",
        consequences=["Nobody can look it up any more. If it was wrong, write a new one."],
        button="End it",
        is_grave=True,
        cancel_label="Keep it",
    )
