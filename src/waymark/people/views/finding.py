"""Looking somebody up. The words come in a form, are compared in memory, and are written nowhere."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import WORDS_LIMIT
from waymark.people.selectors.finding import SHOWN, find_people
from waymark.vault.selectors import unlock_url, vault_in


@requires(Permission.PEOPLE_PERSON_VIEW)
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: StaffRequest) -> HttpResponse:
    vault = vault_in(request)
    words = " ".join(request.POST.get("words", "").replace("\x00", "").split())[:WORDS_LIMIT]
    context = {
        "title": "Look somebody up",
        "words": words,
        "found": find_people(words, vault=vault, to=request.user) if vault is not None and words else [],
        "most": SHOWN,
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
    }
    return render(request, "people/find.html", context)
