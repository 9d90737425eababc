"""A paper, or somebody at the door, that asks for what an agency keeps of a person.

It opens a record, tells whoever answers courts for the agency, and gives nothing away. What is given under a judge's order
is asked for by one person, approved by another who is named to answer courts, and is no more than the order names. Court,
number and words are sealed under the person's key.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.obligations.models.machines import ProcessState
from waymark.people.models import PersonOwned


class LegalProcess(PersonOwned):
    """One paper or visit. Sealed: which court, its number, who asks, what for."""

    class Kind(models.TextChoices):
        SUBPOENA = "subpoena", "Subpoena"
        COURT_ORDER = "court_order", "Court order, signed by a judge"
        WARRANT = "warrant", "Search warrant, signed by a judge"
        ADMIN_WARRANT = "admin_warrant", "Immigration warrant, signed by an officer"
        RECORDS_REQUEST = "records_request", "Public-records request"

    class Chambers(models.TextChoices):
        """What became of the question whether a judge reads what is privileged, alone and first."""

        NOT_ASKED = "", "Not asked"
        ASKED = "asked", "We asked the judge to read it alone first"
        PROTECTED = "protected", "The judge read it: it stays privileged"
        TO_GIVE = "to_give", "The judge read it: it is to be given"

    kind = models.CharField(max_length=16, choices=Kind.choices)
    received_on = models.DateField()
    due_on = models.DateField(null=True, blank=True, help_text="By when the paper wants an answer.")
    state = models.CharField(max_length=10, choices=ProcessState.choices, default=ProcessState.RECEIVED)
    privilege_claimed_on = models.DateField(null=True, blank=True)
    chambers = models.CharField(max_length=10, choices=Chambers.choices, blank=True, default="")

    class Meta(PersonOwned.Meta):
        verbose_name_plural = "legal processes"
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=ProcessState.values), name="process_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(kind__in=["subpoena", "court_order", "warrant", "admin_warrant", "records_request"]),
                name="process_has_a_known_kind",
            ),
            models.CheckConstraint(
                condition=~Q(state="ordered") | Q(kind__in=["subpoena", "court_order", "warrant"]),
                name="only_a_judge_orders",
            ),
            models.CheckConstraint(
                condition=Q(chambers__in=["", "asked", "protected", "to_give"]), name="chambers_have_a_known_answer"
            ),
            models.CheckConstraint(
                condition=Q(chambers="") | Q(privilege_claimed_on__isnull=False), name="chambers_come_after_the_claim"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "person"], name="processes_of_a_person"),
            models.Index(fields=["agency", "state", "due_on"], name="processes_by_state"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "person": "reference", "made_by": "staff activity"}


class ProcessOwned(AgencyOwned):
    """What belongs to one process; the migration adds its composite key."""

    process = models.ForeignKey(LegalProcess, models.PROTECT, db_constraint=False, related_name="+")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(self.pk)


class Telling(ProcessOwned):
    """That the person was told of it, or why not; each try is a line. How and why are sealed."""

    was_told = models.BooleanField()
    sealed = models.BinaryField()
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(ProcessOwned.Meta):
        ordering = ["-at"]
        indexes = [models.Index(fields=["agency", "process", "at"], name="tellings_of_a_process")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "process": "reference", "by": "staff activity"}


class CompelledRelease(ProcessOwned):
    """What is to be given under an order: asked for by one, answered by another, handed over once, never more than
    named.
    """

    class Answer(models.TextChoices):
        WAITING = "waiting", "Waits for whoever answers courts"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    fields = ArrayField(models.CharField(max_length=40), default=list, blank=True, help_text="Codes of groups of fields.")
    notes = ArrayField(models.UUIDField(), default=list, blank=True, help_text="Notes that the order names.")
    sealed = models.BinaryField(help_text="The order's own words.")
    part_two = models.BinaryField(
        null=True, help_text="Sealed, for every request alike: whether 42 CFR Part 2 applies, and what the order found."
    )
    has_finding = models.BooleanField(
        default=False,
        db_default=False,
        help_text="In a program that treats substance use, which it says in the open; elsewhere no, or it would tell.",
    )
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.WAITING)
    asked_at = models.DateTimeField(null=True, help_text="Set by the database.")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, help_text="Set by the database.")
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    handed_at = models.DateTimeField(null=True, help_text="Set by the database.")

    class Meta(ProcessOwned.Meta):
        ordering = ["-asked_at"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(
                condition=Q(fields__len__gt=0) | Q(notes__len__gt=0), name="an_order_names_what_is_given"
            ),
            models.CheckConstraint(condition=~Q(answered_by=F("asked_by")), name="nobody_approves_what_they_asked_for"),
            models.CheckConstraint(
                condition=Q(answer="waiting", answered_by__isnull=True)
                | Q(answer__in=["approved", "refused"], answered_by__isnull=False),
                name="an_answer_is_somebody_s",
            ),
            models.CheckConstraint(
                condition=Q(handed_at__isnull=True) | Q(answer="approved"), name="only_what_is_approved_is_handed_over"
            ),
        ]
        indexes = [models.Index(fields=["agency", "process", "answer"], name="releases_of_a_process")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "process": "reference",
            "notes": "reference",
            "asked_by": "staff activity",
            "answered_by": "staff activity",
        }


class Counsel(AgencyOwned):
    """The lawyer whom an agency calls: one row an agency. A lawyer's office, so it is no secret."""

    name = models.CharField(max_length=160)
    phone = models.CharField(max_length=40)
    hours = models.CharField(max_length=200, blank=True, default="")
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "counsel"
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency"], name="one_counsel_an_agency"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "changed_by": "staff activity"}

    def __str__(self) -> str:
        return self.name
