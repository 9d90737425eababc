"""A table of counts as a file: closed columns, closed words, whole numbers. Anything else is refused, with its line.

Whoever exports from a police system gets names along with numbers. So a column that is not ours is refused by its heading,
before a value is read; nothing of a refused file is kept; an error never repeats what the cell held.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection
from dataclasses import dataclass

from waymark.operations.formats.person_like import person_like_in

COLUMNS = ("measure", "side", "charge", "value", "words")
NEEDED = ("measure", "value")
LONGEST = 2_000
WORDS = 160
WHOLE = re.compile(r"[0-9]{1,6}")


@dataclass(frozen=True)
class CountLine:
    """One counted number. `value` is None where the file says nothing: not counted, which is not zero."""

    measure: str
    side: str
    charge: str
    value: int | None
    words: str


@dataclass(frozen=True)
class LineTrouble:
    """What is wrong in a line; line 1 is the heading. The text never repeats a cell."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"Line {self.line}: {self.text}"


def read_counts(
    content: bytes, *, measures: Collection[str], sides: Collection[str], known: Collection[str] = ()
) -> tuple[list[CountLine], list[LineTrouble]]:
    """The lines of a CSV file in UTF-8, and everything that is wrong with it. Lines are of use only without trouble."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [LineTrouble(1, "The file is not text in UTF-8. Save it as CSV (UTF-8) and try again.")]
    if "\x00" in text:
        return [], [LineTrouble(1, "The file is not a table in text. Save it as CSV (UTF-8) and try again.")]
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error:
        return [], [LineTrouble(1, "The file is not a table in CSV: a quotation mark does not close.")]
    if not rows or not any(cell.strip() for cell in rows[0]):
        return [], [LineTrouble(1, f"The first line names the columns: {', '.join(COLUMNS)}.")]
    heading = [cell.strip().lower() for cell in rows[0]]
    trouble = _of_heading(heading)
    if trouble or len(rows) > LONGEST:
        return [], trouble or [LineTrouble(LONGEST, f"A file holds up to {LONGEST} lines.")]
    lines: list[CountLine] = []
    for number, row in enumerate(rows[1:], start=2):
        if any(cell.strip() for cell in row):
            _read(number, row, heading, measures, sides, known, lines, trouble)
    if not lines and not trouble:
        trouble.append(LineTrouble(2, "The file holds no counts."))
    return lines, trouble


def _of_heading(heading: list[str]) -> list[LineTrouble]:
    if set(heading) - set(COLUMNS):
        places = [str(number) for number, cell in enumerate(heading, start=1) if cell not in COLUMNS]
        return [
            LineTrouble(
                1,
                f"Column {', '.join(places)} is not one of ours. Only {', '.join(COLUMNS)} are kept: "
                "take every other column out before you send the file.",
            )
        ]
    if len(set(heading)) != len(heading):
        return [LineTrouble(1, "A column stands there twice.")]
    missing = [name for name in NEEDED if name not in heading]
    return [LineTrouble(1, f"The column {name} is missing.") for name in missing]


def _read(
    number: int,
    row: list[str],
    heading: list[str],
    measures: Collection[str],
    sides: Collection[str],
    known: Collection[str],
    lines: list[CountLine],
    trouble: list[LineTrouble],
) -> None:
    if len(row) != len(heading):
        trouble.append(LineTrouble(number, f"It has {len(row)} cells, and the heading has {len(heading)}."))
        return
    cells = {name: cell.strip() for name, cell in zip(heading, row, strict=True)}
    measure, side = cells["measure"], cells.get("side") or "not_stated"
    wrong = []
    if measure not in measures:
        wrong.append("The measure is not one that we keep. Arrests of juveniles are kept by nobody.")
    if side not in sides:
        wrong.append("The side is not one of ours.")
    value = cells["value"]
    if value and not WHOLE.fullmatch(value):
        wrong.append("The value is not a whole number. Leave it empty when it was not counted.")
    words = cells.get("words", "")
    if len(words) > WORDS:
        wrong.append(f"The words are longer than {WORDS} signs.")
    found = person_like_in(words, known=known)
    if found:
        wrong.append(f"The words look like {found.what}. {found.advice}")
    if len(cells.get("charge", "")) > 40:
        wrong.append("The charge is not a section of law.")
    trouble += [LineTrouble(number, text) for text in wrong]
    if not wrong:
        lines.append(CountLine(measure, side, cells.get("charge", ""), int(value) if value else None, words))
