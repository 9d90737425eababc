"""Hours as people say them, and as the standard's rules (RRULE fields of HSDS `schedule`).

People say "Monday to Friday nine to five, the first Tuesday of the month until eight, closed on Thanksgiving". The standard
keeps one row per rule: `freq`, `byday`, `opens_at`, `closes_at`, valid dates. This module turns one into the other and back
without loss; a rule that people's words here cannot say (every second week, the 15th of the month) is left as it is.
Hours that close before they open run past midnight. A whole day runs from midnight to
midnight, so that days in a row join.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY_NAMES = {
    "MO": "Monday",
    "TU": "Tuesday",
    "WE": "Wednesday",
    "TH": "Thursday",
    "FR": "Friday",
    "SA": "Saturday",
    "SU": "Sunday",
}
WEEKS = {"1": "First", "2": "Second", "3": "Third", "4": "Fourth", "-1": "Last"}
MIDNIGHT = dt.time(0)
DAY_END = dt.time(23, 59)


class Rule(Protocol):
    """The fields of a stored row that this module reads."""

    valid_from: dt.date | None
    valid_to: dt.date | None
    dtstart: dt.date | None
    until: dt.date | None
    count: float | None
    interval: float | None
    freq: str
    byday: str
    byweekno: str
    bymonthday: str
    byyearday: str
    opens_at: dt.time | None
    closes_at: dt.time | None
    schedule_link: str
    attending_type: str
    notes: str
    description: str
    is_closed: bool


@dataclass(frozen=True)
class Span:
    """From when to when on one day."""

    opens_at: dt.time
    closes_at: dt.time

    @property
    def is_whole_day(self) -> bool:
        return self.opens_at == MIDNIGHT and self.closes_at in (MIDNIGHT, DAY_END)

    @property
    def ends_next_day(self) -> bool:
        return not self.is_whole_day and self.closes_at <= self.opens_at


@dataclass(frozen=True)
class Monthly:
    """One day of the month by its week: the first Tuesday."""

    week: str
    day: str
    span: Span


@dataclass(frozen=True)
class Closed:
    """Days without hours: a holiday, a pause."""

    first: dt.date
    last: dt.date
    note: str


@dataclass
class Hours:
    """The hours of one service in people's words."""

    weekly: dict[str, list[Span]] = field(default_factory=dict)
    monthly: list[Monthly] = field(default_factory=list)
    closed: list[Closed] = field(default_factory=list)
    note: str = ""
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None

    @property
    def is_always(self) -> bool:
        return all(len(self.weekly.get(day, [])) == 1 and self.weekly[day][0].is_whole_day for day in DAYS)

    @property
    def is_known(self) -> bool:
        return bool(self.monthly or any(self.weekly.values()))


def whole_week() -> dict[str, list[Span]]:
    return {day: [Span(MIDNIGHT, MIDNIGHT)] for day in DAYS}


def _is_plain(rule: Rule, *, with_words: bool = False) -> bool:
    """No part of the rule goes beyond what people's words here can say."""
    return (with_words or not rule.description) and (
        rule.interval in (None, 1.0)
        and rule.count is None
        and rule.until is None
        and rule.dtstart is None
        and not any((rule.byweekno, rule.bymonthday, rule.byyearday, rule.schedule_link, rule.attending_type))
    )


def _weekdays(byday: str) -> list[str]:
    return [part.strip().upper() for part in byday.split(",") if part.strip()]


def _is_weekly(rule: Rule) -> bool:
    days = _weekdays(rule.byday)
    return (
        _is_plain(rule)
        and not rule.is_closed
        and rule.freq.upper() == "WEEKLY"
        and bool(days)
        and set(days) <= set(DAYS)
        and rule.opens_at is not None
        and rule.closes_at is not None
    )


def _is_monthly(rule: Rule) -> bool:
    days = _weekdays(rule.byday)
    return (
        _is_plain(rule)
        and not rule.is_closed
        and rule.freq.upper() == "MONTHLY"
        and bool(days)
        and all(day[-2:] in DAYS and day[:-2].lstrip("+") in WEEKS for day in days)
        and rule.opens_at is not None
        and rule.closes_at is not None
    )


def _is_closed(rule: Rule) -> bool:
    """Dates without a rule; the reason is a short word in one of two fields."""
    has_one_reason = not (rule.description and rule.notes)
    no_rule = not (rule.freq or rule.byday) and rule.opens_at is None and rule.closes_at is None
    return (
        rule.is_closed and rule.valid_from is not None and no_rule and has_one_reason and _is_plain(rule, with_words=True)
    )


def _is_note(rule: Rule) -> bool:
    return (
        bool(rule.notes)
        and not rule.freq
        and not rule.byday
        and rule.opens_at is None
        and rule.closes_at is None
        and not rule.is_closed
        and _is_plain(rule)
    )


