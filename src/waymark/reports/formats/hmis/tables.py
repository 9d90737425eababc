"""The tables of the export and their columns, out of `data/hmis-2026.csv`: names, order, types, what may not be missing.

Counted against two published lists: 24 files, 519 columns. Since the version of 2026 there is one column for sex and none
for gender or orientation; what an agency keeps beyond it stays with the agency.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from waymark.documents.safe_csv import cell

CSV_VERSION = "2026 v1.0"
# SHA-256 of what would be names.
HASHED = 4
DATA = Path(__file__).resolve().parents[2] / "data" / "hmis-2026.csv"
Cell = str | int | dt.date | dt.datetime | None
Row = Mapping[str, Cell]
Tables = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Column:
    """One column: `kind` is S (text), I (whole number), D (day), T (time) or M (money); `size` of a text is its limit."""

    name: str
    kind: str
    size: int
    may_be_empty: bool


def _columns() -> dict[str, tuple[Column, ...]]:
    found: dict[str, list[Column]] = {}
    with DATA.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            kind, size = row["type"][0], int(row["type"][1:] or 0)
            found.setdefault(row["file"], []).append(Column(row["column"], kind, size, row["null"] == "Y"))
    return {name: tuple(columns) for name, columns in found.items()}


COLUMNS = _columns()


def key_of(value: uuid.UUID | None) -> str:
    """An id as the export writes it: 32 signs, random, made of nothing that is known of a person."""
    return value.hex if value is not None else ""


def code_hash(code: str) -> str:
    """What stands where a name would: the hash of a random code. A name could be guessed from its hash; this cannot."""
    return hashlib.sha256(code.encode()).hexdigest()


# Signs that the format forbids or that readers stumble over, and what is written for them.
STRAIGHT = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": "'", "\u201d": "'", '"': "'"})
FORBIDDEN = re.compile(r"[<>\[\]{}\x00-\x1f\x7f]")


def plain_text(text: str, size: int) -> str:
    """Text as the format takes it: straight quotation marks, no brackets, no longer than the column."""
    return " ".join(FORBIDDEN.sub(" ", text.translate(STRAIGHT)).split())[:size]


def as_text(column: Column, value: Cell) -> str:
    """One cell of the export."""
    if value is None or value == "":
        return ""
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date):
        return value.isoformat()
    return cell(plain_text(str(value), column.size)) if column.kind == "S" else str(value)


def as_csv(name: str, rows: Iterable[Row]) -> str:
    """One table with its head. Texts stand in quotation marks, as the format wants."""
    columns = COLUMNS[name]
    lines = [",".join(column.name for column in columns)]
    for row in rows:
        unknown = row.keys() - {column.name for column in columns}
        if unknown:
            raise KeyError(f"{name} has no column {', '.join(sorted(unknown))}")
        texts = [(column, as_text(column, row.get(column.name))) for column in columns]
        lines.append(",".join(f'"{text}"' if column.kind == "S" and text else text for column, text in texts))
    return "\r\n".join(lines) + "\r\n"
