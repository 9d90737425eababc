"""Good to know: the help pages, the one-page cards for people at work, the poster and the restroom card.

Addresses carry a number and no name: an address in a phone's history must not say what was read.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from waymark.access.guard import public
from waymark.finder.content import (
    HelpPage,
    LawLine,
    Section,
    help_page,
    help_pages,
    languages,
    official_notice_address,
    paper_words,
    sector_card,
    sector_cards,
)
from waymark.finder.content.pages import HELP_PAGES, SECTOR_CARDS
from waymark.finder.selectors.lines import Line, line_named, shown_lines
from waymark.finder.selectors.recordings import recording_of
from waymark.finder.selectors.regions import current_region
from waymark.finder.selectors.slots import line_in_slot
from waymark.finder.views.remembering import remembered
from waymark.finder.views.rendering import page

LEGAL_AID = "legal-aid"
NATIONAL = "national"
SHOW = HELP_PAGES.index("show") + 1
SMALL_CARDS = 8


@dataclass(frozen=True)
class Shown:
    """A section as it may be shown today: statements of law only while a lawyer's check is in force."""

    section: Section
    laws: tuple[LawLine, ...]
    is_sample: bool
    sends_to_a_lawyer: bool
    lines: tuple[Line, ...]


def _shown(section: Section, lines: list[Line], *, is_demo: bool) -> Shown:
    today = timezone.localdate()
    in_force = section.laws_in_force(on=today)
    unchecked = len(in_force) < len(section.laws)
    return Shown(
        section=section,
        laws=section.laws if is_demo else in_force,
        is_sample=is_demo and unchecked,
        sends_to_a_lawyer=unchecked,
        lines=tuple(line for slot in section.lines if (line := line_in_slot(slot, lines))),
    )


def _context(content: HelpPage, code: str) -> dict[str, Any]:
    lines = shown_lines(code, on=timezone.localdate())
    is_demo = current_region().is_demo
    return {
        "content": content,
        "sections": [_shown(section, lines, is_demo=is_demo) for section in content.sections],
        "legal_aid": line_in_slot(LEGAL_AID, lines),
        "is_in_english": content.language != code,
        "recording": recording_of(content.slug, content.language),
    }


@public
@remembered
def good_to_know(request: HttpRequest, code: str) -> HttpResponse:
    """All help pages and cards."""
    context = {"pages": list(enumerate(help_pages(code), 1)), "cards": list(enumerate(sector_cards(code), 1))}
    return page(request, code, "finder/good_to_know.html", context, back=reverse("finder:door", args=[code]))


@public
@remembered
def help_page_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One help page."""
    content = help_page(HELP_PAGES[number - 1], code) if 0 < number <= len(HELP_PAGES) else None
    if content is None:
        raise Http404
    back = reverse("finder:good_to_know", args=[code])
    return page(request, code, "finder/help_page.html", _context(content, code), back=back)


@public
@remembered
def sector_card_detail(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """One card for people in one line of work; it prints on one sheet."""
    content = sector_card(SECTOR_CARDS[number - 1], code) if 0 < number <= len(SECTOR_CARDS) else None
    if content is None:
        raise Http404
    back = reverse("finder:good_to_know", args=[code])
    return page(request, code, "finder/help_page.html", {**_context(content, code), "is_card": True}, back=back)


@public
@remembered
def speak(request: HttpRequest, code: str) -> HttpResponse:
    """Cards that say which language a person speaks, in English for whoever reads them; to show or to print."""
    context = {"spoken": [each for each in languages() if each.code != "en"]}
    return page(request, code, "finder/speak.html", context, back=reverse("finder:help_page", args=[code, SHOW]))


@public
@remembered
def poster(request: HttpRequest, code: str) -> HttpResponse:
    """A sheet for a wall and small cards for a restroom, in three languages. Neither replaces the notice of the law."""
    lines = shown_lines(code, on=timezone.localdate())
    line = line_named(lines, NATIONAL)
    context = {
        "parts": paper_words(),
        "official_address": official_notice_address(),
        "line": line,
        "text_way": line.way("text") if line else None,
        "cards": range(SMALL_CARDS),
    }
    return page(request, code, "finder/poster.html", context, back=reverse("finder:good_to_know", args=[code]))
