"""Days, times and numbers typed any sane way."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.utils import timezone

DAY_SHAPES = (
    "%Y-%m-%d",
    "%m/%d/%Y",
    "%m/%d/%y",
    "%m-%d-%Y",
    "%m.%d.%Y",
    "%B %d %Y",
    "%b %d %Y",
    "%d %B %Y",
    "%d %b %Y",
)
SHORT_SHAPES = ("%m/%d", "%B %d", "%b %d", "%d %B", "%d %b")
WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
CLOCK = re.compile(r"^(\d{1,2})(?:[:.h]?(\d{2}))?\s*(a|p|am|pm)?$")


def read_day(text: str) -> dt.date:
    """A day as people write it; without a year it is the one of this year. Raises ValueError."""
    plain = " ".join(WEEKDAY.sub("", text.strip()).replace(",", " ").split())
    today = timezone.localdate()
    near = {"today": 0, "yesterday": -1, "tomorrow": 1}
    if plain.lower() in near:
        return today + dt.timedelta(days=near[plain.lower()])
    for shape in DAY_SHAPES:
        try:
            day = dt.datetime.strptime(plain, shape).date()
        except ValueError:
            continue
        if 1900 <= day.year <= 2200:
            return day
    for shape in SHORT_SHAPES:
        try:
            return dt.datetime.strptime(f"{plain} {today.year}", f"{shape} %Y").date()
        except ValueError:
            continue
    raise ValueError(text)


def read_clock(text: str) -> dt.time:
    """A time of day as people write it: 9, 9am, 9:30 p.m., 17:00, noon, midnight. Raises ValueError."""
    plain = re.sub(r"\s+", " ", text.strip().lower().replace("p.m.", "pm").replace("a.m.", "am"))
    if plain in {"noon", "12 noon"}:
        return dt.time(12)
    if plain in {"midnight", "12 midnight", "24:00", "24"}:
        return dt.time(0)
    found = CLOCK.match(plain)
    if found is None:
        raise ValueError(text)
    hour, minute = int(found[1]), int(found[2] or 0)
    half = (found[3] or "")[:1]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half == "p" else 0)
    return dt.time(hour, minute)


class DayField(forms.DateField):
    """A day typed any sane way. What was typed is shown again as it was typed."""

    widget = forms.TextInput(attrs={"class": "usa-input short", "autocomplete": "off"})

    def to_python(self, value: Any) -> dt.date | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return read_day(str(value))
        except ValueError as error:
            raise forms.ValidationError("Enter a day, like May 3 2026 or 5/3/2026.") from error

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%B} {value.day}, {value.year}" if isinstance(value, dt.date) else value


class ClockField(forms.TimeField):
    """A time of day typed any sane way."""

    widget = forms.TextInput(attrs={"class": "usa-input clock", "autocomplete": "off"})

    def to_python(self, value: Any) -> dt.time | None:
        if value in self.empty_values:
            return None
        if isinstance(value, dt.time):
            return value
        try:
            return read_clock(str(value))
        except ValueError as error:
            raise forms.ValidationError("Enter a time, like 9, 9:30 am or 17:00.") from error

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, dt.time):
            return f"{value.hour % 12 or 12}:{value:%M} {'am' if value.hour < 12 else 'pm'}"
        return value


class PhoneField(forms.CharField):
    """A number as it is dialed. Short numbers and letters are allowed; a tap must be able to dial it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value)).split())
        digits = re.sub(r"\D", "", text)
        if text and (not re.fullmatch(r"[0-9+().\-/ *#]+", text) or not 3 <= len(digits) <= 15):
            raise forms.ValidationError(
                "Enter the number as it is dialed, like 916-555-0142. Put the extension in its own field."
            )
        return text
