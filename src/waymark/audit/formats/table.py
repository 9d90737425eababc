"""The audit log as a CSV table. A cell that a spreadsheet would run as a formula gets an apostrophe in front."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

HEADING = (
    "number",
    "at",
    "who",
    "actor",
    "role",
    "what",
    "verb",
    "about",
    "id",
    "purpose",
    "result",
    "times",
    "fields",
    "digest",
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def cell(value: object) -> str:
    """The text of one cell; never a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) or text.startswith("'") else text


def line_of(row: Iterable[object]) -> str:
    """One row as a line of CSV."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([cell(value) for value in row])
    return line.getvalue()


def table_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Heading and rows, each as a line of CSV."""
    for row in (HEADING, *rows):
        yield line_of(row)
