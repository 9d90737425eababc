"""The search page, and the same answer for the dialog that stands on every page.

The words are sent in the body of a form and never in an address: an address stays in the history of a shared computer, in
bookmarks, and in the notes of whatever stands between. They are kept nowhere.
"""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.web.search import find, words_of


@requires(Permission.STAFF_HOME_VIEW)
@sensitive_post_parameters("q")
@require_http_methods(["GET", "HEAD", "POST"])
def search(request: StaffRequest) -> HttpResponse:
    text = request.POST.get("q", "")
    words = words_of(text)
    answer = find(request.user, request.permissions, words)
    if request.headers.get("Accept") == "application/json":
        found = [{"label": each.label, "kind": each.kind, "note": each.note, "url": each.url} for each in answer.found]
        return JsonResponse({"found": found, "is_cut": answer.is_cut})
    context = {
        "asked": " ".join(words),
        "answer": answer,
        "is_one_letter": bool(words) and max(len(word) for word in words) < 2,
    }
    return render(request, "web/search.html", context)
