"""What is done in the program, as counts: who was there, how often mentors met, what was answered with what.

There is no line to write on. What was said in a session is nowhere.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.diversion.models.enrollments import Enrollment, EnrollmentOwned
from waymark.diversion.models.programs import Program, Requirement


class GroupSession(AgencyOwned):
    """One meeting of a group. Its kind is from a list; its subject is nobody's business outside the room."""

    class Kind(models.TextChoices):
        ORIENTATION = "orientation", "Orientation"
        GROUP = "group", "Group"
        LIFE_SKILLS = "life_skills", "Life skills"

    program = models.ForeignKey(Program, models.PROTECT, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.GROUP)
    starts_at = models.DateTimeField()
    minutes = models.PositiveSmallIntegerField()
    is_cancelled = models.BooleanField(default=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        ordering = ["-starts_at", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(kind__in=["orientation", "group", "life_skills"]), name="session_kind"),
            models.CheckConstraint(condition=Q(minutes__gte=15, minutes__lte=600), name="session_has_a_length"),
        ]
        indexes = [models.Index(fields=["agency", "program", "-starts_at"], name="newest_sessions")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "program": "reference", "made_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)


class Attendance(AgencyOwned):
    """That somebody was there: the one thing of every day that the court may be told, as a sum."""

    class Mark(models.TextChoices):
        PRESENT = "present", "Present"
        LATE = "late", "Late"
        EXCUSED = "excused", "Excused"
        ABSENT = "absent", "Absent"
        CANCELLED = "cancelled", "Cancelled by the program"

    session = models.ForeignKey(GroupSession, models.PROTECT, db_constraint=False, related_name="attendance")
    enrollment = models.ForeignKey(Enrollment, models.PROTECT, db_constraint=False, related_name="attendance")
    mark = models.CharField(max_length=9, choices=Mark.choices)
    marked_at = models.DateTimeField(auto_now=True)
    marked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "session", "enrollment"], name="one_mark_a_session"),
            models.CheckConstraint(
                condition=Q(mark__in=["present", "late", "excused", "absent", "cancelled"]), name="attendance_mark"
            ),
        ]
        indexes = [models.Index(fields=["agency", "enrollment"], name="attendance_of_an_enrollment")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "session": "reference",
            "enrollment": "reference",
            "marked_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)


class PeerMonth(EnrollmentOwned):
    """How often somebody met their peer mentor in a month. Who the mentor is and what was said is not here."""

    month = models.DateField(help_text="Its first day.")
    meetings = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField(default=0)

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-month"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "enrollment", "month"], name="one_count_a_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="a_month_begins_with_its_first_day"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "enrollment": "reference"}


class Progress(EnrollmentOwned):
    """So much of a requirement done that no session shows: appointments kept, own goals met, hours elsewhere."""

    requirement = models.ForeignKey(Requirement, models.PROTECT, db_constraint=False, related_name="+")
    on = models.DateField()
    amount = models.PositiveSmallIntegerField()
    is_substitute = models.BooleanField(default=False, help_text="Something else was done in its place.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-on"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gte=1), name="progress_is_some"),
        ]
        indexes = [models.Index(fields=["agency", "enrollment"], name="progress_of_an_enrollment")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "enrollment": "reference",
            "requirement": "reference",
            "written_by": "staff activity",
        }


class Response(EnrollmentOwned):
    """What was answered to how somebody does. The program gives incentives and adjusts; only a court sanctions."""

    class Kind(models.TextChoices):
        INCENTIVE = "incentive", "Incentive"
        ADJUSTMENT = "adjustment", "Service adjustment"
        SANCTION = "sanction", "Sanction imposed by the court"

    class What(models.TextChoices):
        CERTIFICATE = "certificate", "Certificate"
        GIFT = "gift", "Small gift"
        FEWER = "fewer", "Fewer appearances"
        PRAISE = "praise", "Said in court"
        MORE_HELP = "more_help", "More help"
        OTHER_TIME = "other_time", "Another time or place"
        OTHER_SERVICE = "other_service", "Another service"
        MORE_OFTEN = "more_often", "More appearances"
        WRITTEN = "written", "Something written"
        SERVICE = "service", "Community service"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    what = models.CharField(max_length=14, choices=What.choices)
    on = models.DateField()
    court_ordered_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-on"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(
                    kind="incentive", what__in=["certificate", "gift", "fewer", "praise"], court_ordered_on__isnull=True
                )
                | Q(
                    kind="adjustment",
                    what__in=["more_help", "other_time", "other_service"],
                    court_ordered_on__isnull=True,
                )
                | Q(
                    kind="sanction",
                    what__in=["more_often", "written", "service"],
                    court_ordered_on__isnull=False,
                    court_ordered_on__lte=F("on"),
                ),
                name="only_a_court_sanctions",
            ),
        ]
        indexes = [models.Index(fields=["agency", "enrollment"], name="responses_of_an_enrollment")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "enrollment": "reference", "written_by": "staff activity"}


WHAT_OF_KIND: dict[str, tuple[str, ...]] = {
    Response.Kind.INCENTIVE: ("certificate", "gift", "fewer", "praise"),
    Response.Kind.ADJUSTMENT: ("more_help", "other_time", "other_service"),
    Response.Kind.SANCTION: ("more_often", "written", "service"),
}
