"""What an agency has sent, and what has come in for it: two tables, each its own agency's.

A packet is frozen when it is written: sealed to the recipient's key and signed by the sender. The crossing copies it into
the recipient's table; nothing is shared. What happens to either copy afterwards is decided by the three functions of the
database alone (migrations/sql/slot.sql).
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned, User
from waymark.disclosures.formats.kinds import PURPOSES
from waymark.disclosures.formats.packets import Header
from waymark.disclosures.models.permits import KIND_CHOICES, Permit


class OutboxPacket(AgencyOwned):
    """A packet that this agency wrote. Its id follows from the page that it was written on, so that twice is once."""

    class State(models.TextChoices):
        WAITING = "waiting", "Not sent yet"
        DELIVERED = "delivered", "Delivered"
        READ = "read", "Opened"
        RECALLED = "recalled", "Taken back"
        STOPPED = "stopped", "Never sent"

    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    permit = models.ForeignKey(Permit, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    purpose = models.CharField(max_length=20, choices=PURPOSES, blank=True)
    fields = ArrayField(models.CharField(max_length=40))
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    expires_at = models.DateTimeField()
    frozen_at = models.DateTimeField(help_text="Set by the database.")
    frozen_by = models.ForeignKey(User, models.PROTECT, related_name="+", help_text="Set by the database.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)
    sealed_epoch = models.PositiveIntegerField(
        help_text="The recipient's keys that it was sealed to; newer ones stop delivery."
    )
    sealed = models.BinaryField(
        null=True, help_text="For the recipient, signed by the sender; gone from here as soon as it has crossed."
    )
    own_epoch = models.PositiveIntegerField(help_text="The sender's keys that the sender's copy is sealed to.")
    own_copy = models.BinaryField(help_text="The same content, for the sender.")

    class Meta(AgencyOwned.Meta):
        ordering = ["-frozen_at", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=~Q(recipient=F("agency")), name="outbox_is_for_another_agency"),
            models.CheckConstraint(condition=Q(fields__len__gt=0), name="outbox_packet_has_a_field"),
            models.CheckConstraint(
                condition=Q(kind__in=[code for code, _ in KIND_CHOICES]), name="outbox_packet_has_a_kind"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-frozen_at", "id"], name="newest_sent"),
            models.Index(fields=["agency", "permit"], name="sent_under_a_permit"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "recipient": "reference",
            "permit": "reference",
            "frozen_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)

    @property
    def header(self) -> Header:
        return Header(
            id=self.id,
            sender=self.agency_id,
            recipient=self.recipient_id,
            permit=self.permit_id,
            kind=self.kind,
            purpose=self.purpose,
            fields=tuple(self.fields),
            expires_at=self.expires_at,
        )


class InboxPacket(AgencyOwned):
    """A packet that came in for this agency: a copy of its own, which only the crossing functions write."""

    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    packet = models.UUIDField(help_text="The sender's id of it; with the sender it is known once.")
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    permit = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=20, choices=PURPOSES, blank=True)
    fields = ArrayField(models.CharField(max_length=40))
    expires_at = models.DateTimeField()
    delivered_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True, help_text="First opened.")
    taken_back_at = models.DateTimeField(null=True, blank=True)
    sealed = models.BinaryField(null=True, help_text="Gone when it was taken back or has expired.")

    class Meta(AgencyOwned.Meta):
        ordering = ["-delivered_at", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "sender", "packet"], name="one_copy_of_a_packet"),
            models.CheckConstraint(condition=~Q(sender=F("agency")), name="inbox_is_from_another_agency"),
        ]
        indexes = [models.Index(fields=["agency", "-delivered_at", "id"], name="newest_received")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "sender": "reference", "packet": "reference"}

    def __str__(self) -> str:
        return str(self.id)

    @property
    def header(self) -> Header:
        return Header(
            id=self.packet,
            sender=self.sender_id,
            recipient=self.agency_id,
            permit=self.permit,
            kind=self.kind,
            purpose=self.purpose,
            fields=tuple(self.fields),
            expires_at=self.expires_at,
        )


class Receipt(AgencyOwned):
    """That a packet's content was looked at once more, told to its sender: when, and not by whom.

    The crossing writes it before the content is shown; nothing changes it.
    """

    packet = models.ForeignKey(OutboxPacket, models.PROTECT, db_constraint=False, related_name="receipts")
    at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        ordering = ["-at"]
        indexes = [models.Index(fields=["agency", "packet", "-at"], name="receipts_of_a_packet")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "packet": "reference"}

    def __str__(self) -> str:
        return str(self.id)
