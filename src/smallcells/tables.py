"""Tables of counts with their totals, before and after the small counts are hidden.

A table here is what an agency publishes: people counted by one or more characteristics, usually with row totals, column
totals and a grand total. The totals are what makes hiding hard, since a single hidden cell in a row is the
total minus the rest.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from smallcells.policy import BadTable, Policy

TOTAL = "Total"
HIDDEN = -1

#: Names a count whatever table it stands in: the (dimension, category) pairs that narrow it down. The empty key is
#: the grand total. Two tables of one period that share a key publish the same count.
Key = frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Dimension:
    """One characteristic that people are counted by.

    Parameters
    ----------
    name : str
        For example ``"county"``. The same name in two tables means the same characteristic.
    categories : tuple of str
        Every person is in exactly one of them.
    total : bool
        Whether the sum over the categories is published as well.
    """

    name: str
    categories: tuple[str, ...]
    total: bool = True

    def __post_init__(self) -> None:
        if not self.categories:
            raise BadTable(f"{self.name!r} has no categories")
        seen: set[str] = set()
        for category in self.categories:
            if category in seen:
                raise BadTable(f"{self.name!r} names the category {category!r} twice")
            seen.add(category)
        if TOTAL in seen:
            raise BadTable(f"{self.name!r} has a category called {TOTAL!r}: that word is kept for the sum")

    @property
    def labels(self) -> tuple[str, ...]:
        """The categories, then the total where it is published."""
        return (*self.categories, TOTAL) if self.total else self.categories


class Grid:
    """What a table has in common before and after hiding: dimensions, positions, keys."""

    dimensions: tuple[Dimension, ...]

    @property
    def shape(self) -> tuple[int, ...]:
        """Categories plus total, for each dimension."""
        return tuple(len(dimension.labels) for dimension in self.dimensions)

    def positions(self) -> Iterator[tuple[int, ...]]:
        """Every cell's position, totals included, in row order."""
        return itertools.product(*(range(size) for size in self.shape))

    def key(self, position: Sequence[int]) -> Key:
        """What the cell at a position counts, as (dimension, category) pairs."""
        return frozenset(
            (dimension.name, dimension.categories[index])
            for dimension, index in zip(self.dimensions, position, strict=True)
            if index < len(dimension.categories)
        )

    def describe(self, position: Sequence[int]) -> str:
        """The cell's place in words, for messages."""
        return describe_key(self.key(position))


def describe_key(key: Key) -> str:
    """A key in words: ``county=Placer, age=minor``; the grand total for the empty key."""
    return ", ".join(f"{name}={category}" for name, category in sorted(key)) or "the grand total"


