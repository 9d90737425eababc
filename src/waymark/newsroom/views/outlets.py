"""Every other way in which news leave: feeds, calendar, sitemap, table, paper, picture.

Each is made from the same entries as the pages (`selectors.public`), under the same moment, and remembered in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import public
from waymark.newsroom.formats import feeds, paper
from waymark.newsroom.selectors import public as news
from waymark.newsroom.selectors.moments import Now
from waymark.newsroom.views.remembering import published
from waymark.newsroom.views.rendering import HELP, region_name, region_zone
from waymark.pages.templatetags.pages import moment as moment_in_words

PAGES = ("home", "item_list", "results", "what_we_know", "figure_list", "who_we_are", "council", "take_part")
HEADING = ("id", "address", "heading", "summary", "agency", "partners", "published", "corrected")


def _address(request: HttpRequest) -> Callable[[str], str]:
    return lambda slug: request.build_absolute_uri(reverse("newsroom:item", args=[slug]))


def _feed(request: HttpRequest) -> dict[str, Any]:
    return {
        "title": f"{region_name()}: news",
        "about": f"What the coalition has published. {HELP}",
        "home": request.build_absolute_uri(reverse("newsroom:item_list")),
        "here": request.build_absolute_uri(request.path),
        "address": _address(request),
    }


@public
@require_safe
@published
def atom(request: HttpRequest, moment: Now) -> HttpResponse:
    body = feeds.atom(news.entries(at=moment.at), **_feed(request))
    return HttpResponse(body, content_type="application/atom+xml; charset=utf-8")


@public
@require_safe
@published
def rss(request: HttpRequest, moment: Now) -> HttpResponse:
    body = feeds.rss(news.entries(at=moment.at), **_feed(request))
    return HttpResponse(body, content_type="application/rss+xml; charset=utf-8")


@public
@require_safe
@published
def json_feed(request: HttpRequest, moment: Now) -> HttpResponse:
    body = json.dumps(feeds.json_feed(news.entries(at=moment.at), **_feed(request)), ensure_ascii=False)
    return HttpResponse(body, content_type="application/feed+json")


@public
@require_safe
@published
def calendar(request: HttpRequest, moment: Now) -> HttpResponse:
    body = feeds.calendar(news.entries(at=moment.at), title=f"{region_name()}: news", address=_address(request))
    return HttpResponse(body, content_type="text/calendar; charset=utf-8")


@public
@require_safe
@published
def sitemap(request: HttpRequest, moment: Now) -> HttpResponse:
    pages = [request.build_absolute_uri(reverse(f"newsroom:{name}")) for name in PAGES]
    years = {each.result.year for each in news.results(at=moment.at) if each.result is not None}
    pages += [request.build_absolute_uri(reverse("newsroom:results_year", args=[year])) for year in sorted(years)]
    body = feeds.sitemap(pages, news.entries(at=moment.at, limit=5_000), address=_address(request))
    return HttpResponse(body, content_type="application/xml")


@public
@require_safe
@published
def table(request: HttpRequest, moment: Now) -> HttpResponse:
    address = _address(request)
    rows = [
        (
            each.id,
            address(each.slug),
            each.title,
            each.summary,
            each.agency,
            "; ".join(each.partners),
            each.published_at.isoformat(),
            each.changed_at.isoformat() if each.corrections else "",
        )
        for each in news.entries(at=moment.at, limit=5_000)
    ]
    response = HttpResponse(feeds.table(HEADING, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="news.csv"'
    return response


def _found(slug: str, moment: Now) -> news.Entry:
    found = news.entry(slug, at=moment.at)
    if found is None:
        raise Http404
    return found


@public
@require_safe
@published
def item_paper(request: HttpRequest, moment: Now, slug: str) -> HttpResponse:
    """The release as PDF, with help on every sheet."""
    entry = _found(slug, moment)
    with timezone.override(region_zone()):
        words = paper_words(entry, region=region_name(), address=_address(request)(slug))
    return HttpResponse(paper.pdf_of(words), content_type="application/pdf")


@public
@require_safe
@published
def item_picture(request: HttpRequest, moment: Now, slug: str) -> HttpResponse:
    """The picture that other sites show beside a link: the heading, set in type."""
    entry = _found(slug, moment)
    with timezone.override(region_zone()):
        words = {"title": entry.title, "region": region_name(), "published": moment_in_words(entry.published_at)}
    return HttpResponse(paper.picture_of({**words, "help": "Help first: 911"}), content_type="image/png")


def paper_words(entry: news.Entry, *, region: str, address: str) -> dict[str, Any]:
    """The words of a release for paper."""
    ways = [way for way in (entry.speaker_phone, entry.speaker_email) if way]
    return {
        "title": entry.title,
        "summary": entry.summary,
        "paragraphs": list(entry.told),
        "agency": entry.agency,
        "partners": list(entry.partners),
        "region": region,
        "address": address,
        "help": HELP,
        "published": moment_in_words(entry.published_at),
        "speaker": ", ".join([entry.speaker_name, entry.speaker_role, *ways]),
        "held_back": [f"{part.label}: {part.responsible_agency}, {part.window}" for part in entry.held_back],
        "corrections": [_correction(each) for each in entry.corrections],
        "review": f"Not endorsed. Released for this reason: {entry.override_reason}" if entry.override_reason else "",
    }


def _correction(change: news.Change) -> str:
    said = f"{moment_in_words(change.at)}. {change.what} changed. Why: {change.reason}"
    return f"{said} Before: “{change.before}” Now: “{change.after}”" if change.before else said
