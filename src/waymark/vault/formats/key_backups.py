"""Names of the backups of keys: each says when it was made, and so when its days are over."""

from __future__ import annotations

import calendar
import re
import time
from pathlib import Path

STAMP = "%Y-%m-%d-%H%M%S"
NAME = re.compile(r"waymark-keys-(\d{4}-\d\d-\d\d-\d{6})\.dump")
DAY = 86_400
# What is sealed after the newest backup of keys opens nowhere after a restore: a week of that is too much to lose unseen.
FRESH_DAYS = 7


def name_at(moment: float) -> str:
    """The file name of a backup of keys that is made at `moment`; in UTC, so that no clock change makes one younger."""
    return f"waymark-keys-{time.strftime(STAMP, time.gmtime(moment))}.dump"


def made_at(path: Path) -> float | None:
    """When a backup of keys was made, by its name; None for any other file."""
    found = NAME.fullmatch(path.name)
    try:
        return float(calendar.timegm(time.strptime(found[1], STAMP))) if found else None
    except ValueError:
        return None


def is_too_old(path: Path, days: int, now: float) -> bool:
    made = made_at(path)
    return made is not None and now - made >= days * DAY


def young(folder: Path, days: int, now: float) -> list[Path]:
    """The backups of keys that may still be used, newest last."""
    found = sorted(path for path in folder.glob("waymark-keys-*.dump") if made_at(path) is not None)
    return [path for path in found if not is_too_old(path, days, now)]


def forget_old(folder: Path, days: int, now: float) -> list[Path]:
    """Delete the backups of keys whose days are over."""
    gone = [path for path in sorted(folder.glob("waymark-keys-*.dump")) if is_too_old(path, days, now)]
    for path in gone:
        path.unlink(missing_ok=True)
    return gone


def newest_made_at(folder: Path) -> float | None:
    """When the newest backup of keys was made; None when there is none."""
    return max((made for path in folder.glob("waymark-keys-*.dump") if (made := made_at(path)) is not None), default=None)


def overstaying(folder: Path, days: int, now: float) -> list[Path]:
    """The backups of keys that a nightly job should have deleted a whole day ago."""
    return [path for path in sorted(folder.glob("waymark-keys-*.dump")) if is_too_old(path, days + 1, now)]
