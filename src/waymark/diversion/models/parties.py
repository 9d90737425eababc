"""What each party keeps of its own: the program its referrals, court, prosecution and defense a matter and a docket.

The name, the case number and the reference are sealed under the record's own key of the agency that wrote them. In the open
stand the section of law and a year, because the database itself refuses a charge that was not in force.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.diversion.models.programs import Program
from waymark.law.models import Charge


class Party(models.TextChoices):
    """Who must agree before anybody is enrolled. The court is told, and does not vote."""

    PROGRAM = "program", "Program"
    PROSECUTION = "prosecution", "Prosecution"
    DEFENSE = "defense", "Defense"


class Verdict(models.TextChoices):
    AGREES = "agrees", "Agrees"
    NOT_NOW = "not_now", "Not now"


class Reason(models.TextChoices):
    """Why not now. A closed list: there is no line to write on, and no word about what somebody did."""

    NONE = "", "No reason given"
    CHARGE = "charge", "The program is not for this charge"
    FULL = "full", "No place now"
    OTHER_WAY = "other_way", "Another way is better"
    PERSON = "person", "The person does not want to now"
    PLACE = "place", "Another county’s case"


class SealedRecord(AgencyOwned):
    """A row about somebody, with a record key of its own. `sealed` holds what says who it is."""

    code = models.CharField(max_length=12, help_text="Random; it says nothing about anybody.")
    charge = models.ForeignKey(Charge, models.PROTECT, null=True, blank=True, related_name="+")
    offense_year = models.PositiveSmallIntegerField(null=True, blank=True, help_text="The day itself is sealed.")
    sealed = models.BinaryField()
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    put_away_on = models.DateField(null=True, blank=True, help_text="Since when a court's order keeps it from everybody.")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.code


class Referral(SealedRecord):
    """Somebody proposed to the program. The program's own row, written when the packet is opened or by hand."""

    program = models.ForeignKey(Program, models.PROTECT, db_constraint=False, related_name="+")
    sender = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+")
    packet = models.UUIDField(null=True, blank=True, help_text="The packet that it came in.")
    came_on = models.DateField()

    class Meta(SealedRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="diversion_referral_of_agency"),
            models.UniqueConstraint(fields=["agency", "code"], name="one_referral_a_code"),
            models.UniqueConstraint(fields=["agency", "packet"], name="one_referral_a_packet"),
        ]
        indexes = [models.Index(fields=["agency", "-came_on", "id"], name="newest_referrals")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "program": "reference",
            "sender": "reference",
            "packet": "reference",
            "made_by": "staff activity",
        }


class Matter(SealedRecord):
    """One person's case as court, prosecution or defense keeps it, in its own vault."""

    program_agency = models.ForeignKey(Agency, models.PROTECT, related_name="+", help_text="Who gives the program.")

    class Meta(SealedRecord.Meta):
        constraints = [
            models.UniqueConstraint(fields=["agency", "id"], name="diversion_matter_of_agency"),
            models.UniqueConstraint(fields=["agency", "code"], name="one_matter_a_code"),
        ]
        indexes = [models.Index(fields=["agency", "-made_at", "id"], name="newest_matters")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "program_agency": "reference",
            "made_by": "staff activity",
        }


class MatterPacket(AgencyOwned):
    """That a packet which came in is about a matter. The packet stays what it is: taken back, it is gone here too."""

    matter = models.ForeignKey(Matter, models.PROTECT, db_constraint=False, related_name="packets")
    packet = models.UUIDField(help_text="This agency's copy; it may be gone.")
    kind = models.CharField(max_length=20)

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "packet"], name="one_matter_a_packet"),
        ]
        indexes = [models.Index(fields=["agency", "matter", "kind"], name="packets_of_a_matter")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "matter": "reference", "packet": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class PartyDecision(AgencyOwned):
    """What a party said, in its own row; the program's rows about the others name the packets that said so.

    Written once. Who says "not now" may agree later, in a new row; the last one counts.
    """

    referral = models.ForeignKey(Referral, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    party = models.CharField(max_length=12, choices=Party.choices)
    verdict = models.CharField(max_length=8, choices=Verdict.choices)
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    decided_on = models.DateField()
    packet = models.UUIDField(null=True, blank=True, help_text="The packet that came in with it, at the program.")
    said_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")
    said_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        ordering = ["-said_at"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(referral__isnull=False, matter__isnull=True) | Q(referral__isnull=True, matter__isnull=False),
                name="decision_is_about_one_thing",
            ),
            models.CheckConstraint(condition=Q(party__in=Party.values), name="decision_has_a_party"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="decision_has_a_verdict"),
            models.CheckConstraint(
                condition=Q(reason__in=Reason.values) & (Q(verdict="not_now") | Q(reason="")),
                name="only_not_now_has_a_reason",
            ),
            models.UniqueConstraint(fields=["agency", "packet"], name="one_decision_a_packet"),
        ]
        indexes = [
            models.Index(fields=["agency", "referral", "party", "-said_at"], name="decisions_on_a_referral"),
            models.Index(fields=["agency", "matter", "-said_at"], name="decisions_on_a_matter"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "referral": "reference",
            "matter": "reference",
            "packet": "reference",
            "said_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)


class DocketEntry(AgencyOwned):
    """One matter on one day of the court's list, and what came of it. The court's own row."""

    class Kind(models.TextChoices):
        FIRST = "first", "First appearance"
        REVIEW = "review", "Review"
        TERMINATION = "termination", "Noticed hearing on termination"
        GRADUATION = "graduation", "Graduation"

    class Outcome(models.TextChoices):
        NONE = "", "Not yet heard"
        CONTINUES = "continues", "Diversion continues"
        EXCUSED = "excused", "Appearance excused"
        MISSED = "missed", "Did not appear"
        PUT_OVER = "put_over", "Put over"
        DISMISSED = "dismissed", "Completed and dismissed"
        TERMINATED = "terminated", "Terminated after hearing"

    matter = models.ForeignKey(Matter, models.PROTECT, db_constraint=False, related_name="docket")
    on = models.DateField()
    kind = models.CharField(max_length=12, choices=Kind.choices, default=Kind.REVIEW)
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True, default="")
    entered_at = models.DateTimeField(null=True, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        ordering = ["on", "id"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "matter", "on"], name="a_matter_once_a_day"),
            models.CheckConstraint(
                condition=Q(kind__in=["first", "review", "termination", "graduation"]), name="docket_kind"
            ),
            models.CheckConstraint(
                condition=Q(outcome="", entered_at__isnull=True, entered_by__isnull=True)
                | Q(
                    outcome__in=["continues", "excused", "missed", "put_over", "dismissed", "terminated"],
                    entered_at__isnull=False,
                    entered_by__isnull=False,
                ),
                name="docket_outcome_is_somebody_s",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="terminated") | Q(kind="termination"), name="terminated_at_a_noticed_hearing_alone"
            ),
        ]
        indexes = [models.Index(fields=["agency", "on"], name="docket_by_date")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "matter": "reference", "entered_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)
