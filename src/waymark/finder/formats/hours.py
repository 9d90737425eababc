"""Hours in words: "Monday to Friday, 9:00 AM to 5:00 PM". Days with the same hours stand together.

Whether a service is open is decided by `directory.formats.hours`; this module only says it, and what the week looks like.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from waymark.directory.formats.hours import DAYS, Hours

KEYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}
DAY_RULE = re.compile(r"^([+-]?\d+)?(MO|TU|WE|TH|FR|SA|SU)$")
WEEK = 7
YEAR = 366

Words = Mapping[str, str]
Schedule = Mapping[str, Any]
DayWords = Callable[[date], str]


def clock_words(at: time, code: str) -> str:
    """A time of day as people of a language write it."""
    hour, is_morning = at.hour % 12 or 12, at.hour < 12
    if code == "es":
        return f"{hour}:{at.minute:02} {'a.' if is_morning else 'p.'}\u00a0m."
    if code == "ar":
        return f"{hour}:{at.minute:02} {'ص' if is_morning else 'م'}"
    return f"{hour}:{at.minute:02}\u00a0{'AM' if is_morning else 'PM'}"


def _date(value: Any) -> date | None:
    return date.fromisoformat(str(value)[:10]) if value else None


def _time(value: Any) -> time | None:
    try:
        return time.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _rules(schedule: Schedule) -> list[tuple[int, int]]:
    """The days of `byday` as (which one in the month, 0 for every; weekday)."""
    found = []
    for part in str(schedule.get("byday") or "").upper().split(","):
        match = DAY_RULE.match(part.strip())
        if match:
            found.append((int(match[1] or 0), DAYS.index(match[2])))
    return found


def _times(schedule: Schedule, words: Words, code: str) -> str:
    opens, closes = _time(schedule.get("opens_at")), _time(schedule.get("closes_at"))
    if opens is None or closes is None:
        return ""
    if opens == closes:
        return words["service.always_open"]
    end = clock_words(closes, code)
    if closes < opens and closes != time(0):
        end = words["service.next_day"].format(time=end)
    return words["service.from_to"].format(**{"from": clock_words(opens, code), "to": end})


def _day_ranges(days: Sequence[int], words: Words) -> str:
    if list(days) == list(range(WEEK)):
        return words["days.every"]
    runs: list[list[int]] = []
    for day in days:
        if runs and day == runs[-1][-1] + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts: list[str] = []
    for run in runs:
        names = [words[f"days.{KEYS[day]}"] for day in run]
        if len(run) > 2:
            parts.append(words["service.from_to"].format(**{"from": names[0], "to": names[-1]}))
        else:
            parts += names
    return ", ".join(parts)


def _season(schedule: Schedule, words: Words, day_words: DayWords) -> str:
    first, last = _date(schedule.get("valid_from")), _date(schedule.get("valid_to"))
    if first and last and (last - first).days < YEAR:
        return words["service.season"].format(**{"from": day_words(first), "to": day_words(last)})
    return ""


def _is_over(schedule: Schedule, today: date) -> bool:
    ends = [day for key in ("valid_to", "until") if (day := _date(schedule.get(key)))]
    return bool(ends) and min(ends) < today


def _weekdays(schedule: Schedule, season: str) -> set[int]:
    rules = _rules(schedule)
    start = _date(schedule.get("dtstart"))
    if rules:
        return {weekday for which, weekday in rules if not which}
    if schedule.get("freq") == "WEEKLY" and start:
        return {start.weekday()}
    return set(range(WEEK)) if season and not schedule.get("bymonthday") else set()


def hours_lines(
    schedules: Sequence[Schedule], words: Words, code: str, today: date, day_words: DayWords
) -> list[tuple[str, str]]:
    """Rows of (days, times), then days of the month, then closed dates still to come."""
    weekly: dict[tuple[str, str], set[int]] = {}
    other: list[tuple[str, str]] = []
    closed: list[tuple[str, str]] = []
    for row in schedules:
        if _is_over(row, today):
            continue
        if row.get("is_closed"):
            day = _date(row.get("valid_from")) or _date(row.get("dtstart"))
            if day and day >= today:
                closed.append((words["service.closed_on"].format(date=day_words(day)), ""))
            continue
        times = _times(row, words, code)
        if not times:
            continue
        season = _season(row, words, day_words)
        for which, weekday in _rules(row):
            if which in ORDINALS:
                ordinal, day_name = words[f"service.{ORDINALS[which]}"], words[f"days.{KEYS[weekday]}"]
                other.append((words["service.monthly"].format(ordinal=ordinal, day=day_name), times))
        weekdays = _weekdays(row, season)
        if weekdays:
            weekly.setdefault((times, season), set()).update(weekdays)
    ordered = sorted(weekly.items(), key=lambda item: (item[0][1], min(item[1])))
    lines = [
        (" · ".join(part for part in (season, _day_ranges(sorted(days), words)) if part), times)
        for (times, season), days in ordered
    ]
    return list(dict.fromkeys([*lines, *other, *closed]))


def state_words(state: Hours, words: Words, code: str, now: datetime) -> str:
    """ "Open now · Open until 5:00 PM", "Closed now · Opens Monday at 9:00 AM", "Hours not known. Call first."."""
    if state.state == "unknown":
        return words["service.hours_unknown"]
    if state.state == "open":
        if state.closes is None:
            return words["service.always_open"]
        until = words["service.open_until"].format(time=clock_words(state.closes.time(), code))
        return f"{words['service.open_now']} · {until}"
    closed = words["service.closed_now"]
    if state.opens is None:
        return closed
    ahead = (state.opens.date() - now.date()).days
    at = clock_words(state.opens.time(), code)
    if ahead == 0:
        return f"{closed} · {words['service.opens_today'].format(time=at)}"
    if ahead >= WEEK:
        return closed
    day = words[f"days.{KEYS[state.opens.weekday()]}"]
    return f"{closed} · {words['service.opens_at'].format(day=day, time=at)}"
