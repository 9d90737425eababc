"""Who may consent for a minor, as a dated file: by service, with the youngest age and the facts on which it turns."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from waymark.law.formats.dated_files import FOLDER, Reading


@dataclass(frozen=True)
class MinorRule:
    """A section that lets a minor of `youngest` or older sign alone for a service, when all of `needs` are so."""

    section: str
    service: str
    youngest: int
    needs: tuple[str, ...]
    notice: str
    source: str
    was_read: bool
    in_force_from: date | None = None
    in_force_until: date | None = None

    def is_in_force(self, on: date) -> bool:
        since, until = self.in_force_from, self.in_force_until
        return (since is None or since <= on) and (until is None or on <= until)


@dataclass(frozen=True)
class MinorFile:
    reading: Reading
    services: dict[str, str]
    facts: dict[str, str]
    rules: tuple[MinorRule, ...]


@lru_cache(maxsize=1)
def minor_file() -> MinorFile:
    """Raises KeyError when a rule is for a service, or turns on a fact, that nobody described."""
    content = tomllib.loads((FOLDER / "minors.toml").read_text(encoding="utf-8"))
    services: dict[str, str] = content["service"]
    facts = {key: row["asks"] for key, row in content["fact"].items()}
    rules = tuple(
        MinorRule(
            section=row["section"],
            service=row["service"],
            youngest=row["youngest"],
            needs=tuple(row["needs"]),
            notice=row["notice"],
            source=row["source"],
            was_read=row["read"],
            in_force_from=row.get("from"),
            in_force_until=row.get("until"),
        )
        for row in content["rule"]
    )
    unknown = {rule.service for rule in rules} - services.keys()
    unknown |= {need for rule in rules for need in rule.needs} - facts.keys()
    if unknown:
        raise KeyError(f"Rules name what nobody described: {sorted(unknown)}")
    return MinorFile(Reading(content["as_of"], content["next_review_on"]), services, facts, rules)
