"""A quarter of record relief as it may leave the office, and the words that define its two numbers."""

from __future__ import annotations

from dataclasses import dataclass

FEWEST = 11


@dataclass(frozen=True)
class Counted:
    """What the office counted: in the quarter, and in all until its end."""

    filed: int
    granted: int
    filed_so_far: int
    granted_so_far: int


def told(counted: Counted) -> tuple[int | None, int | None]:
    """Filed and granted as they leave; None is held back.

    A reader adds quarters up and takes what was granted from what was filed: what is left are the petitions that were not
    granted so far. Where those are few, nothing is said of what was granted. Nothing at all is one of the few: that nobody
    asked, or that everybody was granted, is said by nobody either.
    """
    filed = counted.filed if counted.filed >= FEWEST else None
    left = counted.filed_so_far - counted.granted_so_far
    granted = counted.granted if counted.granted >= FEWEST and left >= FEWEST else None
    return filed, granted
