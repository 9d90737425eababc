"""Blank sheets that were printed: each has a number, so that what is typed in later is known to come from it, and once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned


class Sheet(AgencyOwned):
    """One numbered sheet of an agency. It holds nothing of anybody."""

    class Kind(models.TextChoices):
        INTAKE = "intake", "First talk"
        RELEASE = "release", "Sharing"
        PLAN = "plan", "Plan"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    number = models.PositiveIntegerField()
    language = models.CharField(max_length=5)
    printed_at = models.DateTimeField(auto_now_add=True)
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "kind", "number"], name="one_sheet_a_number"),
            models.CheckConstraint(condition=Q(kind__in=["intake", "release", "plan"]), name="sheet_has_a_kind"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "printed_by": "staff activity"}

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
