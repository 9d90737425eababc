"""The calendar as other programs read it: one iCalendar file (RFC 5545), whole, made from what one member may see now.

Calendar programs keep what they were sent until they are told otherwise, on servers of others. So an entry keeps its UID
for ever, counts its changes in SEQUENCE, and is sent as cancelled for a time instead of leaving silently. What is private
leaves as "Busy", its owner's copy too: the program that asks is not its owner.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone, TimezoneDaylight, TimezoneStandard

# It stands in lists of calendars on phones and on servers of others, so it names nothing.
NAME = "Work calendar"
PRODUCT = "-//Work account//Calendar//EN"
BUSY = "Busy"
DAY = dt.timedelta(days=1)
HOUR = dt.timedelta(hours=1)


@dataclass(frozen=True)
class Row:
    """An entry as it leaves the house. `starts` and `ends` are clocks on a wall of `zone`, or days when it is all day."""

    uid: uuid.UUID
    sequence: int
    created_at: dt.datetime
    changed_at: dt.datetime
    title: str
    kind: str
    place: str
    url: str
    zone: str
    starts_on: dt.date
    starts_clock: dt.time | None
    ends_on: dt.date
    ends_clock: dt.time | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    is_busy: bool
    is_cancelled: bool
    takes_time: bool


def calendar_file(rows: Iterable[Row]) -> bytes:
    """The file. Equal rows make equal bytes."""
    found = list(rows)
    calendar = Calendar()
    for name, value in (("prodid", PRODUCT), ("version", "2.0"), ("calscale", "GREGORIAN"), ("method", "PUBLISH")):
        calendar.add(name, value)
    calendar.add("x-wr-calname", NAME)
    calendar.add("x-published-ttl", "PT1H")
    calendar.add("refresh-interval", HOUR, parameters={"VALUE": "DURATION"})
    timed = [row for row in found if row.starts_clock is not None]
    for zone in sorted({row.zone for row in timed}):
        own = [row for row in timed if row.zone == zone]
        first, last = min(row.starts_at for row in own), max(row.ends_at for row in own)
        calendar.add_component(time_zone(zone, first=first, last=last))
    for row in found:
        calendar.add_component(_event(row))
    return bytes(calendar.to_ical())


def _event(row: Row) -> Event:
    event = Event()
    event.add("uid", str(row.uid))
    event.add("sequence", row.sequence)
    event.add("dtstamp", _second(row.changed_at))
    event.add("created", _second(row.created_at))
    event.add("last-modified", _second(row.changed_at))
    event.add("dtstart", _moment(row, row.starts_on, row.starts_clock, row.starts_at))
    event.add(
        "dtend", _moment(row, row.ends_on + (DAY if row.ends_clock is None else 0 * DAY), row.ends_clock, row.ends_at)
    )
    event.add("status", "CANCELLED" if row.is_cancelled else "CONFIRMED")
    event.add("transp", "OPAQUE" if row.takes_time or row.is_busy else "TRANSPARENT")
    if row.is_busy:
        event.add("class", "PRIVATE")
        event.add("summary", BUSY)
        return event
    event.add("summary", plain(row.title))
    event.add("categories", [plain(row.kind)])
    if row.place:
        event.add("location", plain(row.place))
    if row.url:
        event.add("url", row.url)
    return event


def _moment(row: Row, day: dt.date, clock: dt.time | None, at: dt.datetime) -> dt.date | dt.datetime:
    """A whole day; or the clock on the wall with its zone. The second of two equal hours has no such name: it is UTC."""
    if clock is None:
        return day
    wall = dt.datetime.combine(day, clock, tzinfo=ZoneInfo(row.zone))
    return wall if wall.astimezone(dt.UTC) == at else _second(at)


def _second(at: dt.datetime) -> dt.datetime:
    return at.astimezone(dt.UTC).replace(microsecond=0)


def plain(text: str) -> str:
    """One line without control characters: what a title holds cannot begin a property of its own."""
    kept = "".join(" " if unicodedata.category(sign) in {"Cc", "Zl", "Zp"} else sign for sign in text)
    return " ".join(kept.split())


def time_zone(name: str, *, first: dt.datetime, last: dt.datetime) -> Timezone:
    """The rules of a zone between two moments, each change at the local time of its onset as RFC 5545 counts it.

    Rules are written out change by change: a yearly rule would promise what the next law may end.
    """
    zone = ZoneInfo(name)
    made = Timezone()
    made.add("tzid", name)
    begin = first.astimezone(dt.UTC).replace(minute=0, second=0, microsecond=0) - 366 * DAY
    before = begin.astimezone(zone)
    offset = before.utcoffset() or HOUR * 0
    # The state in which the stretch begins; every moment asked for lies after it.
    made.add_component(_rule(before, offset, offset, [before.replace(tzinfo=None)]))
    groups: dict[tuple[str, bool, dt.timedelta, dt.timedelta], list[dt.datetime]] = {}
    samples: dict[tuple[str, bool, dt.timedelta, dt.timedelta], dt.datetime] = {}
    for at, old in _changes(zone, begin, last.astimezone(dt.UTC) + 366 * DAY):
        new = at.astimezone(zone)
        key = (new.tzname() or name, bool(new.dst()), old, new.utcoffset() or HOUR * 0)
        groups.setdefault(key, []).append((at + old).replace(tzinfo=None))
        samples[key] = new
    for key, onsets in groups.items():
        made.add_component(_rule(samples[key], key[2], key[3], onsets))
    return made


def _rule(
    sample: dt.datetime, old: dt.timedelta, new: dt.timedelta, onsets: list[dt.datetime]
) -> TimezoneDaylight | TimezoneStandard:
    part = TimezoneDaylight() if sample.dst() else TimezoneStandard()
    part.add("dtstart", onsets[0])
    part.add("tzoffsetfrom", old)
    part.add("tzoffsetto", new)
    part.add("tzname", sample.tzname() or "")
    if onsets[1:]:
        part.add("rdate", onsets[1:])
    return part


def _changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[tuple[dt.datetime, dt.timedelta]]:
    """Each moment at which the zone's offset changes, to the minute, and the offset before it."""
    at, offset = begin, begin.astimezone(zone).utcoffset() or HOUR * 0
    while at < end:
        later = at + 7 * DAY
        if (later.astimezone(zone).utcoffset() or HOUR * 0) != offset:
            low, high = at, later
            while high - low > dt.timedelta(minutes=1):
                middle = low + (high - low) // 2
                middle = middle.replace(second=0, microsecond=0)
                if middle in {low, high}:
                    break
                if (middle.astimezone(zone).utcoffset() or HOUR * 0) == offset:
                    low = middle
                else:
                    high = middle
            yield high, offset
            offset, later = high.astimezone(zone).utcoffset() or HOUR * 0, high
        at = later
