"""The pages that anyone reads: news, results, what we know, who we are. All are made from the public selectors."""

from __future__ import annotations

from http import HTTPStatus
from itertools import groupby
from math import ceil

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import public, public_post
from waymark.directory.selectors import listings
from waymark.newsroom.forms.asking import SearchForm
from waymark.newsroom.selectors import figures, members
from waymark.newsroom.selectors import public as news
from waymark.newsroom.selectors.moments import Now, now
from waymark.newsroom.views.remembering import asked_page, published
from waymark.newsroom.views.rendering import page

PER_PAGE = 20


@public
@require_safe
@published
def home(request: HttpRequest, moment: Now) -> HttpResponse:
    """Help first; then who the coalition is and what it said last. It promises nothing that is not there."""
    context = {"entries": news.entries(at=moment.at, limit=3), "counts": listings.directory_counts()}
    return page(request, moment, "home", context)


@public
@require_safe
@published
def item_list(request: HttpRequest, moment: Now) -> HttpResponse:
    number = asked_page(request)
    found, count = news.page_of_entries(at=moment.at, start=(number - 1) * PER_PAGE, count=PER_PAGE)
    pages = max(1, ceil(count / PER_PAGE))
    if number > pages:
        raise Http404
    context = {"entries": found, "count": count, "number": number, "pages": pages}
    return page(request, moment, "item_list", context)


@public
@require_safe
@published
def item(request: HttpRequest, moment: Now, slug: str) -> HttpResponse:
    """One release. What was withdrawn leaves a note and none of its words; what is not public yet was never written."""
    found = news.entry(slug, at=moment.at)
    if found is None:
        gone = news.withdrawn(slug, at=moment.at)
        if gone is None:
            raise Http404
        return page(request, moment, "withdrawn", {"gone": gone}, status=HTTPStatus.GONE)
    address = request.build_absolute_uri(reverse("newsroom:item", args=[slug]))
    context = {"entry": found, "address": address}
    context["picture"] = request.build_absolute_uri(reverse("newsroom:item_picture", args=[slug]))
    return page(request, moment, "item", context)


@public_post
def search(request: HttpRequest) -> HttpResponse:
    """Words travel in a body: they stand in no address, log or history. Without words it is the way to type some."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    words = form.cleaned_data["words"] if form.is_bound and form.is_valid() else ""
    moment = now()
    found = news.entries_with(words, at=moment.at) if words else []
    return page(request, moment, "search", {"form": form, "words": words, "entries": found})


@public
@require_safe
@published
def results(request: HttpRequest, moment: Now) -> HttpResponse:
    """Published results, one operation beside the other: no sum, no rank, no line through editions that differ."""
    found = news.results(at=moment.at)
    shown = figures.shown_operations(beside=[each.result for each in found if each.result is not None])
    context = {
        "years": [(year, list(each)) for year, each in groupby(found, key=year_of)],
        "operations": [each for each in shown if not each.is_series],
        "series": [each for each in shown if each.is_series],
    }
    return page(request, moment, "results", context)


def year_of(entry: news.Entry) -> int:
    return entry.result.year if entry.result is not None else 0


@public
@require_safe
@published
def results_year(request: HttpRequest, moment: Now, year: int) -> HttpResponse:
    """The operations of one year, each with its own bars and table. A year without one was never there."""
    found = news.results(at=moment.at, year=year)
    if not found:
        raise Http404
    return page(request, moment, "results_year", {"year": year, "entries": found})


@public
@require_safe
@published
def what_we_know(request: HttpRequest, moment: Now) -> HttpResponse:
    return page(request, moment, "what_we_know", {"study": figures.study()})


@public
@require_safe
@published
def figure_list(request: HttpRequest, moment: Now) -> HttpResponse:
    return page(request, moment, "figure_list", {"figures": figures.all_shown()})


@public
@require_safe
@published
def figure(request: HttpRequest, moment: Now, key: str) -> HttpResponse:
    found = figures.one_shown(key)
    if found is None:
        raise Http404
    return page(request, moment, "figure", {"figure": found})


@public
@require_safe
@published
def who_we_are(request: HttpRequest, moment: Now) -> HttpResponse:
    context = {"kinds": members.members_by_kind(), "desk": members.the_desk()}
    return page(request, moment, "who_we_are", context)


@public
@require_safe
@published
def take_part(request: HttpRequest, moment: Now) -> HttpResponse:
    return page(request, moment, "take_part", {"desk": members.the_desk(), "today": timezone.localdate()})
