"""The short files beside the figures: what each source text is, and which figures belong to which operation."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data"


@dataclass(frozen=True)
class Source:
    """A document that figures stand in."""

    title: str
    as_of: str


@dataclass(frozen=True)
class OperationFigures:
    """An operation by the keys of its figures."""

    title: str
    when: str
    figures: tuple[str, ...]
    is_series: bool


@cache
def sources() -> dict[str, Source]:
    return {name: Source(**row) for name, row in tomllib.loads((FOLDER / "sources.toml").read_text("utf-8")).items()}


def source_of(name: str) -> Source:
    """What a source is called; one that the file does not know is called what it was entered as."""
    return sources().get(name) or Source(title=name, as_of="")


@cache
def operations() -> tuple[OperationFigures, ...]:
    rows = tomllib.loads((FOLDER / "operations.toml").read_text("utf-8"))["operation"]
    return tuple(
        OperationFigures(row["title"], row["when"], tuple(row["figures"]), row.get("is_series", False)) for row in rows
    )
