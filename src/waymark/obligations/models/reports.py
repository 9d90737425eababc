"""A report that law makes one person give: of a child, an elder, an injury.

The duty binds a person by license or function, since a day, and not an agency. Who does not have it has no such report, and
the database asks. What is said and sent is written for the report alone: no case, note or file is ever attached.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.obligations.models.machines import ReportState
from waymark.people.models import PersonOwned


class MandatedReport(PersonOwned):
    """One report. `made_by` is the reporter, known inside the agency alone. Sealed: the words, whom, the number given."""

    class Duty(models.TextChoices):
        CHILD_ABUSE = "child_abuse", "Abuse of a child"
        ELDER_ABUSE = "elder_abuse", "Abuse of an elder or dependent adult"
        INJURIES = "injuries", "An injury from a weapon or an assault"

    class Receiver(models.TextChoices):
        CHILD_PROTECTION = "child_protection", "Child protection"
        ADULT_PROTECTION = "adult_protection", "Adult protection"
        POLICE = "police", "Police or sheriff"

    class Unsaid(models.TextChoices):
        """Why they were not told before they spoke that the listener must report."""

        WAS_TOLD = "", "They were told"
        THEY_BEGAN = "they_began", "They told me before I could say it"
        NOT_THEM = "not_them", "I saw it or heard it from somebody else"
        UNSAFE = "unsafe", "Saying it would have put them in danger"

    duty = models.CharField(max_length=12, choices=Duty.choices)
    receiver = models.CharField(max_length=18, choices=Receiver.choices)
    basis = models.CharField(max_length=120, help_text="The license or function, as it stood on that day.")
    learned_at = models.DateTimeField(help_text="When the reporter learned of it: the clock begins.")
    due_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True, help_text="When they were told, before they were asked.")
    unsaid = models.CharField(max_length=12, choices=Unsaid.choices, blank=True, default="")
    state = models.CharField(max_length=10, choices=ReportState.choices, default=ReportState.BEGUN)

    class Meta(PersonOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=ReportState.values), name="report_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(duty__in=["child_abuse", "elder_abuse", "injuries"]), name="report_has_a_known_duty"
            ),
            models.CheckConstraint(condition=~Q(basis=""), name="report_has_a_basis"),
            models.CheckConstraint(condition=Q(due_at__gte=F("learned_at")), name="report_is_due_after_it_begins"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=False, unsaid="")
                | Q(told_at__isnull=True, unsaid__in=["they_began", "not_them", "unsafe"]),
                name="they_were_told_or_it_says_why_not",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "person"], name="reports_of_a_person"),
            models.Index(fields=["agency", "state", "due_at"], name="reports_by_state"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "made_by": "staff activity"}
