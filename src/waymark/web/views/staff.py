"""The staff site's first page, what waits for me, what changed, what is next, and each of the three in full."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import Ask, Listing
from waymark.web.home import home_of, part_of
from waymark.web.home.first_steps import empty_text, first_step


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def staff_home(request: StaffRequest) -> HttpResponse:
    parts = home_of(request.user, now=timezone.now())
    context = {
        "parts": [(part, empty_text(part.key, request.user.role), reverse(f"home_{part.key}")) for part in parts],
        "first_step": first_step(request.user.role, request.permissions),
        "today": timezone.localdate(),
    }
    return render(request, "web/staff_home.html", context)


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def home_part(request: StaffRequest, part: str) -> HttpResponse:
    """All lines of one part."""
    whole = part_of(part, request.user, now=timezone.now())
    ask = Ask(request.GET)
    words = ask.words.lower().split()
    context = {
        "title": whole.title,
        "listing": Listing(ask, [line for line in whole.lines if all(word in line.text.lower() for word in words)]),
        "search_label": "Search these lines",
        "trail": [("Home", reverse("staff_home"))],
        "empty_text": empty_text(part, request.user.role),
        "is_full": whole.is_full,
    }
    return render(request, "web/home_part.html", context)


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def keyboard_shortcuts(request: StaffRequest) -> HttpResponse:
    return render(request, "web/keyboard_shortcuts.html")