def read_hours(rules: Iterable[Any]) -> tuple[Hours, list[Any]]:
    """People's words for the rules, and the rules that these words cannot say. Those stay as they are."""
    hours, left = Hours(), []
    season: tuple[dt.date | None, dt.date | None] | None = None
    for rule in rules:
        if _is_closed(rule):
            hours.closed.append(Closed(rule.valid_from, rule.valid_to or rule.valid_from, rule.description or rule.notes))
            continue
        if _is_note(rule) and not hours.note:
            hours.note = rule.notes
            continue
        weekly, monthly = _is_weekly(rule), _is_monthly(rule)
        dates = (rule.valid_from, rule.valid_to)
        # One season is one form; rules of another season are shown beside it.
        if not (weekly or monthly) or rule.notes or (season is not None and dates != season):
            left.append(rule)
            continue
        span = Span(rule.opens_at, rule.closes_at)
        days = _weekdays(rule.byday)
        if weekly and any(len(hours.weekly.get(day, [])) >= 2 for day in days):
            left.append(rule)
            continue
        season = dates
        hours.valid_from, hours.valid_to = dates
        for day in days:
            if weekly:
                hours.weekly.setdefault(day, []).append(span)
            else:
                hours.monthly.append(Monthly(day[:-2].lstrip("+"), day[-2:], span))
    for spans in hours.weekly.values():
        spans.sort(key=lambda span: (span.opens_at, span.closes_at))
    hours.closed.sort(key=lambda closed: closed.first)
    return hours, left


def write_rules(hours: Hours) -> list[dict[str, Any]]:
    """Rows of the standard for people's words: days with the same hours share one rule."""
    rows: list[dict[str, Any]] = []
    season = {"valid_from": hours.valid_from, "valid_to": hours.valid_to}
    groups: dict[Span, list[str]] = {}
    for day in DAYS:
        for span in hours.weekly.get(day, []):
            groups.setdefault(span, []).append(day)
    for span, days in groups.items():
        rows.append(
            {
                "freq": "WEEKLY",
                "interval": 1.0,
                "wkst": "MO",
                "byday": ",".join(days),
                "opens_at": span.opens_at,
                "closes_at": span.closes_at,
                **season,
            }
        )
    for item in hours.monthly:
        rows.append(
            {
                "freq": "MONTHLY",
                "interval": 1.0,
                "wkst": "MO",
                "byday": f"{item.week}{item.day}",
                "opens_at": item.span.opens_at,
                "closes_at": item.span.closes_at,
                **season,
            }
        )
    for closed in hours.closed:
        rows.append({"is_closed": True, "valid_from": closed.first, "valid_to": closed.last, "description": closed.note})
    if hours.note:
        rows.append({"notes": hours.note})
    return rows


def _clock(value: dt.time) -> str:
    if value == MIDNIGHT:
        return "midnight"
    if value == dt.time(12):
        return "noon"
    minutes = f":{value:%M}" if value.minute else ""
    return f"{value.hour % 12 or 12}{minutes} {'AM' if value.hour < 12 else 'PM'}"


def _span_words(day: str, span: Span) -> str:
    if span.is_whole_day:
        return "all day and night"
    if span.ends_next_day:
        after = DAY_NAMES[DAYS[(DAYS.index(day) + 1) % 7]]
        # Midnight is heard as the end of the same day.
        end = "midnight" if span.closes_at == MIDNIGHT else f"{_clock(span.closes_at)} on {after}"
        return f"{_clock(span.opens_at)} to {end}"
    return f"{_clock(span.opens_at)} to {_clock(span.closes_at)}"


def _day_words(day: dt.date) -> str:
    return f"{day:%A, %B} {day.day}, {day.year}"


def in_words(hours: Hours) -> list[str]:
    """What a visitor will read, so that the person who typed it sees what it means."""
    if not hours.is_known:
        lines = ["Hours are not known. The page says “call first” and never “open now”."]
    elif hours.is_always:
        lines = ["Open day and night, every day."]
    else:
        lines = []
        for day in DAYS:
            spans = hours.weekly.get(day, [])
            said = " and ".join(_span_words(day, span) for span in spans) if spans else "closed"
            lines.append(f"{DAY_NAMES[day]}: {said}")
    lines += [
        f"{WEEKS[item.week]} {DAY_NAMES[item.day]} of the month: {_span_words(item.day, item.span)}"
        for item in hours.monthly
    ]
    for closed in hours.closed:
        days = _day_words(closed.first)
        if closed.last != closed.first:
            days += f" to {_day_words(closed.last)}"
        lines.append(f"Closed {days}{': ' + closed.note if closed.note else ''}")
    if hours.note:
        lines.append(hours.note)
    if hours.valid_from or hours.valid_to:
        first = f"from {_day_words(hours.valid_from)}" if hours.valid_from else ""
        last = f"until {_day_words(hours.valid_to)}" if hours.valid_to else ""
        lines.append(f"These hours hold {' '.join(part for part in (first, last) if part)}.")
    return lines


def rule_in_words(rule: Any) -> str:
    """A rule that the form cannot edit, as plainly as its parts allow."""
    parts: Sequence[tuple[str, Any]] = (
        ("", rule.description),
        ("", rule.notes),
        ("", {"WEEKLY": "every week", "MONTHLY": "every month"}.get(rule.freq.upper(), rule.freq)),
        ("every", f"{rule.interval:g} times" if rule.interval not in (None, 1.0) else ""),
        ("on", ", ".join(DAY_NAMES.get(day, day) for day in _weekdays(rule.byday))),
        ("day of the month", rule.bymonthday),
        ("week", rule.byweekno),
        ("day of the year", rule.byyearday),
        ("from", _clock(rule.opens_at) if rule.opens_at else ""),
        ("to", _clock(rule.closes_at) if rule.closes_at else ""),
        ("valid from", rule.valid_from or ""),
        ("valid to", rule.valid_to or ""),
        ("until", rule.until or ""),
        ("", rule.schedule_link),
        ("", "closed" if rule.is_closed else ""),
    )
    return " ".join(f"{word} {value}".strip() for word, value in parts if value) or "A rule without hours"
