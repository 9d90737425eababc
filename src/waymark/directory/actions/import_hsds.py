"""Import a service directory: all of a file set, or nothing.

Rows are read as a stream into temporary tables (bounded memory however large the set), checked and compared there with
the directory by set-based SQL, and stored in one transaction. A dry run does everything but the last step.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection

from waymark.directory.actions import staged_rows
from waymark.directory.actions.changes import directory_change
from waymark.directory.formats.hsds_csv_reader import kind_of, read_csv
from waymark.directory.formats.hsds_json_reader import read_json
from waymark.directory.formats.hsds_records import ExchangeError, Fold, Message, Messages, Record
from waymark.directory.formats.hsds_rows import RowBuilder
from waymark.directory.formats.hsds_sources import SourceFile, open_source, pages_in
from waymark.directory.formats.hsds_tables import TABLES
from waymark.directory.selectors.freshness import refresh

BATCH = 2_000
Progress = Callable[[str, int], None]


class ImportRefusedError(Exception):
    """The set holds errors; nothing was stored. `report` says which."""

    def __init__(self, report: ImportReport) -> None:
        super().__init__(f"{report.messages.counts['error']} errors: nothing was imported")
        self.report = report


@dataclass
class TableCount:
    """What an import did to one table, in rows."""

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    left_out: int = 0


@dataclass
class ImportReport:
    """What was read, what changed, what was mended and what has no place in the standard."""

    messages: Messages = field(default_factory=Messages)
    tables: dict[str, TableCount] = field(default_factory=lambda: defaultdict(TableCount))
    changes: list[str] = field(default_factory=list)
    ignored_files: list[str] = field(default_factory=list)
    is_dry_run: bool = False


class _Buffers:
    """Holds a few thousand rows a table, then copies them to the temporary tables."""

    def __init__(self, stage: staged_rows.Stage, progress: Progress | None) -> None:
        self._stage = stage
        self._rows: dict[str, list[Record]] = defaultdict(list)
        self._folds: list[Fold] = []
        self._progress = progress
        self.counts: dict[str, int] = defaultdict(int)

    def add(self, row: Record | Fold) -> None:
        if isinstance(row, Fold):
            self._folds.append(row)
            if len(self._folds) >= BATCH:
                self._flush_folds()
            return
        batch = self._rows[row.table]
        batch.append(row)
        self.counts[row.table] += 1
        if len(batch) >= BATCH:
            self._flush(row.table)

    def _flush(self, table: str) -> None:
        self._stage.copy(TABLES[table], self._rows.pop(table, []))
        if self._progress:
            self._progress(table, self.counts[table])

    def _flush_folds(self) -> None:
        self._stage.copy_folds(self._folds)
        self._folds = []

    def close(self) -> None:
        for table in list(self._rows):
            self._flush(table)
        self._flush_folds()


def import_hsds(
    *, place: str, by: str, source: str = "import", dry_run: bool = False, progress: Progress | None = None
) -> ImportReport:
    """Read a file set of the standard (1.1, 2, 3.x; CSV or JSON; file, folder, zip or address) into the directory.

    `by` is who did it, for the history. `source` names the publisher and keeps non-UUID ids of publishers apart.
    Raises ExchangeError when the set cannot be read, ImportRefusedError when rows hold errors; both store nothing.
    """
    report = ImportReport(is_dry_run=dry_run)
    with open_source(place) as files, directory_change(by=by, verb="directory.imported", kind="directory"):
        stage = staged_rows.Stage(connection)
        stage.create()
        rows = RowBuilder(source, report.messages)
        buffers = _Buffers(stage, progress)
        for record in _records(files, rows, report):
            buffers.add(record)
        buffers.close()
        for table, count in buffers.counts.items():
            report.tables[table].read = count
        if not buffers.counts and not report.messages.has_errors:
            raise ExchangeError(f"{place}: nothing of the standard was found. Expected files such as services.csv.")
        stage.merge(report.messages)
        if report.messages.has_errors:
            raise ImportRefusedError(report)
        _store(stage, report, progress)
        if not dry_run:
            # Here and not at the next reader's door: whoever looks for help must not wait for 50,000 documents.
            refresh(lambda done: progress("documents made", done) if progress else None)
    return report


def _records(files: list[SourceFile], rows: RowBuilder, report: ImportReport) -> Iterator[Record | Fold]:
    has_csv = any(file.suffix == ".csv" and kind_of(file) for file in files)
    for file in files:
        if file.suffix == ".csv":
            kind = kind_of(file)
            if kind is None:
                report.ignored_files.append(file.name)
            else:
                yield from read_csv(file, kind, rows)
        elif has_csv:
            # A CSV data package carries its descriptor as JSON: that is not data.
            report.ignored_files.append(file.name)
        else:
            number, total = pages_in(file)
            if total > 1 and len(files) == 1:
                text = f"this is page {number} of {total}: only its rows were read"
                report.messages.add("warning", text, file.name)
            yield from read_json(file, rows)


def _store(stage: staged_rows.Stage, report: ImportReport, progress: Progress | None) -> None:
    """Resolve references, compare and write, table by table in the order of their references."""
    present = [table for table in TABLES.values() if stage.has_rows(table)]
    for table in present:
        report.tables[table.name].left_out += stage.drop_confidential(table, report.messages)
    for table in present:
        report.tables[table.name].left_out += stage.resolve_references(table, report.messages)
    for table in present:
        count = report.tables[table.name]
        count.new, count.changed, count.unchanged = stage.compare(table)
        report.changes += stage.describe_changes(table)
        if not report.is_dry_run:
            stage.upsert(table)
        if progress:
            progress(f"{table.name} stored", count.new + count.changed)


def describe(report: ImportReport) -> Iterator[str]:
    """The report as lines for a person."""
    verb = "would be" if report.is_dry_run else "were"
    for name in TABLES:
        if name in report.tables:
            count = report.tables[name]
            left = f", {count.left_out:,} left out" if count.left_out else ""
            yield (
                f"{name}: {count.read:,} read; {count.new:,} {verb} added, {count.changed:,} {verb} changed, "
                f"{count.unchanged:,} unchanged{left}"
            )
    yield from report.changes
    for (file, column), cells in sorted(report.messages.unmapped.items()):
        yield f"not mapped: {file}, {column}: {cells:,} filled cells have no place in HSDS 3.1"
    for name in report.ignored_files:
        yield f"not read: {name} is no table of the standard"
    yield from grouped(report.messages.kept)
    counts: dict[str, Any] = report.messages.counts
    hidden = sum(counts.values()) - len(report.messages.kept)
    if hidden > 0:
        yield f"and {hidden:,} more messages of the same kinds"


def grouped(messages: list[Message]) -> Iterator[str]:
    """Lines for a person: the same word about many rows of a file is said once, with the rows as ranges."""
    rows: dict[tuple[str, str, str, str], list[int]] = defaultdict(list)
    for message in messages:
        rows[message.level, message.file, message.field, message.text].append(message.row)
    for (level, file, field_name, text), numbers in rows.items():
        places = [file, _ranges(sorted(set(numbers))), f"field {field_name}" if field_name else ""]
        place = ", ".join(part for part in places if part)
        yield f"{level}: {place}: {text}" if place else f"{level}: {text}"


def _ranges(numbers: list[int]) -> str:
    """`[2, 3, 4, 9]` as `rows 2–4, 9`; nothing for a message about a whole file."""
    parts: list[list[int]] = []
    for number in numbers:
        if number == 0:
            continue
        if parts and parts[-1][-1] == number - 1:
            parts[-1][1:] = [number]
        else:
            parts.append([number])
    if not parts:
        return ""
    words = ", ".join("–".join(str(number) for number in part) for part in parts)
    return f"row {words}" if parts == [[parts[0][0]]] else f"rows {words}"
