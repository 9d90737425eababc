"""The first page, danger, the message to show, the lines: what must work on the worst day and the oldest phone."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from waymark.access.guard import public
from waymark.finder.content import languages
from waymark.finder.selectors.lines import line_named, line_without_police, shown_lines
from waymark.finder.selectors.recordings import has_recordings
from waymark.finder.selectors.regions import current_region, region_languages
from waymark.finder.templatetags.finder_words import worded
from waymark.finder.views.remembering import remembered
from waymark.finder.views.rendering import accepted_language, page


@public
@remembered
def entrance(request: HttpRequest) -> HttpResponse:
    """The bare address: the first page in the language that the browser asks for."""
    return _door(request, accepted_language(request, region_languages(current_region())))


@public
@remembered
def door(request: HttpRequest, code: str) -> HttpResponse:
    """The first page in a chosen language."""
    return _door(request, code)


def _door(request: HttpRequest, code: str) -> HttpResponse:
    return page(request, code, "finder/door.html", {"can_listen": has_recordings(code)})


@public
@remembered
def danger(request: HttpRequest, code: str) -> HttpResponse:
    """In danger now: call, text, show a message, what to say."""
    lines = shown_lines(code, on=timezone.localdate())
    other = line_without_police(lines)
    text = other.way("text") if other else None
    context = {
        "emergency": line_named(lines, "emergency"),
        "despair": line_named(lines, "despair"),
        "no_police": other
        and worded(
            code,
            "danger.no_police" if text else "danger.no_police_call_only",
            line=other.name,
            number=other.number,
            text=text.value if text else "",
            hours=other.hours,
        ),
    }
    return page(request, code, "finder/danger.html", context, back=reverse("finder:door", args=[code]))


@public
@remembered
def message(request: HttpRequest, code: str) -> HttpResponse:
    """A message that fills the screen, to show to a stranger. English first in every language: the stranger reads it."""
    return page(request, code, "finder/message.html", back=reverse("finder:danger", args=[code]))


@public
@remembered
def all_lines(request: HttpRequest, code: str) -> HttpResponse:
    """Every help line with who answers, when, in which languages, and when they tell others."""
    return page(request, code, "finder/lines.html", back=reverse("finder:door", args=[code]))


@public
@remembered
def other_languages(request: HttpRequest, code: str) -> HttpResponse:
    """What to say on the phone when the finder does not have one's language."""
    context = {"spoken": [each for each in languages() if not each.is_complete]}
    return page(request, code, "finder/languages.html", context, back=reverse("finder:door", args=[code]))
