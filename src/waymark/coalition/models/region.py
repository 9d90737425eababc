"""The region that runs this installation: its name, places, languages and the public face it chose."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.db import models
from django.db.models import Q


class Region(models.Model):
    """One row: the settings that a coalition makes at first run."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    name = models.CharField(max_length=120)
    counties = models.JSONField(default=list, help_text="County names, in order.")
    time_zone = models.CharField(max_length=64, default="America/Los_Angeles")
    languages = models.JSONField(default=list, help_text="Language codes offered on the finder, first is the default.")
    app_name = models.JSONField(default=dict, help_text="Neutral name of the finder by language code.")
    exit_url = models.URLField(default="https://www.google.com/search?q=weather", help_text="Where Leave now goes.")
    exit_name = models.JSONField(default=dict, help_text="Plain name of the exit page by language code.")
    host_name = models.CharField(max_length=160, blank=True, help_text="Who runs the finder, shown once checked.")
    host_checked_on = models.DateField(null=True, blank=True)
    is_demo = models.BooleanField(default=False)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="region_is_one_row")]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> dt.tzinfo:
        """The region's time zone; one that this system does not know is read as universal time."""
        try:
            return ZoneInfo(self.time_zone)
        except (ZoneInfoNotFoundError, ValueError):
            return dt.UTC


class PostalArea(models.Model):
    """A ZIP of the region or near it, with the centre used for distances. The visitor's place is never asked."""

    code = models.CharField(max_length=10, primary_key=True)
    latitude = models.FloatField()
    longitude = models.FloatField()
    county = models.CharField(max_length=120, blank=True)
    in_region = models.BooleanField(default=True)
    source = models.CharField(max_length=200)

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.code


class RegionNotice(models.Model):
    """A dated banner: heat, storm, a closed road. Words by language code."""

    class Level(models.TextChoices):
        NOTE = "note", "Note"
        WARNING = "warning", "Warning"

    level = models.CharField(max_length=10, choices=Level.choices, default=Level.NOTE)
    title = models.JSONField(default=dict)
    text = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=models.F("starts_at")), name="region_notice_ends_after_start")
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return str(self.title.get("en", self.pk))

    @property
    def is_warning(self) -> bool:
        return self.level == self.Level.WARNING

    def last_day(self, zone: dt.tzinfo) -> dt.date:
        """The last day on which it is shown, as people of the region count: it ends with that day's midnight."""
        return (self.ends_at.astimezone(zone) - dt.timedelta(seconds=1)).date()
