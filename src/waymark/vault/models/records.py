"""The keys of records: every person and every case has a random key of its own, and destroying the key destroys the record.

What is known about a record's key and the key itself are two tables, because the second has a backup of its own that is
kept for days only (`waymark.config.launch.key_backups`).
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned
from waymark.vault.models.agencies import MemberKey


class RecordKey(AgencyOwned):
    """That a record has a key, who may hold it, and, once destroyed, the tombstone."""

    kind = models.CharField(max_length=40, help_text="What the record is: `person`, `case`.")
    record = models.UUIDField(default=uuid.uuid4)
    is_restricted = models.BooleanField(default=False)
    made_at = models.DateTimeField(auto_now_add=True)
    shredded_at = models.DateTimeField(null=True)
    shredded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    gone_on = models.DateField(null=True, help_text="From this day no backup opens the record.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "kind", "record"], name="one_key_a_record"),
            models.CheckConstraint(
                condition=Q(shredded_at__isnull=True, shredded_by__isnull=True, gone_on__isnull=True)
                | Q(shredded_at__isnull=False, shredded_by__isnull=False, gone_on__isnull=False),
                name="a_tombstone_is_whole",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-shredded_at"], name="newest_tombstones")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "record": "reference", "shredded_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class WrappedKey(AgencyOwned):
    """A record's key under an epoch's wrapping key: for the whole agency, or sealed to one named member inside it."""

    record_key = models.ForeignKey(RecordKey, models.PROTECT, db_constraint=False, related_name="wraps")
    member = models.ForeignKey(MemberKey, models.PROTECT, null=True, db_constraint=False, related_name="+")
    number = models.PositiveIntegerField(help_text="The epoch under which it is wrapped.")
    wrapped = models.BinaryField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "record_key", "member"], name="one_wrap_a_reader", nulls_distinct=False
            ),
        ]
        indexes = [models.Index(fields=["agency", "number"], name="wraps_of_an_epoch")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "wrapped": "secret"}

    def __str__(self) -> str:
        return str(self.id)


class RecordHold(AgencyOwned):
    """A legal hold: while it stands nobody destroys the record, whoever asks. A closed reason, no words."""

    class Why(models.TextChoices):
        PROCESS = "process", "A subpoena, a warrant or an order came"
        CLAIM = "claim", "A claim or a complaint was made"
        AUDIT = "audit", "An audit or a grant asks for it"
        COUNSEL = "counsel", "Counsel said so"

    record_key = models.ForeignKey(RecordKey, models.PROTECT, db_constraint=False, related_name="holds")
    why = models.CharField(max_length=10, choices=Why.choices)
    placed_at = models.DateTimeField(auto_now_add=True)
    placed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "record_key", "why"], condition=Q(lifted_at__isnull=True), name="one_hold_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(lifted_at__isnull=False, lifted_by__isnull=False),
                name="a_hold_is_lifted_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(why__in=["process", "claim", "audit", "counsel"]), name="a_hold_has_a_known_reason"
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "record_key": "reference",
            "placed_by": "staff activity",
            "lifted_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)
