"""A request for money in one case: who asks does not approve, who approved does not pay.

In the open stand a code, the fund, the category, the amount and days, so that whoever pays the agency's bills can do so
without opening a case. To whom the money goes, what for, what else was tried and every reason lie sealed under the case's
key. A request moves only by moves that are written down; the database knows which there are and who may make them
(migrations/sql/requests.sql).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned
from waymark.assistance.models.funds import CATEGORIES, MOST, Fund
from waymark.cases.models import CaseOwned


class State(models.TextChoices):
    DRAFT = "draft", "Draft"
    SUBMITTED = "submitted", "Waits for a decision"
    SECOND = "second", "Waits for a second approval"
    RETURNED = "returned", "Sent back"
    APPROVED = "approved", "Approved"
    COMMITTED = "committed", "Money set aside"
    PAID = "paid", "Paid"
    PROVEN = "proven", "Paid and shown"
    CLOSED = "closed", "Done"
    DENIED = "denied", "Denied"
    VOIDED = "voided", "Called off"
    REFUNDED = "refunded", "The money came back"


class Move(models.TextChoices):
    """What moves a request. The database holds the same table of moves; a test holds the two together."""

    SUBMIT = "submit", "Ask for a decision"
    ENDORSE = "endorse", "Approve as the first of two"
    APPROVE = "approve", "Approve"
    RETURN = "return", "Send it back"
    DENY = "deny", "Deny"
    COMMIT = "commit", "Set the money aside"
    PAY = "pay", "Pay"
    BOUNCE = "bounce", "The payment did not go through"
    RECEIPT = "receipt", "A receipt is there"
    ATTEST = "attest", "Attest without a receipt"
    CLOSE = "close", "It is done"
    VOID = "void", "Call it off"
    REFUND = "refund", "The money came back"


MOVES: dict[tuple[str, str], str] = {
    (State.DRAFT, Move.SUBMIT): State.SUBMITTED,
    (State.RETURNED, Move.SUBMIT): State.SUBMITTED,
    (State.SUBMITTED, Move.ENDORSE): State.SECOND,
    (State.SUBMITTED, Move.APPROVE): State.APPROVED,
    (State.SECOND, Move.APPROVE): State.APPROVED,
    (State.SUBMITTED, Move.RETURN): State.RETURNED,
    (State.SECOND, Move.RETURN): State.RETURNED,
    (State.SUBMITTED, Move.DENY): State.DENIED,
    (State.SECOND, Move.DENY): State.DENIED,
    (State.APPROVED, Move.COMMIT): State.COMMITTED,
    (State.COMMITTED, Move.PAY): State.PAID,
    (State.PAID, Move.BOUNCE): State.COMMITTED,
    (State.PAID, Move.RECEIPT): State.PROVEN,
    (State.PAID, Move.ATTEST): State.PROVEN,
    (State.PROVEN, Move.CLOSE): State.CLOSED,
    (State.PAID, Move.REFUND): State.REFUNDED,
    (State.PROVEN, Move.REFUND): State.REFUNDED,
    (State.DRAFT, Move.VOID): State.VOIDED,
    (State.SUBMITTED, Move.VOID): State.VOIDED,
    (State.SECOND, Move.VOID): State.VOIDED,
    (State.RETURNED, Move.VOID): State.VOIDED,
    (State.APPROVED, Move.VOID): State.VOIDED,
    (State.COMMITTED, Move.VOID): State.VOIDED,
}
# Moves that need words, which are sealed.
WITH_REASON = frozenset({Move.RETURN.value, Move.DENY.value, Move.BOUNCE.value, Move.ATTEST.value, Move.VOID.value})
WITH_AMOUNT = frozenset({Move.ENDORSE.value, Move.APPROVE.value, Move.PAY.value, Move.REFUND.value})
OVER = (State.CLOSED, State.DENIED, State.VOIDED, State.REFUNDED)
OPEN_STATES = tuple(state for state in State if state not in OVER)


class AssistanceRequest(CaseOwned):
    """What is asked for in one case. `payee` and `words` are sealed; the sums are the database's."""

    class PayeeKind(models.TextChoices):
        SURVIVOR = "survivor", "The survivor"
        VENDOR = "vendor", "A shop or provider"
        LANDLORD = "landlord", "A landlord"
        CARD = "card", "A card or voucher that we hand over"

    class Urgency(models.TextChoices):
        TODAY = "today", "Today"
        DAYS = "days", "Within two days"
        WEEK = "week", "Within a week"
        MONTH = "month", "Within a month"

    code = models.CharField(max_length=12)
    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    category = models.CharField(max_length=20, choices=CATEGORIES)
    amount = models.BigIntegerField(help_text="Cents that are asked for.")
    payee_kind = models.CharField(max_length=8, choices=PayeeKind.choices)
    household_size = models.PositiveSmallIntegerField(default=1)
    urgency = models.CharField(max_length=6, choices=Urgency.choices, default=Urgency.DAYS)
    payee = models.BinaryField(help_text="To whom the money goes; sealed.")
    words = models.BinaryField(help_text="What it is for, and what else was tried; sealed.")
    due_at = models.DateTimeField(null=True, blank=True, help_text="By when it is decided; set by the database.")
    approved = models.BigIntegerField(default=0, db_default=0, help_text="Cents.")
    committed = models.BigIntegerField(default=0, db_default=0, help_text="Cents; set by the database.")
    paid = models.BigIntegerField(default=0, db_default=0, help_text="Cents; set by the database.")
    came_back = models.BigIntegerField(default=0, db_default=0, help_text="Cents; set by the database.")
    asked_at = models.DateTimeField(auto_now_add=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    endorsed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    paid_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "code"], name="one_request_a_code"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="a_request_has_a_known_state"),
            models.CheckConstraint(
                condition=Q(category__in=[code for code, _ in CATEGORIES]), name="a_request_has_a_known_category"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MOST), name="a_request_is_for_an_amount"),
            models.CheckConstraint(
                condition=Q(household_size__gte=1, household_size__lte=30), name="a_request_s_household_is_sane"
            ),
            models.CheckConstraint(
                condition=Q(paid__lte=F("committed"), committed__lte=F("approved"), approved__lte=F("amount"))
                & Q(came_back__gte=0, paid__gte=0, committed__gte=0)
                & Q(came_back__lte=F("paid")),
                name="paid_is_committed_is_approved",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("asked_by")) & ~Q(endorsed_by=F("asked_by")), name="who_asks_does_not_approve"
            ),
            models.CheckConstraint(
                condition=~Q(paid_by=F("asked_by")) & ~Q(paid_by=F("approved_by")) & ~Q(paid_by=F("endorsed_by")),
                name="who_pays_neither_asked_nor_approved",
            ),
            models.CheckConstraint(condition=~Q(endorsed_by=F("approved_by")), name="two_approvals_are_two_people_s"),
            models.CheckConstraint(
                condition=Q(approved=0) | Q(approved_by__isnull=False), name="an_approval_is_somebody_s"
            ),
            models.CheckConstraint(condition=Q(paid=0) | Q(paid_by__isnull=False), name="a_payment_is_somebody_s"),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "due_at"], name="requests_by_state"),
            models.Index(fields=["agency", "case"], name="requests_of_a_case"),
            models.Index(fields=["agency", "fund"], name="requests_of_a_fund"),
            models.Index(fields=["agency", "-asked_at"], name="requests_newest_first"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "case": "reference",
            "fund": "reference",
            "asked_by": "staff activity",
            "endorsed_by": "staff activity",
            "approved_by": "staff activity",
            "paid_by": "staff activity",
        }

    def __str__(self) -> str:
        return self.code

    @property
    def out(self) -> int:
        """Cents that were paid and have not come back."""
        return self.paid - self.came_back


class RequestMove(AgencyOwned):
    """One move, written once by the database's clock and in the name of who acts. It moves the request itself."""

    request = models.ForeignKey(AssistanceRequest, models.PROTECT, db_constraint=False, related_name="+")
    move = models.CharField(max_length=8, choices=Move.choices)
    amount = models.BigIntegerField(null=True, help_text="Cents, of an approval, a payment or what came back.")
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
                condition=~Q(move__in=sorted(WITH_REASON)) | Q(reason__isnull=False), name="a_grave_move_of_money_has_words"
            ),
            models.CheckConstraint(
                condition=Q(move__in=sorted(WITH_AMOUNT), amount__gt=0)
                | ~Q(move__in=sorted(WITH_AMOUNT)) & Q(amount__isnull=True),
                name="a_move_of_money_says_how_much",
            ),
        ]
        indexes = [models.Index(fields=["agency", "request", "at"], name="moves_of_a_request")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "request": "reference", "by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)
