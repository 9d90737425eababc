"""Asking a survivor: can they talk, what would be shared, and their own answer, each on a page of its own.

Nothing is written before the yes. The answers of a step travel in the next step's form, so that stopping, for whatever
reason and whoever is watching, is going to another page.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.accounts.models import Agency
from waymark.consent.actions.releases import Terms, draft_release
from waymark.consent.formats.scopes import RECORD_CODES
from waymark.consent.forms import STOPPED, AnswerForm, BeginForm, MinorAsked, RecordsForm, TalkForm, TermsForm
from waymark.consent.forms.naming import (
    ONLY,
    carried_ticks,
    extent_field,
    label_of_item,
    named_field,
    ticked_before,
)
from waymark.consent.models import Release
from waymark.consent.selectors import releases as reads
from waymark.consent.selectors.against import said_aloud
from waymark.consent.selectors.named import ids_in, nameable
from waymark.consent.selectors.terms import is_under_part_two
from waymark.consent.views.answers import WORK, release_or_404, trail_to_person
from waymark.consent.views.survivor_page import deal_of
from waymark.pages.questions import PlainForm
from waymark.people.models import MINORS, AgeBand, Person
from waymark.people.policies import age_on, eighteenth_birthday
from waymark.people.selectors import opened_person, secret_of
from waymark.people.views.record import person_or_404, tell_shown
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import vault_in

Form = TypeVar("Form", TalkForm, TermsForm)
LEAST_AGE = {AgeBand.CHILD.value: 0, AgeBand.TEEN.value: 13}
TITLES = {"talk": "Before you ask", "terms": "What would be shared", "records": "All of it, or only these"}
STEPS = ("talk", "terms", "records", "read")


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def release_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The guided screen. A step is shown again, with everything in it, until it is right."""
    return _guided(request, person_or_404(request, pk), None)


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def release_again(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """An extension is a new release: the same questions, with the answers of the last one to begin with."""
    before = release_or_404(request, pk)
    if before.state == Release.State.DRAFT:
        raise Http404
    return _guided(request, before.person, before)


def _guided(request: StaffRequest, person: Person, before: Release | None) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    step = data.get("step", "talk") if data is not None else ""
    talk = TalkForm(data)
    recipients = reads.recipients(to=request.user)
    terms = TermsForm(
        data if step in {"terms", "records", "read"} else None,
        recipients=recipients,
        signers=reads.who_may_sign(person),
        childhood=_childhood(request, person),
        subject=str(person.pk),
        minor=_minor(request, person),
        initial=_begin_with(before) or _asked_there(data, recipients),
    )
    here = reverse("consent:person", args=[person.pk])
    if data is None or step == "begin":
        return _page(request, person, _unbound(talk), "talk", carried=terms.initial)
    if not talk.is_valid():
        return _page(request, person, talk, "talk", carried=terms.initial)
    if talk.cleaned_data["can_talk"] == STOPPED:
        messages.info(request, "Stopped. Nothing was written down, and nothing tells that you asked.")
        return redirect(here)
    if step == "talk" or data.get("back"):
        return _page(request, person, _unbound(terms) if step == "talk" else terms, "terms", talk, ticks=data)
    if not terms.is_valid():
        return _page(request, person, terms, "terms", talk, ticks=data)
    answer = AnswerForm(data if step == "read" else None)
    if answer.is_valid() and answer.cleaned_data["answer"] != "yes":
        messages.info(request, "Nothing is shared, and nothing was written down. Everything else stays as it is.")
        return redirect(here)
    records = _records(request, person, data, terms.cleaned_data["scopes"], before)
    if records is None:
        return _page(request, person, PlainForm(), "records", talk, terms, ticks=data)
    if not records.is_valid():
        return _page(request, person, records, "records", talk, terms)
    if not answer.is_valid():
        return _read(request, person, talk, terms, records, answer)
    made: list[Release] = []

    def act(vault: Any) -> None:
        release = draft_release(
            vault=vault, person=person, terms=_terms(person, talk, terms, records), by=request.user, follows=before
        )
        made.append(release)

    if done_by(request, answer, act):
        return redirect("consent:sign", made[0].pk)
    return _read(request, person, talk, terms, records, answer)


def _records(
    request: StaffRequest, person: Person, data: QueryDict, scopes: Sequence[str], before: Release | None
) -> RecordsForm | None:
    """All of it or only these, of each chosen group of records; None while the vault is locked, when nothing can be listed.

    A page on which nothing was asked yet begins with what was ticked before, or with what the release before named. A
    whole group is never ticked beforehand.
    """
    codes = [code for code in RECORD_CODES if code in scopes]
    vault = vault_in(request)
    if codes and vault is None:
        return None
    groups = {}
    if codes and vault is not None:
        tell_shown(request, person)
        groups = nameable(codes, person, vault=vault, by=request.user)
    if not groups or (data.get("listed") and data.get("step") != "terms"):
        return RecordsForm(data, groups=groups)
    named = ids_in(before) if before is not None else {}
    initial = {extent_field(code): ONLY for code in named} | {
        named_field(code): [str(pk) for pk in pks] for code, pks in named.items()
    }
    return RecordsForm(None, groups=groups, initial=ticked_before(data) or initial)


def _childhood(request: StaffRequest, person: Person) -> dt.date | None:
    """The last day before they turn 18, for a child whose birthday is known and whose file is open."""
    born = _born(request, person)
    return eighteenth_birthday(born) - dt.timedelta(days=1) if born is not None else None


def _born(request: StaffRequest, person: Person) -> dt.date | None:
    vault = vault_in(request)
    secret = secret_of(vault, person) if vault is not None and person.age_band in MINORS else None
    return opened_person(person, secret).born if secret is not None else None


def _begin_with(before: Release | None) -> dict[str, Any]:
    if before is None:
        return {}
    return {
        "recipient": before.recipient_id,
        "purpose": before.purpose,
        "scopes": before.scopes,
        "alternatives": before.alternatives,
    }


def _asked_there(data: QueryDict | None, recipients: QuerySet[Agency]) -> dict[str, Any]:
    """With whom, when a page before knows it: a provider that has accepted somebody. It travels in no address."""
    form = BeginForm(data, recipients=recipients)
    return {"recipient": form.cleaned_data["recipient"].pk} if form.is_valid() else {}


def _minor(request: StaffRequest, person: Person) -> MinorAsked | None:
    """How old a minor is at the least: by the day of birth where the file is open, by the band where it is not."""
    if person.age_band not in MINORS:
        return None
    born = _born(request, person)
    return MinorAsked(person.pk, age_on(born, timezone.localdate()) if born else LEAST_AGE[person.age_band])


def _unbound(form: Form) -> Form:
    form.is_bound = False
    return form


def _terms(person: Person, talk: TalkForm, terms: TermsForm, records: RecordsForm) -> Terms:
    said, asked = talk.cleaned_data, terms.cleaned_data
    signer = uuid.UUID(asked["signer"])
    return Terms(
        recipient=asked["recipient"],
        purpose=asked["purpose"],
        scopes=asked["scopes"],
        last_day=asked["last_day"],
        alternatives=asked["alternatives"],
        interpreter=said["interpreter"],
        language=said["language"],
        signer=signer,
        is_minor_alone=signer == person.pk and person.age_band in MINORS,
        ground=terms.ground,
        records=records.records(),
        words={
            "recipient_person": asked["recipient_person"],
            "interpreter_number": said["interpreter_number"] if said["interpreter"] != "none" else "",
        },
    )


def _page(
    request: StaffRequest,
    person: Person,
    form: Any,
    step: str,
    *before: TalkForm | TermsForm,
    carried: Mapping[str, Any] | None = None,
    ticks: QueryDict | None = None,
) -> HttpResponse:
    context = {
        "title": TITLES[step],
        "step": step,
        "number": STEPS.index(step) + 1,
        "carried": before,
        "ticks": carried_ticks(ticks),
        "recipient": (carried or {}).get("recipient", ""),
        "button": "Go on",
        "cancel_url": reverse("consent:person", args=[person.pk]),
        "cancel_label": "Stop; nothing is written down",
        "trail": trail_to_person(person),
        "person": person,
    }
    return sealed_form(request, form, template="consent/release_new.html", **context)


def _read(
    request: StaffRequest, person: Person, talk: TalkForm, terms: TermsForm, records: RecordsForm, answer: AnswerForm
) -> HttpResponse:
    """The survivor's own page, to be handed over: of the file nothing is on it but the records that would be named."""
    said, asked = talk.cleaned_data, terms.cleaned_data
    language, vault = said["language"], vault_in(request)
    deal = deal_of(
        language=language,
        recipient=asked["recipient"],
        recipient_person=asked["recipient_person"],
        purpose=asked["purpose"],
        scopes=asked["scopes"],
        named={
            code: [(item.on, label_of_item(item, language)) for item in items] for code, items in records.items().items()
        },
        last_day=asked["last_day"],
        is_part_two=is_under_part_two(person, vault=vault),
        along=said_aloud(person, asked["scopes"], vault=vault, language=language) if vault is not None else (),
    )
    context = {
        "title": deal.words["heading"],
        "deal": deal,
        "carried": [talk, terms],
        "ticks": carried_ticks(request.POST),
        "form": answer,
        "person": person,
        "is_vault_open": vault is not None,
    }
    return render(request, "consent/read_aloud.html", context, status=422 if answer.is_bound and answer.errors else 200)
