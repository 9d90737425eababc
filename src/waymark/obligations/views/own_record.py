"""What a person may see of their own record, on the worker's screen or on paper.

There is no sign-in for survivors: a password could be forced out of somebody. The worker asks first whether they can talk
freely and makes sure that it is them. Until then nothing is written: a question that is put off leaves no trace.
"""

from __future__ import annotations

import uuid
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.consent.formats.scopes import offered
from waymark.disclosures.formats.kinds import PACKAGE, label_of
from waymark.obligations.actions.own_record import print_copy, print_seen, show_own_record
from waymark.obligations.actions.statements import keep_statement, take_back_statement
from waymark.obligations.formats.words import LANGUAGES, WORDS, fields_in_words
from waymark.obligations.forms.own_record import PART, CopyForm, LanguageForm, PaperForm, StatementForm
from waymark.obligations.models import Statement
from waymark.obligations.policies.who import duties_of
from waymark.obligations.selectors import own_record, processes, reports
from waymark.obligations.selectors.content import NOTES, PRIVILEGED, SEEN, statements_of
from waymark.obligations.selectors.sealed import words_in
from waymark.obligations.views.papers import paper
from waymark.pages.questions import PlainForm
from waymark.pages.templatetags.pages import day
from waymark.people.models import Person
from waymark.people.selectors import opened_person, secret_of
from waymark.people.selectors.disagreements import Said, statements_in_all_files
from waymark.people.views.record import person_or_404, trail_to
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

SHOW = Permission.OBLIGATIONS_RECORD_SHOW


def _here(person: Person) -> str:
    return reverse("obligations:person", args=[person.pk])


def _trail(person: Person) -> list[tuple[str, str]]:
    return [*trail_to(person), ("Law and their own record", _here(person))]


def _asking(request: StaffRequest, person: Person, form: Any, **context: Any) -> HttpResponse:
    """The page before: can they talk, and is it them. The code word stands there where the vault is open."""
    vault = vault_in(request)
    secret = secret_of(vault, person) if vault is not None else None
    return sealed_form(
        request,
        form,
        template="obligations/own_ask.html",
        free=[WORDS[code]["free"] for code, _ in LANGUAGES],
        code_word=opened_person(person, secret).facts.get("code_word", "") if secret is not None else "",
        cancel_url=_here(person),
        cancel_label="Not today: nothing was written",
        trail=_trail(person),
        **context,
    )


@requires(SHOW)
@require_safe
def person(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """One person's papers of courts, one's own reports, their statements, and what can be done."""
    who = person_or_404(request, pk)
    vault = vault_in(request)
    secret = secret_of(vault, who) if vault is not None else None
    context = {
        "title": f"Law and their own record, file {who.code}",
        "person": who,
        "processes": processes.processes_for(request.user).filter(person=who),
        "reports": reports.reports_for(request.user).filter(person=who),
        "statements": [(row, words_in(secret, row)) for row in statements_of(who)],
        "has_duty": bool(duties_of(request.user)),
        "is_vault_open": vault is not None,
        "is_open_to_us": secret is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail_to(who),
    }
    return render(request, "obligations/person.html", context)


@requires(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def seen(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """Who has seen my record: asked first, shown then, in their language."""
    who = person_or_404(request, pk)
    form = LanguageForm(request.POST if request.method == "POST" else None)
    said: list[Said] = []

    def act(vault: OpenVault) -> None:
        show_own_record(vault=vault, person=who, by=request.user)
        said.extend(statements_in_all_files(who, vault=vault))

    if not done_by(request, form, act):
        return _asking(request, who, form, title="Who has seen their record", button="Show it to them")
    language = form.cleaned_data["language"]
    context = {
        "title": WORDS[language]["paper"],
        "person": who,
        "language": language,
        "words": WORDS[language],
        "given": own_record.given_to(who, language=language),
        "looked": own_record.looks_at(who, language=language),
        "workers": own_record.workers_of(who),
        "statements": [one.text for one in said],
    }
    return render(request, "obligations/own_seen.html", context)


@requires(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def seen_print(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The same on paper, in a safe form."""
    who = person_or_404(request, pk)
    form = PaperForm(request.POST if request.method == "POST" else None)
    made: list[bytes] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(
            print_seen(vault=vault, person=who, language=data["language"], with_names=data["with_names"], by=request.user)
        )

    if done_by(request, form, act):
        return paper(made[0])
    return _asking(
        request,
        who,
        form,
        title="Who has seen their record, on paper",
        lead="The paper has no name, no code and no agency of ours on it. Ask where they will keep it, and who "
        "could find it.",
        button="Write the ledger and print",
    )


@requires(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """A copy of what they ask for, with what they said against it."""
    who = person_or_404(request, pk)
    own = [(code, fields_in_words([code], "en")[0]) for code in (NOTES, PRIVILEGED, SEEN)]
    choices = [*((scope.code, scope.en) for scope in offered()), *own]
    form = CopyForm(request.POST if request.method == "POST" else None, choices=choices)
    made: list[bytes] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        made.append(print_copy(vault=vault, person=who, codes=data["codes"], language=data["language"], by=request.user))

    if done_by(request, form, act):
        return paper(made[0])
    return _asking(
        request,
        who,
        form,
        title="A copy for them",
        lead="On paper, for them alone, without our name. Reading it here together is safer than a paper at home.",
        button="Write the ledger and print",
    )


@requires(SHOW)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def statement_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    who = person_or_404(request, pk)
    notes = [
        (str(note.pk), f"{note.get_kind_display()} of {day(note.happened_on)}, case {note.case.code}")
        for note in processes.notes_about(who)[:200]
    ]
    form = StatementForm(
        request.POST if request.method == "POST" else None,
        notes=notes,
        parts=[(scope.code, label_of(PACKAGE.code, scope.code)) for scope in offered()],
        initial={"note": request.GET["note"], "about": Statement.About.NOTE.value} if "note" in request.GET else {},
    )

    def act(vault: Any) -> None:
        data = form.cleaned_data
        keep_statement(
            vault=vault,
            person=who,
            about=Statement.About.OTHER.value if data["about"] == PART else data["about"],
            note=form.note_named(),
            part=form.part_named(),
            text=data["text"],
            language=data["language"],
            by=request.user,
        )

    if done_by(request, form, act):
        messages.success(request, "Kept beside what was written. It goes wherever that part goes.")
        return redirect("obligations:person", who.pk)
    return sealed_form(
        request,
        form,
        title="They say that something is wrong",
        lead="What was written stays as it was written. Their words stand beside it, and go with it.",
        button="Keep their words",
        cancel_url=_here(who),
        trail=_trail(who),
    )


@requires(SHOW)
@require_http_methods(["GET", "HEAD", "POST"])
def statement_back(request: StaffRequest, pk: uuid.UUID, statement: uuid.UUID) -> HttpResponse:
    who = person_or_404(request, pk)
    row = Statement.objects.filter(agency_id=who.agency_id, person=who, pk=statement, taken_back_at__isnull=True).first()
    if row is None:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: take_back_statement(vault=vault, statement=row, by=request.user)):
        messages.success(request, "Taken back. It goes with no copy from now on.")
        return redirect("obligations:person", who.pk)
    return sealed_form(
        request,
        form,
        title="They take it back?",
        consequences=["It goes with no copy any more. Copies that went out before keep it."],
        button="Take it back",
        is_grave=True,
        cancel_label="Keep it",
        cancel_url=_here(who),
        trail=_trail(who),
    )
