"""The file of one person: who they are, how they may be reached."""

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
from waymark.people.actions import change_person
from waymark.people.actions.looks import note_looking
from waymark.people.forms.around import KINDS
from waymark.people.forms.files import PersonForm
from waymark.people.models import Person
from waymark.people.policies import CHANNELS, may_contact, times_in_words
from waymark.people.selectors import opened_person, person_for, safe_ways, secret_of
from waymark.people.selectors.around import people_around, places_of
from waymark.people.selectors.disagreements import statements_against
from waymark.people.selectors.persons import merged_with
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import unlock_url, vault_in

WORK = Permission.PEOPLE_PERSON_WORK


def person_or_404(request: StaffRequest, pk: uuid.UUID) -> Person:
    """A person who is open to who asks."""
    found = person_for(pk, to=request.user)
    if found is None:
        raise Http404
    tell_look(request, found)
    return found


def tell_look(request: StaffRequest, person: Person) -> None:
    """That a colleague looks is told before anything of the person is shown."""
    if request.method in {"GET", "HEAD"} and vault_in(request) is not None:
        tell_shown(request, person)


def tell_shown(request: StaffRequest, person: Person) -> None:
    """The same for what a form that was sent shows of the file: nobody looks untold by sending forms alone."""
    note_looking(person=person, by=request.user)


def trail_to(person: Person) -> list[tuple[str, str]]:
    here = reverse("people:detail", args=[person.pk])
    return [("Look somebody up", reverse("people:find")), (f"File {person.code}", here)]


def form_for(request: StaffRequest, person: Person, form: Any, **context: Any) -> HttpResponse:
    """A form that belongs to a person."""
    here = reverse("people:detail", args=[person.pk])
    return sealed_form(request, form, cancel_url=here, trail=trail_to(person), **context)


@requires(Permission.PEOPLE_PERSON_VIEW)
@require_safe
def person_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Numbers and real addresses are not on this page: each is asked for on its own, and the hour is checked."""
    person = person_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, person) if vault is not None else None
    now = timezone.now()
    names = dict(CHANNELS)
    ways = safe_ways(person, secret) if secret is not None else []
    opened = opened_person(person, secret) if secret is not None else None
    context = {
        "title": f"File {person.code}",
        "person": person,
        "opened": opened,
        "said": [one for one in statements_against(person, secret) if one.note is None] if secret is not None else [],
        "places": places_of(person, secret) if secret is not None else [],
        "around": people_around(opened, secret, vault=vault, to=request.user, on=timezone.localdate(now))
        if vault is not None and opened is not None and secret is not None
        else [],
        "kinds": dict(KINDS),
        "merged": merged_with(person, to=request.user),
        "ways": [
            {
                "pk": row,
                "channel": names.get(way.channel, way.channel),
                "times": times_in_words(way),
                "may_leave_message": way.may_leave_message,
                "is_ok": may_contact([way], way.channel, now).is_ok,
            }
            for row, way in ways
        ],
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [("Look somebody up", reverse("people:find"))],
    }
    return render(request, "people/person_detail.html", context)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def person_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, person) if vault is not None else None
    initial: dict[str, Any] = {"age_band": person.age_band}
    if secret is not None:
        opened = opened_person(person, secret)
        initial |= {**opened.facts, "name": opened.name, "born": opened.born}
    form = PersonForm(request.POST if request.method == "POST" else None, initial=initial)

    def act(open_vault: Any) -> None:
        data = form.cleaned_data
        change_person(
            vault=open_vault,
            person=person,
            name=data["name"],
            facts=form.facts(),
            age_band=data["age_band"],
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("people:detail", person.pk)
    return form_for(request, person, form, title=f"Who {person.code} is", is_correction=True)
