"""How many months of help with rent there may be, as law dated by day; months that begin on the 31st; what is left.

A month of help is counted from the first day of help: help from January 31 has its second month on the last day of February
and its third on March 31. A month that has begun counts whole. Any stretch of so many months that holds too many can be
moved until it begins with a month of help, so only those are looked at. The database counts the same
(migrations/sql/housing.sql), and a test holds the two together. Days have no hour, so no change of clock moves a month.
"""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class HousingRule:
    """At most `months` of help in any `in_months`, from the day `since` on."""

    since: dt.date
    months: int
    in_months: int
    source: str


# The one place. A new rule is one more line here and in the database's function. Verify with counsel.
RULES = (HousingRule(dt.date(2012, 1, 4), 24, 36, "24 CFR 576.106(a)"),)


def rule_on(day: dt.date) -> HousingRule:
    """The rule for help that begins on a day; days before the first rule are judged by it."""
    return max((rule for rule in RULES if rule.since <= max(day, RULES[0].since)), key=lambda rule: rule.since)


def month_after(day: dt.date, number: int) -> dt.date:
    """The same day so many months later, or the last day of a month that does not have it."""
    years, month = divmod(day.month - 1 + number, 12)
    year = day.year + years
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_between(first: dt.date, last: dt.date) -> list[dt.date]:
    """The days on which months of help begin, from the first day of help to the last, both of them days of help."""
    found: list[dt.date] = []
    while (begins := month_after(first, len(found))) <= last:
        found.append(begins)
    return found


def is_over(months: Sequence[dt.date]) -> bool:
    """Whether some stretch holds more months of help than its rule allows."""
    for first in months:
        rule = rule_on(first)
        end = month_after(first, rule.in_months)
        if sum(first <= other < end for other in months) > rule.months:
            return True
    return False


def months_left(months: Iterable[dt.date], begins: dt.date) -> int:
    """How many months of help could follow upon each other from a day on, beside those that there were."""
    known = list(months)
    allowed = 0
    while allowed < rule_on(begins).months and not is_over([*known, *(month_after(begins, n) for n in range(allowed + 1))]):
        allowed += 1
    return allowed


def last_day_of(begins: dt.date, months: int) -> dt.date:
    """The last day of so many months of help."""
    return month_after(begins, months) - dt.timedelta(days=1)
