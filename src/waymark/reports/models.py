"""What an agency reports and exchanges: facts that counts need, sheets that are being brought in, certified reports.

Facts of a case that only counts and other people's standards ask for lie sealed under the case's key. A sheet of cases
waits sealed, under a key of its own, until it has become cases or was dropped, and then its content is gone. A certified
report is suppressed before it is stored: what was hidden stands nowhere. It never changes; what was wrong is said in a
correction.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.cases.models import CaseOwned


class CaseFacts(CaseOwned):
    """What counts and exports need to know of a case beyond the file: all sealed under the case's own key."""

    sealed = models.BinaryField()
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(CaseOwned.Meta):
        verbose_name_plural = "case facts"
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "case"], name="one_row_of_facts_a_case"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "changed_by": "staff activity"}


class CaseSheet(AgencyOwned):
    """A sheet of cases that somebody brings in. Its rows wait sealed and go as they become cases."""

    class State(models.TextChoices):
        WAITING = "waiting", "Looked at"
        DONE = "done", "Brought in"
        DROPPED = "dropped", "Not brought in"

    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    fingerprint = models.BinaryField(
        max_length=32, help_text="Keyed hash of the file, so that the same file is known again."
    )
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=["waiting", "done", "dropped"]), name="sheet_has_a_known_state"),
            models.CheckConstraint(condition=Q(done__lte=F("rows")), name="no_more_cases_than_rows"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True) | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="a_sheet_ends_once",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-made_at"], name="newest_sheets")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "made_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def left(self) -> int:
        return self.rows - self.done


class SheetRow(AgencyOwned):
    """One row of a waiting sheet, sealed. It is deleted in the transaction that opens its case."""

    sheet = models.ForeignKey(CaseSheet, models.CASCADE, db_constraint=False, related_name="lines")
    number = models.PositiveIntegerField(help_text="The number that a spreadsheet shows beside it.")
    sealed = models.BinaryField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "sheet", "number"], name="one_line_a_number"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "sheet": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class Report(AgencyOwned):
    """Counts of one period by one template, suppressed and certified by one person. The database lets nobody change it."""

    template = models.CharField(max_length=40)
    version = models.CharField(max_length=20)
    starts_on = models.DateField()
    ends_on = models.DateField()
    tables = models.JSONField(help_text="As they are published: a hidden count is null here, too.")
    corrects = models.ForeignKey(
        "reports.Report", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="corrections"
    )
    what_was_wrong = models.TextField(max_length=2000, blank=True)
    certified_at = models.DateTimeField(null=True, help_text="Set by the database.")
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Set by the database."
    )

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "template", "version", "starts_on"],
                condition=Q(corrects__isnull=True),
                name="one_report_a_period",
            ),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="report_has_a_period"),
            models.CheckConstraint(
                condition=Q(corrects__isnull=True, what_was_wrong="") | (Q(corrects__isnull=False) & ~Q(what_was_wrong="")),
                name="a_correction_says_what_was_wrong",
            ),
        ]
        indexes = [models.Index(fields=["agency", "-starts_on", "certified_at"], name="newest_reports")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "corrects": "reference", "certified_by": "staff activity"}

    def __str__(self) -> str:
        return f"{self.template} {self.starts_on.isoformat()}"
