"""How a person may be reached: written down, asked for at a good hour, ended."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.pages.questions import PlainForm
from waymark.people.actions.contacts import add_contact, end_contact, use_contact
from waymark.people.forms.contacts import ContactForm
from waymark.people.models import Person
from waymark.people.policies import CHANNELS, Refused, times_in_words
from waymark.people.selectors import opened_person, secret_of
from waymark.people.selectors.persons import contacts_of
from waymark.people.views.record import WORK, form_for, person_or_404, trail_to
from waymark.people.views.sealed_forms import done_by
from waymark.vault.selectors import unlock_url, vault_in


def _contact_or_404(person: Person, pk: uuid.UUID) -> uuid.UUID:
    if not contacts_of(person).filter(pk=pk).exists():
        raise Http404
    return pk


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def contact_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if done_by(
        request,
        form,
        lambda vault: add_contact(vault=vault, person=person, values=form.contact() or {}, by=request.user),
    ):
        messages.success(request, "Saved. The software keeps to these days and hours.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title="A safe way to reach them",
        lead="Ask; do not guess. Nobody is shown the number at another hour.",
    )


@requires(WORK)
@require_POST
def contact_show(request: StaffRequest, pk: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
    """Show one number for one call, now, if now is agreed. A press of a button, because every look is told."""
    person = person_or_404(request, pk)
    _contact_or_404(person, contact)
    here = reverse("people:detail", args=[person.pk])
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(here))
    try:
        way = use_contact(vault=vault, person=person, contact=contact, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(here)
    secret = secret_of(vault, person)
    context = {
        "title": f"Reach {person.code}",
        "person": person,
        "way": way,
        "channel": dict(CHANNELS).get(way.channel, way.channel),
        "times": times_in_words(way),
        "facts": opened_person(person, secret).facts if secret is not None else {},
        "trail": trail_to(person),
    }
    return render(request, "people/contact_show.html", context)


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: StaffRequest, pk: uuid.UUID, contact: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    _contact_or_404(person, contact)
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: end_contact(vault=vault, person=person, contact=contact, by=request.user)):
        messages.success(request, "Nobody is shown this way any more.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title="End this way to reach them?",
        consequences=["Nobody can look it up any more, and they are not found by it. If it was wrong, write a new one."],
        button="End it",
        is_grave=True,
        cancel_label="Keep it",
    )
