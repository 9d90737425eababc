"""What every page of the finder has: one language, the way out, the way back, the same page in other languages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from waymark.coalition.models import Region
from waymark.coalition.selectors import notices_in_force
from waymark.finder.content import Language, language, unchecked_subjects
from waymark.finder.selectors.lines import line_without_police, shown_lines
from waymark.finder.selectors.regions import app_name, current_region, exit_name, region_languages


def accepted_language(request: HttpRequest, offered: tuple[Language, ...]) -> str:
    """The first offered language that the browser asks for; the region's first when it asks for none of them."""
    codes = {each.code for each in offered}
    for part in request.headers.get("Accept-Language", "").split(","):
        code = part.split(";")[0].strip().lower().split("-")[0]
        if code in codes:
            return code
    return offered[0].code


def _other_languages(request: HttpRequest, offered: tuple[Language, ...], same: str, code: str) -> list[dict[str, Any]]:
    match = request.resolver_match
    name = same or (match.view_name if match else "finder:door")
    kwargs = {} if same or match is None else {key: value for key, value in match.kwargs.items() if key != "code"}
    if name == "finder:entrance":
        name = "finder:door"
    return [
        {
            "code": each.code,
            "name": each.name,
            "direction": each.direction,
            "is_current": each.code == code,
            "url": reverse(name, kwargs={"code": each.code, **kwargs}),
        }
        for each in offered
    ]


def page(
    request: HttpRequest,
    code: str,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    back: str | None = None,
    same_in_other_languages: str = "",
    status: int = 200,
) -> HttpResponse:
    """Render a page of the finder.

    `back` is the address of the page above this one: the browser's own Back leaves the site, so every page carries its
    own. A page that answers a form names the page that other languages show instead.
    """
    now = timezone.now()
    region: Region = current_region()
    offered = region_languages(region)
    spoken = language(code) or offered[0]
    lines = shown_lines(code, on=timezone.localdate(now))
    return render(
        request,
        template,
        {
            "code": code,
            "direction": spoken.direction,
            "region": region,
            "app_name": app_name(region, code),
            "exit_name": exit_name(region, code),
            "offered": _other_languages(request, offered, same_in_other_languages, code),
            "notices": notices_in_force(now, zone=region.zone),
            "lines": lines,
            "main_line": line_without_police(lines),
            "back": back,
            "unchecked": unchecked_subjects(code),
            "now": now,
            **(context or {}),
        },
        status=status,
    )
