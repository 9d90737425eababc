"""Who is with a person, and two files that are one person's."""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.pages.questions import PlainForm
from waymark.people.actions.merging import merge_person, split_person
from waymark.people.actions.relations import end_relation, relate
from waymark.people.forms.around import MergeForm, RelationForm
from waymark.people.models import Person
from waymark.people.policies import Refused, visible
from waymark.people.selectors.persons import relations_of
from waymark.people.views.record import WORK, form_for, person_or_404
from waymark.people.views.sealed_forms import done_by


def _by_code(request: StaffRequest, code: str) -> Person:
    found = visible(Person.objects.all(), to=request.user).filter(code=code).first()
    if found is None:
        raise Refused("No file that you can open has this code.")
    return found


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def relation_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    form = RelationForm(request.POST if request.method == "POST" else None)

    def act(vault: Any) -> None:
        data = form.cleaned_data
        relate(
            vault=vault,
            person=person,
            other=_by_code(request, data["code"]) if data["code"] else None,
            newcomer=form.newcomer(),
            values=form.values(),
            may_sign=data["may_sign"],
            is_alleged_abuser=data["is_alleged_abuser"],
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "Saved.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title="Somebody who is with them",
        lead="A child gets a file of their own. What the parent says about the child stays in the parent's.",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def relation_end(request: StaffRequest, pk: uuid.UUID, relation: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    row = relations_of(person, to=request.user).filter(pk=relation).first()
    if row is None:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: end_relation(vault=vault, person=person, relation=row, by=request.user)):
        messages.success(request, "Ended.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title=f"End what is written of {row.other.code}?",
        consequences=["Their file stays. Nobody sees any more from this file that they belonged together."],
        button="End it",
        is_grave=True,
        cancel_label="Keep it",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def person_merge(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    form = MergeForm(request.POST if request.method == "POST" else None)
    if done_by(
        request,
        form,
        lambda vault: merge_person(
            vault=vault, person=person, into=_by_code(request, form.cleaned_data["code"]), by=request.user
        ),
    ):
        messages.success(request, "The two files are one person's now. You can take them apart for 30 days.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title=f"File {person.code} is the same person's as another",
        consequences=[
            "This file then points to the other. Both keep their cases, notes and histories.",
            "Who must not see one of the two must not see the other any more.",
        ],
        button="Put them together",
    )


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def person_split(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    if person.merged_into is None:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: split_person(vault=vault, person=person, by=request.user)):
        messages.success(request, "They are two files again.")
        return redirect("people:detail", person.pk)
    return form_for(
        request,
        person,
        form,
        title=f"Take {person.code} and {person.merged_into.code} apart?",
        consequences=["They are two people's files again. Whoever was denied one of them stays denied both."],
        button="Take them apart",
    )
