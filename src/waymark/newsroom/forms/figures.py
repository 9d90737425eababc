"""What staff type for a figure: its owner's words, and everything without which it would say something else."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.newsroom.forms.press import long_text
from waymark.newsroom.models import PublishedFigure
from waymark.pages.questions import PlainForm

Bound, Display, Side = PublishedFigure.Bound, PublishedFigure.Display, PublishedFigure.Side
SAYS = ("value", "bound", "display", "wording")
AROUND = ("source", "as_of", "population", "period", "caveat")


class FigureWordsForm(PlainForm):
    """What a figure says and what belongs to it."""

    value = forms.CharField(label="Value", max_length=40, required=False, help_text="Empty when it was not published.")
    bound = forms.ChoiceField(label="Bound", choices=Bound.choices, help_text="“More than 30” is never 30.")
    display = forms.ChoiceField(label="How it is shown", choices=Display.choices, widget=forms.RadioSelect)
    wording = forms.CharField(
        label="Its owner’s words", max_length=600, required=False, widget=long_text(3), help_text="Exactly as published."
    )
    source = forms.CharField(label="Source", max_length=200, help_text="The document it stands in.")
    as_of = forms.CharField(label="Day of the source", max_length=60, required=False)
    population = forms.CharField(label="Who it is about", max_length=200)
    period = forms.CharField(label="Period", max_length=200, required=False)
    caveat = forms.CharField(label="Caveat", max_length=600, required=False, widget=long_text(3))

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in (*SAYS, *AROUND)}


class FigureForm(FigureWordsForm):
    """A new figure."""

    key = forms.SlugField(
        label="Short name", max_length=80, help_text="For its address: small letters, digits and _, like reset_graduates."
    )
    side = forms.ChoiceField(label="On which side", choices=Side.choices, required=False)
    series = forms.CharField(
        label="Running total of", max_length=160, required=False, help_text="A series of operations; empty for most."
    )
    counts_people = forms.BooleanField(label="It counts people", required=False)
    sections = (
        ("What it says", ("key", *SAYS, "counts_people")),
        ("What belongs to it", AROUND),
        ("Operations", ("side", "series")),
    )
    why = {
        "counts_people": "Then it is never shown as a number below 11.",
        "series": "A running total stands apart from every operation and is never added to one.",
    }

    def values(self) -> dict[str, Any]:
        more = {name: self.cleaned_data[name] for name in ("key", "side", "series", "counts_people")}
        return {**super().values(), **more}


class FigureCorrectionForm(FigureWordsForm):
    """A figure as it should be. Each field that differs is a correction, and the value before stays readable beside it."""

    reason = forms.CharField(label="Why", max_length=400, widget=long_text(3), help_text="Published with the correction.")
    sections = (("What it should say", SAYS), ("What belongs to it", AROUND), ("Why", ("reason",)))

    def changed(self, figure: PublishedFigure) -> dict[str, str]:
        """The fields that would change."""
        return {name: after for name, after in self.values().items() if after != (getattr(figure, name) or "")}
