"""The charge catalogue: which section of law stood in the books on which day.

Seed publications count arrests under a section that was repealed since. So a charge has its days, and a row that names a
charge on a day when it was not in force is refused by the database.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value


class Charge(models.Model):
    """One section on the days on which it read so. Days are inclusive; none means open on that side."""

    class Level(models.TextChoices):
        FELONY = "felony", "Felony"
        MISDEMEANOR = "misdemeanor", "Misdemeanor"
        INFRACTION = "infraction", "Infraction"
        UNKNOWN = "", "Not recorded"

    class Side(models.TextChoices):
        BUYER = "buyer", "Buyer"
        EXPLOITER = "exploiter", "Exploiter"
        NOT_STATED = "not_stated", "Not stated"
        OTHER = "other", "Other"
        SELLER = "seller", "Seller"

    class Nibrs(models.TextChoices):
        """The FBI's offense codes that concern this field."""

        TRAFFICKING_SEX = "64A", "64A Human trafficking, commercial sex acts"
        TRAFFICKING_LABOR = "64B", "64B Human trafficking, involuntary servitude"
        PROSTITUTION = "40A", "40A Prostitution"
        ASSISTING = "40B", "40B Assisting or promoting prostitution"
        PURCHASING = "40C", "40C Purchasing prostitution"
        UNKNOWN = "", "Not recorded"

    section = models.CharField(max_length=40, help_text="As lawyers cite it: PC 236.1(b).")
    title = models.CharField(max_length=160)
    level = models.CharField(max_length=12, choices=Level.choices, blank=True)
    side = models.CharField(max_length=10, choices=Side.choices)
    nibrs = models.CharField(max_length=3, choices=Nibrs.choices, blank=True)
    penalty = models.CharField(max_length=300, blank=True, help_text="Empty when nobody looked it up.")
    source = models.CharField(max_length=200)
    was_read = models.BooleanField(help_text="Whether the text of the law itself was read.")
    in_force_from = models.DateField(null=True, blank=True)
    in_force_until = models.DateField(null=True, blank=True)
    as_of = models.DateField(help_text="The day as of which this line stands.")

    class Meta:
        ordering = ["section", "in_force_from"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=""), name="charge_has_a_source"),
            models.CheckConstraint(
                condition=Q(in_force_from=None) | Q(in_force_until=None) | Q(in_force_until__gte=F("in_force_from")),
                name="charge_ends_after_it_begins",
            ),
            ExclusionConstraint(
                name="charge_reads_one_way_a_day",
                expressions=[
                    ("section", RangeOperators.EQUAL),
                    (
                        Func(
                            "in_force_from",
                            "in_force_until",
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
            ),
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.section
