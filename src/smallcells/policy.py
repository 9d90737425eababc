"""What an agency has decided about small counts, and the two ways in which a table is turned away."""

from __future__ import annotations

from dataclasses import dataclass


class BadTable(ValueError):
    """The table cannot be read as counts; the message names the row and the column."""


class Refusal(Exception):
    """The table could be read, but publishing it as asked would give a small count away."""


@dataclass(frozen=True)
class Policy:
    """The rule for small counts.

    Parameters
    ----------
    threshold : int
        Counts from 1 to ``threshold - 1`` people are hidden, and no hidden count may be boxed in more closely
        than an interval of this width. 11 is the rule of the federal health and victim-service programs; 5 and 20
        are the other common ones.
    hide_zeros : bool
        Whether a zero is hidden too. A shown zero says that nobody in the group was met, which is harmless for most
        tables and telling for some ("no minor accepted help"). When zeros are shown, every reader knows that a
        hidden count is at least 1, and the audit takes that into account.

    Examples
    --------
    >>> Policy().is_small(10), Policy().is_small(11), Policy().is_small(0)
    (True, False, False)
    >>> Policy(threshold=5, hide_zeros=True).is_small(0)
    True
    """

    threshold: int = 11
    hide_zeros: bool = False

    def __post_init__(self) -> None:
        if self.threshold < 2:
            raise ValueError("the threshold must be at least 2: below that nothing would ever be hidden")

    @property
    def least_hidden(self) -> int:
        """The least value that a reader must grant a hidden count: 0, or 1 when zeros are always shown."""
        return 0 if self.hide_zeros else 1

    def is_small(self, count: int) -> bool:
        """Whether a count may not be shown for its own sake."""
        return self.least_hidden <= count < self.threshold

    def may_hide(self, count: int) -> bool:
        """Whether a count can serve as a hidden cell at all (a shown zero cannot: readers know zeros are shown)."""
        return count >= self.least_hidden
