"""Law as dated files: charges, clocks, ways to clear a record.

Law changes on a day, and nobody here is a lawyer. So each line names its source and whether the source itself was read; a
file says as of which day it stands and when it is to be read again; what nobody looked up is empty, never guessed.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data"
UNITS = ("hours", "days", "business_days")


@dataclass(frozen=True)
class ChargeLine:
    """A section of law on the days `in_force_from` to `in_force_until`, both included; None is open on that side."""

    section: str
    title: str
    level: str
    side: str
    nibrs: str
    penalty: str
    source: str
    was_read: bool
    in_force_from: date | None
    in_force_until: date | None


@dataclass(frozen=True)
class Clock:
    """A time that law gives somebody: `length` in `unit` (hours, days, business_days) from an event."""

    key: str
    says: str
    length: int
    unit: str
    source: str
    was_read: bool


@dataclass(frozen=True)
class ReliefRule:
    """One way to clear a record: for which kinds of entry and charges, and which facts it turns on."""

    section: str
    title: str
    kinds: frozenset[str]
    charges: frozenset[str]
    needs: tuple[str, ...]
    clock: str
    forms: tuple[str, ...]
    notes: str
    source: str
    was_read: bool
    in_force_from: date | None = None
    in_force_until: date | None = None
    clock_after_order: str = ""

    def is_in_force(self, on: date) -> bool:
        return (self.in_force_from is None or self.in_force_from <= on) and (
            self.in_force_until is None or on <= self.in_force_until
        )


@dataclass(frozen=True)
class Reading:
    """As of which day a file stands, and when it is to be read again."""

    as_of: date
    next_review_on: date


@dataclass(frozen=True)
class ChargeFile:
    reading: Reading
    charges: tuple[ChargeLine, ...]
    gaps: tuple[str, ...]


@dataclass(frozen=True)
class ClockFile:
    reading: Reading
    clocks: dict[str, Clock]


@dataclass(frozen=True)
class ReliefFile:
    reading: Reading
    version: str
    rules: tuple[ReliefRule, ...]
    facts: dict[str, str] = field(default_factory=dict)


def _content(name: str) -> tuple[Reading, dict[str, Any]]:
    content = tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
    return Reading(content["as_of"], content["next_review_on"]), content


@lru_cache(maxsize=1)
def charge_file() -> ChargeFile:
    reading, content = _content("charges.toml")
    charges = tuple(
        ChargeLine(
            section=row["section"],
            title=row["title"],
            level=row.get("level", ""),
            side=row["side"],
            nibrs=row.get("nibrs", ""),
            penalty=row.get("penalty", ""),
            source=row["source"],
            was_read=row["read"],
            in_force_from=row.get("from"),
            in_force_until=row.get("until"),
        )
        for row in content["charge"]
    )
    return ChargeFile(reading, charges, tuple(row["what"] for row in content["gap"]))


@lru_cache(maxsize=1)
def clock_file() -> ClockFile:
    """Raises ValueError when a clock counts in a unit that nobody knows."""
    reading, content = _content("clocks.toml")
    clocks = {
        key: Clock(key, row["says"], row["length"], row["unit"], row["source"], row["read"])
        for key, row in content["clock"].items()
    }
    strange = {clock.unit for clock in clocks.values()} - set(UNITS)
    if strange:
        raise ValueError(f"Unknown units of time: {sorted(strange)}")
    return ClockFile(reading, clocks)


@lru_cache(maxsize=1)
def relief_file() -> ReliefFile:
    """Raises KeyError when a rule turns on a fact or a clock that nobody described."""
    reading, content = _content("relief.toml")
    facts = {key: row["asks"] for key, row in content["fact"].items()}
    rules = tuple(
        ReliefRule(
            section=row["section"],
            title=row["title"],
            kinds=frozenset(row["kinds"]),
            charges=frozenset(row.get("charges", ())),
            needs=tuple(row["needs"]),
            clock=row["clock"],
            forms=tuple(row["forms"]),
            notes=row["notes"],
            source=row["source"],
            was_read=row["read"],
            in_force_from=row.get("from"),
            in_force_until=row.get("until"),
            clock_after_order=row.get("clock_after_order", ""),
        )
        for row in content["rule"]
    )
    unknown = {need for rule in rules for need in rule.needs} - facts.keys()
    clocks = {clock for rule in rules for clock in (rule.clock, rule.clock_after_order) if clock}
    unknown |= clocks - clock_file().clocks.keys()
    if unknown:
        raise KeyError(f"Rules turn on what nobody described: {sorted(unknown)}")
    return ReliefFile(reading, content["version"], rules, facts)
