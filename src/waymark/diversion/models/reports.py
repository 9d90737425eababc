"""What the court is told: a frozen report of typed numbers, a packet to each party, and what counsel contests.

There is no field for content, history, health, address, children or peer talk, and "not engaging" is not a status: where
nothing may be said, the court reads "no report".
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned
from waymark.disclosures.models import OutboxPacket
from waymark.diversion.models.enrollments import EnrollmentOwned


class Reader(models.TextChoices):
    """Who reads a report. Counsel is first."""

    DEFENSE = "defense", "Defense"
    COURT = "court", "Court"
    PROSECUTION = "prosecution", "Prosecution"


class ComplianceReport(EnrollmentOwned):
    """The program's own copy of the numbers that were sent for one court day. Written once."""

    class Status(models.TextChoices):
        ON_TRACK = "on_track", "On track"
        NEEDS_ATTENTION = "needs_attention", "Needs attention"

    for_day = models.DateField(help_text="The court day that it is for.")
    is_enrolled = models.BooleanField()
    phase = models.PositiveSmallIntegerField()
    sessions_attended = models.PositiveSmallIntegerField()
    sessions_required = models.PositiveSmallIntegerField()
    hours = models.PositiveSmallIntegerField()
    appointments = models.PositiveSmallIntegerField()
    status = models.CharField(max_length=16, choices=Status.choices)
    next_on = models.DateField(null=True, blank=True)
    given_to_counsel_at = models.DateTimeField(null=True, blank=True, help_text="On paper, to counsel outside.")
    frozen_at = models.DateTimeField(null=True, help_text="Set by the database.")
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-frozen_at"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(status__in=["on_track", "needs_attention"]), name="report_status"),
        ]
        indexes = [models.Index(fields=["agency", "enrollment", "for_day"], name="reports_of_an_enrollment")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "enrollment": "reference", "frozen_by": "staff activity"}


class ReportPacket(AgencyOwned):
    """One packet of a report, to one reader. Court and prosecution get theirs a day after counsel."""

    report = models.ForeignKey(ComplianceReport, models.PROTECT, db_constraint=False, related_name="packets")
    reader = models.CharField(max_length=12, choices=Reader.choices)
    packet = models.ForeignKey(OutboxPacket, models.PROTECT, db_constraint=False, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "report", "reader"], name="one_packet_a_reader"),
            models.UniqueConstraint(fields=["agency", "packet"], name="one_report_a_packet"),
            models.CheckConstraint(condition=Q(reader__in=Reader.values), name="report_reader"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "report": "reference", "packet": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class ReportContest(AgencyOwned):
    """Counsel says that a number of a report is another one. The program looks again, and writes a new report or not."""

    class Field(models.TextChoices):
        SESSIONS = "sessions_attended", "Sessions attended"
        HOURS = "hours", "Hours"
        APPOINTMENTS = "appointments", "Appointments kept"

    report = models.ForeignKey(ComplianceReport, models.PROTECT, db_constraint=False, related_name="contests")
    field = models.CharField(max_length=20, choices=Field.choices)
    says = models.PositiveSmallIntegerField(help_text="The number that counsel has.")
    packet = models.UUIDField(help_text="The packet that it came in.")
    came_on = models.DateField()
    settled_on = models.DateField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    is_corrected = models.BooleanField(default=False)

    class Meta(AgencyOwned.Meta):
        ordering = ["-came_on"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "packet"], name="one_contest_a_packet"),
            models.CheckConstraint(
                condition=Q(settled_on__isnull=True, settled_by__isnull=True, is_corrected=False)
                | Q(settled_on__isnull=False, settled_by__isnull=False),
                name="contest_is_settled_by_somebody",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "report": "reference",
            "packet": "reference",
            "settled_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)
