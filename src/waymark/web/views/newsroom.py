"""The newsroom's front page. Help comes first; then who the coalition is. It promises nothing that is not there."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.access.guard import public
from waymark.directory.selectors import help_lines, listings


@public
@require_safe
def newsroom_home(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "web/newsroom_home.html",
        {"lines": help_lines.shown_lines(), "counts": listings.directory_counts()},
    )
