"""Loads the demo region: a plainly fictional county in which every screen has something to show and every steward has work.

Loading again puts everything back as the files say it, on the same ids. A real region is never touched: the load refuses.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Literal

from django.db import models, transaction
from django.utils import timezone

from waymark.coalition.models import PostalArea, Region, RegionNotice
from waymark.directory.actions.demo_calendar import fill_calendar
from waymark.directory.actions.demo_common_work import load_common_work
from waymark.directory.actions.demo_meetings import fill_meetings
from waymark.directory.actions.demo_people import load_people
from waymark.directory.actions.demo_rows import Rows
from waymark.directory.actions.demo_stewardship import leave_work_for_stewards
from waymark.directory.actions.reference_data import load_help_lines, load_needs
from waymark.directory.formats.demo_file import read_file, read_services
from waymark.directory.formats.help_lines_file import DEMO, read_help_lines
from waymark.directory.selectors.freshness import refresh

SOURCE = "Invented for the demo region"


class RealRegion(Exception):
    """This installation belongs to a real region, which the demo data must never enter."""


@transaction.atomic
def load_demo_region(*, today: dt.date, passwords: dict[str, str] | None = None) -> dict[str, int]:
    """Load or restore the demo region; `passwords` (by address) are set on its staff accounts. Returns row counts."""
    region = Region.objects.filter(pk=1).first()
    if region is not None and not region.is_demo:
        raise RealRegion(f"{region.name} has been set up here; the demo region stays out.")
    load_needs()
    load_help_lines()
    load_help_lines(lines=read_help_lines(DEMO, today=today))
    _load_region(today)
    users = load_people(today=today, passwords=passwords or {})
    rows = Rows(today)
    counts = {table._meta.model_name or "": _store(table, found) for table, found in rows.tables()}
    rows.link_needs()
    leave_work_for_stewards(today=today, users=users)
    load_common_work(today=today, users=users)
    fill_calendar(today=today, users=users)
    fill_meetings(today=today)
    refresh()
    return counts


def _load_region(today: dt.date) -> None:
    content = read_file("region")
    Region.objects.update_or_create(
        pk=1, defaults={**content["region"], "is_demo": True, "host_checked_on": today - dt.timedelta(days=3)}
    )
    for row in content["zip"]:
        PostalArea.objects.update_or_create(
            code=row["code"],
            defaults={
                "latitude": row["latitude"],
                "longitude": row["longitude"],
                "county": "Rivermont" if row.get("in_region", True) else "",
                "in_region": row.get("in_region", True),
                "source": SOURCE,
            },
        )
    RegionNotice.objects.all().delete()
    begins = timezone.make_aware(dt.datetime.combine(today - dt.timedelta(days=1), dt.time(12)))
    for row in content["notice"]:
        RegionNotice.objects.create(
            level=row["level"],
            title=row["title"],
            text=row["text"],
            starts_at=begins,
            ends_at=begins + dt.timedelta(days=row["days"]),
        )


def _store(table: type[models.Model], found: Iterable[models.Model]) -> int:
    """Write rows on their lasting ids, new or again."""
    rows = list(found)
    fields = [field.name for field in table._meta.concrete_fields if not field.primary_key]
    unique: Literal["id"] = "id"
    table._default_manager.bulk_create(
        rows, update_conflicts=True, unique_fields=[unique], update_fields=fields, batch_size=500
    )
    return len(rows)


def demo_slugs() -> list[str]:
    """Slugs of all demo services."""
    return [row["slug"] for row in read_services()]
