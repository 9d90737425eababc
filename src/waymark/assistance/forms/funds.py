"""A fund and what comes in."""

from __future__ import annotations

from typing import Any

from django import forms

from waymark.assistance.forms.amounts import AmountField
from waymark.assistance.models import CATEGORIES
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

OFF = {"autocomplete": "off"}


class FundForm(PlainForm):
    """Where money comes from, for how long, and what it may be spent on."""

    name = forms.CharField(label="What you call it", max_length=120, widget=forms.TextInput(attrs=OFF))
    source = forms.CharField(
        label="Who gives it", max_length=160, widget=forms.TextInput(attrs=OFF), help_text="With the number of the grant."
    )
    starts_on = DayField(label="From")
    ends_on = DayField(label="Until", required=False, help_text="Empty if it has no last day.")
    categories = forms.MultipleChoiceField(
        label="It may be spent on", choices=CATEGORIES, widget=forms.CheckboxSelectMultiple
    )
    cap_request = AmountField(label="One person approves up to", required=False, help_text="Dollars for one request.")
    cap_household = AmountField(
        label="One household, one person approves up to", required=False, help_text="Dollars for all its requests together."
    )
    sections = (
        ("The fund", ("name", "source", "starts_on", "ends_on")),
        ("What it is for", ("categories",)),
        ("When two people approve", ("cap_request", "cap_household")),
    )
    why = {
        "cap_request": "Above it a second person approves. Empty means that one is always enough.",
        "categories": "It stands in the open. Nothing here is about a person.",
    }

    def __init__(self, *args: Any, is_new: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["starts_on"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("starts_on") or self.initial.get("starts_on"), data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", "The last day is before the first.")
        return data


class ReceiptForm(PlainForm):
    """Money that came in."""

    amount = AmountField(label="How much came in")
    note = forms.CharField(
        label="A note",
        max_length=160,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="Like “second quarter”. Not sealed: nothing about a person.",
    )
