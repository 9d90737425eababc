"""Looking for help: tiles of needs, and the search field that works on the phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from waymark.access.guard import public
from waymark.finder.selectors.needs import tile_groups
from waymark.finder.views.rendering import page


@public
def find(request: HttpRequest, code: str) -> HttpResponse:
    """Tiles that are links, and a field for words."""
    return page(request, code, "finder/find.html", {"groups": tile_groups(code)}, back=reverse("finder:door", args=[code]))
