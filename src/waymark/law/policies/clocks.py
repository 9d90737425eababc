"""When a clock of the law runs out.

Hours are counted on the clock of the world, so a change to summer time neither gives nor takes one. Days end with the day,
in the zone of whoever asks. Business days are Monday to Friday and no holiday is taken off: the answer is the earliest day
that may be meant, because an alarm may come too soon and never too late.
"""

from __future__ import annotations

import datetime as dt

from waymark.law.formats.dated_files import clock_file

SATURDAY = 5


def due_at(key: str, since: dt.datetime) -> dt.datetime:
    """The last moment of the clock `key` that began at `since` (aware); for days the end of the last day in its zone.

    Raises KeyError for a clock that the file does not hold, ValueError for a time without zone.
    """
    if since.tzinfo is None:
        raise ValueError("A clock starts at a time with its zone.")
    clock = clock_file().clocks[key]
    if clock.unit == "hours":
        return (since.astimezone(dt.UTC) + dt.timedelta(hours=clock.length)).astimezone(since.tzinfo)
    day = due_on(key, since.date())
    return dt.datetime.combine(day, dt.time(23, 59, 59), tzinfo=since.tzinfo)


def due_on(key: str, since: dt.date) -> dt.date:
    """The last day of the clock `key`, whose first day is the one after `since`. Raises ValueError for clocks in hours."""
    clock = clock_file().clocks[key]
    if clock.unit == "days":
        return since + dt.timedelta(days=clock.length)
    if clock.unit == "hours":
        raise ValueError("A clock in hours needs the time at which it began.")
    weeks, days = divmod(clock.length, 5)
    day = since + dt.timedelta(weeks=weeks)
    # A clock that begins on a weekend begins as if on the Friday before.
    day -= dt.timedelta(days=max(0, day.weekday() - SATURDAY + 1))
    for _ in range(days):
        day += dt.timedelta(days=3 if day.weekday() == SATURDAY - 1 else 1)
    return day
