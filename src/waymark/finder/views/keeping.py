"""The copy for the phone: the signed list, and keeping it (with the pages that read it offline) only when asked."""

from __future__ import annotations

import json

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone

from waymark.access.guard import public, public_post
from waymark.finder.formats.signature import public_key
from waymark.finder.selectors.regions import app_name, current_region
from waymark.finder.selectors.snapshot import KEY_FILE, snapshot
from waymark.finder.views.remembering import remembered, sent
from waymark.finder.views.rendering import page

# The pages that are kept: the shell, never a page that was looked at.
SHELL_PAGES = ("door", "danger", "message", "find", "lines", "keep")


@public
def copy(request: HttpRequest, code: str) -> HttpResponse:
    """The signed list in a language."""
    made = snapshot(timezone.now(), code)
    return sent(request, made.body, made.zipped, "text/plain; charset=utf-8")


@public
@remembered
def keep(request: HttpRequest, code: str) -> HttpResponse:
    """What is kept and who can find it; keep it, do not keep it, remove it."""
    context = {
        "public_key": public_key(KEY_FILE),
        "shell": json.dumps([reverse(f"finder:{name}", args=[code]) for name in SHELL_PAGES]),
    }
    return page(request, code, "finder/keep.html", context, back=reverse("finder:door", args=[code]))


@public_post
def remove(request: HttpRequest) -> HttpResponse:
    """The browser's part of removing: everything that this site has stored, and its cache."""
    response = HttpResponse(status=204)
    if request.method == "POST":
        response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
def manifest(request: HttpRequest, code: str) -> JsonResponse:
    """The neutral name and icon of the kept copy. Only the Keep page names this file."""
    name = app_name(current_region(), code)
    response = JsonResponse(
        {
            "name": name,
            "short_name": name,
            "lang": code,
            "start_url": reverse("finder:door", args=[code]),
            "scope": "/",
            "display": "minimal-ui",
            "background_color": "#ffffff",
            "theme_color": "#0b5f6b",
            "icons": [{"src": static("icon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        }
    )
    response.headers["Content-Type"] = "application/manifest+json"
    return response


@public
def worker(request: HttpRequest) -> HttpResponse:
    """The script that answers from the kept copy. It must stand at the root to speak for all pages."""
    with staticfiles_storage.open("worker.js") as file:
        return HttpResponse(file.read(), content_type="text/javascript; charset=utf-8")
