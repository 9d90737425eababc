"""Reads of the region and of its notices."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from waymark.coalition.models import PostalArea, Region, RegionNotice


def the_region() -> Region | None:
    """The region of this installation; None before it has been set up."""
    return Region.objects.filter(pk=1).first()


def notices_listed(*, when: str, now: dt.datetime) -> QuerySet[RegionNotice]:
    """Notices, newest first; `when` narrows to shown now, coming or over."""
    notices = RegionNotice.objects.order_by("-starts_at", "-pk")
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
