"""A court has cleared somebody's record: what an agency that was told of the order has done with its own rows; and how many
records lawyers had cleared, in numbers that single out nobody.

The order itself stays in its packet, sealed. Here stand the reference that the answer goes back under, days, and which own
rows were put away for it: nothing that says who it was, so that this line may stay when the rows are gone.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned, Membership


class SealTask(AgencyOwned):
    """One order that was taken up. Any agency may get one; those without rows here answer for their own records."""

    packet = models.UUIDField(help_text="This agency’s copy of the order.")
    order = models.UUIDField(help_text="The sender’s id of the same packet; the answers’ ids follow from it.")
    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    reference = models.CharField(max_length=12, help_text="The sender’s, random; the answer goes back under it.")
    ordered_on = models.DateField(null=True, blank=True)
    seal_by = models.DateField(null=True, blank=True, help_text="What the clock of the law says from the order.")
    rows = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Own rows that were put away for it.")
    sealed_on = models.DateField(null=True, blank=True)
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    destroyed_on = models.DateField(null=True, blank=True)
    destroyed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "packet"], name="one_seal_task_a_packet"),
            models.CheckConstraint(
                condition=Q(sealed_on__isnull=True, sealed_by__isnull=True)
                | Q(sealed_on__isnull=False, sealed_by__isnull=False),
                name="sealing_is_somebody_s",
            ),
            models.CheckConstraint(
                condition=Q(destroyed_on__isnull=True, destroyed_by__isnull=True)
                | Q(destroyed_on__gte=F("sealed_on"), destroyed_by__isnull=False, sealed_on__isnull=False),
                name="destroyed_after_sealing",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "packet": "reference",
            "order": "reference",
            "sender": "reference",
            "rows": "reference",
            "sealed_by": "staff activity",
            "destroyed_by": "staff activity",
        }

    def is_late(self, today: dt.date) -> bool:
        return self.sealed_on is None and self.seal_by is not None and self.seal_by < today

    def __str__(self) -> str:
        return self.reference


class ReliefTotal(models.Model):
    """How many petitions a lawyers' office filed and had granted in a quarter, as the office itself let it out.

    It is here and not with the cases, so that a program may show what it cannot know. No number below 11 fits in, and none
    changes: a quarter that is given twice tells by the difference what came in between.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    filed = models.PositiveIntegerField(null=True, blank=True, help_text="Empty when it is held back.")
    granted = models.PositiveIntegerField(null=True, blank=True, help_text="Empty when it is held back.")
    given_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-quarter", "agency__name"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "year", "quarter"], name="one_relief_total_a_quarter"),
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="relief_total_of_a_quarter"),
            models.CheckConstraint(
                condition=(Q(filed=None) | Q(filed__gte=11)) & (Q(granted=None) | Q(granted__gte=11)),
                name="relief_total_is_never_small",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "given_by": "staff name"}
        without_row_wall = "It is what the agency itself let out, after small numbers were taken away."

    def __str__(self) -> str:
        return f"{self.year} Q{self.quarter}"
