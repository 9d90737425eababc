"""A service in a few seconds: what, and that is all; today, given, once and for one person unless it was otherwise."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone

from waymark.care.formats.taxonomies import ServiceKind, current
from waymark.care.models import Service
from waymark.pages.offers import offer
from waymark.pages.questions import PlainForm
from waymark.pages.typed_values import DayField
from waymark.people.forms.contacts import OFF

# How far back a service is written down afterwards, and how far ahead one is planned.
BACK, AHEAD = dt.timedelta(days=366), dt.timedelta(days=366)
NUMBER = forms.NumberInput(attrs={"class": "usa-input short", "inputmode": "numeric", "autocomplete": "off"})


class ServiceFields(PlainForm):
    """How it went, when, how much, for how many. There is no question about where."""

    state = forms.ChoiceField(
        label="How it went", choices=Service.State.choices, widget=forms.RadioSelect, initial=Service.State.PROVIDED
    )
    on = DayField(label="Day", help_text="Today, yesterday, or a day like May 3.")
    minutes = forms.IntegerField(label="Minutes", min_value=1, max_value=1440, required=False, widget=NUMBER)
    units = forms.IntegerField(
        label="How often", min_value=1, max_value=1000, initial=1, widget=NUMBER, help_text="Nights, rides, months, times."
    )
    household = forms.IntegerField(
        label="For how many of the household", min_value=1, max_value=30, initial=1, widget=NUMBER
    )
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        widget=forms.TextInput(attrs=OFF),
        help_text="Not where it was, and no names of others.",
    )

    why = {"note": "It is sealed. A place or a name in it could lead to somebody."}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        state, day, today = data.get("state"), data.get("on"), timezone.localdate()
        if state and day:
            if state == Service.State.PLANNED and not today <= day <= today + AHEAD:
                self.add_error("on", "What is planned has a day from today on, within a year.")
            elif state != Service.State.PLANNED and not today - BACK <= day <= today:
                self.add_error("on", "This day has not come yet, or is more than a year ago.")
        return data

    def values(self) -> dict[str, Any]:
        """What stands in the open. What did not happen took no time."""
        data = self.cleaned_data
        happened = data["state"] in (Service.State.PROVIDED, Service.State.PLANNED)
        return {
            "state": data["state"],
            "on": data["on"],
            "minutes": data["minutes"] if happened else None,
            "units": data["units"],
            "household": data["household"],
        }


class ServiceForm(ServiceFields):
    """A new one. The kind comes first, because often nothing else needs an answer."""

    code = forms.ChoiceField(label="Service")

    field_order = ("code", "state", "on", "minutes", "units", "household", "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "code", [("", "Choose"), *current().choices()])
        self.initial.setdefault("on", timezone.localdate())

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        code = data.get("code")
        if code and data.get("minutes") and not _kind(code).asks_minutes:
            self.add_error("minutes", f"{_kind(code).label} is counted in {_kind(code).unit}. Leave the minutes empty.")
        return data


class CorrectionForm(ServiceFields):
    """How it went after all."""


def _kind(code: str) -> ServiceKind:
    return current().kind(code)
