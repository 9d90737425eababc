"""Tables as CSV that a spreadsheet can open without running anything.

A cell that begins like a formula gets an apostrophe in front; `plain` takes it off again, so that writing and reading give
back what was there. A bare number, also a telephone number like +19165550142, is no formula and stays as it is: whoever
reads the file by a standard expects it so.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def cell(value: object) -> str:
    """The text of one cell; never a formula."""
    text = "" if value is None else str(value)
    return f"'{text}" if _needs_mark(text) else text


def plain(text: str) -> str:
    """What was written with `cell`. A cell of somebody else's that only begins with an apostrophe keeps it."""
    return text[1:] if text.startswith("'") and _needs_mark(text[1:]) else text


def csv_line(values: Iterable[object]) -> str:
    """One row, every cell safe, with the line end of RFC 4180."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow([cell(value) for value in values])
    return line.getvalue()


def csv_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Rows as lines."""
    return (csv_line(row) for row in rows)


def _needs_mark(text: str) -> bool:
    if text.startswith("'"):
        return True
    return text.lstrip(" ").startswith(FORMULA) and NUMBER.fullmatch(text) is None
