"""The rights sheet, read from a dated file, in the languages in which it was written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "rights.toml"


@dataclass(frozen=True)
class Part:
    title: str
    says: tuple[str, ...]


@dataclass(frozen=True)
class Sheet:
    """One language's sheet."""

    code: str
    language: str
    version: str
    title: str
    lead: str
    footer: str
    parts: tuple[Part, ...]


@lru_cache(maxsize=1)
def sheets() -> dict[str, Sheet]:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        row["code"]: Sheet(
            code=row["code"],
            language=row["language"],
            version=content["version"],
            title=row["title"],
            lead=row["lead"],
            footer=row["footer"],
            parts=tuple(Part(part["title"], tuple(part["says"])) for part in row["part"]),
        )
        for row in content["sheet"]
    }
