"""Joint operations as what they may be here: a title, who took part, when in days that are over, and counts.

There is no field for a person, a place, a target or a plan. An operation that is not over is seen by those who take part in
it and by nobody else, because whoever learns a date early can warn or wait.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models import Decision


class Setting(models.TextChoices):
    """What kind of place, never which."""

    HOTEL = "hotel", "Hotels"
    ONLINE = "online", "Online"
    STREET = "street", "Streets"


class Operation(models.Model):
    """One operation, led by one agency. Days may be unknown for one that was only named in print."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=120, help_text="As it was announced. No name of a person.")
    edition = models.CharField(max_length=60, blank=True, default="", help_text="As in “4th annual”.")
    lead = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    period_words = models.CharField(max_length=80, blank=True, default="", help_text="As published, if not in exact days.")
    settings = ArrayField(models.CharField(max_length=10, choices=Setting.choices), default=list, blank=True)
    source = models.CharField(max_length=200, blank=True, default="", help_text="Where the numbers were published.")
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="+", help_text="The coalition's decision about it."
    )
    who_asked = models.CharField(max_length=160, blank=True, default="", help_text="An agency or a group, never a person.")
    created_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        Membership, models.PROTECT, null=True, blank=True, related_name="+", help_text="One of the few who know it before."
    )

    class Meta:
        ordering = ["-year", "-ends_on", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None, ends_on=None) | Q(starts_on__isnull=False, ends_on__gte=F("starts_on")),
                name="operation_has_both_days_or_none",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__year=F("year")), name="operation_is_of_the_year_in_which_it_ended"
            ),
            models.CheckConstraint(condition=Q(year__gte=1990, year__lte=2100), name="operation_year_is_a_year"),
            models.UniqueConstraint(fields=["name", "edition", "year"], name="one_operation_of_a_name_edition_and_year"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "recorded_by": "staff name"}
        without_row_wall = "An operation that is over is known to the coalition; before, the policy shows it to the few."

    def __str__(self) -> str:
        return f"{self.name} {self.year}"

    @property
    def last_day(self) -> dt.date:
        """The day on which it ended; without exact days the last of its year."""
        return self.ends_on or dt.date(self.year, 12, 31)


class OperationAgency(models.Model):
    """Who took part and as what. An agency outside the coalition stands by its name alone."""

    class Part(models.TextChoices):
        ADVOCATE = "advocate", "Sent advocates"
        CONDUCTED = "conducted", "Conducted it"
        PARTICIPATED = "participated", "Took part"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    operation = models.ForeignKey(Operation, models.CASCADE, related_name="taking_part")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=120, help_text="As it is written in the announcement.")
    part = models.CharField(max_length=12, choices=Part.choices)

    class Meta:
        ordering = ["part", "name"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "name"], name="once_in_an_operation_by_name"),
            models.UniqueConstraint(
                fields=["operation", "agency"], condition=Q(agency__isnull=False), name="once_in_an_operation"
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "Who took part in an operation is known to all who took part, and after it to the coalition."

    def __str__(self) -> str:
        return self.name
