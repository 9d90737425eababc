"""Under what something about a person may cross, and the line that is written before it does.

A permit names two agencies, a purpose, fields and two moments, and no person: whoever finds one learns that an agency may
send something, not about whom. `consent` writes it when a release becomes active and closes it when the release ends.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.disclosures.formats.kinds import KINDS, PURPOSES

KIND_CHOICES = [(kind.code, kind.label) for kind in KINDS.values()]


class Permit(AgencyOwned):
    """Leave of the sending agency to hand certain fields to one other agency for a time.

    It never changes, except that it is revoked once; the database sets that moment (migrations/sql/slot.sql).
    """

    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=20, choices=PURPOSES)
    fields = ArrayField(models.CharField(max_length=40), help_text="Codes of the fields that may cross; never empty.")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(help_text="The first moment at which nothing crosses any more.")
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database, once.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="permit_ends_after_start"),
            models.CheckConstraint(condition=~Q(recipient=F("agency")), name="permit_is_for_another_agency"),
            models.CheckConstraint(condition=Q(fields__len__gt=0), name="permit_names_a_field"),
            models.CheckConstraint(condition=Q(purpose__in=[code for code, _ in PURPOSES]), name="permit_has_a_purpose"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "recipient": "reference"}

    def __str__(self) -> str:
        return str(self.id)


class LedgerLine(AgencyOwned):
    """One line for each packet that left, and one for each that was taken back. Written by the crossing functions alone.

    The line is there before the recipient's copy; if it cannot be written, nothing leaves.
    """

    class What(models.TextChoices):
        DISCLOSED = "disclosed", "Handed over"
        RECALLED = "recalled", "Taken back"

    packet = models.UUIDField()
    what = models.CharField(max_length=10, choices=What.choices)
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=KIND_CHOICES)
    permit = models.UUIDField(null=True, blank=True)
    purpose = models.CharField(max_length=20, choices=PURPOSES, blank=True)
    fields = ArrayField(models.CharField(max_length=40))
    digest = models.BinaryField(help_text="SHA-256 of the sealed bytes, which are random: it tells nothing of the content.")
    was_read = models.BooleanField(default=False, help_text="For a packet taken back: it had been opened before.")
    at = models.DateTimeField()
    by = models.UUIDField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "packet", "what"], name="one_line_an_act"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "recipient": "reference", "by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)
