"""Collects the lines of a home page with one question to the database, however many apps have something to say.

Each app's counts and rows become branches of one statement, every branch bounded, and every branch narrowed by its app's
own policies before it comes here. So the page costs the same for a newcomer and for a coordinator with a full week.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, DateTimeField, QuerySet, TextField, Value
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.pages.found import expression
from waymark.pages.lines import HomeCount, HomeLine, HomeRows
from waymark.web.at_once import rows_at_once
from waymark.web.here import sources_here
from waymark.web.home.sources import PARTS

SHOWN = 5
# As many as one page of a part holds; more than that is a list of its own, which the app has.
LIMIT = 100
Row = tuple[str, str, dt.datetime | None]


@dataclass(frozen=True)
class Part:
    """One of the three parts, with the lines that are shown and how many there are."""

    key: str
    title: str
    lines: list[HomeLine]
    total: int

    @property
    def has_more(self) -> bool:
        return self.total > len(self.lines)

    @property
    def is_full(self) -> bool:
        return self.total >= LIMIT


def home_of(user: User, *, now: dt.datetime) -> list[Part]:
    """All three parts for `user`, each with its first few lines."""
    return _parts([*PARTS], user, now=now, shown=SHOWN)


def part_of(key: str, user: User, *, now: dt.datetime) -> Part:
    """One part with all of its lines."""
    return _parts([key], user, now=now, shown=LIMIT)[0]


def _parts(keys: Sequence[str], user: User, *, now: dt.datetime, shown: int) -> list[Part]:
    offered = [(key, line) for key in keys for source in sources_here(PARTS[key].sources) for line in source(user, now)]
    branches = [None if isinstance(line, HomeLine) else _branch(line) for _, line in offered]
    found: list[list[Row]] = rows_at_once(branches, ("line_key", "line_name", "line_at"))
    parts = []
    for key in keys:
        lines = [
            made
            for (of, line), rows in zip(offered, found, strict=True)
            if of == key
            for made in ([line] if isinstance(line, HomeLine) else _made(line, rows))
        ]
        lines = sorted(lines, key=_newest_first if PARTS[key].is_past else _soonest_first)[:LIMIT]
        parts.append(Part(key, PARTS[key].title, lines[:shown], len(lines)))
    return parts


def _branch(line: HomeCount | HomeRows) -> QuerySet[Any, Any]:
    """The rows of one line in the shape that all of them share."""
    if isinstance(line, HomeCount):
        inside = line.rows.model._base_manager.filter(pk__in=line.rows.order_by().values("pk"))
        # Grouped by what is the same for all: one row, also where there is nothing to count.
        counted = inside.annotate(all_of=Value(1)).values("all_of")
        shaped = counted.annotate(
            line_key=Cast(Count("pk"), TextField()),
            line_name=Cast(Value(""), TextField()),
            line_at=Cast(Value(None, DateTimeField()), DateTimeField()),
        )
    else:
        backwards = line.at.startswith("-")
        shaped = line.rows.order_by(line.at, "pk").annotate(
            line_key=Cast(line.key or Value(""), TextField()),
            line_name=Cast(expression(line.name), TextField()),
            line_at=Cast(line.at[1:] if backwards else line.at, DateTimeField()),
        )
    bounded: QuerySet[Any, Any] = shaped if isinstance(line, HomeCount) else shaped[:LIMIT]
    return bounded


def _made(line: HomeCount | HomeRows, rows: Iterable[Row]) -> list[HomeLine]:
    if isinstance(line, HomeCount):
        numbers = [int(key) for key, _, _ in rows]
        return [
            HomeLine(line.one if number == 1 else line.many, line.url, line.kind, is_due=line.is_due, number=number)
            for number in numbers
            if number
        ]
    return [
        HomeLine(
            line.says(name),
            reverse(line.route, args=[key] if line.key else []),
            line.kind,
            _moment(at, line),
            is_due=line.is_due,
            is_deadline=line.is_deadline,
        )
        for key, name, at in rows
    ]


def _moment(at: dt.datetime | None, line: HomeRows) -> dt.datetime | dt.date | None:
    if not line.is_dated:
        return None
    # A day became midnight in the session's zone, which is UTC: read back there, it is the same day.
    return at.astimezone(dt.UTC).date() if line.is_day and at is not None else at


def _as_moment(line: HomeLine) -> dt.datetime | None:
    if line.at is None or isinstance(line.at, dt.datetime):
        return line.at
    return timezone.make_aware(dt.datetime.combine(line.at, dt.time.min))


FAR = dt.datetime.max.replace(tzinfo=dt.UTC)


def _soonest_first(line: HomeLine) -> tuple[bool, bool, dt.datetime]:
    """Late, then urgent, then by date, then what has no date; equals stay in their apps' order."""
    return (not line.is_late(), not line.is_due, _as_moment(line) or FAR)


def _newest_first(line: HomeLine) -> float:
    at = _as_moment(line)
    return -at.timestamp() if at is not None else 0.0
