"""A program as data: its phases, what each asks for, and who it is for, each rule with the days on which it holds.

The kinds of rules are a closed list. None asks for gender, for a plea or for an admission, and none can be written down.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned


class Program(AgencyOwned):
    """One program of one agency, made from a template and changed as that agency and its court agree."""

    name = models.CharField(max_length=120)
    template = models.CharField(max_length=40, help_text="Which template it was made from, and its version.")
    court = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    prosecution = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    handbook = models.CharField(max_length=40, help_text="Version of the handbook and the rights sheet.")
    is_open = models.BooleanField(default=True, help_text="Whether it takes new people.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "name"], name="one_program_a_name"),
            models.CheckConstraint(
                condition=~Q(court=F("agency")) & ~Q(prosecution=F("agency")) & ~Q(court=F("prosecution")),
                name="program_court_and_prosecution_are_three",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "court": "reference", "prosecution": "reference"}

    def __str__(self) -> str:
        return self.name


class Phase(AgencyOwned):
    """A part of a program, in its order."""

    program = models.ForeignKey(Program, models.CASCADE, db_constraint=False, related_name="phases")
    number = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=80)
    least_days = models.PositiveSmallIntegerField(default=0)

    class Meta(AgencyOwned.Meta):
        ordering = ["number"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "program", "number"], name="one_phase_a_number"),
            models.CheckConstraint(condition=Q(number__gte=1), name="phases_begin_with_one"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "program": "reference"}

    def __str__(self) -> str:
        return self.name


class Requirement(AgencyOwned):
    """How much of something a phase asks for. Progress is counted, content is not graded."""

    class Kind(models.TextChoices):
        SESSIONS = "sessions", "Group sessions"
        HOURS = "hours", "Life-skills hours"
        PEER = "peer", "Meetings with a peer mentor"
        APPOINTMENTS = "appointments", "Appointments kept"
        GOALS = "goals", "Own goals"

    phase = models.ForeignKey(Phase, models.CASCADE, db_constraint=False, related_name="requirements")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    amount = models.PositiveSmallIntegerField()

    class Meta(AgencyOwned.Meta):
        ordering = ["kind"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "phase", "kind"], name="one_requirement_a_kind"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="requirement_asks_for_something"),
            models.CheckConstraint(
                condition=Q(kind__in=["sessions", "hours", "peer", "appointments", "goals"]),
                name="requirement_has_a_known_kind",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "phase": "reference"}

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.amount}"


class EligibilityRule(AgencyOwned):
    """Who a program is for, on the days from `in_force_from` to `in_force_until`, both included; none is open there."""

    class Kind(models.TextChoices):
        ADULT = "adult", "18 or older on the day of the offense"
        LEVEL = "level", "The charge is of one of these levels"
        CHARGE = "charge", "The charge is one of these sections"
        NOT_CHARGE = "not_charge", "The charge is none of these sections"

    program = models.ForeignKey(Program, models.CASCADE, db_constraint=False, related_name="rules")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    values = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    source = models.CharField(max_length=200)
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        ordering = ["kind", "in_force_from", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind="adult", values=[]) | Q(kind__in=["level", "charge", "not_charge"], values__len__gt=0),
                name="rule_has_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(in_force_from=None) | Q(in_force_until=None) | Q(in_force_until__gte=F("in_force_from")),
                name="rule_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(source=""), name="rule_has_a_source"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "program": "reference"}

    def __str__(self) -> str:
        return self.get_kind_display()
