"""What counts as a service, by version, and what each funder calls it.

Funders number the same work differently and change their numbers. So an agency records in our codes, a recorded service
names the version of the taxonomy that it was recorded by, and each version says what the Victims of Crime Act's report
(`voca`), the Office on Trafficking in Persons (`otip`) and the homeless management information system (`hmis`) call it. A
code that a funder does not count has no entry there, which is not zero. A version that was used is never edited.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data/taxonomies"
WORDS = FOLDER.with_name("taxonomy_words")
# The version that new services are recorded by.
CURRENT = "2026.1"


class NotInTaxonomy(Exception):
    """No such version, or no such code in it."""


@dataclass(frozen=True)
class HmisCode:
    """What HMIS calls a service: a row of Services.csv (record type and type provided) or of Event.csv (4.20)."""

    record_type: int | None = None
    type_provided: int | None = None
    event: int | None = None

    @property
    def key(self) -> str:
        """The code in the funder's list."""
        return f"event:{self.event}" if self.event is not None else f"{self.record_type}:{self.type_provided}"


@dataclass(frozen=True)
class ServiceKind:
    """One kind of service. `unit` is what `units` count; `minutes` says whether time is worth asking for."""

    code: str
    label: str
    group: str
    unit: str
    asks_minutes: bool
    voca: str | None
    otip: str | None
    hmis: HmisCode | None
    # As a person hears it read in Spanish; no speaker has checked it yet.
    es: str


@dataclass(frozen=True)
class Funder:
    """One funder's list: its own codes with their names, and where they stand.

    `read` names the codes that were read in the source itself; None when all were.
    """

    name: str
    version: str
    source: str
    codes: Mapping[str, str] = field(repr=False)
    read: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Taxonomy:
    """One version, in the order in which a worker reads it."""

    version: str
    as_of: dt.date
    next_review_on: dt.date
    groups: Mapping[str, str] = field(repr=False)
    kinds: Mapping[str, ServiceKind] = field(repr=False)
    funders: Mapping[str, Funder] = field(repr=False)

    @property
    def voca(self) -> dict[str, str]:
        """Our code to the code of the VOCA report, for what it counts."""
        return {kind.code: kind.voca for kind in self.kinds.values() if kind.voca}

    @property
    def otip(self) -> dict[str, str]:
        """Our code to the category of assistance of OTIP, for what it counts."""
        return {kind.code: kind.otip for kind in self.kinds.values() if kind.otip}

    @property
    def hmis(self) -> dict[str, HmisCode]:
        """Our code to the HMIS code, for what has one."""
        return {kind.code: kind.hmis for kind in self.kinds.values() if kind.hmis}

    def kind(self, code: str) -> ServiceKind:
        """One kind of service. Raises NotInTaxonomy."""
        try:
            return self.kinds[code]
        except KeyError:
            raise NotInTaxonomy(code) from None

    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The kinds in their groups, as a form offers them."""
        return [
            (title, [(kind.code, kind.label) for kind in self.kinds.values() if kind.group == group])
            for group, title in self.groups.items()
        ]


@lru_cache
def taxonomy(version: str) -> Taxonomy:
    """One version of the taxonomy. Raises NotInTaxonomy."""
    if version not in versions():
        raise NotInTaxonomy(version)
    read = tomllib.loads((FOLDER / f"{version}.toml").read_text(encoding="utf-8"))
    spanish = tomllib.loads((WORDS / f"{version}.toml").read_text(encoding="utf-8"))["es"]
    kinds = {
        code: ServiceKind(
            code=code,
            label=line["label"],
            group=line["group"],
            unit=line.get("unit", "times"),
            asks_minutes=line.get("minutes", True),
            voca=line.get("voca"),
            otip=line.get("otip"),
            hmis=HmisCode(**line["hmis"]) if "hmis" in line else None,
            es=spanish[code],
        )
        for code, line in read["service"].items()
    }
    funders = {
        key: Funder(**{**line, "read": tuple(line["read"]) if "read" in line else None})
        for key, line in read["funder"].items()
    }
    return Taxonomy(read["version"], read["as_of"], read["next_review_on"], read["group"], kinds, funders)


@lru_cache
def versions() -> tuple[str, ...]:
    """Every version that services were ever recorded by, the oldest first."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))


def current() -> Taxonomy:
    """The version that new services are recorded by."""
    return taxonomy(CURRENT)
