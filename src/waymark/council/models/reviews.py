"""What the council is asked before it goes public, what each seat says, and what became of it.

A review is about the exact content of one row of a gated table. The database itself takes that content and its digest when
the review is asked for, and refuses the row becoming public with any other (migrations/sql/gate.sql): no form and no
program goes round it.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, User
from waymark.council.models.seats import Seat

# The council has at least this long, and nobody overrides it before.
SHORTEST = dt.timedelta(days=10)
LONGEST = dt.timedelta(days=60)


class GatedType(models.Model):
    """A kind of thing that goes public, and whether the council stands before it. The rows come with the version."""

    code = models.CharField(max_length=30, primary_key=True)
    name = models.CharField(max_length=60)
    is_gated = models.BooleanField()
    why = models.CharField(max_length=200)

    class Meta:
        ordering = ["-is_gated", "name"]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.name


class CouncilReview(models.Model):
    """One thing that waits for the council, or was answered by it. A row is never deleted, and an end is an end."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Asked for"
        IN_REVIEW = "in_review", "In review"
        ENDORSED = "endorsed", "Endorsed"
        CHANGES_ASKED = "changes_asked", "Changes asked for"
        OBJECTION = "objection", "Objection"
        RESOLVED = "resolved", "Resolved"
        OVERRIDDEN = "overridden", "Overridden"
        WITHDRAWN = "withdrawn", "Taken back"

    OPEN = (State.REQUESTED, State.IN_REVIEW, State.CHANGES_ASKED, State.OBJECTION)
    CLEARED = (State.ENDORSED, State.RESOLVED, State.OVERRIDDEN)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.ForeignKey(GatedType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=300, help_text="The thing's page on the staff site.")
    content = models.JSONField(null=True, help_text="What would go public, as the database read it.")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the content; set by the database.")
    round = models.PositiveSmallIntegerField(default=1, help_text="Grows when the changed thing is sent again.")
    state = models.CharField(max_length=15, choices=State.choices, default=State.REQUESTED)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_for = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(help_text="Set by the database.")
    due_at = models.DateTimeField(help_text="Until then the council has time, and nobody overrides it.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When it first asked for changes or objected.")
    decided_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")
    override_reason = models.TextField(max_length=2_000, blank=True, help_text="Published with what went public.")
    override_asked_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    override_asked_at = models.DateTimeField(null=True, blank=True)
    override_confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    override_confirmed_for = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["due_at", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "object_id"],
                condition=Q(state__in=["requested", "in_review", "changes_asked", "objection"]),
                name="one_open_review_of_a_thing",
            ),
            models.CheckConstraint(
                condition=~Q(state="overridden")
                | Q(override_confirmed_by__isnull=False, override_confirmed_for__isnull=False)
                & ~Q(override_reason="")
                & ~Q(override_asked_by=models.F("override_confirmed_by"))
                & Q(override_asked_by__isnull=False),
                name="an_override_is_two_people_and_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "object_id", "digest"], name="review_of_a_content"),
            models.Index(fields=["state", "due_at"], name="reviews_by_due_day"),
        ]

    class Privacy:
        kind = "staff"
        fields = {
            "id": "reference",
            "object_id": "reference",
            "requested_by": "staff activity",
            "requested_for": "reference",
            "override_asked_by": "staff activity",
            "override_confirmed_by": "staff activity",
            "override_confirmed_for": "reference",
            "override_reason": "public",
        }
        without_row_wall = "The council reads what every agency wants to make public; policies narrow everybody else."

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_cleared(self) -> bool:
        return self.state in self.CLEARED


class Voice(models.Model):
    """What one seat says in one round of a review. The database takes it only from whoever sits there."""

    class Answer(models.TextChoices):
        ENDORSE = "endorse", "Endorse it"
        CHANGES = "changes", "Ask for changes"
        OBJECT = "object", "Object"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    review = models.ForeignKey(CouncilReview, models.PROTECT, related_name="voices")
    round = models.PositiveSmallIntegerField()
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="voices")
    answer = models.CharField(max_length=10, choices=Answer.choices)
    reason = models.TextField(max_length=2_000, blank=True)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["round", "at"]
        constraints = [
            models.UniqueConstraint(fields=["review", "round", "seat"], name="one_voice_a_seat"),
            models.CheckConstraint(condition=Q(answer="endorse") | ~Q(reason=""), name="no_without_reason"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "review": "reference", "seat": "reference"}

    def __str__(self) -> str:
        return str(self.id)


class SafetyCorrection(models.Model):
    """Why something that is public was changed without the council: somebody's safety. Good for one transaction alone."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.ForeignKey(GatedType, models.PROTECT, related_name="+")
    object_id = models.CharField(max_length=64)
    title = models.CharField(max_length=200)
    path = models.CharField(max_length=300)
    reason = models.TextField(max_length=2_000)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_for = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(help_text="Set by the database.")
    made_in = models.CharField(max_length=24, blank=True, help_text="The transaction that it is good for.")

    class Meta:
        ordering = ["-made_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="safety_has_a_reason")]
        indexes = [models.Index(fields=["kind", "object_id", "made_in"], name="safety_of_a_thing")]

    class Privacy:
        kind = "staff"
        fields = {
            "id": "reference",
            "object_id": "reference",
            "made_by": "staff activity",
            "made_for": "reference",
            "made_in": "reference",
        }
        without_row_wall = "The council is told of every change that was made without it, whichever agency made it."

    def __str__(self) -> str:
        return self.title
