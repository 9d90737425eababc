"""A fund: money that somebody gave an agency for survivors, for a time and for listed things.

What comes in and goes out is a row that is written once. The database adds the rows up (migrations/sql/money.sql), holds
the fund while it does, and refuses whatever would take its balance below zero. Amounts are whole cents. Nothing here says
for whom: a row may point to a request, and only who may see the request learns of which case it is.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import AgencyOwned

# What can be asked for. Closed, because it stands in the open: it must tell nobody more than what sort of bill it is.
CATEGORIES = (
    ("rent", "Rent"),
    ("deposit", "Deposit"),
    ("arrears", "Rent that is owed"),
    ("utilities", "Electricity, gas, water"),
    ("motel", "Nights in a motel"),
    ("moving", "Moving and storage"),
    ("household", "Furniture and household"),
    ("food", "Food"),
    ("clothing", "Clothing"),
    ("transport", "Transport"),
    ("phone", "Phone"),
    ("child_care", "Child care"),
    ("health", "Health and medicine"),
    ("school_work", "School and work"),
    ("papers", "Papers and fees"),
    ("safety", "Locks and safety"),
    ("other", "Something else"),
)
# What of a fund may change, by whoever keeps it; what it said before stays (migrations/sql/fund_keepers.sql).
CHANGEABLE = ("name", "source", "ends_on", "cap_request", "cap_household", "categories")
# A hundred million dollars: what no county's fund reaches and no sum of cents overflows.
MOST = 10_000_000_000


class EntryKind(models.TextChoices):
    RECEIPT = "receipt", "Came in"
    COMMIT = "commit", "Set aside"
    PAY = "pay", "Paid"
    RETURN = "return", "Came back"
    REVERSE = "reverse", "Taken back"


class Fund(AgencyOwned):
    """Money from one source. `balance` is what is neither set aside nor paid; the database alone keeps the three sums."""

    name = models.CharField(max_length=120)
    source = models.CharField(max_length=160, help_text="Who gives the money, and the number of the grant.")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True, help_text="The last day on which it may be asked for.")
    cap_request = models.BigIntegerField(null=True, blank=True, help_text="Cents; above it a second person approves.")
    cap_household = models.BigIntegerField(
        null=True, blank=True, help_text="Cents that one household may have of it; above it a second person approves."
    )
    categories = ArrayField(models.CharField(max_length=20), help_text="What it may be spent on.")
    received = models.BigIntegerField(default=0, db_default=0, help_text="Cents; set by the database.")
    paid = models.BigIntegerField(default=0, db_default=0, help_text="Cents, without what came back; set by the database.")
    balance = models.BigIntegerField(default=0, db_default=0, help_text="Cents; set by the database.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(AgencyOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.UniqueConstraint(fields=["agency", "name"], name="one_fund_a_name"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="a_fund_is_never_below_zero"),
            models.CheckConstraint(condition=Q(received__gte=0, paid__gte=0), name="sums_of_a_fund_are_not_negative"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="a_fund_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(categories__len__gt=0) & Q(categories__contained_by=[code for code, _ in CATEGORIES]),
                name="a_fund_names_what_it_is_for",
            ),
            models.CheckConstraint(
                condition=(Q(cap_request__isnull=True) | Q(cap_request__gt=0))
                & (Q(cap_household__isnull=True) | Q(cap_household__gt=0)),
                name="caps_are_amounts",
            ),
        ]
        indexes = [models.Index(fields=["agency", "ends_on"], name="funds_of_an_agency")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "made_by": "staff activity"}

    def __str__(self) -> str:
        return self.name

    @property
    def set_aside(self) -> int:
        """What waits to be paid, in cents."""
        return self.received - self.paid - self.balance


class FundChange(AgencyOwned):
    """One thing that a fund said otherwise before. The database writes it with the change, and nobody else does."""

    class Field(models.TextChoices):
        NAME = "name", "Name"
        SOURCE = "source", "Who gives it"
        ENDS_ON = "ends_on", "Until"
        CAP_REQUEST = "cap_request", "Two approve above, a request"
        CAP_HOUSEHOLD = "cap_household", "Two approve above, a household"
        CATEGORIES = "categories", "It is for"

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, related_name="+")
    field = models.CharField(max_length=13, choices=Field.choices)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        ordering = ["-at", "field"]
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(field__in=CHANGEABLE), name="a_fund_s_change_is_of_a_field"),
        ]
        indexes = [models.Index(fields=["agency", "fund", "-at"], name="changes_of_a_fund")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "fund": "reference", "by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)


class FundEntry(AgencyOwned):
    """One movement of money, written once by the database's clock and in the name of who acts."""

    fund = models.ForeignKey(Fund, models.PROTECT, db_constraint=False, related_name="+")
    request = models.ForeignKey(
        "assistance.AssistanceRequest", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+"
    )
    reverses = models.ForeignKey("self", models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+")
    kind = models.CharField(max_length=7, choices=EntryKind.choices)
    amount = models.BigIntegerField(help_text="Cents, always more than nothing.")
    effect = models.BigIntegerField(default=0, db_default=0, help_text="On the balance, in cents; set by the database.")
    note = models.CharField(max_length=160, blank=True, default="", help_text="Of a receipt; never about a person.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        verbose_name_plural = "fund entries"
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(amount__gt=0, amount__lte=MOST), name="an_entry_is_of_an_amount"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="an_entry_has_a_known_kind"),
            models.CheckConstraint(
                condition=Q(kind="receipt", request__isnull=True)
                | Q(kind__in=["commit", "pay", "return"], request__isnull=False)
                | Q(kind="reverse"),
                name="what_is_spent_is_of_a_request",
            ),
            models.CheckConstraint(
                condition=Q(kind="reverse", reverses__isnull=False) | (~Q(kind="reverse") & Q(reverses__isnull=True)),
                name="a_reversal_names_what_it_takes_back",
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "fund", "-at"], name="entries_of_a_fund"),
            models.Index(fields=["agency", "request", "-at"], name="entries_of_a_request"),
            models.Index(fields=["agency", "reverses"], name="entries_taken_back"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "fund": "reference",
            "request": "reference",
            "reverses": "reference",
            "by": "staff activity",
        }

    def __str__(self) -> str:
        return str(self.pk)
