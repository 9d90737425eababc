"""The demo coalition's calendar around today, and the notices that came with it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from waymark.accounts.models import User
from waymark.coalition.models import CalendarEntry
from waymark.coalition.models.calendar import instant
from waymark.coalition.selectors.calendar import path_of, region_zone
from waymark.directory.formats.demo_file import demo_id, read_file
from waymark.notices.actions import notify

TOLD = ("hotel-training", "resource-fair")


def fill_calendar(*, today: dt.date, users: list[User]) -> None:
    """Put the calendar back to its first state; people are told of the first load only."""
    coordinator = next(user for user in users if user.role == "coordinator")
    places = {user.email: user.acting for user in users}
    for row in read_file("calendar")["entry"]:
        values = _values(row, today) | {"made_by": coordinator.acting, "for_membership": places.get(row.get("of", ""))}
        entry, is_new = CalendarEntry.objects.update_or_create(id=demo_id("calendar", row["slug"]), defaults=values)
        if is_new and row["slug"] in TOLD:
            notify(to=[user.acting for user in users if user.acting], kind="calendar.scheduled", path=path_of(entry))


def _values(row: dict[str, Any], today: dt.date) -> dict[str, Any]:
    zone = region_zone().key
    first = today + dt.timedelta(days=row["day"])
    last = today + dt.timedelta(days=row.get("last_day", row["day"]))
    start, end = (dt.time.fromisoformat(row[name]) if name in row else None for name in ("from", "until"))
    entry = CalendarEntry(id=demo_id("calendar", row["slug"]))
    return {
        "kind": row["kind"],
        "title": row["title"],
        "place": row.get("place", ""),
        "all_day": start is None,
        "time_zone": zone,
        "starts_on": first,
        "starts_clock": start,
        "ends_on": last,
        "ends_clock": end,
        "starts_at": instant(first, start, zone),
        "ends_at": instant(last if end else last + dt.timedelta(days=1), end, zone),
        "is_private": "of" in row,
        "by_hand": True,
        "path": path_of(entry),
        "sequence": 1 if row.get("is_cancelled") else 0,
        "cancelled_at": timezone.now() if row.get("is_cancelled") else None,
    }
