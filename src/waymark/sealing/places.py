"""Where a sealed value belongs. The place is authenticated with the value: elsewhere it does not open.

Parts are length-prefixed, so that no two different places give the same bytes (a plain join with colons would).
"""

from __future__ import annotations

from dataclasses import dataclass


def framed(*parts: str | bytes) -> bytes:
    """Length-prefixed parts: injective, unlike a join."""
    encoded = [part.encode() if isinstance(part, str) else part for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)


@dataclass(frozen=True)
class Place:
    """Table, column, row and agency of a sealed value."""

    table: str
    column: str
    row: str
    agency: str

    def __post_init__(self) -> None:
        if not all((self.table, self.column, self.row, self.agency)):
            raise ValueError("A sealed value needs its table, column, row and agency.")

    def bound(self) -> bytes:
        """The bytes that are authenticated with the value."""
        return framed("waymark field 1", self.table, self.column, self.row, self.agency)
