"""Days and moments as one says them when they are near."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from waymark.pages.templatetags.pages import near_day

NOON = dt.datetime(2026, 5, 4, 19, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("days", "clock", "words"),
    [
        (0, dt.time(14, 5), "today, 2:05 PM"),
        (0, dt.time.min, "today"),
        (0, None, "today"),
        (1, dt.time(9), "tomorrow, 9:00 AM"),
        (-1, None, "yesterday"),
        (4, dt.time(9), "Friday, May 8, 9:00 AM"),
        (4, dt.time.min, "Friday, May 8"),
        (-4, dt.time(9), "Thursday, April 30"),
        (70, dt.time(9), "Monday, July 13"),
        (400, None, "Tuesday, June 8, 2027"),
    ],
)
@time_machine.travel(NOON, tick=False)
def test_a_near_day_in_words(days: int, clock: dt.time | None, words: str) -> None:
    with timezone.override("America/Los_Angeles"):
        on = timezone.localdate() + dt.timedelta(days=days)
        value = on if clock is None else timezone.make_aware(dt.datetime.combine(on, clock))
        assert near_day(value) == words
