"""The needs in plain sentences, read from the data files: what a person would say, and the words people type for it."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data" / "needs"
WORDS = "words.toml"


@dataclass(frozen=True)
class NeedRecord:
    """One need. `open_eligibility` pairs a code of Open Eligibility 2.0 with its title there."""

    slug: str
    group: str
    order: int
    sentence: dict[str, str]
    short: dict[str, str]
    words: dict[str, list[str]]
    pictogram: str
    is_tile: bool
    cadence_days: int
    open_eligibility: tuple[tuple[str, str], ...]


def _read(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_needs() -> list[NeedRecord]:
    """All needs in the order of the tiles. A hundred numbers lie between groups, so that a need can be put between."""
    more_words = _read(FOLDER / WORDS)
    needs = []
    for group_number, path in enumerate(sorted(FOLDER.glob("[0-9]*.toml"))):
        content = _read(path)
        for number, row in enumerate(content["need"]):
            words = {**row["words"], **more_words.get(row["slug"], {})}
            needs.append(
                NeedRecord(
                    slug=row["slug"],
                    group=content["group"],
                    order=group_number * 100 + number,
                    sentence=row["sentence"],
                    short=row["short"],
                    words=words,
                    pictogram=row.get("pictogram", ""),
                    is_tile=row.get("tile", True),
                    cadence_days=row["cadence_days"],
                    open_eligibility=tuple(_coded(term) for term in row["open_eligibility"]),
                )
            )
    return needs


def _coded(term: str) -> tuple[str, str]:
    code, _, title = term.partition(" ")
    return code, title
