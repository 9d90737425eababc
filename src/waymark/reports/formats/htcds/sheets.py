"""A sheet out of a CSV or XLSX file and into one: rows of text, and where each row stands.

Files come from other programs and may be hostile: an XLSX file is an archive of XML, so it is measured before it is opened,
and one that declares entities is refused. What is written is text in every cell: a spreadsheet runs nothing of it.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from waymark.documents.safe_csv import csv_lines, plain
from waymark.reports.formats.htcds.fields import fold, heads

LARGEST = 5_000_000
UNPACKED = 60_000_000
MOST_ENTRIES = 400
MOST_ROWS = 2_000
MOST_COLUMNS = 300
# A head may stand under a title or under a line of labels.
HEAD_WITHIN = 6
DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class BadSheet(ValueError):
    """The file cannot be read as a sheet; the message is for the person who brought it."""


@dataclass(frozen=True)
class Sheet:
    """The head, and the rows under it with the number that a spreadsheet shows beside each."""

    head: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...] = field(repr=False)
    notes: tuple[str, ...] = ()


def read_sheet(content: bytes) -> Sheet:
    """The sheet of a file: XLSX when it is an archive, CSV otherwise. Raises BadSheet."""
    if len(content) > LARGEST:
        raise BadSheet("The file is larger than 5 MB. Split it into parts of up to 2,000 cases.")
    if content.startswith(b"PK"):
        return _of_xlsx(content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        raise BadSheet("This is a file of an old Excel (.xls), or one with a password. Save it as .xlsx or as CSV (UTF-8).")
    return _of_csv(content)


def _of_csv(content: bytes) -> Sheet:
    notes = []
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
        if "\ufffd" in text:
            raise BadSheet("The file is no text in UTF-8. Save it as CSV (UTF-8) and try again.") from None
        notes.append("The file is not in UTF-8; it was read as Windows-1252. Look at names with accents.")
    if "\x00" in text:
        raise BadSheet("The file is no table in text. Save it as CSV (UTF-8) and try again.")
    first = text.partition("\n")[0]
    mark = max(",;\t", key=first.count)
    try:
        rows = list(
            islice(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True), MOST_ROWS + HEAD_WITHIN + 1)
        )
    except csv.Error:
        raise BadSheet("The file is no table in CSV: a quotation mark does not close.") from None
    return _under_head([(number, tuple(map(plain, row))) for number, row in enumerate(rows, start=1)], notes)


def _of_xlsx(content: bytes) -> Sheet:
    from openpyxl import load_workbook

    _must_be_harmless(content)
    try:
        with warnings.catch_warnings():
            # What a sheet says beyond its cells (rules, pictures) is not read, and that is meant.
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
            sheets = [(sheet.title, list(_cells(sheet))) for sheet in book.worksheets]
            book.close()
    except BadSheet:
        raise
    except Exception as error:
        raise BadSheet("The file could not be read as an Excel sheet. Save it anew as .xlsx, or as CSV (UTF-8).") from error
    sheets = [(title, rows) for title, rows in sheets if any(any(cells) for _, cells in rows)]
    for title, rows in sheets:
        if _head_in(rows) is not None:
            unread = [f"The sheet {other[:60]} was not read." for other, _ in sheets if other != title]
            return _under_head(rows, unread)
    raise BadSheet(_NO_HEAD)


def _must_be_harmless(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > UNPACKED:
                raise BadSheet("The file unpacks to more than we read. Save the one sheet alone.")
            for entry in entries:
                # An entry yields no more than the archive says that it holds.
                if entry.filename.endswith((".xml", ".rels")) and DECLARES.search(archive.read(entry)):
                    raise BadSheet("The file declares what no sheet needs. Save it anew as .xlsx, or as CSV (UTF-8).")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise BadSheet(
            "The file is no Excel sheet that we can open. Save it as .xlsx without a password, or as CSV."
        ) from error


def _cells(sheet: Any) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Rows of a sheet as text. The sheet's own word on how large it is is not believed."""
    sheet.reset_dimensions()
    for number, row in enumerate(sheet.iter_rows(max_row=MOST_ROWS + HEAD_WITHIN + 1, max_col=MOST_COLUMNS + 1), start=1):
        for cell in row:
            if cell.data_type == "f":
                raise BadSheet(
                    f"Row {number} of the sheet {sheet.title[:60]} holds a formula. Copy the sheet and paste it as values, "
                    "so that the file says what you see."
                )
        yield number, tuple(_as_text(cell.value) for cell in row)


def _as_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def _head_in(rows: Sequence[tuple[int, tuple[str, ...]]]) -> int | None:
    """Which of the first rows is the head: the one with the most names of the standard."""
    counts = [sum(fold(cell) in heads() for cell in cells) for _, cells in rows[:HEAD_WITHIN]]
    return counts.index(max(counts)) if counts and max(counts) > 0 else None


_NO_HEAD = (
    "No column has a name of the standard. The first line holds names like prs_FirstName and cas_Status; labels are not "
    "enough, because the standard's own survey calls two columns Second Name."
)


def _under_head(rows: Sequence[tuple[int, tuple[str, ...]]], notes: list[str]) -> Sheet:
    place = _head_in(rows)
    if place is None:
        raise BadSheet(_NO_HEAD)
    head = tuple(cell.strip() for cell in rows[place][1])
    while head and not head[-1]:
        head = head[:-1]
    if len(head) > MOST_COLUMNS:
        raise BadSheet(f"The file has more than {MOST_COLUMNS} columns.")
    under = []
    for number, cells in rows[place + 1 :]:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(head) :]):
            raise BadSheet(f"Row {number} has more cells than the head has names. Is a comma in it that is not in quotes?")
        under.append((number, (*cells, *[""] * (len(head) - len(cells)))[: len(head)]))
    if len(under) > MOST_ROWS:
        raise BadSheet("The file holds more than 2,000 cases. Split it.")
    if place:
        above = "line above the head was" if place == 1 else "lines above the head were"
        notes = [*notes, f"{place} {above} not read."]
    return Sheet(head, tuple(under), tuple(notes))


def as_csv(head: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """CSV in UTF-8 with the mark by which Excel knows it."""
    return ("\ufeff" + "".join(csv_lines([head, *rows]))).encode()


def as_xlsx(head: Sequence[str], rows: Iterable[Sequence[str]], *, title: str = "HTCDS 2.0") -> bytes:
    """XLSX in which every cell is text, also one that begins like a formula."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    sheet.append([_text_cell(sheet, name, is_head=True) for name in head])
    for row in rows:
        sheet.append([_text_cell(sheet, value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _text_cell(sheet: Any, value: str, *, is_head: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    if not value:
        return None
    cell = WriteOnlyCell(sheet, value=value)
    cell.data_type = "s"
    cell.number_format = "@"
    if is_head:
        cell.font = Font(bold=True)
    return cell
