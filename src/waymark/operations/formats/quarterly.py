"""What leaves for a quarter: totals in which nobody can be singled out, whatever else has been published.

The federal measures ask for counts of three months. A reader may hold such a file beside the published results of each
operation and subtract; so the totals pass `smallcells` as margins of a table by operation and side, in which what stands on
public pages is shown already. Numbers of agencies for victims have no such table: only their total leaves, and it is never
a small one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from smallcells import SafeTable

ALL = "all"
FEWEST = 11
GIVEN_AFTER = dt.timedelta(days=30)
HIDDEN = "fewer than 11, or withheld so that no small count can be worked out"
NOT_COUNTED = "not counted"
DIFFERS = "withheld: agencies’ counts differ from what was published"
# Whatever is added up over agencies says so, wherever it is shown: nobody can take away who was counted twice.
SUM_OVER_AGENCIES = "A sum over agencies: it may count a person more than once."
INCOMPLETE = "some agencies gave no number; the total is of the others"


@dataclass(frozen=True)
class Counted:
    """One number of one agency in one operation."""

    operation: str
    measure: str
    side: str
    value: int | None


@dataclass(frozen=True)
class Told:
    """A total as it leaves; `value` is None where it must not or cannot be told, and `note` says why."""

    measure: str
    side: str
    value: int | None
    note: str


# What public pages show: the count of an operation and a side, or of the operation alone (`ALL`).
Published = Mapping[tuple[str, str, str], int]
# Measures of operations whose small count stands in its owner's words.
Quoted = Collection[tuple[str, str]]


def quarter_of(day: dt.date) -> tuple[int, int]:
    return day.year, (day.month + 2) // 3


def days_of(year: int, quarter: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a quarter."""
    first = dt.date(year, quarter * 3 - 2, 1)
    after = dt.date(year + quarter // 4, quarter * 3 % 12 + 1, 1)
    return first, after - dt.timedelta(days=1)


def is_ripe(year: int, quarter: int, *, on: dt.date) -> bool:
    """A quarter is given once it has been over for 30 days: a late count could not be added any more."""
    return on > days_of(year, quarter)[1] + GIVEN_AFTER


def told_outcomes(counts: Iterable[Counted], *, published: Published, quoted: Quoted = frozenset()) -> list[Told]:
    """The totals of a quarter by measure and side. Measures are never added to each other."""
    of_measure: dict[str, list[Counted]] = defaultdict(list)
    for count in counts:
        of_measure[count.measure].append(count)
    found: list[Told] = []
    for measure in sorted(of_measure):
        found += _told(measure, of_measure[measure], published, quoted)
    return found


def _told(measure: str, counts: Sequence[Counted], published: Published, quoted: Quoted) -> list[Told]:
    sides = sorted({count.side for count in counts})
    cells: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(sides, 0))
    gaps: dict[str, bool] = dict.fromkeys([*sides, ALL], False)
    known: dict[str, bool] = dict.fromkeys([*sides, ALL], False)
    for count in counts:
        for side in (count.side, ALL):
            gaps[side] |= count.value is None
            known[side] |= count.value is not None
        cells[count.operation][count.side] += count.value or 0
    shown = {place[1:]: value for place, value in published.items() if place[0] == measure and place[1] in cells}
    if any(value != _cell(cells[operation], side) for (operation, side), value in shown.items()):
        return [Told(measure, side, None, DIFFERS) for side in [*sides, ALL]]
    safe = _protected(cells, sides) if not _is_mixed(cells, measure, quoted) else None
    told = []
    for side in [*sides, ALL]:
        value = None if safe is None else safe.value() if side == ALL else safe.value(side=side)
        if not known[side]:
            told.append(Told(measure, side, None, NOT_COUNTED))
        elif value is None:
            told.append(Told(measure, side, None, HIDDEN))
        else:
            told.append(Told(measure, side, value, INCOMPLETE if gaps[side] else ""))
    return told


def _cell(row: Mapping[str, int], side: str) -> int:
    return sum(row.values()) if side == ALL else row.get(side, 0)


def _is_mixed(cells: Mapping[str, Mapping[str, int]], measure: str, quoted: Quoted) -> bool:
    """Whether an operation has a small count beside others of the measure, or one that its owner has told in words.

    Its page shows either the whole or the parts, now or later; beside a total of the quarter each leaves another small
    count open. Nobody can say which it will be, so then no total is given.
    """
    for operation, row in cells.items():
        small = [value for value in row.values() if 0 < value < FEWEST]
        if small and (sum(value > 0 for value in row.values()) > 1 or (measure, operation) in quoted):
            return True
    return False


def _protected(cells: Mapping[str, Mapping[str, int]], sides: Sequence[str]) -> SafeTable | None:
    """The table as readers may come to know it, with the totals that may be told; None when there are none.

    Every count of 11 or more may stand on a public page, and of every small one it is said that it is below 11. So a total
    gives away the sum of the small ones in it: it is told while each of them may still be anything from 0 to 10.
    """
    # Solvers take a second to load and memory to stay; few requests ever need them.
    import numpy as np

    from smallcells import HIDDEN as MARK
    from smallcells import Policy, SafeTable, Table, audit

    operations = sorted(cells)
    rows = [[cells[operation][side] for side in sides] for operation in operations]
    table = Table.of(["operation", "side"], [operations, sides], rows, period="quarter")
    columns = [[row[place] for row in rows] for place in range(len(sides))]
    keeps = [_hides_nobody([_few(column)]) for column in columns]
    keeps_all = _hides_nobody([_few(column) for column, is_kept in zip(columns, keeps, strict=True) if not is_kept])
    shown = table.counts.copy()
    small = (shown > 0) & (shown < FEWEST)
    small[-1, :] = [not is_kept for is_kept in (*keeps, keeps_all)]
    safe = SafeTable(table.dimensions, np.where(small, MARK, shown), Policy(), table.period)
    return safe if audit(safe).passed else None


def _few(column: Sequence[int]) -> list[int]:
    return [value for value in column if 0 < value < FEWEST]


def _hides_nobody(columns: Sequence[Sequence[int]]) -> bool:
    """Whether the sum of these small counts leaves each of them anywhere from 0 to 10."""
    few = [value for column in columns for value in column]
    return not few or FEWEST <= sum(few) <= (FEWEST - 1) * (len(few) - 1)


def told_services(counts: Mapping[str, Collection[int | None]]) -> dict[str, tuple[int | None, bool]]:
    """An agency's own totals of a quarter by kind: the number or None, and whether anybody counted.

    Kinds are no parts of each other, so no sum of them is made or published.
    """
    from smallcells import Policy, Table, protect

    sums = {kind: sum(value or 0 for value in values) for kind, values in counts.items()}
    counted = {kind: any(value is not None for value in values) for kind, values in counts.items()}
    safe = protect(Table.of(["kind"], [list(sums)], list(sums.values()), totals=()), Policy(hide_zeros=True))
    return {kind: (safe.value(kind=kind) if counted[kind] else None, counted[kind]) for kind in sums}
