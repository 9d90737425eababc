"""Reads of the region and of its notices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from waymark.coalition.models import PostalArea, Region, RegionNotice
from waymark.pages.found import matching


@dataclass(frozen=True)
class ShownNotice:
    """A notice for whoever reads a public page: words by language, and the last day on which it holds."""

    title: dict[str, str]
    text: dict[str, str]
    is_warning: bool
    last_day: dt.date


def the_region() -> Region | None:
    """The region of this installation; None before it has been set up."""
    return Region.objects.filter(pk=1).first()


def notices_in_force(now: dt.datetime, *, zone: dt.tzinfo) -> list[ShownNotice]:
    """What stands on every public page now, warnings first."""
    found = RegionNotice.objects.filter(starts_at__lte=now, ends_at__gt=now).order_by("-level", "-starts_at", "-pk")
    return [shown_notice(notice, zone=zone) for notice in found]


def shown_notice(notice: RegionNotice, *, zone: dt.tzinfo) -> ShownNotice:
    """A notice as a public page shows it."""
    return ShownNotice(notice.title, notice.text, notice.is_warning, notice.last_day(zone))


def notices_listed(
    *, words: str = "", when: str = "", level: str = "", codes: Sequence[str] = ("en",), now: dt.datetime
) -> QuerySet[RegionNotice]:
    """Notices, newest first; `when` narrows to shown now, coming or over. Words are looked for in the languages `codes`."""
    notices = RegionNotice.objects.order_by("-starts_at", "-pk")
    if words:
        notices = notices.filter(
            matching(words.split(), *(f"{name}__{code}" for name in ("title", "text") for code in codes))
        )
    if level:
        notices = notices.filter(level=level)
    if when == "now":
        return notices.filter(starts_at__lte=now, ends_at__gt=now)
    if when == "coming":
        return notices.filter(starts_at__gt=now)
    if when == "over":
        return notices.filter(ends_at__lte=now)
    return notices


def postal_areas_in_region() -> QuerySet[PostalArea]:
    """The region's own ZIPs and those close by, in order."""
    return PostalArea.objects.order_by("code")
