"""Capture histories: who is on which list, as counts.

Multiple systems estimation knows people only by the set of lists they appear on. With k lists there are
2**k - 1 such sets; the empty set is the people nobody has found. :class:`CaptureHistories` holds one count a
set and no person, which is all the estimators need and the least that can be asked of an agency.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MAX_LISTS", "CaptureHistories", "InvalidTable"]

# 2**16 cells is far beyond what any table of people fills; more lists than that is a misread file.
MAX_LISTS = 16
#: Nobody counts more people than live; a larger number is a misread file.
MOST_PEOPLE = 10_000_000_000
_COUNT_NAMES = ("count", "n", "freq", "frequency")
_TRUE = frozenset({"1", "1.0", "true", "yes", "y", "t"})
_FALSE = frozenset({"0", "0.0", "false", "no", "n", "f"})


class InvalidTable(ValueError):
    """A table that cannot be read; the message names the row and the column."""


def _frozen(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    counts = np.array(counts, dtype=np.int64, copy=True)
    counts.setflags(write=False)
    return counts


@dataclass(frozen=True, eq=False)
class CaptureHistories:
    """Counts of people by the set of lists they are on.

    Parameters
    ----------
    list_names : tuple of str
        One distinct, non-empty name a list.
    counts : ndarray of int64, shape (2**k,)
        People by history. Bit i of the index is set when the person is on list i; index 0, the people on no
        list, is unobserved and always 0.
    strata : mapping of str to ndarray, optional
        Counts of the same shape for each subgroup; they add up to `counts`.
    period : str, optional
        The window of time the lists cover, for example ``"2015-2020"``.

    Raises
    ------
    InvalidTable
        When shapes disagree, a count is negative or cell 0 is not 0.

    Examples
    --------
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [20, 30, 10])
    >>> table.n, table.list_totals.tolist(), table.overlap(0, 1)
    (60, [30, 40], 10)
    """

    list_names: tuple[str, ...]
    counts: NDArray[np.int64]
    strata: Mapping[str, NDArray[np.int64]] | None = None
    period: str | None = None

    def __post_init__(self) -> None:
        names = tuple(str(name).strip() for name in self.list_names)
        if not names:
            raise InvalidTable("the table has no lists")
        if len(names) > MAX_LISTS:
            raise InvalidTable(f"the table has {len(names)} lists; at most {MAX_LISTS} can be read")
        if "" in names:
            raise InvalidTable(f"list {names.index('') + 1} has no name")
        for position, name in enumerate(names):
            if name in names[:position]:
                raise InvalidTable(f"two lists are called {name!r}; every list needs its own name")
        object.__setattr__(self, "list_names", names)
        object.__setattr__(self, "counts", self._checked(self.counts, "counts"))
        if self.strata is not None:
            strata = {str(key): self._checked(value, f"stratum {key!r}") for key, value in self.strata.items()}
            if strata and not np.array_equal(sum(strata.values()), self.counts):
                raise InvalidTable("the strata do not add up to the whole table")
            object.__setattr__(self, "strata", MappingProxyType(strata))

    def _checked(self, counts: Any, what: str) -> NDArray[np.int64]:
        array = np.asarray(counts)
        if array.shape != (1 << self.k,):
            raise InvalidTable(f"{what}: {self.k} lists need {1 << self.k} cells; got shape {array.shape}")
        whole = array.dtype.kind in "iub" or (
            array.dtype.kind == "f" and bool(np.all(np.isfinite(array)) and np.all(array == np.floor(array)))
        )
        if not whole:
            raise InvalidTable(f"{what}: counts must be whole numbers")
        if np.any(array < 0):
            raise InvalidTable(f"{what}: counts cannot be negative")
        if np.any(array > MOST_PEOPLE):
            raise InvalidTable(f"{what}: {array.max():,} people in one cell are more than live on Earth")
        if array[0] != 0:
            raise InvalidTable(f"{what}: the people on no list cannot have been counted; cell 0 must be 0")
        return _frozen(array.astype(np.int64))

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle through the constructor: tables cross process borders on a cluster."""
        strata = None if self.strata is None else dict(self.strata)
        return type(self), (self.list_names, np.array(self.counts), strata, self.period)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, CaptureHistories):
            return NotImplemented
        mine, theirs = self.strata or {}, other.strata or {}
        return (
            self.list_names == other.list_names
            and self.period == other.period
            and np.array_equal(self.counts, other.counts)
            and mine.keys() == theirs.keys()
            and all(np.array_equal(mine[key], theirs[key]) for key in mine)
        )

    def __hash__(self) -> int:
        return hash((self.list_names, self.counts.tobytes(), self.period))

    @property
    def k(self) -> int:
        """Number of lists."""
        return len(self.list_names)

    @property
    def n(self) -> int:
        """People on at least one list."""
        return int(self.counts.sum())

    @property
    def list_totals(self) -> NDArray[np.int64]:
        """People on each list, shape (k,)."""
        cells = np.arange(1 << self.k)
        return np.array([self.counts[(cells >> i) & 1 == 1].sum() for i in range(self.k)], dtype=np.int64)

    def overlap(self, i: int, j: int) -> int:
        """People on both list `i` and list `j`, numbered from 0."""
        both = (1 << i) | (1 << j)
        cells = np.arange(1 << self.k)
        return int(self.counts[cells & both == both].sum())

    @classmethod
    def from_rows(
        cls,
        list_names: Sequence[str],
        rows: Iterable[Sequence[int]],
        counts: Iterable[int] | None = None,
        *,
        strata: Iterable[str] | None = None,
        period: str | None = None,
    ) -> CaptureHistories:
        """Build a table from 0/1 rows; equal histories are added together.

        Parameters
        ----------
        list_names : sequence of str
            One name a list.
        rows : iterable of sequences of 0 or 1
            One entry a list.
        counts : iterable of int, optional
            People with that row's history; 1 a row when absent (one row a person).
        strata : iterable of str, optional
            Subgroup of each row.
        period : str, optional
            The window of time.

        Raises
        ------
        InvalidTable
            Naming row (from 1) and column.
        """
        names = tuple(list_names)
        rows = [tuple(row) for row in rows]
        weights: list[Any] = [1] * len(rows) if counts is None else list(counts)
        if len(weights) != len(rows):
            raise InvalidTable(f"{len(rows)} rows but {len(weights)} counts")
        groups = None if strata is None else [str(group) for group in strata]
        if groups is not None and len(groups) != len(rows):
            raise InvalidTable(f"{len(rows)} rows but {len(groups)} strata")
        total = np.zeros(1 << min(len(names), MAX_LISTS), dtype=np.int64)
        by_group: dict[str, NDArray[np.int64]] = {}
        if len(names) <= MAX_LISTS:
            for number, (row, weight) in enumerate(zip(rows, weights, strict=True), start=1):
                cell = _cell(names, row, f"row {number}")
                people = _count(weight, f"row {number}, column 'count'")
                _refuse_unlisted(cell, people, f"row {number}")
                total[cell] += people
                if groups is not None:
                    by_group.setdefault(groups[number - 1], np.zeros_like(total))[cell] += people
        return cls(names, total, by_group if groups is not None else None, period)

    @classmethod
    def read_csv(
        cls,
        path: str | Path | io.TextIOBase,
        *,
        count: str | None = None,
        stratum: str | None = None,
        period: str | None = None,
    ) -> CaptureHistories:
        """Read a CSV file: one 0/1 column a list, and either a ``count`` column or one row a person.

        Parameters
        ----------
        path : path or open text file
            The file; its first line names the columns.
        count : str, optional
            Name of the column of counts. By default ``count``, ``n``, ``freq`` or ``frequency``; without any
            of them every row is one person.
        stratum : str, optional
            Name of a column that holds each row's subgroup.
        period : str, optional
            The window of time.

        Raises
        ------
        InvalidTable
            Naming the line (the header is line 1) and the column.
        """
        if isinstance(path, io.TextIOBase):
            return cls._read(path, count, stratum, period)
        try:
            with Path(path).open(newline="", encoding="utf-8-sig") as handle:
                return cls._read(handle, count, stratum, period)
        except UnicodeDecodeError as error:
            raise InvalidTable(f"{path}: not a UTF-8 text file (byte {error.start})") from error
        except csv.Error as error:
            raise InvalidTable(f"{path}: not a table of comma-separated values ({error})") from error

    @classmethod
    def _read(cls, handle: Iterable[str], count: str | None, stratum: str | None, period: str | None) -> CaptureHistories:
        reader = csv.reader(handle)
        header = [name.strip() for name in next(reader, [])]
        if not any(header):
            raise InvalidTable("line 1: the file has no header that names the lists")
        if len(header) == 1 and (other := next((mark for mark in ";\t|" if mark in header[0]), None)):
            raise InvalidTable(f"line 1: the columns are separated by {other!r}; save the file with commas between them")
        for wanted in (count, stratum):
            if wanted is not None and wanted not in header:
                raise InvalidTable(f"line 1: there is no column {wanted!r}; the columns are {', '.join(header)}")
        for position, name in enumerate(header):
            if name in header[:position]:
                raise InvalidTable(f"line 1, column {position + 1}: {name!r} appears twice")
        if count is None:
            count = next((name for name in header if name.lower() in _COUNT_NAMES), None)
        count_at = None if count is None else header.index(count)
        stratum_at = None if stratum is None else header.index(stratum)
        list_at = [at for at in range(len(header)) if at not in (count_at, stratum_at)]
        names = tuple(header[at] for at in list_at)
        if not names:
            raise InvalidTable("line 1: the file has no lists, only a column of counts")
        rows: list[tuple[int, ...]] = []
        weights: list[int] = []
        groups: list[str] = []
        for fields in reader:
            if not any(field.strip() for field in fields):
                continue
            where = f"line {reader.line_num}"
            if len(fields) != len(header):
                raise InvalidTable(f"{where}: {len(fields)} values where the header names {len(header)} columns")
            row = tuple(_zero_or_one(fields[at], f"{where}, column {header[at]!r}") for at in list_at)
            people = 1 if count_at is None else _count(fields[count_at], f"{where}, column {header[count_at]!r}")
            _refuse_unlisted(int(any(row)), people, where)
            rows.append(row)
            weights.append(people)
            if stratum_at is not None:
                group = fields[stratum_at].strip()
                if not group:
                    raise InvalidTable(f"{where}, column {header[stratum_at]!r}: no subgroup is given")
                groups.append(group)
        if not rows:
            raise InvalidTable("the file has a header but no rows")
        return cls.from_rows(names, rows, weights, strata=groups if stratum else None, period=period)

    def subset(self, lists: Sequence[int | str]) -> CaptureHistories:
        """Keep only some lists, in the given order; people on none of them are forgotten.

        Parameters
        ----------
        lists : sequence of int or str
            Positions from 0, or names.

        Returns
        -------
        CaptureHistories
            With ``len(lists)`` lists.
        """
        positions = [self.list_names.index(which) if isinstance(which, str) else int(which) for which in lists]
        names = tuple(self.list_names[at] for at in positions)
        old = np.arange(1 << self.k)
        new = np.zeros_like(old)
        for target, source in enumerate(positions):
            new |= ((old >> source) & 1) << target

        def project(counts: NDArray[np.int64]) -> NDArray[np.int64]:
            projected = np.zeros(1 << len(positions), dtype=np.int64)
            np.add.at(projected, new, counts)
            projected[0] = 0
            return projected

        strata = None if self.strata is None else {key: project(value) for key, value in self.strata.items()}
        return CaptureHistories(names, project(self.counts), strata, self.period)

    def cells_by_name(self) -> NDArray[np.int64]:
        """Cells in the order they would have if the lists were sorted by name, shape (2**k,).

        Random draws follow this order, so that the order of the columns in a file changes no interval.
        """
        order = sorted(range(self.k), key=lambda i: self.list_names[i])
        cells = np.arange(1 << self.k)
        moved = np.zeros_like(cells)
        for target, source in enumerate(order):
            moved |= ((cells >> target) & 1) << source
        return moved

    def rows(self) -> list[tuple[tuple[int, ...], int]]:
        """Histories that hold people, fewest lists first, each with its count."""
        cells = sorted(np.flatnonzero(self.counts).tolist(), key=lambda cell: (cell.bit_count(), cell))
        return [(tuple((cell >> i) & 1 for i in range(self.k)), int(self.counts[cell])) for cell in cells]

    def to_csv(self, path: str | Path | None = None) -> str:
        """Return (and, with `path`, write) the table as CSV: one 0/1 column a list, then ``count``."""
        buffer = io.StringIO()
        writer = csv.writer(buffer, lineterminator="\n")
        writer.writerow([*self.list_names, "count"])
        for row, people in self.rows():
            writer.writerow([*row, people])
        text = buffer.getvalue()
        if path is not None:
            Path(path).write_text(text, encoding="utf-8")
        return text


