"""Secret addresses for calendar programs: made, made anew, ended; and how often a program asks."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction
from django.db.models import Case, F, PositiveIntegerField, Value, When
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.coalition.models import CalendarFeed, WorkingGroup
from waymark.coalition.models.calendar import digest_of
from waymark.coalition.policies import calendar as policies

TOKEN_BYTES = 32
# Calendar programs ask once in some minutes at most; more is a loop, or somebody who listens.
READS_AN_HOUR = 60
WINDOW = dt.timedelta(hours=1)


@transaction.atomic
def make_feed(*, group: WorkingGroup | None, by: User) -> tuple[CalendarFeed, str]:
    """A new address for everything, or for one group; the one before it opens nothing any more.

    The token is given back once and kept nowhere.
    """
    acting = policies.must_have_feed(by, group)
    token, now = secrets.token_urlsafe(TOKEN_BYTES), timezone.now()
    fresh = {"digest": digest_of(token), "made_at": now, "read_at": None, "hour_began_at": now, "reads_in_hour": 0}
    feed, _ = CalendarFeed.objects.update_or_create(membership=acting, group=group, defaults=fresh)
    record(verb="calendar_feed.made", by=by, kind="calendar_feed", about=feed.pk)
    return feed, token


@transaction.atomic
def end_feed(*, feed: CalendarFeed, by: User) -> None:
    """The address opens nothing from now on."""
    policies.must_end_feed(by, feed)
    record(verb="calendar_feed.ended", by=by, kind="calendar_feed", about=feed.pk)
    feed.delete()


def count_read(*, feed: CalendarFeed) -> bool:
    """Count that a program asks, and say whether it may have an answer in this hour."""
    now = timezone.now()
    is_new = When(hour_began_at__lte=now - WINDOW, then=Value(1))
    began = When(hour_began_at__lte=now - WINDOW, then=Value(now))
    CalendarFeed.objects.filter(pk=feed.pk).update(
        read_at=now,
        reads_in_hour=Case(is_new, default=F("reads_in_hour") + 1, output_field=PositiveIntegerField()),
        hour_began_at=Case(began, default=F("hour_began_at")),
    )
    stale = feed.hour_began_at <= now - WINDOW
    return stale or feed.reads_in_hour < READS_AN_HOUR
