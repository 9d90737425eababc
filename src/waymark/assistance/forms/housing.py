"""A lease, moving in, until when there is help, and how it ended."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.assistance.forms.amounts import AmountField
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField

OFF = {"autocomplete": "off"}
WENT = (
    ("stays", "They stay in the unit without help"),
    ("other_rent", "They rent somewhere else"),
    ("family", "With family or friends"),
    ("owned", "A place of their own"),
    ("shelter", "A shelter or program"),
    ("unknown", "Not known"),
)


class LeaseForm(PlainForm):
    """What stands in the lease. The address goes to the vault: no page, list or print shows it."""

    address = forms.CharField(label="Where the unit is", max_length=400, widget=forms.Textarea(attrs={**OFF, "rows": 3}))
    landlord = forms.CharField(
        label="Landlord, and how they are reached", max_length=300, required=False, widget=forms.TextInput(attrs=OFF)
    )
    lease_from = DayField(label="The lease begins on")
    lease_until = DayField(label="The lease ends on", required=False, help_text="Empty if it goes on from month to month.")
    rent = AmountField(label="Rent a month, in dollars")
    is_inspected = forms.BooleanField(label="The unit was looked at and is fit to live in.", required=False)
    is_reasonable = forms.BooleanField(label="The rent is no more than is usual for such a unit here.", required=False)
    helped_from = DayField(label="Help with the rent from")
    helped_until = DayField(label="Help with the rent until", help_text="As planned now. It can be changed later.")
    sections = (
        ("Where it is", ("address",)),
        ("The lease", ("landlord", "lease_from", "lease_until", "rent", "is_inspected", "is_reasonable")),
        ("Help with the rent", ("helped_from", "helped_until")),
    )
    why = {"address": "Sealed apart from everything else. Who has to know it asks for it with a reason that is kept."}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for first, last in (("lease_from", "lease_until"), ("helped_from", "helped_until")):
            if data.get(first) and data.get(last) and data[last] < data[first]:
                self.add_error(last, "The last day is before the first.")
        if data.get("helped_from") and data.get("lease_from") and data["helped_from"] < data["lease_from"]:
            self.add_error("helped_from", "Help with the rent does not begin before the lease.")
        return data

    def words(self) -> dict[str, Any]:
        """What is sealed."""
        return {name: self.cleaned_data[name] for name in ("landlord", "is_inspected", "is_reasonable")}


class DayForm(PlainForm):
    """One day that has come."""

    on = DayField(label="On which day")

    def clean_on(self) -> dt.date:
        on: dt.date = self.cleaned_data["on"]
        if on > timezone.localdate():
            raise forms.ValidationError("This day has not come yet. Write it down when it has happened.")
        return on


class HelpForm(PlainForm):
    """The last day of help, as it is planned now."""

    helped_until = DayField(label="Help with the rent until")


class EndForm(DayForm):
    """The end of help, and where they went."""

    went = forms.ChoiceField(label="Where they live now", choices=WENT, widget=forms.RadioSelect)
    note = forms.CharField(
        label="In a few words", max_length=1000, required=False, widget=forms.Textarea(attrs={**OFF, "rows": 3})
    )
    why = {"went": "Sealed. No address is needed."}
