"""What the council recommends to the coalition, who is to do it, and what they replied."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency
from waymark.council.models.seats import Seat


class Recommendation(models.Model):
    """One recommendation. It is the council's, and shown, when a second seat supports it: nobody recommends alone."""

    class Status(models.TextChoices):
        NEW = "new", "New"
        ACCEPTED = "accepted", "Accepted"
        IN_WORK = "in_work", "In work"
        DONE = "done", "Done"
        DECLINED = "declined", "Declined"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    text = models.TextField(max_length=1_000)
    said_by = models.CharField(max_length=200)
    said_in = models.CharField(max_length=40, help_text="Year or day, as far as it is known.")
    source = models.CharField(max_length=300, blank=True, help_text="Where it was said before, if it was.")
    written_by = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    supported_by = models.ForeignKey(Seat, models.PROTECT, null=True, blank=True, related_name="+")
    shown_at = models.DateTimeField(null=True, blank=True, help_text="Since when it is the council's, and public.")
    owner = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.NEW)
    reply = models.TextField(max_length=2_000, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(written_by__isnull=True)
                | Q(shown_at__isnull=True)
                | Q(supported_by__isnull=False) & ~Q(supported_by=F("written_by")),
                name="two_seats_recommend",
            ),
            models.CheckConstraint(condition=~Q(status="declined") | ~Q(reply=""), name="declined_with_a_reason"),
            models.CheckConstraint(condition=Q(status="new") | Q(owner__isnull=False), name="an_answer_has_an_owner"),
        ]

    class Privacy:
        kind = "public"
        fields = {"id": "reference", "written_by": "reference", "supported_by": "reference", "owner": "public"}
        without_row_wall = "Recommendations and their owners are public."

    def __str__(self) -> str:
        return self.text[:80]
