"""News and figures as JSON, from the same source as the pages.

A figure never leaves without its bound, source and caveat.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from waymark.access.guard import public
from waymark.newsroom.formats import feeds
from waymark.newsroom.formats.results import CAVEATS
from waymark.newsroom.selectors import figures
from waymark.newsroom.selectors import public as news
from waymark.newsroom.selectors.moments import Now
from waymark.newsroom.views.remembering import published

FIGURE_HEADING = (
    "key",
    "shown as",
    "bound",
    "wording",
    "source",
    "as of",
    "population",
    "period",
    "caveat",
    "corrected",
)


def _as_json(value: Any) -> str:
    return value.isoformat() if isinstance(value, dt.datetime) else str(value)


def _answer(body: Any) -> HttpResponse:
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=_as_json), content_type="application/json")


def _entry(request: HttpRequest, entry: news.Entry) -> dict[str, Any]:
    caveats = {"caveats": CAVEATS} if entry.result is not None else {}
    return {**asdict(entry), **caveats, "url": request.build_absolute_uri(reverse("newsroom:item", args=[entry.slug]))}


@public
@require_safe
@published
def items(request: HttpRequest, moment: Now) -> HttpResponse:
    return _answer({"items": [_entry(request, each) for each in news.entries(at=moment.at)]})


@public
@require_safe
@published
def item(request: HttpRequest, moment: Now, slug: str) -> HttpResponse:
    found = news.entry(slug, at=moment.at)
    if found is None:
        raise Http404
    return _answer(_entry(request, found))


@public
@require_safe
@published
def published_figures(request: HttpRequest, moment: Now) -> HttpResponse:
    return _answer({"figures": [asdict(each) for each in figures.all_shown()]})


@public
@require_safe
@published
def figure_table(request: HttpRequest, moment: Now) -> HttpResponse:
    rows = [
        (
            each.key,
            each.number or "in words only",
            each.bound,
            each.wording,
            each.source,
            each.as_of,
            each.population,
            each.period,
            each.caveat,
            "; ".join(f"{change.what}: {change.before} → {change.after}" for change in each.corrections),
        )
        for each in figures.all_shown()
    ]
    response = HttpResponse(feeds.table(FIGURE_HEADING, rows), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return response
