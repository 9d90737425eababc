"""Corrections of figures: what was wrong stays readable beside what is right, with the day and the reason.

One person proposes and another applies. A figure cannot be changed in any other way: the database compares old and new with
the correction that was applied last.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import User
from waymark.newsroom.models.figures import PublishedFigure

FIGURE_FIELDS = ("value", "bound", "display", "wording", "source", "population", "period", "caveat", "as_of")


class FigureCorrection(models.Model):
    """One field of one figure: before, after, why, who."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    figure = models.ForeignKey(PublishedFigure, models.PROTECT, related_name="corrections")
    field = models.CharField(max_length=20)
    before = models.CharField(max_length=600, blank=True)
    after = models.CharField(max_length=600, blank=True)
    reason = models.CharField(max_length=400, help_text="Published with the correction.")
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    applied_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(field__in=FIGURE_FIELDS), name="figure_correction_of_a_field"),
            models.CheckConstraint(
                condition=Q(applied_by=None, applied_at=None) | Q(applied_by__isnull=False, applied_at__isnull=False),
                name="figure_correction_is_applied_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(applied_by=None) | ~Q(applied_by=F("proposed_by")), name="figure_correction_is_applied_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(before=F("after")) & ~Q(reason=""), name="figure_correction_changes_and_says_why"
            ),
        ]

    class Privacy:
        kind = "public"
        fields = {
            "proposed_by": "staff activity",
            "proposed_at": "staff activity",
            "applied_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)
