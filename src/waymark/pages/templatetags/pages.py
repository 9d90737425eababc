"""Words for days, times and numbers, the same on every page."""

from __future__ import annotations

import datetime as dt
import re

from django import template
from django.utils import timezone

register = template.Library()


@register.filter
def day(value: dt.date | dt.datetime | None) -> str:
    """`Friday, May 3, 2026`; a missing day reads as such and never as today."""
    if value is None:
        return "not known"
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{value:%A, %B} {value.day}, {value.year}"


@register.filter
def moment(value: dt.datetime | None) -> str:
    """`Friday, May 3, 2026 at 2:05 PM` in the region's zone."""
    if value is None:
        return "not known"
    local = timezone.localtime(value)
    return f"{day(local)} at {clock(local.time())}"


@register.filter
def near_day(value: dt.date | dt.datetime) -> str:
    """A day or moment as one says it when it is near: `today, 2:05 PM`, `tomorrow`, `Friday, May 3`; else with its year."""
    if isinstance(value, dt.datetime):
        value = timezone.localtime(value)
    # What begins at midnight is a whole day: nobody comes at twelve at night.
    at = f", {clock(value.time())}" if isinstance(value, dt.datetime) and value.time() != dt.time.min else ""
    on = value.date() if isinstance(value, dt.datetime) else value
    today = timezone.localdate()
    away = (on - today).days
    names = {-1: "yesterday", 0: "today", 1: "tomorrow"}
    if away in names:
        return names[away] + at
    if on.year == today.year or 0 < away < 180:
        return f"{on:%A, %B} {on.day}" + (at if 0 < away < 60 else "")
    return day(on)


@register.filter
def clock(value: dt.time | None) -> str:
    """`2:05 PM`."""
    if value is None:
        return "not known"
    return f"{value.hour % 12 or 12}:{value:%M} {'AM' if value.hour < 12 else 'PM'}"


@register.filter
def tel(number: str) -> str:
    """The number as a phone dials it; letters and marks drop out, an extension is left to the person."""
    head = re.split(r"(?i)\s*(?:ext|x)\.?\s*\d+", str(number))[0]
    digits = re.sub(r"[^\d+]", "", head)
    return digits if len(digits.lstrip("+")) >= 3 else ""


@register.filter
def get(mapping: object, key: str) -> object:
    """One entry of a mapping by a key that is only known in the template."""
    return mapping.get(key, "") if isinstance(mapping, dict) else ""


@register.filter
def dollars(cents: int) -> str:
    """`$1,234.50`, and `$80` for whole dollars: amounts are whole cents inside."""
    whole, rest = divmod(abs(cents), 100)
    return ("-" if cents < 0 else "") + f"${whole:,}" + (f".{rest:02d}" if rest else "")
