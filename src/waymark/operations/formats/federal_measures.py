"""The names under which two federal programs ask for our counts, read from a dated file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).resolve().parents[1] / "data" / "federal_measures.toml"


@dataclass(frozen=True)
class Program:
    name: str
    measures: dict[str, str]


@dataclass(frozen=True)
class FederalMeasures:
    as_of: date
    enforcement: Program
    services: Program


@lru_cache(maxsize=1)
def federal_measures() -> FederalMeasures:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return FederalMeasures(content["as_of"], _program(content["enforcement"]), _program(content["services"]))


def _program(part: dict[str, Any]) -> Program:
    return Program(part["program"], part["measures"])
