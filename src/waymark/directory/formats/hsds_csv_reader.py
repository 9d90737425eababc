"""Reads the CSV form of the standard, versions 1.1, 2 and 3, row by row.

Row numbers are those that a spreadsheet shows: the heading is row 1.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator

from waymark.directory.formats import hsds_legacy
from waymark.directory.formats.hsds_records import ExchangeError, Fold, Record, stable_id
from waymark.directory.formats.hsds_rows import ALIASES, RowBuilder, table_named
from waymark.directory.formats.hsds_sources import BoundedLines, SourceFile, encoding_of
from waymark.directory.formats.hsds_tables import TABLES, Table

FIELD_LIMIT = 1024**2
_PREFIXES = ("output_", "hsds_", "hsda_")


def kind_of(file: SourceFile) -> str | None:
    """The table or old table that a file's name stands for; None when the standard knows no such file."""
    stem = file.stem
    for prefix in _PREFIXES:
        stem = stem.removeprefix(prefix)
    if stem in hsds_legacy.CONVERSIONS or stem in hsds_legacy.RENAMED or table_named(stem):
        return stem
    return None


def read_csv(file: SourceFile, kind: str, rows: RowBuilder) -> Iterator[Record | Fold]:
    """Typed rows of one CSV file. Raises ExchangeError when the file cannot be read as a table."""
    messages = rows.messages
    encoding = encoding_of(file, messages)
    csv.field_size_limit(FIELD_LIMIT)
    with file.open() as stream:
        lines = BoundedLines(stream, encoding, file.name)
        reader = csv.reader(_without_nul(lines, rows, file.name), strict=False)
        row_number = 0
        try:
            heading: list[str] | None = None
            for cells in reader:
                row_number += 1
                if heading is None:
                    heading = _heading(cells, file)
                    _require_columns(kind, heading, file)
                    continue
                if not any(cell.strip() for cell in cells):
                    continue
                if len(cells) > len(heading) and any(cell.strip() for cell in cells[len(heading) :]):
                    extra = len(cells) - len(heading)
                    messages.add("warning", f"{extra} cells more than the heading: left out", file.name, row_number)
                raw = dict(zip(heading, [*cells, *[""] * len(heading)], strict=False))
                yield from _rows_of(kind, raw, file, row_number, rows)
        except csv.Error as error:
            raise ExchangeError(
                f"{file.name}, row {row_number + 1}: {error}. A cell holds at most {FIELD_LIMIT // 1024**2} MB; a quote is "
                "probably not closed. Nothing was imported."
            ) from None
    if heading is None:
        messages.add("warning", "the file is empty", file.name)


def _heading(cells: list[str], file: SourceFile) -> list[str]:
    heading = [cell.strip().strip("\ufeff").lower().replace(" ", "_") for cell in cells]
    if len(heading) == 1 and any(mark in heading[0] for mark in (";", "\t")):
        raise ExchangeError(f"{file.name}, row 1: the columns are not divided by commas. Save the file as CSV with commas.")
    named = [name for name in heading if name]
    double = next((name for name in named if named.count(name) > 1), None)
    if double:
        raise ExchangeError(f"{file.name}, row 1, field {double}: the column stands twice. Remove one and try again.")
    return heading


def _require_columns(kind: str, heading: list[str], file: SourceFile) -> None:
    table = None if kind in hsds_legacy.CONVERSIONS else table_named(hsds_legacy.RENAMED.get(kind, kind))
    if table is None:
        return
    aliases = {new: old for old, new in ALIASES.get(table.name, {}).items()}
    for field in table.fields[1:]:
        if field.is_required and field.name not in heading and aliases.get(field.name) not in heading:
            raise ExchangeError(
                f"{file.name}, row 1, field {field.name}: the column is missing. Every {table.name.replace('_', ' ')} "
                f"needs one; the file has: {', '.join(heading)}. Nothing was imported."
            )


def _without_nul(lines: BoundedLines, rows: RowBuilder, file: str) -> Iterator[str]:
    for line in lines:
        if "\x00" in line:
            rows.messages.add("warning", "a NUL character was removed", file, lines.number)
            yield line.replace("\x00", "")
        else:
            yield line


def _rows_of(kind: str, raw: dict[str, str], file: SourceFile, row: int, rows: RowBuilder) -> Iterator[Record | Fold]:
    convert = hsds_legacy.CONVERSIONS.get(kind)
    if convert is None:
        table = table_named(hsds_legacy.RENAMED.get(kind, kind))
        if table is None:
            return
        _count_unmapped(table, raw, file, rows)
        record = rows.build(table, raw, file=file.name, row=row)
        if record is not None:
            yield record
        return
    if kind == "regular_schedules" and raw.get("weekday", "").strip() and not next(convert(raw)).cells["byday"]:  # type: ignore[union-attr]
        rows.messages.add("error", f"“{raw['weekday'][:40]}” is not a weekday", file.name, row, "weekday")
        return
    for new in convert(raw):
        if isinstance(new, hsds_legacy.NewText):
            owner = stable_id(rows.source, new.table, new.original_id)
            yield Fold(new.table, owner, new.field, new.text, file.name, row)
            continue
        # A location made for an organization's address is one row however often it is met.
        record = rows.build(TABLES[new.table], new.cells, file=file.name, row=row, depth=int(new.table == "location"))
        if record is not None:
            yield record


def _count_unmapped(table: Table, raw: dict[str, str], file: SourceFile, rows: RowBuilder) -> None:
    known = table.by_name.keys() | ALIASES.get(table.name, {}).keys()
    for name, cell in raw.items():
        if name and name not in known and cell.strip():
            rows.messages.not_mapped(file.name, name)
