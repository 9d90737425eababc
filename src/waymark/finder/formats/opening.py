"""Is it open now, until when, and if not, when next? Out of the standard's schedule rows and the local wall clock.

Unknown hours never show as open. The wall clock decides, so a day on which the clock changes needs no care: nine o'clock
is nine o'clock. Hours past midnight belong to the day on which they begin; a closed date closes what would begin on it.
The phone computes the same by `frontend/scripts/search/opening.js`; both are held to one table of cases.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
MINUTES = 24 * 60
AHEAD = 35
DAY_RULE = re.compile(r"^([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)$")

Schedule = Mapping[str, Any]


@dataclass(frozen=True)
class Opening:
    """What is known about a moment. Minutes count from the midnight that begins today."""

    state: str  # open, always, closed, unknown
    until: int | None = None
    next_open: int | None = None


def _date(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) and value else None


def _minutes(value: Any) -> int | None:
    if not isinstance(value, str) or not re.match(r"^\d{1,2}:\d{2}", value):
        return None
    hour, minute = value.split(":")[:2]
    return int(hour) * 60 + int(minute)


def _rules(schedule: Schedule) -> list[tuple[int, int]]:
    """The days of `byday` as (ordinal or 0, weekday)."""
    found = []
    for part in re.split(r"[,;\s]+", str(schedule.get("byday", "")).upper()):
        match = DAY_RULE.match(part)
        if match:
            found.append((int(match[1] or 0), DAYS.index(match[2])))
    return found


def _is_nth(day: date, ordinal: int) -> bool:
    if ordinal > 0:
        return (day.day - 1) // 7 + 1 == ordinal
    left = monthrange(day.year, day.month)[1] - day.day
    return left // 7 + 1 == -ordinal


def applies(schedule: Schedule, day: date) -> bool:
    """True when a row speaks of this day."""
    for bound in ("valid_from", "dtstart"):
        first = _date(schedule.get(bound))
        if first and day < first:
            return False
    for bound in ("valid_to", "until"):
        last = _date(schedule.get(bound))
        if last and day > last:
            return False
    start = _date(schedule.get("dtstart"))
    freq = str(schedule.get("freq", "")).upper()
    interval = int(schedule.get("interval") or 1)
    rules = _rules(schedule)
    month_days = [int(part) for part in re.findall(r"-?\d+", str(schedule.get("bymonthday", "")))]
    if month_days:
        length = monthrange(day.year, day.month)[1]
        if day.day not in month_days and day.day - length - 1 not in month_days:
            return False
    if rules and not any(
        weekday == day.weekday() and (not ordinal or _is_nth(day, ordinal)) for ordinal, weekday in rules
    ):
        return False
    if not rules and not month_days:
        if start and freq == "WEEKLY":
            if day.weekday() != start.weekday():
                return False
        elif start and freq == "MONTHLY":
            if day.day != start.day:
                return False
        elif start and not freq:
            if day != start:
                return False
        elif not (schedule.get("valid_from") and schedule.get("valid_to")):
            return False
    if start and interval > 1:
        if freq == "MONTHLY":
            return ((day.year - start.year) * 12 + day.month - start.month) % interval == 0
        weeks = (day - timedelta(day.weekday()) - (start - timedelta(start.weekday()))).days // 7
        return weeks % interval == 0
    return True


def spans(schedule: Schedule) -> tuple[int, int] | None:
    """Opening and closing in minutes; closing lies after 24:00 when it is past midnight."""
    opens, closes = _minutes(schedule.get("opens_at")), _minutes(schedule.get("closes_at"))
    if opens is None or closes is None:
        return None
    if closes == MINUTES - 1:
        closes = MINUTES
    return opens, closes if closes > opens else closes + MINUTES


def opening(schedules: Sequence[Schedule], now: datetime) -> Opening:
    """What is known at a moment; `now` is in the zone of the service."""
    timed = [row for row in schedules if not row.get("is_closed") and spans(row)]
    if not timed:
        return Opening("unknown")
    closed = [row for row in schedules if row.get("is_closed")]
    today = now.date()
    times: list[tuple[int, int]] = []
    for offset in range(-1, AHEAD + 1):
        day = today + timedelta(offset)
        if any(applies(row, day) for row in closed):
            continue
        for row in timed:
            if applies(row, day):
                opens, closes = spans(row) or (0, 0)
                times.append((offset * MINUTES + opens, offset * MINUTES + closes))
    minute = now.hour * 60 + now.minute
    for opens, closes in _merged(times):
        if opens <= minute < closes:
            return Opening("always") if closes > 8 * MINUTES else Opening("open", until=closes)
        if opens > minute:
            return Opening("closed", next_open=opens)
    return Opening("closed")


def _merged(times: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for opens, closes in sorted(times):
        if merged and opens <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], closes))
        else:
            merged.append((opens, closes))
    return merged


def clock(minutes: int) -> time:
    """A time of day out of minutes that may count past midnight."""
    return time(minutes % MINUTES // 60, minutes % 60)
