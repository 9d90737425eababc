"""The three things here that go from state to state: a court's paper, a report that law demands, an incident.

They share one table of steps. A step is written once, by the database's clock and in the name of who acts, and moves the
thing itself; the database holds the same table of moves (migrations/sql/obligations.sql), and a test walks every move in
every state.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned


class Machine(models.TextChoices):
    PROCESS = "process", "Legal process"
    REPORT = "report", "Mandated report"
    INCIDENT = "incident", "Incident"


class ProcessState(models.TextChoices):
    RECEIVED = "received", "Received"
    CONTESTED = "contested", "Contested"
    ORDERED = "ordered", "A judge has ordered it"
    QUASHED = "quashed", "Quashed"
    WITHDRAWN = "withdrawn", "Withdrawn"
    DECLINED = "declined", "Answered, nothing given"
    CLOSED = "closed", "Closed"


class ReportState(models.TextChoices):
    BEGUN = "begun", "Not phoned yet"
    PHONED = "phoned", "Phoned, not sent yet"
    SENT = "sent", "Sent"
    DROPPED = "dropped", "No report was needed"


class IncidentState(models.TextChoices):
    OPEN = "open", "Open"
    CONTAINED = "contained", "Contained"
    CLOSED = "closed", "Closed"


class Move(models.TextChoices):
    CONTEST = "contest", "We contest it"
    ORDER = "order", "A judge has ordered it"
    QUASH = "quash", "A judge has quashed it"
    WITHDRAW = "withdraw", "They took it back"
    DECLINE = "decline", "We answered and gave nothing"
    CLOSE = "close", "Close it"
    PHONE = "phone", "I phoned it in"
    SEND = "send", "Print it to send"
    DROP = "drop", "No report is needed"
    CONTAIN = "contain", "It goes no further"
    SPREAD = "spread", "It goes further after all"
    REOPEN = "reopen", "Open it again"


MOVES: dict[tuple[str, str, str], str] = {
    ("process", "received", "contest"): "contested",
    ("process", "received", "order"): "ordered",
    ("process", "contested", "order"): "ordered",
    ("process", "received", "quash"): "quashed",
    ("process", "contested", "quash"): "quashed",
    ("process", "ordered", "quash"): "quashed",
    ("process", "received", "withdraw"): "withdrawn",
    ("process", "contested", "withdraw"): "withdrawn",
    ("process", "received", "decline"): "declined",
    ("process", "contested", "decline"): "declined",
    ("process", "ordered", "close"): "closed",
    ("report", "begun", "phone"): "phoned",
    ("report", "phoned", "send"): "sent",
    ("report", "begun", "drop"): "dropped",
    ("incident", "open", "contain"): "contained",
    ("incident", "contained", "spread"): "open",
    ("incident", "contained", "close"): "closed",
    ("incident", "closed", "reopen"): "contained",
}
# Papers behind which a judge can stand. An officer of immigration signs an administrative warrant, and no
# judge does; whoever
# asks under a records act asks and orders nothing. Neither can ever be ordered.
JUDGED = ("subpoena", "court_order", "warrant")
# Steps that need words, which are sealed.
WITH_REASON = frozenset({Move.DECLINE.value, Move.DROP.value, Move.ORDER.value, Move.QUASH.value, Move.SPREAD.value})


class Step(AgencyOwned):
    """One step of one of the three."""

    process = models.ForeignKey(
        "obligations.LegalProcess", models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    report = models.ForeignKey(
        "obligations.MandatedReport", models.PROTECT, null=True, db_constraint=False, related_name="+"
    )
    incident = models.ForeignKey("obligations.Incident", models.PROTECT, null=True, db_constraint=False, related_name="+")
    move = models.CharField(max_length=10, choices=Move.choices)
    from_state = models.CharField(max_length=10, blank=True, help_text="Set by the database.")
    to_state = models.CharField(max_length=10, blank=True, help_text="Set by the database.")
    reason = models.BinaryField(null=True, help_text="Sealed.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        ordering = ["-at"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(process__isnull=False, report__isnull=True, incident__isnull=True)
                | Q(process__isnull=True, report__isnull=False, incident__isnull=True)
                | Q(process__isnull=True, report__isnull=True, incident__isnull=False),
                name="a_step_is_of_one_thing",
            ),
            models.CheckConstraint(
                condition=~Q(move__in=sorted(WITH_REASON)) | Q(reason__isnull=False) | Q(incident__isnull=False),
                name="a_grave_step_has_a_reason",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "process", "at"], name="steps_of_a_process"),
            models.Index(fields=["agency", "report", "at"], name="steps_of_a_report"),
            models.Index(fields=["agency", "incident", "at"], name="steps_of_an_incident"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "process": "reference",
            "report": "reference",
            "incident": "reference",
            "by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)
