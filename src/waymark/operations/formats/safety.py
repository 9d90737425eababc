"""The safety checklist, read from a dated file with the source of each line."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "safety.toml"


@dataclass(frozen=True)
class SafetyItem:
    key: str
    says: str
    source: str


@dataclass(frozen=True)
class Checklist:
    as_of: date
    items: dict[str, SafetyItem]


@lru_cache(maxsize=1)
def checklist() -> Checklist:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    items = {key: SafetyItem(key, row["says"], row["source"]) for key, row in content["item"].items()}
    return Checklist(content["as_of"], items)
