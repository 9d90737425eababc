"""CSV in, CSV out.

Two layouts are read. *Wide*: a first column of labels, one column for each category, counts in between.
*Long*: one column for each dimension and a column ``count``; every combination has its row, since an absent row is not
a zero. Totals that the file holds are checked, those that it lacks are added.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from smallcells.percentages import percentages
from smallcells.policy import BadTable, Policy, Refusal
from smallcells.tables import HIDDEN, TOTAL, Dimension, SafeTable, Table

COUNT = "count"
MARK = "*"
_TOTAL_WORDS = {"total", "totals", "all", "sum"}

Cells = dict[tuple[str, ...], int]


def read_table(
    text: str, *, totals: Iterable[str] | None = None, names: Sequence[str] = (), period: str | None = None
) -> Table:
    """Read true counts.

    Parameters
    ----------
    text : str
        The CSV file's content, wide or long.
    totals : iterable of str, optional
        Which totals are to be published: ``"row"`` and ``"col"`` (a total for each row, for each column) for a wide
        table, names of dimensions (the sum over that dimension) for both. All of them unless told.
    names : sequence of str
        Names of a wide table's two dimensions; the corner cell ``county/age`` names them as well. Tables of one period
        are matched by these names.
    period : str, optional

    Raises
    ------
    BadTable
        Something is not a count; the message names row and column.
    Refusal
        The file is a capture-history table, which is never published.
    """
    dimensions, cells = _parse(text, names, mark=None)
    wanted = _dimensions_with_totals(dimensions, totals)
    shape = tuple(len(dimension.categories) for dimension in dimensions)
    inner = np.zeros(shape, dtype=np.int64)
    for position in itertools.product(*map(range, shape)):
        labels = tuple(d.categories[i] for d, i in zip(dimensions, position, strict=True))
        if labels not in cells:
            raise BadTable(f"there is no row for {_words(dimensions, labels)}: write 0 if it is nobody")
        inner[position] = cells[labels]
    whole = Table.of([d.name for d in dimensions], [d.categories for d in dimensions], inner, period=period)
    for position in whole.positions():
        labels = tuple(d.labels[i] for d, i in zip(whole.dimensions, position, strict=True))
        stated = cells.get(labels, int(whole.counts[position]))
        if stated != whole.counts[position]:
            raise BadTable(
                f"{_words(dimensions, labels)}: the total says {stated}, its parts sum to {whole.counts[position]}"
            )
    return Table.of([d.name for d in dimensions], [d.categories for d in dimensions], inner, totals=wanted, period=period)


def read_published(
    text: str, policy: Policy, *, names: Sequence[str] = (), mark: str = MARK, period: str | None = None
) -> SafeTable:
    """Read a table as it was published, with ``mark`` where a count is hidden.

    Raises
    ------
    BadTable
        A cell is neither a count nor the mark, or a row is missing.
    """
    dimensions, cells = _parse(text, names, mark=mark)
    shown = np.full(tuple(len(d.labels) for d in dimensions), HIDDEN, dtype=np.int64)
    for position in itertools.product(*map(range, shown.shape)):
        labels = tuple(d.labels[i] for d, i in zip(dimensions, position, strict=True))
        if labels not in cells:
            raise BadTable(f"there is no row for {_words(dimensions, labels)}")
        shown[position] = cells[labels]
    return SafeTable(dimensions, shown, policy, period)


def write_table(table: SafeTable, *, mark: str = MARK) -> str:
    """The table as CSV with ``mark`` where a count is hidden: wide for two dimensions, else long."""
    return _write(table, np.where(table.hidden, mark, table.shown.astype(str)), COUNT)


def write_percentages(table: SafeTable, of: str, *, mark: str = MARK, decimals: int = 1) -> str:
    """The percentages of :func:`percentages` as CSV, in the layout of :func:`write_table`."""
    values = percentages(table, of, decimals=decimals)
    texts = np.array([mark if np.isnan(value) else f"{value:.{decimals}f}" for value in values.ravel()])
    return _write(table, texts.reshape(values.shape), "percent")


def _write(table: SafeTable, texts: NDArray[np.str_], value_name: str) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [dimension.name for dimension in table.dimensions]
    if len(names) == 2:
        rows, columns = table.dimensions
        writer.writerow(["/".join(names), *columns.labels])
        for label, line in zip(rows.labels, texts, strict=True):
            writer.writerow([label, *line])
    else:
        writer.writerow([*names, value_name])
        for position in table.positions():
            labels = [d.labels[i] for d, i in zip(table.dimensions, position, strict=True)]
            writer.writerow([*labels, texts[position]])
    return out.getvalue()


def _parse(text: str, names: Sequence[str], *, mark: str | None) -> tuple[tuple[Dimension, ...], Cells]:
    """Read either layout into dimensions (with totals where the file has them) and cells."""
    lines = [line for line in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if any(cell.strip() for cell in line)]
    if len(lines) < 2:
        raise BadTable("the file needs a line of headings and at least one line of counts")
    heading = [cell.strip() for cell in lines[0]]
    if len(set(heading)) < len(heading):
        twice = next(name for name in heading if heading.count(name) > 1)
        raise BadTable(f"two columns are called {twice!r}")
    for number, line in enumerate(lines[1:], start=2):
        if len(line) != len(heading):
            raise BadTable(f"line {number} has {len(line)} cells, the headings {len(heading)}")
    body = [[cell.strip() for cell in line] for line in lines[1:]]
    lowered = [name.lower() for name in heading]
    _refuse_capture_histories(lowered, body)
    if COUNT in lowered:
        return _parse_long(heading, body, lowered.index(COUNT), mark)
    return _parse_wide(heading, body, names, mark)


def _refuse_capture_histories(heading: list[str], body: list[list[str]]) -> None:
    """Two or more columns of nothing but 0 and 1 say who is on which list."""
    marks = [[cell for name, cell in zip(heading, line, strict=True) if name != COUNT] for line in body]
    if len(marks[0]) >= 2 and all(cell in {"0", "1"} for line in marks for cell in line):
        raise Refusal(
            "this is a capture-history table (who is on which list): it is never published. "
            "Publish a commitment to it instead: smallcells commit"
        )


def _parse_long(
    heading: list[str], body: list[list[str]], place: int, mark: str | None
) -> tuple[tuple[Dimension, ...], Cells]:
    labels = [[_label(cell) for at, cell in enumerate(line) if at != place] for line in body]
    names = [name for at, name in enumerate(heading) if at != place]
    cells: Cells = {}
    for number, (line, line_labels) in enumerate(zip(body, labels, strict=True), start=2):
        key = tuple(line_labels)
        if key in cells:
            raise BadTable(f"line {number}: {', '.join(key)} stands there twice")
        cells[key] = _count(line[place], f"line {number} ({', '.join(key)}), column {heading[place]!r}", mark)
    dimensions = []
    for axis, name in enumerate(names):
        found = list(dict.fromkeys(line[axis] for line in labels))
        dimensions.append(Dimension(name, tuple(label for label in found if label != TOTAL), TOTAL in found))
    return tuple(dimensions), cells


def _parse_wide(
    heading: list[str], body: list[list[str]], names: Sequence[str], mark: str | None
) -> tuple[tuple[Dimension, ...], Cells]:
    corner = [part.strip() for part in re.split(r"[/\\]", heading[0])]
    if not names:
        names = corner if len(corner) == 2 and all(corner) else [heading[0] or "row", "col"]
    if len(names) != 2:
        raise BadTable(f"a wide table has two dimensions, and {len(names)} names were given")
    columns = [_label(name) for name in heading[1:]]
    cells: Cells = {}
    row_labels = []
    for number, line in enumerate(body, start=2):
        label = _label(line[0])
        if label in row_labels:
            raise BadTable(f"line {number}: the row {label!r} stands there twice")
        row_labels.append(label)
        for column, cell in zip(columns, line[1:], strict=True):
            cells[label, column] = _count(cell, f"line {number} ({label!r}), column {column!r}", mark)
    dimensions = tuple(
        Dimension(name, tuple(label for label in labels if label != TOTAL), TOTAL in labels)
        for name, labels in zip(names, (row_labels, columns), strict=True)
    )
    return dimensions, cells


#: Nobody counts more people than live; a larger number is a misread file.
MOST_PEOPLE = 10_000_000_000


def _label(text: str) -> str:
    return TOTAL if text.strip().lower() in _TOTAL_WORDS else text.strip()


def _count(text: str, where: str, mark: str | None) -> int:
    if mark is not None and text == mark:
        return HIDDEN
    if re.fullmatch(r"\d+", text):
        if len(text) > 18 or int(text) > MOST_PEOPLE:
            raise BadTable(f"{where}: {text} people are more than live on Earth")
        return int(text)
    if not text:
        raise BadTable(f"{where}: there is no count (write 0 if it is nobody)")
    raise BadTable(f"{where}: {text!r} is not a whole number of people")


def _dimensions_with_totals(dimensions: tuple[Dimension, ...], totals: Iterable[str] | None) -> list[str]:
    """Turn ``row``, ``col`` and names into the dimensions that are summed over."""
    names = [dimension.name for dimension in dimensions]
    if totals is None:
        return names
    wanted = []
    for word in totals:
        if word in names:
            wanted.append(word)
        elif word in {"row", "col"} and len(names) == 2:
            # A total for each row sums over the columns' dimension, and the other way about.
            wanted.append(names[1] if word == "row" else names[0])
        elif word in {"row", "col"} and len(names) == 1:
            wanted.append(names[0])
        else:
            raise BadTable(f"there is no dimension {word!r}; the table has {', '.join(names)}")
    return wanted


def _words(dimensions: tuple[Dimension, ...], labels: tuple[str, ...]) -> str:
    return ", ".join(f"{d.name}={label}" for d, label in zip(dimensions, labels, strict=True))
