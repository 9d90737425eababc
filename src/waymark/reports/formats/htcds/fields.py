"""The fields of the standard and their codes, out of `data/htcds-2.0.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parents[2] / "data"
MANY = frozenset({"codes", "countries"})


@dataclass(frozen=True)
class Field:
    """One column: its name with the prefix, what kind of value it holds, and the closed list of codes, if there is one."""

    name: str
    kind: str
    codes: tuple[str, ...] = ()
    without_code: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()
    is_core: bool = False
    is_deprecated: bool = False

    @property
    def takes_many(self) -> bool:
        return self.kind in MANY

    @property
    def label(self) -> str:
        """`TypeOfExploitation` as words, for a form."""
        return words_of(self.name.partition("_")[2])


@dataclass(frozen=True)
class Part:
    """Fields of one prefix, under the title that our forms give them."""

    title: str
    fields: tuple[Field, ...]


def fold(text: str) -> str:
    """A head or a code as it is compared: letters and digits alone, whatever the spaces, lines and capitals."""
    return re.sub(r"[^a-z0-9]", "", text.casefold())


def words_of(code: str) -> str:
    """`PsychologicalAbuse` as `Psychological abuse`; the letter of a section of industry stays in front."""
    letter, line, rest = code.partition("_")
    words = re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+|[A-Z0-9]+", rest if line and len(letter) == 1 else code)
    said = " ".join(word if word.isupper() and len(word) > 1 else word.lower() for word in words)
    return _content()["labels"].get(code) or said[:1].upper() + said[1:]


@cache
def _content() -> dict[str, Any]:
    return tomllib.loads((DATA / "htcds-2.0.toml").read_text(encoding="utf-8"))


@cache
def parts() -> tuple[Part, ...]:
    """All parts of the standard in its order."""
    content = _content()
    return tuple(
        Part(part["title"], tuple(_field(part["prefix"], row, content) for row in part["fields"]))
        for part in content["part"]
    )


def _field(prefix: str, row: list[str], content: Mapping[str, Any]) -> Field:
    name, kind, codes, mark = (*row, "", "")[:4]
    return Field(
        name=prefix + name,
        kind=kind,
        codes=tuple(content["codes"][codes]) if codes else (),
        without_code=tuple(content["without_code"].get(codes, ())),
        elsewhere=tuple(content["elsewhere"].get(codes, {}).items()),
        is_core=mark == "core",
        is_deprecated=mark == "deprecated",
    )


@cache
def fields() -> dict[str, Field]:
    """Every field by the name of its column."""
    return {field.name: field for part in parts() for field in part.fields}


@cache
def heads() -> dict[str, Field]:
    """Every field by what a head of a column may read, folded."""
    known = {fold(name): field for name, field in fields().items()}
    return known | {fold(head): fields()[name] for head, name in _content()["heads"].items()}


@cache
def countries() -> frozenset[str]:
    """The codes of ISO 3166-1. `NA` is Namibia, and no missing value."""
    return frozenset((DATA / "countries.txt").read_text(encoding="utf-8").split())
