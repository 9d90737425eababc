"""When a remembered page is too old: after any change, and from the second at which an embargo ends.

A page is remembered for the publication epoch (the change counter) and for the latest moment that has passed. Nothing has
to run when an embargo ends: the next reader asks with another key. The moments come from the database without the items
they belong to, for no reader may see those yet.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from dataclasses import dataclass

from django.db import connection
from django.utils import timezone

from waymark.directory.selectors.epoch import Remembered, publication_epoch

_moments: Remembered[tuple[dt.datetime, ...]] = Remembered(1)


@dataclass(frozen=True)
class Now:
    """The moment of one reader: what changed last, which embargo ended last, and the time itself."""

    epoch: int | None
    boundary: dt.datetime | None
    at: dt.datetime


def now() -> Now:
    epoch = publication_epoch()
    at = timezone.now()
    known = _moments.get("moments", epoch, _read)
    passed = bisect_right(known, at)
    return Now(epoch, known[passed - 1] if passed else None, at)


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
