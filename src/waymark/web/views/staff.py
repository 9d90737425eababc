"""The staff site's first page: what waits for me, what is due, what changed."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.web import board


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def staff_home(request: StaffRequest) -> HttpResponse:
    return render(request, "web/staff_home.html", {"cards": board.cards_for(request.user)})


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def keyboard_shortcuts(request: StaffRequest) -> HttpResponse:
    return render(request, "web/keyboard_shortcuts.html")
