"""When the Brown Act wants a meeting's agenda to be posted: dated data, for counsel to check before anybody relies on it.

Cal. Gov. Code 54954.2(a): the agenda of a regular meeting is posted at least 72 hours before it. 54956(a): notice of a
special meeting goes out at least 24 hours before. Weekends count as any other day.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

AS_OF = dt.date(2026, 11, 22)
REGULAR = dt.timedelta(hours=72)
SPECIAL = dt.timedelta(hours=24)


@dataclass(frozen=True)
class NoticeTimes:
    """Until when an agenda is posted for a meeting of each sort, and whether that moment is over."""

    regular_by: dt.datetime
    special_by: dt.datetime
    is_late_for_regular: bool
    is_late_for_special: bool
    as_of: dt.date = AS_OF


def notice_times(starts_at: dt.datetime, *, now: dt.datetime) -> NoticeTimes:
    """The posting times of a meeting that starts at a moment."""
    regular, special = starts_at - REGULAR, starts_at - SPECIAL
    return NoticeTimes(regular, special, now > regular, now > special)
