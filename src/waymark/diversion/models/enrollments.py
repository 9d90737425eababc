"""Somebody in the program: from the day on which all agreed to the day on which it ends, and back again.

A state moves by moves alone, which the database knows (migrations/sql/diversion.sql). Before anybody is enrolled three
things were done, and it is written down that they were done, not what was said: counsel was met, advice about immigration
was given, counsel was asked about dismissal or Penal Code 236.23.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.disclosures.models import Permit
from waymark.diversion.models.parties import Referral, SealedRecord
from waymark.diversion.models.programs import Phase, Program


class State(models.TextChoices):
    ACTIVE = "active", "In the program"
    ON_LEAVE = "on_leave", "On leave"
    HEARING_NOTICED = "hearing_noticed", "Hearing noticed"
    GRADUATED = "graduated", "Graduated"
    OPTED_OUT = "opted_out", "Opted out"
    TRANSFERRED = "transferred", "Transferred"
    ADMINISTRATIVE = "administrative", "Ended for another reason"
    TERMINATED = "terminated", "Terminated after a hearing"


class Move(models.TextChoices):
    """What moves an enrollment. The database holds the same table; a test tries every move in every state."""

    LEAVE = "leave", "Begin a leave"
    RETURN = "return", "Return from leave"
    ADVANCE = "advance", "Advance to the next phase"
    NOTICE_HEARING = "notice_hearing", "Give notice of a hearing"
    CONTINUE = "continue", "Go on after the hearing"
    GRADUATE = "graduate", "Graduate"
    OPT_OUT = "opt_out", "Opt out"
    TRANSFER = "transfer", "Transfer"
    END = "end", "End for another reason"
    TERMINATE = "terminate", "Terminate after the hearing"
    RE_ENTER = "re_enter", "Re-enter"


OPEN_STATES = (State.ACTIVE, State.ON_LEAVE, State.HEARING_NOTICED)
EXITS: dict[str, str] = {
    Move.GRADUATE: State.GRADUATED,
    Move.OPT_OUT: State.OPTED_OUT,
    Move.TRANSFER: State.TRANSFERRED,
    Move.END: State.ADMINISTRATIVE,
    Move.TERMINATE: State.TERMINATED,
}
MOVES: dict[tuple[str, str], str] = {
    (State.ACTIVE, Move.LEAVE): State.ON_LEAVE,
    (State.ACTIVE, Move.ADVANCE): State.ACTIVE,
    (State.ACTIVE, Move.NOTICE_HEARING): State.HEARING_NOTICED,
    (State.ACTIVE, Move.GRADUATE): State.GRADUATED,
    (State.ON_LEAVE, Move.RETURN): State.ACTIVE,
    (State.ON_LEAVE, Move.NOTICE_HEARING): State.HEARING_NOTICED,
    (State.HEARING_NOTICED, Move.CONTINUE): State.ACTIVE,
    (State.HEARING_NOTICED, Move.TERMINATE): State.TERMINATED,
    **{(state, move): EXITS[move] for state in OPEN_STATES for move in (Move.OPT_OUT, Move.TRANSFER, Move.END)},
    **{
        (state, Move.RE_ENTER): State.ACTIVE
        for state in (State.OPTED_OUT, State.TRANSFERRED, State.ADMINISTRATIVE, State.TERMINATED)
    },
}


class Authority(models.TextChoices):
    """Under what law somebody is diverted."""

    PRETRIAL = "pc_1001", "Penal Code 1001 to 1001.9, with the prosecution"
    COURT = "pc_1001_95", "Penal Code 1001.95, by the court"
    OTHER = "other", "Another authority"


class Enrollment(SealedRecord):
    """One person in one program. Sealed: name, initials, reference, language, safe times, what reminders they want."""

    program = models.ForeignKey(Program, models.PROTECT, db_constraint=False, related_name="+")
    referral = models.ForeignKey(Referral, models.PROTECT, db_constraint=False, related_name="enrollments")
    defense = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+", help_text="Empty: counsel outside; gets paper."
    )
    phase = models.ForeignKey(Phase, models.PROTECT, db_constraint=False, related_name="+")
    phase_since = models.DateField()
    state = models.CharField(max_length=16, choices=State.choices, default=State.ACTIVE)
    entry = models.PositiveSmallIntegerField(default=1, help_text="Which time they are in; re-entry counts on.")
    authority = models.CharField(max_length=12, choices=Authority.choices)
    started_on = models.DateField()
    max_end_on = models.DateField(help_text="The last day that the law allows.")
    next_court_on = models.DateField(null=True, blank=True)
    was_adult = models.BooleanField(help_text="18 or older on the day of the offense.")
    counsel_met_on = models.DateField(help_text="Done, not what was said.")
    immigration_advice_on = models.DateField(help_text="Done, not what was said.")
    counsel_asked_on = models.DateField(help_text="Counsel was asked about dismissal or Penal Code 236.23.")
    rights_told_on = models.DateField(help_text="The rights sheet was gone through.")
    wants_paper_reminders = models.BooleanField(default=False)

    class Meta(SealedRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="diversion_enrollment_of_agency"),
            models.UniqueConstraint(fields=["agency", "code"], name="one_enrollment_a_code"),
            models.UniqueConstraint(fields=["agency", "referral"], name="one_enrollment_a_referral"),
            models.CheckConstraint(condition=Q(was_adult=True), name="nobody_enrolled_under_18_at_the_offense"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="enrollment_has_a_known_state"),
            models.CheckConstraint(condition=Q(authority__in=Authority.values), name="enrollment_has_an_authority"),
            models.CheckConstraint(condition=Q(max_end_on__gt=F("started_on")), name="enrollment_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(counsel_met_on__lte=F("started_on"))
                & Q(immigration_advice_on__lte=F("started_on"))
                & Q(counsel_asked_on__lte=F("started_on"))
                & Q(rights_told_on__lte=F("started_on")),
                name="done_before_anybody_is_enrolled",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "next_court_on"], name="enrollments_by_court_day"),
            models.Index(fields=["agency", "program", "state"], name="enrollments_of_a_program"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "program": "reference",
            "referral": "reference",
            "defense": "reference",
            "phase": "reference",
            "made_by": "staff activity",
        }


class EnrollmentOwned(AgencyOwned):
    """What belongs to one enrollment; the migration adds its composite key."""

    enrollment = models.ForeignKey(Enrollment, models.PROTECT, db_constraint=False, related_name="+")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class EnrollmentMove(EnrollmentOwned):
    """One move, written once, by the database's clock, in the name of who acts. It moves the enrollment itself."""

    move = models.CharField(max_length=16, choices=Move.choices)
    on = models.DateField()
    max_end_on = models.DateField(null=True, blank=True, help_text="For a re-entry: the new last day.")
    from_state = models.CharField(max_length=16, blank=True, help_text="Set by the database.")
    to_state = models.CharField(max_length=16, blank=True, help_text="Set by the database.")
    entry = models.PositiveSmallIntegerField(null=True, help_text="Set by the database.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-at"]
        indexes = [models.Index(fields=["agency", "enrollment", "at"], name="moves_of_an_enrollment")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "enrollment": "reference", "by": "staff activity"}


