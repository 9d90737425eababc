"""What leaves for the federal measures, once a quarter: numbers that single out nobody, frozen when they are given.

A quarter that is given twice tells by the difference what came in between, so neither of these rows ever changes.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, Membership
from waymark.operations.models.counts import ServiceCount


class Quarter(models.Model):
    """Three months of a year."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    given_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        abstract = True


class ServiceTotal(Quarter):
    """One kind of number of one agency for victims in a quarter, as it was let out. No number below 11 fits in."""

    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=ServiceCount.Kind.choices)
    value = models.PositiveIntegerField(null=True, blank=True, help_text="Empty when it is small, or nobody counted.")
    is_counted = models.BooleanField()

    class Meta:
        ordering = ["-year", "-quarter", "agency__name", "kind"]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="service_total_of_a_quarter"),
            models.CheckConstraint(
                condition=Q(value=None) | Q(value__gte=11, is_counted=True), name="service_total_is_never_small"
            ),
            models.CheckConstraint(condition=Q(kind__in=ServiceCount.Kind.values), name="service_total_of_a_known_kind"),
            models.UniqueConstraint(fields=["agency", "year", "quarter", "kind"], name="one_service_total_a_quarter"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "given_by": "staff name"}
        without_row_wall = "It is what the agency itself let out, after small numbers were taken away."

    def __str__(self) -> str:
        return self.kind


class QuarterlyFile(Quarter):
    """The enforcement side's counts of a quarter for the federal measures, after small numbers were taken away."""

    rows = models.JSONField(default=list, help_text="Measure, side, number or null, and why it is null.")

    class Meta:
        ordering = ["-year", "-quarter"]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__gte=1, quarter__lte=4), name="file_of_a_quarter"),
            models.UniqueConstraint(fields=["year", "quarter"], name="one_file_a_quarter"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "given_by": "staff name"}

    def __str__(self) -> str:
        return f"{self.year} Q{self.quarter}"
