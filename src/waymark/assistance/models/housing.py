"""Rapid rehousing: a household looks for a place, rents it with the agency's help, moves in, and goes on alone.

Help with rent is bounded: no more than 24 months in any 36, and never two stays of one household at once. Both are rules of
the database (migrations/sql/housing.sql). A household is the file of the case's person, together with every file that was
put together with it. Where the unit is stands in the address vault of the person, and nowhere here.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from waymark.accounts.models import AgencyOwned
from waymark.assistance.models.funds import MOST
from waymark.cases.models import CaseOwned
from waymark.people.models import Address, Person


class StayState(models.TextChoices):
    SEARCHING = "searching", "Looking for a place"
    LEASED = "leased", "Lease signed"
    MOVED_IN = "moved_in", "Moved in"
    EXITED = "exited", "Help has ended"


class HousingMove(models.TextChoices):
    LEASE = "lease", "The lease is signed"
    MOVE_IN = "move_in", "They moved in"
    HELP = "help", "Until when we help was changed"
    EXIT = "exit", "The help ends"


HOUSING_MOVES: dict[tuple[str, str], str] = {
    (StayState.SEARCHING, HousingMove.LEASE): StayState.LEASED,
    (StayState.LEASED, HousingMove.MOVE_IN): StayState.MOVED_IN,
    (StayState.LEASED, HousingMove.HELP): StayState.LEASED,
    (StayState.MOVED_IN, HousingMove.HELP): StayState.MOVED_IN,
    (StayState.SEARCHING, HousingMove.EXIT): StayState.EXITED,
    (StayState.LEASED, HousingMove.EXIT): StayState.EXITED,
    (StayState.MOVED_IN, HousingMove.EXIT): StayState.EXITED,
}
OPEN_STAYS = ("searching", "leased", "moved_in")


class DaysOf(Func):
    """The days of help, both ends with them."""

    function = "DATERANGE"
    output_field = DateRangeField()


class HousingStay(CaseOwned):
    """One stay. The unit's address is `unit`, a row of the address vault; landlord and words are sealed."""

    household = models.ForeignKey(
        Person, models.PROTECT, null=True, db_constraint=False, related_name="+", help_text="Set by the database."
    )
    state = models.CharField(max_length=9, choices=StayState.choices, default=StayState.SEARCHING)
    unit = models.ForeignKey(
        Address, models.PROTECT, null=True, blank=True, db_constraint=False, related_name="+", help_text="In its vault."
    )
    lease_from = models.DateField(null=True, blank=True)
    lease_until = models.DateField(null=True, blank=True)
    rent = models.BigIntegerField(null=True, blank=True, help_text="Cents a month, as in the lease.")
    helped_from = models.DateField(null=True, blank=True, help_text="The first day of help with the rent.")
    helped_until = models.DateField(null=True, blank=True, help_text="The last day of help, as it is planned or was.")
    moved_in_on = models.DateField(null=True, blank=True)
    exited_on = models.DateField(null=True, blank=True)
    words = models.BinaryField(null=True, help_text="Landlord, checks, where they went; sealed.")
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta(CaseOwned.Meta):
        constraints = [
            *AgencyOwned.Meta.constraints,
            models.CheckConstraint(condition=Q(state__in=StayState.values), name="a_stay_has_a_known_state"),
            models.UniqueConstraint(
                fields=["agency", "household"], condition=Q(state__in=OPEN_STAYS), name="one_open_stay_a_household"
            ),
            ExclusionConstraint(
                name="stays_of_a_household_do_not_overlap",
                expressions=[
                    ("agency", RangeOperators.EQUAL),
                    ("household", RangeOperators.EQUAL),
                    (
                        DaysOf("helped_from", "helped_until", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(helped_from__isnull=False),
            ),
            models.CheckConstraint(
                condition=Q(helped_from__isnull=True, helped_until__isnull=True)
                | Q(helped_from__isnull=False, helped_until__gte=F("helped_from")),
                name="help_has_a_first_and_a_last_day",
            ),
            models.CheckConstraint(
                condition=Q(lease_from__isnull=True, lease_until__isnull=True) | Q(lease_until__gte=F("lease_from")),
                name="a_lease_has_a_first_and_a_last_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["leased", "moved_in"])
                | Q(unit_id__isnull=False, lease_from__isnull=False, rent__isnull=False, helped_from__isnull=False),
                name="who_rents_has_a_lease_a_unit_and_days",
            ),
            models.CheckConstraint(
                condition=~Q(state="moved_in") | Q(moved_in_on__isnull=False), name="a_move_in_has_a_day"
            ),
            models.CheckConstraint(
                condition=Q(state="exited", exited_on__isnull=False) | ~Q(state="exited") & Q(exited_on__isnull=True),
                name="an_exit_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(exited_on__isnull=True) | Q(helped_until__isnull=True) | Q(helped_until__lte=F("exited_on")),
                name="help_ends_with_the_exit",
            ),
            models.CheckConstraint(
                condition=Q(rent__isnull=True) | Q(rent__gt=0, rent__lte=MOST), name="a_rent_is_an_amount"
            ),
        ]
        indexes = [
            models.Index(fields=["agency", "state", "helped_until"], name="stays_by_state"),
            models.Index(fields=["agency", "case"], name="stays_of_a_case"),
            models.Index(fields=["agency", "household"], name="stays_of_a_household"),
        ]

    class Privacy:
        kind = "confidential"
        fields = {
            "id": "reference",
            "case": "reference",
            "household": "reference",
            "unit": "reference",
            "made_by": "staff activity",
        }


class StayStep(AgencyOwned):
    """One move of a stay, written once; it moves the stay itself, and keeps the days of help as they were from then on."""

    stay = models.ForeignKey(HousingStay, models.PROTECT, db_constraint=False, related_name="+")
    move = models.CharField(max_length=7, choices=HousingMove.choices)
    on = models.DateField(help_text="The day on which it happened.")
    from_state = models.CharField(max_length=9, blank=True, help_text="Set by the database.")
    to_state = models.CharField(max_length=9, blank=True, help_text="Set by the database.")
    helped_from = models.DateField(null=True, help_text="Set by the database.")
    helped_until = models.DateField(null=True, help_text="Given when it changes, else set by the database.")
    at = models.DateTimeField(null=True, help_text="Set by the database.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta(AgencyOwned.Meta):
        ordering = ["-at"]
        indexes = [models.Index(fields=["agency", "stay", "at"], name="steps_of_a_stay")]

    class Privacy:
        kind = "confidential"
        fields = {"id": "reference", "stay": "reference", "by": "staff activity"}

    def __str__(self) -> str:
        return str(self.pk)
