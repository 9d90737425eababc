"""Figures that somebody has published: shown as their owner said them, never added up, never without source and caveat.

The same number means something else without its population, its period or the words "more than". So a figure is one row
that carries all of them, its value is text and not a number that a sum could take, and a value that was not published is
null and never 0.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class PublishedFigure(models.Model):
    """One figure in its owner's words."""

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

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.SlugField(max_length=80, unique=True)
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
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(bound="null") & Q(value__isnull=True))
                | (~Q(bound="null") & Q(value__isnull=False) & ~Q(value="")),
                name="figure_not_published_is_null_and_never_zero",
            ),
            models.CheckConstraint(condition=~Q(source="") & ~Q(population=""), name="figure_has_source_and_population"),
            models.CheckConstraint(condition=~Q(display="words") | ~Q(wording=""), name="figure_in_words_has_words"),
        ]

    class Privacy:
        kind = "public"

    def __str__(self) -> str:
        return self.key
