"""What follows from the kind of an agency, read from a dated file: which laws bind it, who must report, what is barred.

Law changes, and this project employs no lawyer. So the file names a source for every line and the day as of which it was
read, and leaves empty what nobody has looked up. An empty slot is shown as a question for counsel, never as a "no".
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "policy_packs.toml"
BARRED = "barred"


@dataclass(frozen=True)
class Law:
    """One rule with its source. `was_read` is false for what should still be held against the text."""

    key: str
    name: str
    source: str
    binds: str
    says: str
    was_read: bool


@dataclass(frozen=True)
class Duty:
    """One duty to report, which binds a person and not an agency; `usual` is what the kind says of its staff, or empty."""

    key: str
    name: str
    source: str
    usual: str = ""


@dataclass(frozen=True)
class Pack:
    """What follows from one kind of agency."""

    kind: str
    laws: tuple[Law, ...]
    duties: tuple[Duty, ...]
    hmis: str
    as_of: date
    next_review_on: date

    @property
    def is_barred_from_hmis(self) -> bool:
        return self.hmis == BARRED


@lru_cache(maxsize=1)
def read_packs(path: Path = FILE) -> dict[str, Pack]:
    """Every pack by the kind it is for. Raises KeyError when a pack names a law or a duty that the file does not hold."""
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    laws = {
        key: Law(key, row["name"], row["source"], row["binds"], row["says"], row["read"])
        for key, row in content["law"].items()
    }
    packs = {}
    for kind, row in content["pack"].items():
        usual: dict[str, str] = row.get("mandated", {})
        unknown = usual.keys() - content["duty"].keys()
        if unknown:
            raise KeyError(f"{kind} names duties that nobody described: {sorted(unknown)}")
        packs[kind] = Pack(
            kind=kind,
            laws=tuple(laws[key] for key in row["laws"]),
            duties=tuple(
                Duty(key, duty["name"], duty["source"], usual.get(key, "")) for key, duty in content["duty"].items()
            ),
            hmis=row.get("hmis", ""),
            as_of=content["as_of"],
            next_review_on=content["next_review_on"],
        )
    return packs
