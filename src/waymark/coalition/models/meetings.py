"""Meetings of a working group or of the whole coalition: agenda, papers, who was there, and minutes in three parts.

The three parts are three rows from the moment they are written. A records request, a printout or a slip in a template can
then hand out the public part without anybody having to black out the rest. When the minutes are approved, the database
locks them (migrations/sql/meetings.sql); what was wrong in them is corrected by an addendum that stands beside them.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models.calendar import CalendarEntry
from waymark.coalition.models.groups import WorkingGroup

COMMON = "Meetings are the coalition's common work; who reads which part is decided by waymark.coalition.policies.meetings."


class Part(models.TextChoices):
    """Who reads a part of an agenda or of minutes. Each circle holds the one after it."""

    PUBLIC = "public", "Public"
    MEMBERS = "members", "Members of the coalition"
    CLOSED = "closed", "Closed"


class Meeting(models.Model):
    """One meeting. Its title, day and place stand in its calendar entry, which keeps its id and number through changes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        WorkingGroup, models.PROTECT, null=True, blank=True, related_name="meetings", help_text="Empty: everybody."
    )
    entry = models.OneToOneField(CalendarEntry, models.PROTECT, related_name="meeting")
    how_to_join = models.TextField(max_length=600, blank=True, help_text="Read by those who are asked to come.")
    called_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "called_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class AgendaItem(models.Model):
    """One thing to talk about, in its order. A closed one is on no page of those who do not read the closed part."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=160)
    brought_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    minutes = models.PositiveSmallIntegerField(null=True, blank=True, help_text="How long it is planned to take.")
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.PUBLIC)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "position"], name="one_item_a_position", deferrable=models.Deferrable.DEFERRED
            ),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="agenda_item_has_a_part"),
            models.CheckConstraint(
                condition=Q(minutes__isnull=True) | Q(minutes__range=(1, 480)), name="an_item_takes_a_day_at_most"
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "brought_by": "staff activity"}

    def __str__(self) -> str:
        return self.title


class Paper(models.Model):
    """What is read before an item: a text, or a link to a page of this site. Whoever reads the item reads its papers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(AgendaItem, models.CASCADE, related_name="papers")
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=20_000, blank=True)
    path = models.CharField(max_length=300, blank=True, help_text="A page of this site, from its first slash on.")

    class Meta:
        ordering = ["title", "id"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(path="") & Q(text__regex=r"\S")) | (Q(text="") & Q(path__regex=r"^/([^/\\]|$)")),
                name="a_paper_is_a_text_or_a_page_of_this_site",
            )
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return self.title


class Attendance(models.Model):
    """Which agency was there. Agencies are counted, not people: nobody needs a list of who sat where."""

    class How(models.TextChoices):
        PRESENT = "present", "In the room"
        REMOTE = "remote", "By phone or video"
        EXCUSED = "excused", "Excused"
        ABSENT = "absent", "Absent"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    how = models.CharField(max_length=10, choices=How.choices)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="an_agency_attends_once"),
            models.CheckConstraint(
                condition=Q(how__in=["present", "remote", "excused", "absent"]), name="attendance_is_known"
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = COMMON

    def __str__(self) -> str:
        return str(self.id)


class Minutes(models.Model):
    """The minutes of one meeting: a draft, then circulated, then approved at a later meeting and locked."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        CIRCULATED = "circulated", "Circulated"
        APPROVED = "approved", "Approved"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    circulated_at = models.DateTimeField(null=True, blank=True)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_in = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="approves")
    approved_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name_plural = "minutes"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", circulated_at__isnull=True)
                | Q(state__in=["circulated", "approved"], circulated_at__isnull=False),
                name="minutes_are_circulated_once_read",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="approved", approved_at__isnull=False, approved_in__isnull=False, approved_by__isnull=False
                )
                | Q(
                    state__in=["draft", "circulated"],
                    approved_at__isnull=True,
                    approved_in__isnull=True,
                    approved_by__isnull=True,
                ),
                name="minutes_are_approved_in_a_meeting",
            ),
            models.CheckConstraint(
                condition=~Q(approved_in=models.F("meeting")), name="minutes_are_approved_in_another_meeting"
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "approved_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class MinutesPart(models.Model):
    """What was said, for one circle of readers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="parts")
    part = models.CharField(max_length=10, choices=Part.choices)
    text = models.TextField(max_length=40_000)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["minutes", "part"], name="minutes_have_a_part_once"),
            models.CheckConstraint(condition=Q(part__in=Part.values), name="minutes_part_is_known"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return str(self.id)


class Addendum(models.Model):
    """A correction of minutes that are approved: it stands beside them for the same circle of readers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    minutes = models.ForeignKey(Minutes, models.PROTECT, related_name="addenda")
    part = models.CharField(max_length=10, choices=Part.choices)
    text = models.TextField(max_length=4_000)
    written_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["written_at", "id"]
        verbose_name_plural = "addenda"
        constraints = [models.CheckConstraint(condition=Q(part__in=Part.values), name="addendum_part_is_known")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "written_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)
