"""The demo region as data files: Rivermont County, which does not exist.

Ids are made from slugs, so that loading twice changes nothing and a test can name a service. Dates lie relative to the day
of loading, so that the demo always has fresh and stale listings, a season that runs and a holiday that comes.
"""

from __future__ import annotations

import re
import tomllib
import uuid
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data" / "demo"
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://rivermont.example/")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOURS = re.compile(r"(?P<days>\S+) (?P<opens>\d\d:\d\d)-(?P<closes>\d\d:\d\d)")
MONTHLY = re.compile(r"-?\d(MO|TU|WE|TH|FR|SA|SU)")


def demo_id(kind: str, slug: str) -> uuid.UUID:
    """The lasting id of a demo row."""
    return uuid.uuid5(NAMESPACE, f"{kind}/{slug}")


@dataclass(frozen=True)
class Hours:
    """One opening rule: weekly days or a monthly day, from when to when; the same or an earlier hour is the next day's."""

    freq: str
    byday: str
    opens_at: time
    closes_at: time


def read_hours(text: str) -> Hours:
    """Read "MO-FR 09:00-17:00", "1SA 10:00-13:00", "FR,SA 20:00-02:00" or "24/7"."""
    if text == "24/7":
        return Hours("WEEKLY", ",".join(DAYS), time(0), time(0))
    found = HOURS.fullmatch(text)
    if not found:
        raise ValueError(f"hours not understood: {text!r}")
    days = found["days"]
    freq = "MONTHLY" if MONTHLY.fullmatch(days) else "WEEKLY"
    return Hours(freq, days if freq == "MONTHLY" else _days(days), _time(found["opens"]), _time(found["closes"]))


def _days(text: str) -> str:
    if "-" not in text:
        return text
    first, last = (DAYS.index(day) for day in text.split("-"))
    return ",".join(DAYS[first : last + 1])


def _time(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour) % 24, int(minute))


def season_around(first: str, last: str, *, today: date) -> tuple[date, date]:
    """The season (month-day to month-day, possibly over New Year) that runs on `today` or comes next."""
    for year in (today.year - 1, today.year, today.year + 1):
        begins = date.fromisoformat(f"{year}-{first}")
        ends = date.fromisoformat(f"{year + (last < first)}-{last}")
        if ends >= today:
            return begins, ends
    raise ValueError("a season always comes")


def holidays_after(today: date) -> list[tuple[date, str]]:
    """Days of the coming year on which offices are closed."""
    found = []
    for year in (today.year, today.year + 1):
        november_first = date(year, 11, 1)
        thanksgiving = november_first + timedelta(days=(3 - november_first.weekday()) % 7 + 21)
        found += [
            (date(year, 1, 1), "New Year's Day"),
            (date(year, 7, 4), "Independence Day"),
            (thanksgiving, "Thanksgiving"),
            (date(year, 12, 25), "Christmas Day"),
        ]
    return [(day, name) for day, name in sorted(found) if today <= day < today + timedelta(days=366)]


@cache
def read_file(name: str) -> dict[str, Any]:
    """One of the demo files."""
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def read_services() -> tuple[dict[str, Any], ...]:
    """All services, each with what its file says for all of them."""
    found = []
    for path in sorted((FOLDER / "services").glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        shared = {key: value for key, value in content.items() if key != "service"}
        found += [{**shared, **row} for row in content["service"]]
    return tuple(found)


def phone_number(text: str) -> tuple[str, str]:
    """Kind and number of "0100", "text 0101" or "video 0190"."""
    kind, _, last = text.rpartition(" ")
    return kind or "voice", f"(555) 555-{last}"
