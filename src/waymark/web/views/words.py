"""What nobody has checked yet: words that no speaker has read, statements that no lawyer's office has signed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.finder.content import law_lines, offered_languages, unchecked_subjects


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def public_words(request: StaffRequest) -> HttpResponse:
    """The public words by who still has to check them."""
    today = timezone.localdate()
    context = {
        "languages": [(each, unchecked_subjects(each.code)) for each in offered_languages() if each.code != "en"],
        "laws": [(law, law.is_in_force(on=today)) for law in law_lines("en")],
    }
    return render(request, "web/public_words.html", context)
