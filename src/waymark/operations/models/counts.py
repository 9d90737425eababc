"""What an operation counted, agency by agency, and what its lead announced.

A number that nobody published is not zero. So a value may be missing, and missing is kept apart from 0. No measure counts
arrests of juveniles: a child who is sold is not arrested for it; how many were treated as victims is a measure.
What an agency for victims counts stays behind its own row wall: nobody learns who accepted help that night.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, AgencyOwned, Membership
from waymark.law.models import Charge
from waymark.operations.models.operations import Operation


class Measure(models.TextChoices):
    """What is counted. Arrests, citations, charges and investigations are apart, because they are not the same."""

    AD_RESPONSES = "ad_responses", "Responses to decoy advertisements"
    ADVOCATE_CALLED = "advocate_called", "Advocate called on request"
    ARRESTS = "arrests", "Arrests"
    CHARGED = "charged", "People charged"
    CITATIONS = "citations", "Citations"
    CONTACTS = "contacts", "People contacted"
    INVESTIGATIONS = "investigations", "Investigations opened"
    JUVENILES_RECOVERED = "juveniles_recovered", "Juveniles recovered"
    RIGHT_TOLD = "right_told", "Told of the right to an advocate"
    TREATED_AS_VICTIMS = "treated_as_victims", "Treated as victims, no arrest"
    WAIVERS = "waivers", "Written waivers of an advocate"
    WEAPON_ARRESTS = "weapon_arrests", "Arrests with a firearm"


class Part(models.TextChoices):
    """On which side of the crime somebody stood, as whoever counted says."""

    BUYER = "buyer", "Buyers"
    EXPLOITER = "exploiter", "Exploiters"
    NOT_STATED = "not_stated", "Not stated"
    OTHER = "other", "Other"
    SELLER = "seller", "People who sell"


NO_SIDE = (
    Measure.AD_RESPONSES,
    Measure.ADVOCATE_CALLED,
    Measure.INVESTIGATIONS,
    Measure.JUVENILES_RECOVERED,
    Measure.RIGHT_TOLD,
    Measure.TREATED_AS_VICTIMS,
    Measure.WAIVERS,
)


class Counted(models.Model):
    """A number of a kind: what is counted, of which side, under which charge."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    measure = models.CharField(max_length=20, choices=Measure.choices)
    side = models.CharField(max_length=10, choices=Part.choices, default=Part.NOT_STATED)
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, blank=True, related_name="+")
    value = models.PositiveIntegerField(null=True, blank=True, help_text="Empty when nobody counted or published it.")
    words = models.CharField(max_length=160, blank=True, default="", help_text="The published words, if any.")
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta:
        abstract = True


def rules_of(name: str) -> list[models.BaseConstraint]:
    """What holds for every counted number."""
    return [
        models.CheckConstraint(
            condition=Q(measure__in=[str(item) for item in Measure.values])
            & Q(side__in=[str(item) for item in Part.values]),
            name=f"{name}_is_of_a_known_kind",
        ),
        models.CheckConstraint(
            condition=~Q(measure__in=[item.value for item in NO_SIDE]) | Q(side=Part.NOT_STATED),
            name=f"{name}_has_a_side_where_there_is_one",
        ),
    ]


class OutcomeCount(Counted):
    """What one agency counted in one operation. Only that agency writes it."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="outcomes")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["measure", "side", "charge__section"]
        constraints = [
            *rules_of("outcome"),
            models.UniqueConstraint(
                fields=["operation", "agency", "measure", "side", "charge"],
                name="one_outcome_of_a_kind",
                nulls_distinct=False,
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "entered_by": "staff name"}
        without_row_wall = "Agencies that took part compare their counts; they are counts of events and hold no person."

    def __str__(self) -> str:
        return f"{self.measure} {self.side}"


class OperationTotal(Counted):
    """What the lead announced for the whole operation, held against the sum of the agencies."""

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="totals")

    class Meta:
        ordering = ["measure", "side", "charge__section"]
        constraints = [
            *rules_of("total"),
            models.UniqueConstraint(
                fields=["operation", "measure", "side", "charge"], name="one_total_of_a_kind", nulls_distinct=False
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "entered_by": "staff name"}

    def __str__(self) -> str:
        return f"{self.measure} {self.side}"


class ServiceCount(AgencyOwned):
    """What an agency for victims counted. Nobody else reads it, not even that it is there."""

    class Kind(models.TextChoices):
        MET = "met", "People met"
        REQUESTED = "requested", "Asked for an advocate"
        OFFERED = "offered", "Offered services"
        ACCEPTED = "accepted", "Accepted services"

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    value = models.PositiveIntegerField(null=True, blank=True)
    entered_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "operation", "kind"], name="one_service_count_of_a_kind"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "entered_by": "staff name"}

    def __str__(self) -> str:
        return self.kind
