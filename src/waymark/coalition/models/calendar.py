"""The shared calendar: what the whole coalition, one group or one person has to be at, or to have done.

An entry keeps the time on the wall and the zone of that wall, because that is what people agree on: "ten o'clock in the
county's building" stays ten o'clock when a law changes daylight saving time. The instants beside it say when that is; they
are for order and for looking up, and are computed anew when the zone's rules change.

There is no kind for an operation, and there will be none: a date in a calendar is read by too many people and programs.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from waymark.accounts.models import Membership
from waymark.coalition.models.groups import WorkingGroup


def instant(day: dt.date, clock: dt.time | None, zone: str) -> dt.datetime:
    """When a clock on a wall in `zone` shows this; without a clock, when the day begins there."""
    return dt.datetime.combine(day, clock or dt.time(), tzinfo=ZoneInfo(zone)).astimezone(dt.UTC)


def digest_of(token: str) -> str:
    """What the table knows a feed's token by; it has 256 random bits, so a plain hash cannot be turned round."""
    return hashlib.sha256(f"waymark calendar feed|{token}".encode()).hexdigest()


class CalendarEntry(models.Model):
    """One thing in the calendar. Its id is its name in every calendar that shows it, for ever."""

    class Kind(models.TextChoices):
        ACTION_ITEM = "action_item", "Action item"
        AWAY = "away", "Away"
        DEADLINE = "deadline", "Due date"
        EVENT = "event", "Event"
        MEETING = "meeting", "Meeting"
        REVIEW = "review", "Review date"
        TRAINING = "training", "Training"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True, default="")
    all_day = models.BooleanField(default=False)
    time_zone = models.CharField(max_length=64, help_text="The zone of the wall whose clock is meant.")
    starts_on = models.DateField()
    starts_clock = models.TimeField(null=True, blank=True, help_text="Empty for whole days.")
    ends_on = models.DateField(help_text="The last day; of whole days, it counts itself.")
    ends_clock = models.TimeField(null=True, blank=True)
    starts_at = models.DateTimeField(help_text="When that is; computed.")
    ends_at = models.DateTimeField(help_text="The first moment after it; computed.")
    group = models.ForeignKey(
        WorkingGroup, models.CASCADE, null=True, blank=True, related_name="entries", help_text="Whose; empty for all."
    )
    for_membership = models.ForeignKey(
        Membership, models.CASCADE, null=True, blank=True, related_name="+", help_text="The one person whose own it is."
    )
    is_private = models.BooleanField(default=False, help_text="Others see that somebody is busy, and nothing more.")
    made_by = models.ForeignKey(Membership, models.SET_NULL, null=True, blank=True, related_name="+")
    by_hand = models.BooleanField(default=False, help_text="Written on the calendar; others belong to a meeting or a duty.")
    path = models.CharField(max_length=300, blank=True, default="", help_text="The page of the thing, on the staff site.")
    sequence = models.PositiveIntegerField(default=0, help_text="How often it was changed; calendars take the highest.")
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    cancelled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at", "id"]
        verbose_name_plural = "calendar entries"
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="calendar_entry_ends_after_start"),
            models.CheckConstraint(
                condition=Q(group__isnull=True) | Q(for_membership__isnull=True), name="calendar_entry_is_of_one"
            ),
            models.CheckConstraint(
                condition=Q(all_day=True, starts_clock__isnull=True, ends_clock__isnull=True)
                | Q(all_day=False, starts_clock__isnull=False, ends_clock__isnull=False),
                name="calendar_entry_has_clocks_or_days",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["action_item", "away", "deadline", "event", "meeting", "review", "training"]),
                name="calendar_entry_has_a_known_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["starts_at", "ends_at"], name="calendar_by_time"),
            models.Index(fields=["group", "starts_at"], name="calendar_of_a_group"),
            models.Index(fields=["for_membership", "starts_at"], name="calendar_of_a_member"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "for_membership": "staff activity", "made_by": "staff activity"}

    def __str__(self) -> str:
        return "Busy" if self.is_private else self.title

    def put_instants(self) -> bool:
        """Compute when the wall's clock shows it; True when that has moved."""
        before = (self.starts_at, self.ends_at)
        self.starts_at = instant(self.starts_on, self.starts_clock, self.time_zone)
        last = self.ends_on + dt.timedelta(days=1) if self.all_day else self.ends_on
        self.ends_at = instant(last, self.ends_clock, self.time_zone)
        return before != (self.starts_at, self.ends_at)


class CalendarFeed(models.Model):
    """A secret address at which a calendar program reads what one member may see. Its token is kept as a hash only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    membership = models.ForeignKey(Membership, models.CASCADE, related_name="+")
    group = models.ForeignKey(WorkingGroup, models.CASCADE, null=True, blank=True, related_name="+")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, which has 256 random bits.")
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True, blank=True, help_text="The last time that a program asked.")
    hour_began_at = models.DateTimeField(default=timezone.now)
    reads_in_hour = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "group"], nulls_distinct=False, name="one_feed_of_a_member_and_group"
            )
        ]

    class Privacy:
        kind = "staff"
        fields = {
            "id": "reference",
            "membership": "staff activity",
            "digest": "secret",
            "made_at": "staff activity",
            "read_at": "staff activity",
            "hour_began_at": "staff activity",
            "reads_in_hour": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)
