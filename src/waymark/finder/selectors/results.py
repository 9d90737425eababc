"""Lists without script: by need or by words, narrowed and sorted on the server, forgotten with the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waymark.coalition.models import PostalArea, Region
from waymark.directory.formats.hours import hours_at
from waymark.directory.models import ServiceDocument
from waymark.directory.selectors.search import OPEN_STATUSES, SearchFilters, search_services
from waymark.finder.formats.near import miles_between
from waymark.finder.selectors.listings import Listing, ids_for_need, listings
from waymark.finder.selectors.shown import Row, shown_row

PAGE = 20
MOST = 200
# A service that comes by phone or serves an area stands among those a few miles away.
PLACELESS_MILES = 3.0
AGES = {"under_18": (0, 17), "18_24": (18, 24), "25_59": (25, 59), "60": (60, 120)}


@dataclass(frozen=True)
class Wish:
    """What a visitor asked for."""

    words: str = ""
    need: str = ""
    open: bool = False
    no_police: bool = False
    access: bool = False
    free: bool = False
    language: str = ""
    age: str = ""
    zip: str = ""
    page: int = 1


@dataclass(frozen=True)
class Results:
    """One page of a list."""

    rows: tuple[Row, ...]
    count: int
    page: int
    pages: int
    zip_unknown: bool


def results(wish: Wish, region: Region, code: str, now: datetime) -> Results:
    """Narrow, sort, cut a page."""
    found = [listing for listing in _candidates(wish, code, now) if _fits(listing, wish, region, now)]
    middle = PostalArea.objects.filter(code=wish.zip).first() if wish.zip else None
    miles: dict[str, float | None] = {}
    if middle:
        for listing in found:
            miles[listing.id] = nearest_miles(listing, (middle.latitude, middle.longitude))
        found.sort(key=lambda listing: PLACELESS_MILES if miles[listing.id] is None else miles[listing.id] or 0.0)
    # The sort is stable: what visitors report as closed or misnumbered comes after the rest, in the same order.
    found.sort(key=lambda listing: listing.sorts_last)
    pages = max(1, -(-len(found) // PAGE))
    page = min(wish.page, pages)
    cut = found[(page - 1) * PAGE : page * PAGE]
    rows = tuple(shown_row(listing, region, code, now, miles.get(listing.id)) for listing in cut)
    return Results(rows, len(found), page, pages, zip_unknown=bool(wish.zip) and middle is None)


def _candidates(wish: Wish, code: str, now: datetime) -> list[Listing]:
    if wish.words.strip():
        filters = SearchFilters(needs=(wish.need,) if wish.need else ())
        answers = search_services(wish.words, language=code, filters=filters, limit=MOST)
        ids = [answer.service_id for answer in answers]
    elif wish.need:
        ids = ids_for_need(wish.need)
    else:
        rows = ServiceDocument.objects.filter(status__in=OPEN_STATUSES).order_by("name", "service_id")
        ids = list(rows.values_list("service_id", flat=True))
    return listings([str(each) for each in ids], at=now)


def _fits(listing: Listing, wish: Wish, region: Region, now: datetime) -> bool:
    if wish.open:
        state = hours_at(listing.schedules, now, region.time_zone).state
        if state != "open" or listing.is_closed_for_now:
            return False
    if wish.no_police and listing.police != "never_unless_law":
        return False
    if wish.access and not listing.is_step_free:
        return False
    if wish.free and listing.is_free is not True:
        return False
    if wish.language and wish.language not in listing.languages and not listing.has_interpreter:
        return False
    if wish.age:
        youngest, oldest = AGES[wish.age]
        lowest, highest = listing.ages
        if (lowest or 0) > oldest or (highest if highest is not None else 200) < youngest:
            return False
    return True


def nearest_miles(listing: Listing, middle: tuple[float, float]) -> float | None:
    """Miles to the nearest public place; None for what has no public place."""
    found = [
        miles_between(middle, (place.latitude, place.longitude))
        for place in listing.places
        if place.latitude is not None and place.longitude is not None
    ]
    return min(found, default=None)
