"""A copy of a file: a page to print, a PDF that can be read out, a table. The ledger has its line before the bytes."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.audit.formats.table import line_of
from waymark.consent.actions.packages import take_copy
from waymark.consent.formats.scopes import scope_of
from waymark.consent.formats.words import day_in_words, told
from waymark.consent.forms import CopyForm
from waymark.consent.models import Method
from waymark.consent.selectors.against import SAID
from waymark.consent.views.answers import WORK, trail_to_person
from waymark.documents.pdf import tagged_pdf
from waymark.people.models import Person
from waymark.people.views.record import person_or_404
from waymark.people.views.sealed_forms import done_by, sealed_form

TEMPLATE = Path(__file__).resolve().parent.parent / "formats" / "copy.typ"
# On the paper stands neither who made it nor what for: it may be found by somebody else.
HEADINGS = {
    "en": ("A copy of what is written down", "Made on {day}", "Keep it where only you find it."),
    "es": ("Copia de lo que está anotado", "Hecha el {day}", "Guárdela donde solo usted la encuentre."),
}
COLUMNS = {"en": ("What", "Text"), "es": ("Qué", "Texto")}


@requires(WORK)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def copy_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    person = person_or_404(request, pk)
    form = CopyForm(request.POST if request.method == "POST" else None)
    taken: list[dict[str, str]] = []

    def act(vault: Any) -> None:
        data = form.cleaned_data
        values = take_copy(
            vault=vault,
            person=person,
            codes=data["codes"],
            method=data["method"],
            outside=data["outside"],
            by=request.user,
        )
        taken.append(values)

    if done_by(request, form, act):
        return _copy(request, person, taken[0], form.cleaned_data["method"], form.cleaned_data["language"])
    return sealed_form(
        request,
        form,
        title=f"A copy of file {person.code}",
        lead="Notes, real addresses and assessments are in no copy. That it was made, and of what, stands in the ledger.",
        button="Write it in the ledger and make it",
        cancel_url=reverse("consent:person", args=[person.pk]),
        trail=trail_to_person(person),
    )


def _copy(request: StaffRequest, person: Person, values: dict[str, str], method: str, language: str) -> HttpResponse:
    heading, made, foot = HEADINGS[language]
    made = made.format(day=day_in_words(timezone.localdate(), language))
    said = told(language)["said_wrong"]
    parts = [(said if code == SAID else scope_of(code).words(language), text) for code, text in values.items()]
    if method == Method.CSV:
        body = "".join(line_of(row) for row in (COLUMNS[language], *parts)).encode("utf-8-sig")
        return _file(body, "text/csv; charset=utf-8", "copy.csv")
    if method == Method.PDF:
        data = {
            "heading": heading,
            "made": made,
            "foot": foot,
            "parts": [{"label": label, "lines": text.splitlines()} for label, text in parts],
        }
        body = tagged_pdf(TEMPLATE, data, language=language, title=heading)
        return _file(body, "application/pdf", "copy.pdf")
    context = {
        "title": heading,
        "language": language,
        "made": made,
        "foot": foot,
        "parts": parts,
        "person": person,
        "trail": trail_to_person(person),
    }
    return render(request, "consent/copy.html", context)


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    """A file whose name tells nothing."""
    return HttpResponse(body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})
