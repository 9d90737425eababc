"""When a remembered page is too old: after any change, and from the second at which an embargo ends.

A page is remembered for the publication epoch (the change counter) and for the latest moment that has passed. Nothing has
to run when an embargo ends: the next reader asks with another key. The moments come from the database without the items
they belong to, for no reader may see those yet.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass
from time import monotonic

from django.db import connection
from django.utils import timezone

from waymark.directory.selectors.epoch import Remembered, database_name, publication_epoch, standing_epoch

_moments: Remembered[tuple[dt.datetime, ...]] = Remembered(1)
# How long the door of the web server believes an epoch before it asks again. A page that is being sent when something
# changes is as old as this too.
LAG = 0.01


@dataclass(frozen=True)
class Now:
    """The moment of one reader: what changed last, which embargo ended last, and the time itself."""

    epoch: int | None
    boundary: dt.datetime | None
    at: dt.datetime
    database: str


def now() -> Now:
    epoch = publication_epoch()
    at = timezone.now()
    return _at(at, epoch, _moments.get("moments", epoch, _read))


def _at(at: dt.datetime, epoch: int | None, known: tuple[dt.datetime, ...]) -> Now:
    passed = bisect_right(known, at)
    return Now(epoch, known[passed - 1] if passed else None, at, database_name())


@dataclass(frozen=True)
class _Glimpse:
    """An epoch with its moments, and when it was asked for."""

    asked: float
    epoch: int
    moments: tuple[dt.datetime, ...]
    database: str


_glimpse: _Glimpse | None = None


def glance() -> Now | None:
    """The moment of a reader whose page may be as old as `LAG` says; the time itself is always exact.

    None when it takes more than a glance: documents that are stale, a change since the moments were read.
    """
    global _glimpse
    seen, asked = _glimpse, monotonic()
    if seen is None or asked - seen.asked >= LAG or seen.database != database_name():
        epoch = standing_epoch()
        known = _moments.peek("moments", epoch) if epoch is not None else None
        if epoch is None or known is None:
            return None
        _glimpse = seen = _Glimpse(asked, epoch, known, database_name())
    return _at(timezone.now(), seen.epoch, seen.moments)


def _read() -> tuple[dt.datetime, ...]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT newsroom_moments()")
        (found,) = cursor.fetchone()
    return tuple(found)


def database_is_behind(boundary: dt.datetime | None) -> bool:
    """Whether the database's clock has not reached a moment that ours has passed: what it gives now is not to be kept."""
    if boundary is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp() < %s", [boundary])
        (is_behind,) = cursor.fetchone()
    return bool(is_behind)