class Hearing(EnrollmentOwned):
    """A hearing before anybody is terminated: noticed to the person and to counsel, held, and what the court decided."""

    class Outcome(models.TextChoices):
        NONE = "", "Not held yet"
        CONTINUES = "continues", "Diversion continues"
        TERMINATE = "terminate", "Terminated"
        TAKEN_BACK = "taken_back", "Taken back before it was held"

    noticed_on = models.DateField(help_text="The person was told.")
    counsel_noticed_on = models.DateField(help_text="Counsel was told.")
    set_for = models.DateField()
    entry = models.PositiveSmallIntegerField(null=True, help_text="Set by the database.")
    held_on = models.DateField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-set_for"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(noticed_on__lt=F("set_for")) & Q(counsel_noticed_on__lt=F("set_for")),
                name="hearing_is_noticed_before_its_day",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "taken_back"], held_on__isnull=True)
                | Q(outcome__in=["continues", "terminate"], held_on__gte=F("set_for")),
                name="hearing_is_decided_on_the_day_or_later",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "enrollment": "reference", "written_by": "staff activity"}


class Exit(EnrollmentOwned):
    """How somebody's time in the program ended, once an entry. Writing it moves the enrollment.

    The database writes no termination without a hearing that was noticed, held and decided so (Penal Code 1001.4).
    """

    class Kind(models.TextChoices):
        GRADUATED = "graduated", "Graduated"
        OPTED_OUT = "opted_out", "Opted out"
        TRANSFERRED = "transferred", "Transferred"
        ADMINISTRATIVE = "administrative", "Ended for another reason"
        TERMINATED = "terminated", "Terminated after a hearing"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    on = models.DateField()
    hearing = models.ForeignKey(Hearing, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    entry = models.PositiveSmallIntegerField(null=True, help_text="Set by the database.")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-entry"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "enrollment", "entry"], name="one_exit_an_entry"),
            models.CheckConstraint(
                condition=Q(kind="terminated", hearing__isnull=False)
                | Q(kind__in=["graduated", "opted_out", "transferred", "administrative"], hearing__isnull=True),
                name="only_termination_has_a_hearing",
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "enrollment": "reference",
            "hearing": "reference",
            "written_by": "staff activity",
        }


class EnrollmentPermit(EnrollmentOwned):
    """Leave to report on somebody to one agency. What stands behind the permit is not known here."""

    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    permit = models.ForeignKey(Permit, models.PROTECT, db_constraint=False, related_name="+")
    attached_at = models.DateTimeField(auto_now_add=True)
    attached_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(EnrollmentOwned.Meta):
        ordering = ["-attached_at"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "permit"], name="one_enrollment_a_permit"),
        ]
        indexes = [models.Index(fields=["agency", "enrollment", "recipient"], name="permits_of_an_enrollment")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "enrollment": "reference",
            "recipient": "reference",
            "permit": "reference",
            "attached_by": "staff activity",
        }


class Alumnus(EnrollmentOwned):
    """Somebody who wants to stay in touch: asked for, never assumed, and ended on the day on which they say so."""

    opted_in_on = models.DateField()
    opted_out_on = models.DateField(null=True, blank=True)
    seen_at_3_on = models.DateField(null=True, blank=True, help_text="The check-in after three months, done.")
    seen_at_6_on = models.DateField(null=True, blank=True)
    seen_at_12_on = models.DateField(null=True, blank=True)
    is_mentor = models.BooleanField(default=False)

    class Meta(EnrollmentOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "enrollment"], condition=Q(opted_out_on__isnull=True), name="one_open_alumnus"
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "enrollment": "reference"}
