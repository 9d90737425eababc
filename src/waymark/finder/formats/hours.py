"""Hours in words: "Monday to Friday, 9:00 AM to 5:00 PM". Days with the same hours stand together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from waymark.finder.formats.opening import MINUTES, Opening, _date, _rules, clock, spans

KEYS = ("mo", "tu", "we", "th", "fr", "sa", "su")
ORDINALS = {1: "first", 2: "second", 3: "third", 4: "fourth", -1: "last"}

Words = Mapping[str, str]


def clock_words(at: time, code: str) -> str:
    """A time of day as people of a language write it."""
    hour, half = at.hour % 12 or 12, at.hour < 12
    if code == "es":
        return f"{hour}:{at.minute:02} {'a.' if half else 'p.'}\u00a0m."
    if code == "ar":
        return f"{hour}:{at.minute:02} {'ص' if half else 'م'}"
    return f"{hour}:{at.minute:02}\u00a0{'AM' if half else 'PM'}"


def _times(schedule: Mapping[str, Any], words: Words, code: str) -> str:
    opens, closes = spans(schedule) or (0, 0)
    if opens == 0 and closes == MINUTES:
        return words["service.always_open"]
    end = clock_words(clock(closes), code)
    if closes > MINUTES:
        end = words["service.next_day"].format(time=end)
    return words["service.from_to"].format(**{"from": clock_words(clock(opens), code), "to": end})


def _day_ranges(days: Sequence[int], words: Words) -> str:
    if list(days) == list(range(7)):
        return words["days.every"]
    parts: list[str] = []
    run: list[int] = []
    for day in [*days, 99]:
        if run and day != run[-1] + 1:
            if len(run) > 2:
                first, last = words[f"days.{KEYS[run[0]]}"], words[f"days.{KEYS[run[-1]]}"]
                parts.append(words["service.from_to"].format(**{"from": first, "to": last}))
            else:
                parts += [words[f"days.{KEYS[each]}"] for each in run]
            run = []
        run.append(day)
    return ", ".join(parts)


def _season(schedule: Mapping[str, Any], words: Words, today: date) -> str:
    first, last = _date(schedule.get("valid_from")), _date(schedule.get("valid_to"))
    if first and last and last >= today and (last - first).days < 366:
        return words["service.season"].format(**{"from": first.isoformat(), "to": last.isoformat()})
    return ""


def hours_lines(schedules: Sequence[Mapping[str, Any]], words: Words, code: str, today: date) -> list[tuple[str, str]]:
    """Rows of (days, times), then closed dates still to come."""
    weekly: dict[tuple[str, str], set[int]] = {}
    other: list[tuple[str, str]] = []
    for row in schedules:
        last = _date(row.get("valid_to")) or _date(row.get("until"))
        if last and last < today:
            continue
        if row.get("is_closed"):
            day = _date(row.get("valid_from")) or _date(row.get("dtstart"))
            if day:
                other.append((words["service.closed_on"].format(date=day.isoformat()), ""))
            continue
        if spans(row) is None:
            continue
        times, season = _times(row, words, code), _season(row, words, today)
        rules = _rules(row)
        plain = {weekday for ordinal, weekday in rules if not ordinal}
        for ordinal, weekday in rules:
            if ordinal in ORDINALS:
                day = words["service.monthly"].format(
                    ordinal=words[f"service.{ORDINALS[ordinal]}"], day=words[f"days.{KEYS[weekday]}"]
                )
                other.append((day, times))
        start = _date(row.get("dtstart"))
        if not rules and str(row.get("freq", "")).upper() == "WEEKLY" and start:
            plain = {start.weekday()}
        if not rules and not plain:
            plain = set(range(7)) if season else set()
        if plain:
            weekly.setdefault((times, season), set()).update(plain)
    rows = sorted(weekly.items(), key=lambda item: (item[0][1], min(item[1])))
    lines = [
        (" · ".join(part for part in (season, _day_ranges(sorted(days), words)) if part), times)
        for (times, season), days in rows
    ]
    return list(dict.fromkeys([*lines, *other]))


def state_words(state: Opening, words: Words, code: str, today: date) -> str:
    """"Open until 5:00 PM", "Opens Monday at 9:00 AM", "Hours not known. Call first."."""
    if state.state == "unknown":
        return words["service.hours_unknown"]
    if state.state == "always":
        return words["service.always_open"]
    if state.state == "open" and state.until is not None:
        return f"{words['service.open_now']} · {words['service.open_until'].format(time=clock_words(clock(state.until), code))}"
    if state.next_open is None:
        return words["service.closed_now"]
    at = clock_words(clock(state.next_open), code)
    ahead = state.next_open // MINUTES
    if ahead == 0:
        return f"{words['service.closed_now']} · {words['service.opens_today'].format(time=at)}"
    if ahead > 6:
        return words["service.closed_now"]
    day = words[f"days.{KEYS[(today.weekday() + ahead) % 7]}"]
    return f"{words['service.closed_now']} · {words['service.opens_at'].format(day=day, time=at)}"


