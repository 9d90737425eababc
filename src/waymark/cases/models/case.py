"""A case: what one agency does with and for one person, from the first call to the day on which it is put away.

A case has a key of its own. Its state moves only by moves that are written down, each with who and when, and the database
knows which moves there are. A note about privileged talk cannot be written before the person was told where privilege ends,
and a note is final a day after it was written; both are rules of the database (migrations/sql/cases.sql).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import AgencyOwned
from waymark.people.models import Person


class State(models.TextChoices):
    INQUIRY = "inquiry", "Inquiry"
    INTAKE = "intake", "Intake"
    ACTIVE = "active", "Active"
    ON_HOLD = "on_hold", "On hold"
    CLOSING = "closing", "Closing"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"
    ARCHIVED = "archived", "Put away"
    SHREDDED = "shredded", "Destroyed"


class Move(models.TextChoices):
    """What moves a case. The database holds the same table of moves; a test holds the two together."""

    BEGIN_INTAKE = "begin_intake", "Begin intake"
    ACTIVATE = "activate", "Begin the work"
    HOLD = "hold", "Put on hold"
    RESUME = "resume", "Go on"
    BEGIN_CLOSING = "begin_closing", "Begin to close"
    KEEP_OPEN = "keep_open", "Keep it open"
    CLOSE = "close", "Close"
    REOPEN = "reopen", "Reopen"
    ARCHIVE = "archive", "Put away"
    SHRED = "shred", "Destroy"


MOVES: dict[tuple[str, str], str] = {
    (State.INQUIRY, Move.BEGIN_INTAKE): State.INTAKE,
    (State.INQUIRY, Move.BEGIN_CLOSING): State.CLOSING,
    (State.INTAKE, Move.ACTIVATE): State.ACTIVE,
    (State.INTAKE, Move.BEGIN_CLOSING): State.CLOSING,
    (State.ACTIVE, Move.HOLD): State.ON_HOLD,
    (State.ACTIVE, Move.BEGIN_CLOSING): State.CLOSING,
    (State.ON_HOLD, Move.RESUME): State.ACTIVE,
    (State.ON_HOLD, Move.BEGIN_CLOSING): State.CLOSING,
    (State.CLOSING, Move.KEEP_OPEN): State.ACTIVE,
    (State.CLOSING, Move.CLOSE): State.CLOSED,
    (State.CLOSED, Move.REOPEN): State.REOPENED,
    (State.CLOSED, Move.ARCHIVE): State.ARCHIVED,
    (State.ARCHIVED, Move.SHRED): State.SHREDDED,
    (State.REOPENED, Move.ACTIVATE): State.ACTIVE,
    (State.REOPENED, Move.BEGIN_CLOSING): State.CLOSING,
}
# A case is destroyed when two people decided so, and never by a move alone (`DestructionRequest`).
BY_TWO = frozenset({Move.SHRED.value})
# Moves that need a reason, which is sealed.
WITH_REASON = frozenset({Move.HOLD.value, Move.BEGIN_CLOSING.value, Move.CLOSE.value, Move.REOPEN.value})
OPEN_STATES = (State.INQUIRY, State.INTAKE, State.ACTIVE, State.ON_HOLD, State.CLOSING, State.REOPENED)


class Case(AgencyOwned):
    """One person's case in one agency. In the open: code, state, whose it is, and when somebody must look at it next."""

    code = models.CharField(max_length=12)
    person = models.ForeignKey(Person, models.PROTECT, db_constraint=False, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INQUIRY)
    worker = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    opened_on = models.DateField(help_text="The day of the first talk; when it was typed in, `made_at` says.")
    sheet = models.ForeignKey("cases.Sheet", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    due_on = models.DateField(null=True, blank=True, help_text="When somebody must look at it next.")
    story = models.BinaryField(help_text="What brings the person here, and what was asked for; sealed.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "code"], name="one_case_a_code"),
            models.UniqueConstraint(fields=["agency", "sheet"], name="one_case_a_sheet"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="case_has_a_known_state"),
        ]
        indexes = [
            models.Index(fields=["agency", "worker", "state", "due_on"], name="caseload_of_a_worker"),
            models.Index(fields=["agency", "state", "due_on"], name="caseload_of_an_agency"),
            models.Index(fields=["agency", "person"], name="cases_of_a_person"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "person": "reference",
            "sheet": "reference",
            "worker": "staff activity",
            "made_by": "staff activity",
        }

    def __str__(self) -> str:
        return self.code


class CaseOwned(AgencyOwned):
    """What belongs to one case; the migration adds its composite key."""

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="+")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class CaseMove(CaseOwned):
    """One move of a case, written once, by the database's clock and in the name of who acts. It moves the case itself."""

    move = models.CharField(max_length=20, choices=Move.choices)
    from_state = models.CharField(max_length=10, blank=True, help_text="Set by the database.")
    to_state = models.CharField(max_length=10, blank=True, help_text="Set by the database.")
    reason = models.BinaryField(null=True, help_text="Sealed.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(move__in=sorted(WITH_REASON)) | Q(reason__isnull=False), name="a_grave_move_has_a_reason"
            ),
        ]
        indexes = [models.Index(fields=["agency", "case", "at"], name="moves_of_a_case")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "by": "staff activity"}


class NoticeTold(CaseOwned):
    """That the person was told something before they were asked: which text, in which language, when and by whom."""

    class About(models.TextChoices):
        LIMITS = "limits", "Where confidentiality ends"
        RIGHTS = "rights", "Their rights here"
        DUTIES = "duties", "What I must report"

    about = models.CharField(max_length=10, choices=About.choices)
    version = models.CharField(max_length=20, help_text="Version of the text that was told.")
    language = models.BinaryField(help_text="Sealed: a rare language says who somebody is.")
    told_at = models.DateTimeField()
    told_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(about__in=["limits", "rights", "duties"]), name="notice_has_a_subject"),
        ]
        indexes = [models.Index(fields=["agency", "case", "about"], name="notices_of_a_case")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "told_by": "staff activity"}


class Note(CaseOwned):
    """What somebody wrote down. It can be corrected by its writer for a day, and afterwards only added to."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", "Progress"
        PRIVILEGED = "privileged", "Privileged talk"
        SUPERVISION = "supervision", "Supervision"
        LEGAL = "legal", "Legal"

    kind = models.CharField(max_length=12, choices=Kind.choices)
    happened_on = models.DateField()
    text = models.BinaryField(help_text="Sealed.")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", help_text="Set by the database."
    )
    written_at = models.DateTimeField(null=True, help_text="Set by the database.")
    locks_at = models.DateTimeField(null=True, help_text="Set by the database: a day after it was written.")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(kind__in=["progress", "privileged", "supervision", "legal"]), name="note_has_a_kind"
            ),
        ]
        indexes = [models.Index(fields=["agency", "case", "-written_at"], name="notes_of_a_case")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "case": "reference", "author": "staff activity"}


class Addendum(AgencyOwned):
    """What was added to a note; never changed, kept in its order."""

    note = models.ForeignKey(Note, models.PROTECT, db_constraint=False, related_name="addenda")
    number = models.PositiveIntegerField(null=True, help_text="Set by the database.")
    text = models.BinaryField(help_text="Sealed.")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    written_at = models.DateTimeField(null=True, help_text="Set by the database.")

    class Meta(AgencyOwned.Meta):
        ordering = ["number"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "note", "number"], name="addenda_keep_their_order"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "note": "reference", "author": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)
