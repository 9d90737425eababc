"""How the directory stays true: who checked what and when, changes that wait for a second person, reports from visitors."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Verification(models.Model):
    """A person's dated check of one field, or of the whole row when `field_name` is empty, with its source."""

    entity = models.CharField(max_length=40)
    entity_id = models.UUIDField()
    field_name = models.CharField(max_length=60, blank=True)
    source = models.CharField(max_length=200)
    verified_on = models.DateField()
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        indexes = [models.Index(fields=["entity", "entity_id", "-verified_on"])]

    class Privacy:
        kind = "public"
        fields = {"verified_by": "staff activity"}

    def __str__(self) -> str:
        return f"{self.entity} {self.verified_on}"


class PendingChange(models.Model):
    """A changed phone, address or hours that waits until a second steward has checked it."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waits for a second person"
        APPLIED = "applied", "Applied"
        REFUSED = "refused", "Refused"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    entity = models.CharField(max_length=40)
    entity_id = models.UUIDField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="applied") | (Q(decided_by__isnull=False) & ~Q(decided_by=models.F("proposed_by"))),
                name="pending_change_needs_a_second_person",
            )
        ]

    class Privacy:
        kind = "staff"

    def __str__(self) -> str:
        return f"{self.entity} {self.state}"


class ListingReport(models.Model):
    """An anonymous "this is wrong": a reason from a closed list, a day, and nothing that links two reports."""

    class Reason(models.TextChoices):
        WRONG_NUMBER = "wrong_number", "The phone number is wrong"
        NO_ANSWER = "no_answer", "Nobody answers"
        CLOSED = "closed", "It is closed"
        WRONG_HOURS = "wrong_hours", "The hours are wrong"
        WRONG_ADDRESS = "wrong_address", "The address is wrong"
        NOT_AS_SAID = "not_as_said", "It is not what the page says"
        UNSAFE = "unsafe", "I did not feel safe there"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    service = models.ForeignKey("directory.Service", on_delete=models.CASCADE, related_name="reports")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    reported_on = models.DateField(help_text="A day, never a time: two reports cannot be linked by their moment.")
    resolved_on = models.DateField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["-reported_on", "id"]

    class Privacy:
        kind = "staff"

    def __str__(self) -> str:
        return self.reason


class Translation(models.Model):
    """A record's text in another language; stale when the source's hash no longer matches, marked until checked."""

    entity = models.CharField(max_length=40)
    entity_id = models.UUIDField()
    field_name = models.CharField(max_length=60)
    language = models.CharField(max_length=20)
    text = models.TextField()
    source_hash = models.CharField(max_length=64)
    checked_by_speaker_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["entity", "entity_id", "field_name", "language"], name="one_translation_a_field"
            )
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return f"{self.entity} {self.field_name} {self.language}"