def _cell(names: Sequence[str], row: Sequence[int], where: str) -> int:
    if len(row) != len(names):
        raise InvalidTable(f"{where}: {len(row)} values for {len(names)} lists")
    cell = 0
    for i, value in enumerate(row):
        if value not in (0, 1):
            raise InvalidTable(f"{where}, column {names[i]!r}: expected 0 or 1, found {value!r}")
        cell |= int(value) << i
    return cell


def _zero_or_one(text: str, where: str) -> int:
    word = text.strip().lower()
    if word in _TRUE:
        return 1
    if word in _FALSE:
        return 0
    raise InvalidTable(f"{where}: expected 0 or 1, found {text!r}")


def _count(value: Any, where: str) -> int:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise InvalidTable(f"{where}: expected a whole number of people, found {value!r}") from None
    if not number.is_integer() or number < 0:
        raise InvalidTable(f"{where}: expected a whole number of people, found {value!r}")
    if number > MOST_PEOPLE:
        raise InvalidTable(f"{where}: {value} people are more than live on Earth")
    return int(number)


def _refuse_unlisted(cell: int, people: int, where: str) -> None:
    """People on no list cannot have been counted; a zero there is harmless."""
    if cell == 0 and people > 0:
        raise InvalidTable(f"{where}: {people} people are on no list; they cannot have been counted")
