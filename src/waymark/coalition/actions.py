"""Writes of the region's notices."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.coalition import policies
from waymark.coalition.models import RegionNotice


@transaction.atomic
def save_notice(*, notice: RegionNotice, by: User) -> RegionNotice:
    policies.must_edit_notices(by)
    notice.save()
    return notice


@transaction.atomic
def end_notice(*, notice: RegionNotice, by: User) -> RegionNotice | None:
    """Stop showing a notice now. One that nobody has seen yet is deleted."""
    policies.must_edit_notices(by)
    now = timezone.now()
    if notice.starts_at >= now:
        notice.delete()
        return None
    if notice.ends_at > now:
        notice.ends_at = now
        notice.save(update_fields=["ends_at"])
    return notice
