"""Is it open now? Reads the schedules of one service as they are published (HSDS, iCalendar rules) and answers.

The clock on the wall of the region decides: both moments and hours are compared as local times, so a night of changing
clocks needs no special rule, and the phone's JavaScript decides the same from the same cases
(tests/fixtures/hours_cases.json). Hours that are not known never show as open:

- a row without times says nothing; a row whose times or days cannot be understood makes "closed" into "unknown";
- rules that all lie in the past leave the hours unknown;
- a row with `is_closed` takes away every opening that begins on its dates.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
BYDAY = re.compile(r"^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$")
LOOK_AHEAD = 62
ALWAYS = 8
MIDNIGHT = dt.time(0)


@dataclass(frozen=True)
class Hours:
    """What can be said: `open`, `closed` or `unknown`; until when (None: always), or when it opens next, as local times."""

    state: str
    closes: dt.datetime | None = None
    opens: dt.datetime | None = None


@dataclass(frozen=True)
class _Rule:
    """One understood row: on which days something begins, from when to when."""

    freq: str
    byday: tuple[tuple[int, int], ...]  # (which one in the month, 0 for every; weekday)
    bymonthday: tuple[int, ...]
    byweekno: tuple[int, ...]
    byyearday: tuple[int, ...]
    first: dt.date | None
    last: dt.date | None
    start: dt.date | None
    interval: int
    count: int
    week_start: int
    opens: dt.time = MIDNIGHT
    closes: dt.time = MIDNIGHT

    def on(self, day: dt.date) -> bool:
        """Whether the rule names this day."""
        return self._in_time(day) and self._matches(day) and (not self.count or self._number(day) <= self.count)

    def _in_time(self, day: dt.date) -> bool:
        return not (
            (self.first and day < self.first) or (self.last and day > self.last) or (self.start and day < self.start)
        )

    def _matches(self, day: dt.date) -> bool:
        length = _month_length(day)
        if self.byday and not any(
            day.weekday() == weekday and which in {0, (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)}
            for which, weekday in self.byday
        ):
            return False
        if self.bymonthday and not {day.day, day.day - length - 1} & set(self.bymonthday):
            return False
        if self.byweekno and day.isocalendar().week not in self.byweekno:
            return False
        year_length = (dt.date(day.year, 12, 31) - dt.date(day.year, 1, 1)).days + 1
        number = day.timetuple().tm_yday
        if self.byyearday and not {number, number - year_length - 1} & set(self.byyearday):
            return False
        if self.interval > 1 and self.start:
            return self._steps(day) % self.interval == 0
        return True

    def _steps(self, day: dt.date) -> int:
        assert self.start is not None  # noqa: S101  (only rules with a start have an interval)
        if self.freq == "MONTHLY":
            return (day.year - self.start.year) * 12 + day.month - self.start.month
        first, second = (date - dt.timedelta((date.weekday() - self.week_start) % 7) for date in (self.start, day))
        return (second - first).days // 7

    def _number(self, day: dt.date) -> int:
        """How many times it has happened, this day included."""
        assert self.start is not None  # noqa: S101  (only rules with a start have a count)
        span = min((day - self.start).days, 4000)
        return sum(self._matches(self.start + dt.timedelta(step)) for step in range(span + 1))


def _month_length(day: dt.date) -> int:
    following = dt.date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return (following - dt.timedelta(1)).day


def _date(text: Any) -> dt.date | None:
    return dt.date.fromisoformat(str(text)[:10]) if text else None


def _time(text: Any) -> dt.time | None:
    return dt.time.fromisoformat(str(text)) if text else None


def _numbers(text: Any, least: int, most: int) -> tuple[int, ...]:
    found = tuple(int(part) for part in str(text or "").split(",") if part.strip())
    if not all(least <= abs(number) <= most for number in found):
        raise ValueError(text)
    return found


def _rule(row: Mapping[str, Any]) -> _Rule | None:
    """A row as a rule, None when it says no hours; ValueError when it says something that we do not understand."""
    opens, closes = _time(row.get("opens_at")), _time(row.get("closes_at"))
    closed = bool(row.get("is_closed"))
    if not closed and opens is None and closes is None:
        return None
    if not closed and (opens is None or closes is None):
        raise ValueError("one of two times")
    byday = []
    for part in str(row.get("byday") or "").split(","):
        if part.strip():
            found = BYDAY.match(part.strip().upper())
            if not found:
                raise ValueError(part)
            byday.append((int(found[1] or 0), DAYS.index(found[2])))
    freq = row.get("freq") or ""
    start = _date(row.get("dtstart"))
    first, last = _date(row.get("valid_from")), _date(row.get("valid_to"))
    until = _date(row.get("until"))
    last = min((day for day in (last, until) if day), default=None)
    interval, count = int(row.get("interval") or 1), int(row.get("count") or 0)
    by_number = any(row.get(key) for key in ("bymonthday", "byweekno", "byyearday"))
    if (interval > 1 or count) and not start:
        raise ValueError("an interval or a count needs a start")
    if freq == "MONTHLY" and not byday and not row.get("bymonthday"):
        raise ValueError("which day of the month")
    if freq != "MONTHLY" and any(which for which, _ in byday):
        freq = "MONTHLY"
    if not freq and not byday and not by_number:
        # No rule at all: the dates themselves.
        if not (start or first):
            raise ValueError("no days")
        if start and not last and not first:
            first = last = start
        elif not closed and not last:
            raise ValueError("no days")
        elif closed and not last:
            last = first
    elif freq == "WEEKLY" and not byday and not by_number:
        if not start:
            raise ValueError("which day of the week")
        byday = [(0, start.weekday())]
    return _Rule(
        freq=freq,
        byday=tuple(byday),
        bymonthday=_numbers(row.get("bymonthday"), 1, 31),
        byweekno=_numbers(row.get("byweekno"), 1, 53),
        byyearday=_numbers(row.get("byyearday"), 1, 366),
        first=first,
        last=last,
        start=start,
        interval=max(interval, 1),
        count=max(count, 0),
        week_start=DAYS.index(row.get("wkst") or "MO"),
        opens=opens or MIDNIGHT,
        closes=closes or MIDNIGHT,
    )


def _openings(
    rules: Sequence[_Rule], closures: Sequence[_Rule], days: Iterable[dt.date]
) -> list[tuple[dt.datetime, dt.datetime]]:
    """Spans of being open that begin on these days, joined where they touch."""
    spans = []
    for day in days:
        if any(rule.on(day) for rule in closures):
            continue
        for rule in rules:
            if rule.on(day):
                start = dt.datetime.combine(day, rule.opens)
                end = dt.datetime.combine(day, rule.closes)
                spans.append((start, end if end > start else end + dt.timedelta(1)))
    spans.sort()
    joined: list[tuple[dt.datetime, dt.datetime]] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


def hours_at(schedules: Sequence[Mapping[str, Any]], now: dt.datetime, zone: str) -> Hours:
    """What the published schedules of a service say about a moment (with zone) in a region's time zone."""
    wall = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    rules: list[_Rule] = []
    closures: list[_Rule] = []
    doubtful = False
    for row in schedules:
        try:
            rule = _rule(row)
        except (ValueError, IndexError):
            doubtful = True
            continue
        if rule is not None:
            (closures if row.get("is_closed") else rules).append(rule)
    today = wall.date()
    days = [today + dt.timedelta(step) for step in range(-1, LOOK_AHEAD + 1)]
    spans = _openings(rules, closures, days)
    for start, end in spans:
        if start <= wall < end:
            is_always = end - wall >= dt.timedelta(ALWAYS)
            return Hours("open", closes=None if is_always else end)
    following = next((start for start, _ in spans if start > wall), None)
    if doubtful:
        return Hours("unknown")
    if following is None:
        in_force = any(rule._in_time(today) for rule in rules)
        closed_today = any(rule.on(today) for rule in closures)
        return Hours("closed" if in_force or closed_today else "unknown")
    return Hours("closed", opens=following)


def schedules_of(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The schedules that decide for a published service: its own; without these those of its visits, then of its places."""
    visits = document.get("service_at_locations", [])
    for rows in (
        document.get("schedules", []),
        [row for visit in visits for row in visit.get("schedules", [])],
        [row for visit in visits for row in visit.get("location", {}).get("schedules", [])],
    ):
        if rows:
            return list(rows)
    return []
