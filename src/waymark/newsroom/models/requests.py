"""What somebody outside asks of the coalition's desk: to volunteer, a speaker, a contact for prevention.

A name, one way to answer, a few closed questions and a short text; no address of a computer, no time of day. Whoever asks
may be somebody whom it would hurt to be found here, so every request goes by itself after its last day.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import User

KEPT_DAYS = 90


class PublicRequest(models.Model):
    """One request. It reaches the desk alone; nobody is looked up and nothing is matched."""

    class Kind(models.TextChoices):
        VOLUNTEER = "volunteer", "Volunteer"
        SPEAKER = "speaker", "Invite a speaker"
        PREVENTION = "prevention", "Prevention contact"

    class State(models.TextChoices):
        NEW = "new", "Not answered"
        ANSWERED = "answered", "Answered"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=120)
    organization = models.CharField(max_length=160, blank=True, default="")
    contact = models.CharField(max_length=160, help_text="One phone number or e-mail address.")
    topic = models.CharField(max_length=40, blank=True, default="", help_text="From a closed list.")
    wanted_on = models.DateField(null=True, blank=True)
    audience = models.PositiveIntegerField(null=True, blank=True)
    media_present = models.BooleanField(default=False)
    message = models.CharField(max_length=600, blank=True, default="")
    received_on = models.DateField()
    delete_on = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    answered_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    answered_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["-received_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(delete_on__gt=F("received_on")), name="public_request_ends"),
            models.CheckConstraint(
                condition=Q(state="new", answered_by=None, answered_on=None)
                | Q(state="answered", answered_by__isnull=False, answered_on__isnull=False),
                name="public_request_is_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["received_on"], name="public_requests_by_day"),
            models.Index(fields=["state", "-received_on"], name="public_requests_by_state"),
            models.Index(fields=["delete_on"], name="public_requests_to_delete"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "answered_by": "staff activity", "answered_on": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)
