"""Writes of the region: its settings and its notices."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.coalition import policies
from waymark.coalition.formats import Center
from waymark.coalition.models import PostalArea, Region, RegionNotice


@transaction.atomic
def save_notice(*, notice: RegionNotice, by: User) -> RegionNotice:
    policies.must_edit_notices(by)
    notice.save()
    record(verb="notice.saved", by=by, kind="notice", about=notice.pk)
    return notice


@transaction.atomic
def end_notice(*, notice: RegionNotice, by: User) -> RegionNotice | None:
    """Stop showing a notice now. One that nobody has seen yet is deleted."""
    policies.must_edit_notices(by)
    record(verb="notice.ended", by=by, kind="notice", about=notice.pk)
    now = timezone.now()
    if notice.starts_at >= now:
        notice.delete()
        return None
    if notice.ends_at > now:
        notice.ends_at = now
        notice.save(update_fields=["ends_at"])
    return notice


@transaction.atomic
def set_up_region(*, values: dict[str, Any], centers: list[Center], source: str, by: User) -> Region:
    """Write the region's settings; the ZIPs given replace those there were. The demo region stays a demo region."""
    policies.must_set_up(by)
    region = Region.objects.select_for_update().filter(pk=1).first() or Region(pk=1)
    for name, value in values.items():
        setattr(region, name, value)
    region.save()
    known = {area.code: area for area in PostalArea.objects.all()}
    wanted = {center.code for center in centers}
    PostalArea.objects.exclude(code__in=wanted).delete()
    for center in centers:
        area = known.get(center.code)
        if area is None or (area.latitude, area.longitude) != (center.latitude, center.longitude):
            PostalArea.objects.update_or_create(
                code=center.code,
                defaults={"latitude": center.latitude, "longitude": center.longitude, "source": source},
            )
    record(verb="region.set_up", by=by, kind="region", about=region.pk, fields=sorted(values))
    return region
