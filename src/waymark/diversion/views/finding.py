"""Looking somebody up in the own agency's rows: the words come in a form, are compared in memory, and kept nowhere."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion.selectors import docket, programs
from waymark.diversion.selectors.finding import SHOWN, find_sealed
from waymark.diversion.views.answers import FORM, Trail, matter_trail, program_trail, vault_context
from waymark.pages.listing import WORDS_LIMIT
from waymark.vault.selectors import vault_in


@requires(Permission.DIVERSION_PROGRAM_WORK)
@sensitive_post_parameters("words")
@FORM
def enrollment_find(request: StaffRequest) -> HttpResponse:
    rows = programs.enrollments(request.user, state="every")
    return _find(request, rows, "diversion:enrollment_detail", program_trail(), "Name, initials, reference or code")


@requires(Permission.DIVERSION_MATTER_WORK)
@sensitive_post_parameters("words")
@FORM
def matter_find(request: StaffRequest) -> HttpResponse:
    rows = docket.matters(request.user)
    return _find(request, rows, "diversion:matter_detail", matter_trail(), "Case number, initials, reference or code")


def _find(request: StaffRequest, rows: QuerySet[Any], route: str, trail: Trail, label: str) -> HttpResponse:
    vault = vault_in(request)
    words = " ".join(request.POST.get("words", "").replace("\x00", "").split())[:WORDS_LIMIT]
    context = {
        "title": "Look somebody up",
        "label": label,
        "words": words,
        "found": find_sealed(rows, words, vault) if vault is not None and words else [],
        "most": SHOWN,
        "route": route,
        "trail": trail,
        **vault_context(request),
    }
    return render(request, "diversion/find.html", context)
