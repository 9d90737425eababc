"""Who can offer what to the others: a room for Thursday, somebody who speaks Hmong, a van, a trainer.

It is a board of what an agency has in general. There is no number of free beds, no occupancy and no address: a list of
where somebody could sleep tonight is what a trafficker would look for, and it would be wrong by noon. A request names a
kind of occasion and a day; it has no field for a person, because nobody's story belongs on a board.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, Membership


class Offer(models.Model):
    """One thing that an agency can lend, kept by that agency."""

    class Kind(models.TextChoices):
        BED = "bed", "Beds, in general"
        INTERPRETER = "interpreter", "Interpreter"
        ROOM = "room", "Room"
        TRAINER = "trainer", "Trainer"
        VEHICLE = "vehicle", "Vehicle"

    class State(models.TextChoices):
        OFFERED = "offered", "Offered"
        WITHDRAWN = "withdrawn", "Not offered now"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=120)
    language = models.CharField(max_length=60, blank=True, default="", help_text="For interpreters.")
    details = models.TextField(max_length=600, blank=True, default="")
    state = models.CharField(max_length=10, choices=State.choices, default=State.OFFERED)
    confirmed_on = models.DateField(help_text="When the agency last said that this still holds.")

    class Meta:
        ordering = ["kind", "title"]
        constraints = [
            # Beds in general: a digit would be how many, or where.
            models.CheckConstraint(
                condition=~Q(kind="bed") | (~Q(title__regex=r"[0-9]") & ~Q(details__regex=r"[0-9]")),
                name="beds_without_any_number",
            ),
            models.CheckConstraint(
                condition=Q(kind="interpreter") & ~Q(language="") | ~Q(kind="interpreter") & Q(language=""),
                name="an_interpreter_has_a_language",
            ),
        ]
        indexes = [models.Index(fields=["kind", "state"], name="offers_of_a_kind")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "An offer is made to every agency of the coalition."

    def __str__(self) -> str:
        return self.title


class OfferRequest(models.Model):
    """One agency asks another for something on a day. Seen by the two, answered by the one that offers."""

    class Occasion(models.TextChoices):
        EVENT = "event", "A public event"
        MEETING = "meeting", "A meeting"
        OUTREACH = "outreach", "Outreach"
        TRAINING = "training", "A training"
        OTHER = "other", "Something else"

    class State(models.TextChoices):
        ASKED = "asked", "Waits for an answer"
        GRANTED = "granted", "Granted"
        DECLINED = "declined", "Declined"
        WITHDRAWN = "withdrawn", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    offer = models.ForeignKey(Offer, models.CASCADE, related_name="requests")
    asked_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    occasion = models.CharField(max_length=10, choices=Occasion.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="offer_request_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(state="asked", answered_at__isnull=True) | (~Q(state="asked") & Q(answered_at__isnull=False)),
                name="offer_request_is_answered_once",
            ),
        ]
        indexes = [models.Index(fields=["offer", "state"], name="requests_for_an_offer")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "asked_by": "staff name", "answered_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)
