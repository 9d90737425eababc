"""Reads of the shared calendar, narrowed to who asks."""

from __future__ import annotations

import datetime as dt
import uuid
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse

from waymark.access.sites import URLCONFS, Site
from waymark.accounts.models import User
from waymark.coalition.models import CalendarEntry
from waymark.coalition.policies.calendar import readable, visible
from waymark.coalition.selectors.region import the_region


def region_zone() -> ZoneInfo:
    """The region's zone; before it is set up, or when the system does not know it, the installation's."""
    region = the_region()
    try:
        return ZoneInfo(region.time_zone if region is not None else settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def path_of(entry: CalendarEntry) -> str:
    """The page of an entry that was written by hand."""
    return reverse("coalition:calendar_entry", args=[entry.pk], urlconf=URLCONFS[Site.STAFF])


def entries_between(user: User, *, start: dt.datetime, end: dt.datetime) -> QuerySet[CalendarEntry]:
    """What a person sees of a stretch of time; what was cancelled is shown as such."""
    found = visible(CalendarEntry.objects.all(), to=user).filter(starts_at__lt=end, ends_at__gt=start)
    return found.select_related("group").order_by("starts_at", "id")


def entry_for(user: User, pk: uuid.UUID) -> CalendarEntry | None:
    """An entry of which a person may see what it is; a busy time has no page."""
    return readable(CalendarEntry.objects.select_related("group", "made_by__user"), to=user).filter(pk=pk).first()
