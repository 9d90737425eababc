"""Rows of a sheet as records of the standard and back; every problem with its row and column, nothing dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from waymark.reports.formats.htcds.fields import Field, fields, fold, heads
from waymark.reports.formats.htcds.sheets import BadSheet, Sheet
from waymark.reports.formats.htcds.values import Value, as_text, read_value

# A column for words of which a code says less.
AS_WRITTEN = "(as written)"


@dataclass(frozen=True)
class Record:
    """One case of a sheet. `beside` is what the standard has no place for, by its column: it is kept, too."""

    row: int
    values: dict[str, Value] = field(repr=False)
    beside: dict[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Trouble:
    """What is wrong with, or remarkable about, one cell."""

    row: int
    column: str
    text: str

    def __str__(self) -> str:
        return f"Row {self.row}, {self.column}: {self.text}."


@dataclass(frozen=True)
class Reading:
    """What a sheet holds. With a problem nothing of it is brought in; notes say what is kept in another way."""

    records: tuple[Record, ...] = field(repr=False)
    problems: tuple[Trouble, ...]
    notes: tuple[Trouble, ...]
    remarks: tuple[str, ...]
    beside: tuple[str, ...]


def read_records(sheet: Sheet) -> Reading:
    """The records of a sheet. Raises BadSheet for a head that cannot be understood."""
    columns = _columns(sheet.head)
    records, problems, notes = [], [], []
    for number, cells in sheet.rows:
        values: dict[str, Value] = {}
        beside: dict[str, str] = {}
        for (head, known), text in zip(columns, cells, strict=True):
            if known is None:
                if text.strip():
                    beside[head] = text.strip()
                continue
            read = read_value(known, text)
            if read.problem:
                problems.append(Trouble(number, known.name, read.problem))
            elif read.value:
                values[known.name] = read.value
            notes += [Trouble(number, known.name, note) for note in read.notes]
            if read.beside:
                beside[f"{known.name} {AS_WRITTEN}"] = read.beside
        records.append(Record(number, values, beside))
    unknown = tuple(head for head, known in columns if known is None)
    if not records:
        raise BadSheet("Under the head there is no row.")
    return Reading(tuple(records), tuple(problems), tuple(notes), sheet.notes, unknown)


def _columns(head: Sequence[str]) -> list[tuple[str, Field | None]]:
    columns: list[tuple[str, Field | None]] = []
    seen: dict[str, str] = {}
    for number, text in enumerate(head, start=1):
        known = heads().get(fold(text))
        name = known.name if known else text or f"column {number}"
        if name in seen:
            raise BadSheet(f"Two columns are the same field: {seen[name]} and {text}. Keep one of them.")
        seen[name] = text
        columns.append((name, known))
    return columns


def records_as_rows(records: Iterable[Record]) -> tuple[list[str], list[list[str]]]:
    """The head with every field of the standard, then what is kept beside it; and a row for each record."""
    kept = list(records)
    more = sorted({name for record in kept for name in record.beside})
    rows = [
        [
            *(as_text(record.values.get(name, "")) for name in fields()),
            *(record.beside.get(name, "") for name in more),
        ]
        for record in kept
    ]
    return [*fields(), *more], rows
