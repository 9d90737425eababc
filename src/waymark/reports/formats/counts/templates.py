"""Templates of reports: a version, a population, tables and a rule for small counts, as files. No code a report."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from smallcells import Policy

FOLDER = Path(__file__).resolve().parents[2] / "data"
# The version of each template by which new reports are made.
CURRENT = {"voca": "2026.1"}
QUARTER = 3


@dataclass(frozen=True)
class Wanted:
    """One table: of whom, and either by one answer (`by`) or one small table for each of many answers (`each`)."""

    key: str
    title: str
    of: str
    by: str = ""
    each: str = ""


@dataclass(frozen=True)
class FunderTemplate:
    """One version of one funder's counts."""

    code: str
    version: str
    title: str
    source: str
    taxonomy: str
    year_begins: int
    population: Mapping[str, str] = field(repr=False)
    not_counted: Mapping[str, str] = field(repr=False)
    tables: tuple[Wanted, ...] = field(repr=False)
    answers: Mapping[str, Mapping[str, str]] = field(repr=False)
    from_exploitation: Mapping[str, str] = field(repr=False)
    policy: Policy
    says: str

    def label(self, about: str, answer: str) -> str:
        """An answer in the funder's words."""
        return self.answers.get(about, {}).get(answer, answer)

    def quarters(self, today: dt.date, *, back: int = 8) -> list[tuple[dt.date, dt.date]]:
        """The quarters that are over, the newest first: each with its first and its last day."""
        first = dt.date(today.year, (today.month - 1) // QUARTER * QUARTER + 1, 1)
        found = []
        for _ in range(back):
            last = first - dt.timedelta(days=1)
            first = dt.date(last.year, last.month - QUARTER + 1, 1)
            found.append((first, last))
        return found

    def year_of(self, day: dt.date) -> dt.date:
        """The first day of the fiscal year in which a day lies."""
        return dt.date(day.year - (day.month < self.year_begins), self.year_begins, 1)


@cache
def template(code: str, version: str) -> FunderTemplate:
    """One version of a template. Raises KeyError for one that there is not."""
    path = FOLDER / f"{code}-{version}.toml"
    if (code, version) not in templates():
        raise KeyError(f"{code} {version}")
    read: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    return FunderTemplate(
        code=read["code"],
        version=read["version"],
        title=read["title"],
        source=read["source"],
        taxonomy=read["taxonomy"],
        year_begins=read["year_begins"],
        population=read["population"],
        not_counted=read["not_counted"],
        tables=tuple(Wanted(**table) for table in read["table"]),
        answers=read["answers"],
        from_exploitation=read["from_exploitation"],
        policy=Policy(threshold=read["suppression"]["threshold"]),
        says=read["suppression"]["says"],
    )


@cache
def templates() -> frozenset[tuple[str, str]]:
    """Every template and version by which a report was ever made."""
    return frozenset((path.stem.split("-")[0], path.stem.split("-")[1]) for path in FOLDER.glob("voca-*.toml"))


def current(code: str) -> FunderTemplate:
    """The version by which new reports are made. Raises KeyError."""
    return template(code, CURRENT[code])


def quarter_name(starts_on: dt.date) -> str:
    """`July to September 2026`."""
    last = dt.date(starts_on.year, starts_on.month + QUARTER - 1, 1)
    return f"{starts_on:%B} to {last:%B} {starts_on.year}"
