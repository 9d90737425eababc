"""What went between this installation and another by file. A line is never deleted: so no file is taken in twice."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned


class CarriedFile(AgencyOwned):
    """That a packet, a recall or a word about a packet of ours came by file. It names agencies, a packet's id and hours.

    Written by the mail slot alone (migrations/sql/carrying.sql). It outlives what it tells of: a packet that was taken
    back, or has reached its last day, cannot come a second time.
    """

    class What(models.TextChoices):
        PACKET = "packet", "Packet came in"
        RECALL = "recall", "They took it back"
        RECEIVED = "received", "They have it"
        READ = "read", "They opened it"
        ERASED = "erased", "They erased it"

    other = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    packet = models.UUIDField(help_text="The sending agency's id of it.")
    what = models.CharField(max_length=10, choices=What.choices)
    said_at = models.DateTimeField(help_text="When it was so, by the other side's clock.")
    at = models.DateTimeField(help_text="When the file was taken in.")

    class Meta(AgencyOwned.Meta):
        ordering = ["-at", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "other", "packet", "what"], name="one_file_of_a_kind"),
            models.CheckConstraint(condition=~Q(other=F("agency")), name="carried_from_another_agency"),
        ]
        indexes = [models.Index(fields=["agency", "-at", "id"], name="newest_carried")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "other": "reference", "packet": "reference"}

    def __str__(self) -> str:
        return str(self.id)
