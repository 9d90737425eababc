"""A referral, as the agency that asks keeps it and as the agency that is asked keeps it: two rows, each its own agency's.

Neither row says who it is for. The sender's row knows the case, and only in the sender's own vault; what crosses travels
in a packet of closed answers (`disclosures`), and what becomes of it is moved by the database for both sides at once
(migrations/sql/referrals.sql). Both rows are deleted a day after the referral has ended, and counts stay.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned
from waymark.cases.models import Case
from waymark.directory.models import Service
from waymark.referrals.models.states import Answer, Event, Reason, Side, State, Way


class Desk(models.Model):
    """That an agency answers for a service of the directory: to whom a referral for it goes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["agency", "service"], name="one_desk_a_service_and_agency")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "added_by": "staff activity"}
        without_row_wall = "Every agency that refers has to see who answers for a service; it says nothing of a person."

    def __str__(self) -> str:
        return str(self.pk)


class Task(AgencyOwned):
    """What both rows of a referral have: how it was asked, how far it is, and when that ends."""

    way = models.CharField(max_length=10, choices=Way.choices)
    service = models.UUIDField(help_text="Of the directory; the listing may be gone meanwhile.")
    packet = models.UUIDField(null=True, blank=True, help_text="The sender's id of what crossed; a letter has none.")
    state = models.CharField(max_length=13, choices=State.choices, default=State.REQUESTED)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True, default="", db_default="")
    good_until = models.DateTimeField(null=True, blank=True, help_text="How long an answer about room holds.")
    outcome = models.CharField(max_length=13, choices=State.choices, blank=True, default="", db_default="")
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, default="", db_default="")
    sent_at = models.DateTimeField(null=True, help_text="Set by the database.")
    respond_by = models.DateTimeField()
    moved_at = models.DateTimeField(null=True, help_text="Set by the database.")
    ended_at = models.DateTimeField(null=True, blank=True, help_text="Set by the database.")
    nudged_at = models.DateTimeField(null=True, blank=True, help_text="When it was last reminded of.")

    class Meta(AgencyOwned.Meta):
        abstract = True

    def state_at(self, at: dt.datetime) -> str:
        """The state as it is now: the clock ends what nobody answered, also before a job writes it down."""
        if self.state == State.REQUESTED and self.respond_by <= at:
            return State.LAPSED
        if self.state == State.ANSWERED and self.good_until is not None and self.good_until <= at:
            return State.CLOSED
        return self.state

    def is_late(self, at: dt.datetime) -> bool:
        """Whether an answer is due within the last quarter of its time, or was."""
        if self.state != State.REQUESTED or self.sent_at is None:
            return False
        return at >= self.respond_by - (self.respond_by - self.sent_at) / 4


def _known(name: str, column: str, values: list[str]) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{column}__in": values}), name=name)


class Referral(Task):
    """What this agency asked of another for one of its cases."""

    case = models.ForeignKey(Case, models.PROTECT, db_constraint=False, related_name="+")
    recipient = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    release = models.UUIDField(null=True, blank=True, help_text="The release of a package with consent.")
    digest = models.BinaryField(null=True, help_text="SHA-256 of the code of a letter.")
    code = models.BinaryField(null=True, help_text="The code itself, sealed under the person's key.")
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=~Q(recipient=F("agency")), name="referral_is_to_another_agency"),
            _known("referral_has_a_way", "way", Way.values),
            _known("referral_has_a_state", "state", State.values),
            models.CheckConstraint(
                condition=Q(way=Way.CARRIED, digest__isnull=False, code__isnull=False, packet__isnull=True)
                | (~Q(way=Way.CARRIED) & Q(digest__isnull=True, code__isnull=True, packet__isnull=False)),
                name="a_letter_has_a_code_and_no_packet",
            ),
            models.CheckConstraint(
                condition=Q(way=Way.CONSENTED, release__isnull=False) | (~Q(way=Way.CONSENTED) & Q(release__isnull=True)),
                name="a_package_has_a_release",
            ),
            models.CheckConstraint(
                condition=(Q(state=State.ANSWERED) & ~Q(answer="") & Q(good_until__isnull=False))
                | ~Q(state=State.ANSWERED),
                name="what_is_answered_has_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "-sent_at", "id"], name="newest_sent_referrals"),
            models.Index(fields=["agency", "case"], name="referrals_of_a_case"),
            models.Index(fields=["state", "respond_by"], name="referrals_by_their_time"),
            models.Index(fields=["digest"], name="letters_by_their_code"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "case": "reference",
            "recipient": "reference",
            "made_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)


class ReceivedReferral(Task):
    """What another agency asked of this one. Only the database's functions write it; it points to no person anywhere."""

    sender = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    referral = models.UUIDField(help_text="The sender's id of it; with the sender it is known once.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "sender", "referral"], name="one_copy_of_a_referral"),
        ]
        indexes = [models.Index(fields=["agency", "-sent_at", "id"], name="newest_received_referrals")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "sender": "reference", "referral": "reference"}

    def __str__(self) -> str:
        return str(self.pk)


class ReferralMove(AgencyOwned):
    """One event, as one side keeps it. Who did it is known for the own side alone."""

    referral = models.UUIDField(help_text="The sender's id, on both sides.")
    event = models.CharField(max_length=12, choices=Event.choices)
    side = models.CharField(max_length=10, choices=Side.choices)
    from_state = models.CharField(max_length=13, choices=State.choices)
    to_state = models.CharField(max_length=13, choices=State.choices)
    reason = models.CharField(max_length=20, choices=Reason.choices, blank=True, default="", db_default="")
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True, default="", db_default="")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        indexes = [models.Index(fields=["agency", "referral", "at"], name="moves_of_a_referral")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "referral": "reference", "by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)


class ReferralCount(AgencyOwned):
    """What is left of referrals that were deleted: how many of a month ended how. Kept by each side for itself."""

    month = models.DateField()
    direction = models.CharField(max_length=8, choices=[("sent", "Sent"), ("received", "Received")])
    way = models.CharField(max_length=10, choices=Way.choices)
    service = models.UUIDField()
    ended = models.CharField(max_length=13, choices=State.choices, help_text="Its outcome, or the state in which it ended.")
    number = models.PositiveIntegerField()

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(
                fields=["agency", "month", "direction", "way", "service", "ended"], name="one_count_of_a_kind"
            ),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference"}

    def __str__(self) -> str:
        return str(self.pk)
