"""The council's seats, who holds them, and how the time that it takes is paid.

A seat is known by a code and by a name that its holder chose, and that is all that the coalition sees. Who sits on it, and
what is paid, stands in tables of the one agency that holds the council, behind its row wall. Nothing here asks for a legal
name, an account or a story: what is not kept cannot be asked for (docs/adr/0520-seat-the-council-at-a-non-profit.md).
"""

from __future__ import annotations

import datetime as dt
import uuid
from decimal import Decimal

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import Agency, AgencyOwned, Membership, User

# Nobody is "the survivor": below this number the council decides nothing.
FEWEST_SEATS = 2
MINUTES_A_DAY = 24 * 60


class Council(models.Model):
    """One row: which agency holds the council."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    held_by = models.ForeignKey(Agency, models.PROTECT, related_name="+")
    named_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    named_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="there_is_one_council")]

    class Privacy:
        kind = "staff"
        fields = {"named_by": "staff activity"}
        without_row_wall = "Every agency sees who holds the coalition's one council."

    def __str__(self) -> str:
        return str(self.id)


class Seat(models.Model):
    """One person's term on the council, as everybody in the coalition may see it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.CharField(max_length=12, unique=True)
    display_name = models.CharField(max_length=60, help_text="Chosen by the member.")
    starts_on = models.DateField()
    ends_on = models.DateField(help_text="The last day of the term.")
    left_on = models.DateField(null=True, blank=True, help_text="The first day after leaving before the term was over.")

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="a_term_ends_after_it_starts"),
        ]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "code": "reference", "display_name": "staff name"}

    def __str__(self) -> str:
        return self.code

    def is_filled(self, on: dt.date) -> bool:
        """Whether somebody sits here on that day; the database counts by the same rule."""
        return self.starts_on <= on <= self.ends_on and (self.left_on is None or on < self.left_on)


class SeatHolder(AgencyOwned):
    """Who sits on a seat, and how that person wants to be paid. Seen by the agency that holds the council alone."""

    class Way(models.TextChoices):
        """How the money reaches the person. Where to is in the agency's own payroll, not here."""

        NOT_CHOSEN = "", "Not chosen yet"
        CARD = "card", "Prepaid card, handed over"
        CASH = "cash", "Cash, against a receipt with the seat's code"
        CHECK = "check", "Check"
        GIFT = "gift", "Gift card"
        PAYROLL = "payroll", "Payroll, with taxes taken out"
        TRANSFER = "transfer", "Bank transfer"

    seat = models.ForeignKey(Seat, models.PROTECT, related_name="holders")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    support_person = models.CharField(
        max_length=60, blank=True, help_text="What somebody who comes along for support wants to be called."
    )
    pay_way = models.CharField(max_length=10, choices=Way.choices, default=Way.NOT_CHOSEN, blank=True)
    gives_time = models.BooleanField(default=False, help_text="Takes no pay, by own choice.")
    monthly_cap = models.DecimalField(
        max_digits=8, decimal_places=2, null=True, blank=True, help_text="No more than this in a month, by own choice."
    )
    told_at = models.DateTimeField(null=True, blank=True, help_text="When the note on taxes and benefits was read.")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "seat"], name="one_holder_a_seat"),
            models.CheckConstraint(condition=Q(monthly_cap__isnull=True) | Q(monthly_cap__gte=0), name="a_cap_is_no_debt"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "agency": "reference", "seat": "reference", "membership": "reference"}

    def __str__(self) -> str:
        return str(self.id)

    @property
    def may_be_paid(self) -> bool:
        """No surprise: nobody is paid before the note was read and a way was chosen."""
        return self.told_at is not None and bool(self.pay_way) and not self.gives_time


class PostedRate(models.Model):
    """What an hour of the council's time is paid, from a day on. One rate for everybody, posted where everybody sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    starts_on = models.DateField(unique=True)
    hourly = models.DecimalField(max_digits=6, decimal_places=2)
    posted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    posted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-starts_on"]
        constraints = [models.CheckConstraint(condition=Q(hourly__gt=0), name="a_rate_pays")]

    class Privacy:
        kind = "staff"
        fields = {"id": "reference", "posted_by": "staff activity"}

    def __str__(self) -> str:
        return str(self.starts_on)


class PaidTime(AgencyOwned):
    """Time that a seat gave to the council: entered by its holder, approved by another person, paid."""

    class Activity(models.TextChoices):
        MEETING = "meeting", "Meeting"
        PREPARATION = "preparation", "Reading and preparation"
        RECOVERY = "recovery", "Recovery afterwards"

    class State(models.TextChoices):
        ENTERED = "entered", "Waits for approval"
        APPROVED = "approved", "Approved, not paid yet"
        PAID = "paid", "Paid"
        GIVEN = "given", "Given without pay"

    holder = models.ForeignKey(SeatHolder, models.PROTECT, db_constraint=False, related_name="times")
    on = models.DateField()
    activity = models.CharField(max_length=12, choices=Activity.choices)
    minutes = models.PositiveSmallIntegerField()
    hourly = models.DecimalField(max_digits=6, decimal_places=2, help_text="The rate posted for that day.")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ENTERED)
    entered_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    way = models.CharField(max_length=10, choices=SeatHolder.Way.choices, default="", blank=True)

    class Meta(AgencyOwned.Meta):
        ordering = ["-on", "-entered_at"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(minutes__gt=0, minutes__lte=MINUTES_A_DAY), name="time_fits_into_a_day"),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False, paid_by__isnull=False) & ~Q(way=""),
                name="paid_time_says_when_and_how",
            ),
        ]
        indexes = [models.Index(fields=["agency", "holder", "-on"], name="newest_time_of_a_seat")]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "agency": "reference",
            "holder": "reference",
            "approved_by": "staff activity",
            "paid_by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.id)

    @property
    def amount(self) -> Decimal:
        """Dollars and cents for the time, by the rate of its day."""
        return (self.hourly * self.minutes / 60).quantize(Decimal("0.01"))
