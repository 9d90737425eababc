"""Decisions in four ways: a sense check, consent, a vote of agencies, a poll for a time.

What people said is kept as they said it: a stance is added and never rewritten, a new one replaces the one before, and
after the closing moment there is none. The database holds these rules (migrations/sql/decisions.sql): a form can be gone
round and a decision of thirty agencies must not depend on one program being careful.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, Membership, User
from waymark.coalition.models.groups import WorkingGroup
from waymark.coalition.models.meetings import Meeting

COMMON = "Decisions are the coalition's common work; who reads them is decided by waymark.coalition.policies.decisions."


class Way(models.TextChoices):
    SENSE = "sense", "Sense check"
    CONSENT = "consent", "Consent"
    VOTE = "vote", "Vote of agencies"
    TIME_POLL = "time_poll", "Time poll"


class Choice(models.TextChoices):
    """What can be said, in all four ways. An objection needs a reason."""

    GOOD = "good", "Looks good"
    UNSURE = "unsure", "I have questions"
    BAD = "bad", "Does not look good"
    CONSENT = "consent", "Consent"
    ASIDE = "aside", "Stand aside"
    OBJECTION = "objection", "Objection"
    YES = "yes", "Yes"
    NO = "no", "No"
    ABSTAIN = "abstain", "Abstain"
    TIMES = "times", "Times given"


CHOICES_OF: dict[str, tuple[Choice, ...]] = {
    Way.SENSE: (Choice.GOOD, Choice.UNSURE, Choice.BAD),
    Way.CONSENT: (Choice.CONSENT, Choice.ASIDE, Choice.OBJECTION),
    Way.VOTE: (Choice.YES, Choice.NO, Choice.ABSTAIN),
    Way.TIME_POLL: (Choice.TIMES,),
}


class Outcome(models.TextChoices):
    HEARD = "heard", "Heard"
    AGREED = "agreed", "Agreed"
    NOT_AGREED = "not_agreed", "Not agreed"
    NO_DECISION = "no_decision", "No decision: too few agencies voted"
    CHOSEN = "chosen", "A time was chosen"
    NONE_FITS = "none_fits", "No time fits"


OUTCOMES_OF: dict[str, tuple[Outcome, ...]] = {
    Way.SENSE: (Outcome.HEARD,),
    Way.CONSENT: (Outcome.AGREED, Outcome.NOT_AGREED),
    Way.VOTE: (Outcome.AGREED, Outcome.NOT_AGREED, Outcome.NO_DECISION),
    Way.TIME_POLL: (Outcome.CHOSEN, Outcome.NONE_FITS),
}


def _pairs(of: dict[str, tuple[Outcome, ...]]) -> Q:
    found = Q(outcome="")
    for way, outcomes in of.items():
        found |= Q(way=way, outcome__in=[outcome.value for outcome in outcomes])
    return found


class Decision(models.Model):
    """One question, the text that it is about, and how it ended. Its text changes only with a new round."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed, outcome not written"
        STATED = "stated", "Ended"
        WITHDRAWN = "withdrawn", "Withdrawn"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    group = models.ForeignKey(
        WorkingGroup, models.PROTECT, null=True, blank=True, related_name="decisions", help_text="Empty: everybody."
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, null=True, blank=True, related_name="decisions")
    way = models.CharField(max_length=10, choices=Way.choices)
    title = models.CharField(max_length=160)
    text = models.TextField(max_length=10_000, help_text="As it reads in this round.")
    proposed_by = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    round = models.PositiveSmallIntegerField(default=1)
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    quorum = models.PositiveSmallIntegerField(null=True, blank=True, help_text="So many agencies must vote.")
    share_of = models.PositiveSmallIntegerField(null=True, blank=True, help_text="2 in “two of three”.")
    share_out_of = models.PositiveSmallIntegerField(null=True, blank=True, help_text="3 in “two of three”.")
    share_is_exceeded = models.BooleanField(null=True, blank=True, help_text="More than the share, not just the share.")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, blank=True)
    statement = models.TextField(max_length=4_000, blank=True)
    stated_at = models.DateTimeField(null=True, blank=True)
    stated_by = models.ForeignKey(Membership, models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    is_closing_told = models.BooleanField(default=False, help_text="Those who are asked were told that it closes tomorrow.")
    made_meeting = models.OneToOneField(Meeting, models.PROTECT, null=True, blank=True, related_name="found_by")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-created_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(way__in=Way.values, state__in=["draft", "open", "closed", "stated", "withdrawn"]),
                name="decision_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(opens_at__isnull=False, closes_at__isnull=False),
                name="an_open_decision_has_a_window",
            ),
            models.CheckConstraint(condition=Q(closes_at__gt=F("opens_at")), name="a_decision_closes_after_it_opens"),
            models.CheckConstraint(
                condition=Q(
                    way="vote",
                    quorum__gte=1,
                    share_of__gte=1,
                    share_out_of__gte=F("share_of"),
                    share_is_exceeded__isnull=False,
                )
                | (
                    ~Q(way="vote")
                    & Q(
                        quorum__isnull=True,
                        share_of__isnull=True,
                        share_out_of__isnull=True,
                        share_is_exceeded__isnull=True,
                    )
                ),
                name="a_vote_has_a_quorum_and_a_share",
            ),
            models.CheckConstraint(condition=_pairs(OUTCOMES_OF), name="the_outcome_is_one_of_its_way"),
            models.CheckConstraint(
                condition=Q(
                    Q(state="stated", stated_at__isnull=False, stated_by__isnull=False, statement__regex=r"\S")
                    & ~Q(outcome="")
                )
                | (~Q(state="stated") & Q(outcome="", statement="", stated_at__isnull=True, stated_by__isnull=True)),
                name="a_decision_ends_with_a_statement",
            ),
            models.CheckConstraint(
                condition=Q(made_meeting__isnull=True) | Q(outcome="chosen"), name="a_chosen_time_makes_a_meeting"
            ),
        ]
        indexes = [
            models.Index(fields=["state", "closes_at"], name="decisions_by_closing"),
            models.Index(fields=["group", "-created_at", "id"], name="newest_decisions_of_a_group"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "proposed_by": "staff activity", "stated_by": "staff activity"}

    def __str__(self) -> str:
        return self.title

    def state_at(self, at: dt.datetime) -> str:
        """The state that counts: from its closing moment on an open decision is closed, said or not."""
        if self.state == self.State.OPEN and self.closes_at is not None and self.closes_at <= at:
            return self.State.CLOSED.value
        return self.state


class Round(models.Model):
    """The text of one round, kept when a later one changes it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=10_000)
    opened_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["decision", "number"], name="one_text_a_round")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return str(self.id)


class Slot(models.Model):
    """One time that a poll asks about."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_chosen = models.BooleanField(default=False)

    class Meta:
        ordering = ["starts_at", "ends_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_start"),
            models.UniqueConstraint(fields=["decision", "starts_at", "ends_at"], name="one_slot_a_time"),
            models.UniqueConstraint(fields=["decision"], condition=Q(is_chosen=True), name="one_chosen_slot"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference"}

    def __str__(self) -> str:
        return str(self.id)


class Answer(models.TextChoices):
    """What one person says about one slot of a poll."""

    YES = "yes", "Yes"
    MAYBE = "maybe", "If need be"
    NO = "no", "No"


class Stance(models.Model):
    """What one person, or in a vote one agency, said in one round. Added, replaced by a newer one, never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    decision = models.ForeignKey(Decision, models.PROTECT, related_name="stances")
    round = models.PositiveSmallIntegerField()
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    is_for_agency = models.BooleanField(help_text="A vote: one for each agency, whoever of its two speakers gives it.")
    choice = models.CharField(max_length=10, choices=Choice.choices)
    reason = models.TextField(max_length=4_000, blank=True)
    answers = models.JSONField(default=dict, blank=True, help_text="Of a time poll: yes, maybe or no by the slot's id.")
    is_current = models.BooleanField(default=True)
    given_at = models.DateTimeField(auto_now_add=True, help_text="Set by the database.")
    replaced_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True, help_text="The objector says that the objection is met.")
    resolution = models.TextField(max_length=4_000, blank=True)

    class Meta:
        ordering = ["given_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(choice="objection") | Q(reason__regex=r"\S"), name="an_objection_has_a_reason"
            ),
            models.UniqueConstraint(
                fields=["decision", "round", "agency"],
                condition=Q(is_current=True, is_for_agency=True),
                name="one_vote_an_agency",
            ),
            models.UniqueConstraint(
                fields=["decision", "round", "user"],
                condition=Q(is_current=True, is_for_agency=False),
                name="one_stance_a_person",
            ),
            models.CheckConstraint(
                condition=Q(resolved_at__isnull=True, resolution="")
                | Q(choice="objection", resolved_at__isnull=False, resolution__regex=r"\S"),
                name="only_an_objection_is_resolved",
            ),
            models.CheckConstraint(
                condition=Q(is_current=True, replaced_at__isnull=True) | Q(is_current=False, replaced_at__isnull=False),
                name="a_stance_is_current_or_replaced",
            ),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "membership": "staff activity", "user": "staff activity", "agency": "staff activity"}
        without_row_wall = COMMON

    def __str__(self) -> str:
        return str(self.id)