@dataclass(frozen=True, eq=False)
class Table(Grid):
    """True counts with their totals. Never leaves the agency.

    Parameters
    ----------
    dimensions : tuple of Dimension
    counts : ndarray of int64
        One axis a dimension; where a dimension has a total, the last index holds it.
    period : str or None
        The time that the counts are about. Tables of one period are audited together.

    Examples
    --------
    >>> table = Table.of(["county", "age"], [["Placer", "Yolo"], ["minor", "adult"]], [[3, 40], [12, 60]])
    >>> table.counts.tolist()
    [[3, 40, 43], [12, 60, 72], [15, 100, 115]]
    """

    dimensions: tuple[Dimension, ...]
    counts: NDArray[np.int64]
    period: str | None = None

    def __post_init__(self) -> None:
        names = [dimension.name for dimension in self.dimensions]
        if not names:
            raise BadTable("a table needs at least one dimension")
        if len(set(names)) < len(names):
            raise BadTable(f"two dimensions have one name: {', '.join(names)}")
        if self.counts.shape != self.shape:
            raise BadTable(f"the counts have shape {self.counts.shape}, the labels need {self.shape}")
        for position in self.positions():
            if self.counts[position] < 0:
                raise BadTable(f"{self.describe(position)}: a count cannot be negative ({self.counts[position]})")
        self._check_totals()

    def _check_totals(self) -> None:
        """Each total must be the sum of its parts; of several wrong ones the narrowest is named, the likely culprit."""
        wrong: list[tuple[int, ...]] = []
        sums = {}
        for axis, dimension in enumerate(self.dimensions):
            if dimension.total:
                last = self.shape[axis] - 1
                parts = np.delete(self.counts, last, axis=axis).sum(axis=axis)
                for rest in np.argwhere(parts != self.counts.take(last, axis=axis)).tolist():
                    position = (*rest[:axis], last, *rest[axis:])
                    wrong.append(position)
                    sums[position] = parts[tuple(rest)]
        if wrong:
            culprit = max(wrong, key=lambda position: len(self.key(position)))
            raise BadTable(
                f"{self.describe(culprit)}: the total says {self.counts[culprit]}, its parts sum to {sums[culprit]}"
            )

    @classmethod
    def of(
        cls,
        names: Sequence[str],
        categories: Sequence[Sequence[str]],
        counts: ArrayLike,
        *,
        totals: Iterable[str] | None = None,
        period: str | None = None,
    ) -> Table:
        """Build a table from the counts without totals, and add the totals.

        Parameters
        ----------
        names : sequence of str
            The dimensions.
        categories : sequence of sequences of str
            For each dimension, its categories.
        counts : array_like of int
            People, one axis a dimension, no totals.
        totals : iterable of str, optional
            The dimensions over which sums are published; all of them unless told.
        period : str, optional

        Raises
        ------
        BadTable
            A count is not a whole number from 0, or a name does not fit.
        """
        wanted = set(names if totals is None else totals)
        for name in sorted(wanted - set(names)):
            raise BadTable(f"there is no dimension {name!r}; the table has {', '.join(names)}")
        given = np.asarray(counts)
        if given.dtype.kind not in "iuf" or not np.all(given == np.floor(given)):
            raise BadTable("counts must be whole numbers")
        dimensions = tuple(
            Dimension(name, tuple(labels), name in wanted) for name, labels in zip(names, categories, strict=True)
        )
        full = given.astype(np.int64)
        for axis, dimension in enumerate(dimensions):
            if dimension.total:
                full = np.concatenate([full, full.sum(axis=axis, keepdims=True)], axis=axis)
        return cls(dimensions, full, period)


@dataclass(frozen=True, eq=False)
class SafeTable(Grid):
    """A table as the public sees it. It does not hold the hidden counts, so that nothing made from it can leak them.

    Parameters
    ----------
    dimensions : tuple of Dimension
    shown : ndarray of int64
        The counts, with -1 where one is hidden. Small and complementary cells look the same on purpose: a mark that
        told them apart would say which ones are under the threshold.
    policy : Policy
    period : str or None
    exact : bool
        Whether the fewest possible cells are hidden (proved), or only few (a large table).
    """

    dimensions: tuple[Dimension, ...]
    shown: NDArray[np.int64]
    policy: Policy
    period: str | None = None
    exact: bool = True

    def __post_init__(self) -> None:
        if self.shown.shape != self.shape:
            raise BadTable(f"the counts have shape {self.shown.shape}, the labels need {self.shape}")

    @property
    def hidden(self) -> NDArray[np.bool_]:
        """True where a count is hidden."""
        return np.asarray(self.shown == HIDDEN)

    @property
    def hidden_count(self) -> int:
        """How many cells are hidden, totals included."""
        return int(self.hidden.sum())

    def value(self, **categories: str) -> int | None:
        """The shown count for the named categories (a dimension left out means its total), None when hidden.

        Examples
        --------
        >>> table = Table.of(["age"], [["minor", "adult"]], [30, 40])
        >>> SafeTable(table.dimensions, table.counts, Policy()).value(age="adult")
        40
        """
        position = []
        for dimension in self.dimensions:
            label = categories.pop(dimension.name, TOTAL)
            if label not in dimension.labels:
                raise KeyError(f"{dimension.name} has no {label!r}")
            position.append(dimension.labels.index(label))
        if categories:
            raise KeyError(f"no dimension {', '.join(sorted(categories))}")
        shown = int(self.shown[tuple(position)])
        return None if shown == HIDDEN else shown
