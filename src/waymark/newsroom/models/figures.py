"""Figures that somebody has published: shown as their owner said them, never added up, never without source and caveat.

The same number means something else without its population, its period or the words "more than". So a figure is one row
that carries all of them, its value is text and not a number that a sum could take, and a value that was not published is
null and never 0.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from waymark.accounts.models import User

NUMERAL_UNDER_ELEVEN = r"^(0*[0-9]|0*10)$"


class FigureFields(models.Model):
    """What a figure says, and everything without which it would say something else."""

    class Bound(models.TextChoices):
        EXACT = "exact", "Exactly"
        MORE_THAN = "more_than", "More than"
        AT_LEAST = "at_least", "At least"
        AT_MOST = "at_most", "At most"
        ESTIMATE = "estimate", "An estimate"
        NULL = "null", "Not published"

    class Display(models.TextChoices):
        NUMBER = "number", "As a number"
        WORDS = "words", "Only in the source's own words"
        HIDDEN = "hidden", "Not shown"

    class Side(models.TextChoices):
        NONE = "", "Does not apply"
        BUYER = "buyer", "Buyers"
        SELLER = "seller", "Sellers"
        EXPLOITER = "exploiter", "Exploiters"
        OTHER = "other", "Others"
        NOT_STATED = "not stated", "Not stated"

    # Text: a year, a rank, a phone number and a share are figures too, and nothing can add texts up.
    value = models.CharField(max_length=40, null=True, blank=True)
    bound = models.CharField(max_length=10, choices=Bound.choices)
    display = models.CharField(max_length=10, choices=Display.choices)
    side = models.CharField(max_length=12, choices=Side.choices, blank=True, default="")
    wording = models.CharField(max_length=600, blank=True, default="", help_text="Verbatim.")
    source = models.CharField(max_length=200, help_text="The document it stands in.")
    population = models.CharField(max_length=200)
    period = models.CharField(max_length=200, blank=True, default="")
    caveat = models.CharField(max_length=600, blank=True, default="")
    as_of = models.CharField(
        max_length=60, blank=True, default="", help_text="The day of the source, as far as it is known."
    )
    series = models.CharField(
        max_length=160, blank=True, default="", help_text="The series of which it is a running total; none for most."
    )
    counts_people = models.BooleanField(default=False, help_text="Then it is never shown as a number below 11.")

    class Meta:
        abstract = True


def rules_of(name: str) -> list[models.BaseConstraint]:
    """What holds for a figure, whether it is public or only proposed."""
    return [
        models.CheckConstraint(
            condition=(Q(bound="null") & Q(value__isnull=True))
            | (~Q(bound="null") & Q(value__isnull=False) & ~Q(value="")),
            name=f"{name}_not_published_is_null_and_never_zero",
        ),
        models.CheckConstraint(condition=~Q(source="") & ~Q(population=""), name=f"{name}_has_source_and_population"),
        models.CheckConstraint(condition=~Q(display="words") | ~Q(wording=""), name=f"{name}_in_words_has_words"),
        models.CheckConstraint(
            condition=~Q(counts_people=True, display="number", value__regex=NUMERAL_UNDER_ELEVEN),
            name=f"{name}_of_few_people_is_no_numeral",
        ),
    ]


class PublishedFigure(FigureFields):
    """One figure in its owner's words."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80, unique=True)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key"]
        constraints = rules_of("figure")

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.key


class FigureProposal(FigureFields):
    """A figure that one person wants to put up. The council reads it, and another person puts it up or drops it."""

    class State(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        PUBLIC = "public", "Put up"
        DROPPED = "dropped", "Taken back"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    put_up_by = models.ForeignKey(User, models.PROTECT, related_name="+", null=True, blank=True)
    put_up_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-proposed_at", "id"]
        constraints = [
            *rules_of("figure_proposal"),
            models.CheckConstraint(
                condition=Q(state="public", put_up_by__isnull=False, put_up_at__isnull=False)
                | ~Q(state="public") & Q(put_up_by=None, put_up_at=None),
                name="figure_proposal_is_put_up_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(put_up_by=None) | ~Q(put_up_by=F("proposed_by")), name="figure_proposal_is_put_up_by_two"
            ),
            models.UniqueConstraint(fields=["key"], condition=~Q(state="dropped"), name="one_figure_proposal_of_a_key"),
        ]

    class Privacy:
        kind = "public"
        fields = {
            "proposed_by": "staff activity",
            "proposed_at": "staff activity",
            "put_up_by": "staff activity",
            "put_up_at": "staff activity",
        }
        without_row_wall = "It is on its way to the public; before that, policies show it to the newsroom's editors."

    def __str__(self) -> str:
        return self.key
