"""Agreements between agencies (memoranda of understanding): who promises what, signed by whom, approved by which body.

An agreement binds when every party has signed and every body that has to approve has approved; not a day earlier, whatever
a form says, so the database checks it (migrations/sql/agreements.sql). Its words stand still from the moment it goes out
for signature, because nobody must have signed another text than the one that is shown. A change is a new version, which
replaces the old one on the day it enters into force. Signing happens on paper; here is written that it happened.
"""

from __future__ import annotations

import uuid

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, Membership
from waymark.coalition.models.calendar import CalendarEntry
from waymark.coalition.models.groups import WorkingGroup


class Agreement(models.Model):
    """One version of one agreement."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OUT = "out", "Out for signature"
        IN_FORCE = "in_force", "In force"
        UNDER_REVIEW = "under_review", "Under review"
        ENDED = "ended", "Ended"
        SUPERSEDED = "superseded", "Replaced by a newer version"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=160)
    purpose = models.TextField(max_length=4000, help_text="What each party does for the others, in plain words.")
    version = models.PositiveSmallIntegerField(default=1)
    supersedes = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="newer", help_text="The version that this one replaces."
    )
    state = models.CharField(max_length=20, choices=State.choices, default=State.DRAFT)
    group = models.ForeignKey(WorkingGroup, models.SET_NULL, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Membership, models.PROTECT, related_name="+", help_text="Who sees it through.")
    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True, help_text="The last day; empty when it runs until it is ended.")
    review_on = models.DateField(null=True, blank=True, help_text="When the parties look at it again.")
    remind_days = models.PositiveSmallIntegerField(
        default=30, validators=[MaxValueValidator(365)], help_text="How many days before the review people are reminded."
    )
    paper_kept = models.CharField(max_length=160, blank=True, default="", help_text="Where the signed paper is kept.")
    ended_on = models.DateField(null=True, blank=True)
    entry = models.OneToOneField(
        CalendarEntry, models.SET_NULL, null=True, blank=True, related_name="+", help_text="Its review in the calendar."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["title"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="agreement_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state="draft")
                | (Q(starts_on__isnull=False, review_on__isnull=False) & Q(review_on__gte=F("starts_on"))),
                name="agreement_goes_out_with_its_dates",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["ended", "superseded"], ended_on__isnull=False)
                | (~Q(state__in=["ended", "superseded"]) & Q(ended_on__isnull=True)),
                name="agreement_ended_on_a_day",
            ),
            models.CheckConstraint(condition=Q(remind_days__lte=365), name="agreement_reminds_within_a_year"),
        ]
        indexes = [models.Index(fields=["state", "review_on"], name="agreements_due_for_review")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "owner": "staff name"}

    def __str__(self) -> str:
        return self.title


class AgreementParty(models.Model):
    """An agency that the agreement binds."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="parties")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "agency"], name="once_a_party_to_an_agreement")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}
        without_row_wall = "Which agencies an agreement binds is known to every agency of the coalition."

    def __str__(self) -> str:
        return str(self.id)


class Signatory(models.Model):
    """Who signs for a party. The person need not have an account: a sheriff or a mayor hardly will."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(AgreementParty, models.CASCADE, related_name="signatories")
    name = models.CharField(max_length=120)
    office = models.CharField(max_length=120)
    signed_on = models.DateField(null=True, blank=True, help_text="The day on the paper; empty until it is signed.")
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "name", "office"], name="once_a_signatory_of_a_party"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, recorded_by__isnull=True)
                | Q(signed_on__isnull=False, recorded_by__isnull=False),
                name="a_signature_is_recorded_by_somebody",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "name": "staff name", "recorded_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class Approval(models.Model):
    """A body that has to agree before a party is bound: a board, a council, county counsel."""

    class Body(models.TextChoices):
        BOARD = "board", "Board"
        COUNCIL = "council", "Council"
        COUNSEL = "counsel", "County counsel or city attorney"
        OTHER = "other", "Another body"

    class State(models.TextChoices):
        WAITING = "waiting", "Not decided yet"
        APPROVED = "approved", "Approved"
        REFUSED = "refused", "Refused"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    party = models.ForeignKey(AgreementParty, models.CASCADE, related_name="approvals")
    kind = models.CharField(max_length=10, choices=Body.choices)
    name = models.CharField(max_length=120, help_text="As the body calls itself.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    decided_on = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party", "name"], name="once_an_approval_of_a_body"),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_on__isnull=True, recorded_by__isnull=True)
                | (~Q(state="waiting") & Q(decided_on__isnull=False, recorded_by__isnull=False)),
                name="an_approval_is_recorded_by_somebody",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "recorded_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.id)


class Annex(models.Model):
    """A part with its own readers: how data are shared, what stays confidential, who speaks to the press.

    Its words, or where the paper is kept. There is no file: this house has no safe place for files yet.
    """

    class Kind(models.TextChoices):
        CONFIDENTIALITY = "confidentiality", "Confidentiality"
        DATA_SHARING = "data_sharing", "Data sharing"
        MEDIA = "media", "Media"
        OTHER = "other", "Other"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="annexes")
    kind = models.CharField(max_length=20, choices=Kind.choices)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=20_000, blank=True, default="")
    paper_kept = models.CharField(max_length=160, blank=True, default="", help_text="Where the paper is kept.")

    class Meta:
        ordering = ["kind", "title"]
        constraints = [
            models.CheckConstraint(condition=~Q(text="") | ~Q(paper_kept=""), name="an_annex_has_words_or_a_place")
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return self.title


class ReviewReminder(models.Model):
    """That people were reminded of one review, ahead of it or because it has come. Written once, so sent once."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", "The review is coming"
        DUE = "due", "The review is due"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agreement = models.ForeignKey(Agreement, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    review_on = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agreement", "review_on", "kind"], name="one_reminder_of_a_review")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return str(self.id)
