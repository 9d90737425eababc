"""Programs to begin with, read from a dated file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "programs.toml"


@dataclass(frozen=True)
class PhasePart:
    name: str
    least_days: int
    asks: dict[str, int]


@dataclass(frozen=True)
class RulePart:
    kind: str
    values: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class ProgramTemplate:
    """One template. `key` and `version` are written on the program that is made from it."""

    key: str
    version: str
    name: str
    says: str
    handbook: str
    phases: tuple[PhasePart, ...]
    rules: tuple[RulePart, ...]


@lru_cache(maxsize=1)
def templates() -> dict[str, ProgramTemplate]:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return {
        row["key"]: ProgramTemplate(
            key=row["key"],
            version=row["version"],
            name=row["name"],
            says=row["says"],
            handbook=row["handbook"],
            phases=tuple(PhasePart(part["name"], part["least_days"], part["asks"]) for part in row["phase"]),
            rules=tuple(RulePart(part["kind"], tuple(part["values"]), part["source"]) for part in row["rule"]),
        )
        for row in content["program"]
    }
