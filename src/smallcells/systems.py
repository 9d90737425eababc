"""What a reader of one or several tables can add up: cells, and the sums that tie them together.

Hidden counts are recovered with nothing more than addition: parts sum to totals, in this table and in every other table
of the same period. A :class:`System` writes all of these sums down once; hiding and auditing both work on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smallcells.tables import Dimension, Grid, Key

if TYPE_CHECKING:
    from scipy import sparse

#: For each dimension, which categories are made of which others: ``{"age": {"minor": ("0-12", "13-17")}}``.
Groups = Mapping[str, Mapping[str, Sequence[str]]]


@dataclass(frozen=True, eq=False)
class System:
    """Cells and the sums between them.

    Parameters
    ----------
    keys : tuple of Key
        One for each cell; a count that several tables publish is one cell.
    sums : scipy.sparse.csr_array, shape (relations, cells)
        ``sums @ counts == 0`` for the true counts: +1 for each part, -1 for the whole.
    network : bool
        Whether the sums form a flow network (one table of at most two dimensions). Then bounds by linear programming
        are whole numbers and exact; otherwise an integer program must confirm them.
    """

    keys: tuple[Key, ...]
    sums: sparse.csr_array
    network: bool

    @property
    def index(self) -> dict[Key, int]:
        """Each key's number."""
        return {key: number for number, key in enumerate(self.keys)}


def system_of(grids: Sequence[Grid], *, parts: Sequence[Grid] = (), groups: Groups | None = None) -> System:
    """Write down every sum that readers of these tables can do.

    Parameters
    ----------
    grids : sequence of Table or SafeTable
        Tables about the same people in the same period.
    parts : sequence of Table or SafeTable
        Tables about some of these people only. What remains after subtracting such a table is a table as well, which
        nobody meant to publish; it becomes cells here.
    groups : mapping, optional
        Categories that are made of other categories.

    Returns
    -------
    System
        Totals that no table publishes are cells too: a reader who knows the categories can use them.
    """
    from scipy import sparse

    relations: dict[tuple[int, frozenset[int]], None] = {}
    index: dict[Key, int] = {}

    def number(key: Key) -> int:
        return index.setdefault(key, len(index))

    def relate(whole: Key, pieces: Iterable[Key]) -> None:
        relations[number(whole), frozenset(number(piece) for piece in pieces)] = None

    for grid in grids:
        for whole, pieces in _sums_within(grid.dimensions, frozenset()):
            relate(whole, pieces)
    for place, part in enumerate(parts):
        inside, outside = part_marks(place)
        everyone = list(index)
        for whole, pieces in _sums_within(part.dimensions, inside):
            relate(whole, pieces)
        for key in everyone:
            if key | inside in index:
                relate(key, (key | inside, key | outside))
    for name, merged in (groups or {}).items():
        for category, members in merged.items():
            for key in [key for key in index if (name, category) in key]:
                rest = key - {(name, category)}
                relate(key, [rest | {(name, member)} for member in members])

    rows, columns, signs = [], [], []
    for row, (whole_number, piece_numbers) in enumerate(relations):
        for column, sign in [(whole_number, -1.0), *((piece, 1.0) for piece in sorted(piece_numbers))]:
            rows.append(row)
            columns.append(column)
            signs.append(sign)
    sums = sparse.csr_array((signs, (rows, columns)), shape=(len(relations), len(index)))
    alone = len(grids) == 1 and not parts and not groups
    return System(tuple(index), sums, network=alone and len(grids[0].dimensions) <= 2)


def part_marks(place: int) -> tuple[Key, Key]:
    """The marks on the keys of the ``place``-th partial table, and on those of everybody outside it."""
    name = f"(publication {place + 1})"
    return frozenset({(name, "inside")}), frozenset({(name, "outside")})


def _sums_within(dimensions: Sequence[Dimension], mark: Key) -> Iterable[tuple[Key, list[Key]]]:
    """Yield each (whole, parts) of one table, for published and unpublished totals alike."""
    keys: list[Key] = [mark]
    for dimension in dimensions:
        keys = [key | extra for key in keys for extra in (frozenset(), *_each(dimension))]
    for dimension in dimensions:
        for key in keys:
            if all(name != dimension.name for name, _ in key):
                yield key, [key | extra for extra in _each(dimension)]


def _each(dimension: Dimension) -> list[Key]:
    return [frozenset({(dimension.name, category)}) for category in dimension.categories]


def known_counts(system: System, shown: Mapping[Key, int]) -> NDArray[np.float64]:
    """The counts that readers see, NaN where they see none; shape (cells,)."""
    known = np.full(len(system.keys), np.nan)
    index = system.index
    for key, count in shown.items():
        known[index[key]] = count
    return known
