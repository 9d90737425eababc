"""The table of figures as a file: one line each, the value as text, nothing guessed.

An empty value with the bound `null` was not published. It stays null: 0 would be a lie.
"""

from __future__ import annotations

import csv
import io
from dataclasses import asdict, dataclass
from pathlib import Path

COLUMNS = ("id", "source", "value", "bound", "display", "side", "wording", "population", "period", "caveat")
OWN_FILE = Path(__file__).resolve().parents[1] / "data" / "figures.csv"


class NotFigures(Exception):
    """The file is not a table of figures; the text names the line."""


@dataclass(frozen=True)
class FigureRow:
    """One line of the file."""

    key: str
    source: str
    value: str | None
    bound: str
    display: str
    side: str
    wording: str
    population: str
    period: str
    caveat: str

    def fields(self) -> dict[str, str | None]:
        return asdict(self)


def read_figures(text: str) -> list[FigureRow]:
    """The rows of a file with exactly our columns. Raises NotFigures."""
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise NotFigures(f"Line 1: the columns must be {', '.join(COLUMNS)}.")
    rows = []
    for number, line in enumerate(reader, 2):
        if None in line or None in line.values():
            raise NotFigures(f"Line {number}: it has more or fewer cells than the heading.")
        is_null = line["bound"] == "null"
        if is_null == bool(line["value"]):
            raise NotFigures(f"Line {number}: a value is empty exactly when its bound is null.")
        rows.append(
            FigureRow(
                key=line["id"],
                value=None if is_null else line["value"],
                **{name: line[name] for name in COLUMNS if name not in {"id", "value"}},
            )
        )
    keys = [row.key for row in rows]
    if len(set(keys)) != len(keys):
        raise NotFigures("An id stands twice.")
    return rows
