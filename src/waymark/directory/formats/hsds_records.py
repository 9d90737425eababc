"""What a reader of service-directory files hands on: rows with their place in the file, and words about what was wrong.

A message names the file, the row and the field, because the person who reads it has to find the cell in a spreadsheet.
"""

from __future__ import annotations

import uuid
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_ROOT = uuid.uuid5(uuid.NAMESPACE_URL, "urn:waymark:hsds")
MESSAGES_KEPT = 500


class ExchangeError(Exception):
    """The file set cannot be read at all; the text says what to do."""


@dataclass(frozen=True)
class Message:
    """One word about the input. `level` is error (nothing is imported), warning (mended or left out) or note."""

    level: str
    text: str
    file: str = ""
    row: int = 0
    field: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (self.file, f"row {self.row}" if self.row else "", f"field {self.field}" if self.field else "")
            if part
        )
        return f"{self.level}: {place}: {self.text}" if place else f"{self.level}: {self.text}"


@dataclass
class Messages:
    """Collects messages in bounded memory: the first of them whole, the rest as counts."""

    kept: list[Message] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, level: str, text: str, file: str = "", row: int = 0, field: str = "") -> None:
        self.counts[level] += 1
        # Errors are what a person must mend, so they are never crowded out by warnings.
        if len(self.kept) < MESSAGES_KEPT or (level == "error" and self.counts["error"] <= MESSAGES_KEPT):
            self.kept.append(Message(level, text, file, row, field))

    def not_mapped(self, file: str, column: str) -> None:
        """A column or key that holds something and has no place in the standard."""
        self.unmapped[file, column] += 1

    @property
    def has_errors(self) -> bool:
        return self.counts["error"] > 0


@dataclass(frozen=True)
class Record:
    """One row of one table of the standard, already typed.

    `depth` is 0 for a row of its own and grows with nesting in JSON: the outer form wins where two forms differ.
    `fold` holds texts that belong into another row (`(table, id, field) -> text`), as old versions kept them apart.
    """

    table: str
    file: str
    row: int
    values: dict[str, Any]
    depth: int = 0


@dataclass(frozen=True)
class Fold:
    """A text that old versions of the standard kept in a table of its own and 3.x keeps in a field of another row."""

    table: str
    id: uuid.UUID
    field: str
    text: str
    file: str
    row: int


def stable_id(source: str, table: str, original: str) -> uuid.UUID:
    """The UUID of a row: the original where it is one, else one derived from source, table and original id.

    The same file imported twice gives the same ids, and two sources that both count from 1 do not collide.
    """
    text = original.strip()
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.uuid5(uuid.uuid5(_ROOT, source), f"{table}:{text}")
