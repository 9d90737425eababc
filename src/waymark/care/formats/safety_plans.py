"""The sections of a safety plan, and what must not be in a print of it.

A print is in a *safe form*: whoever finds it learns neither whose it is, nor who gave it, nor where anybody lives, nor what
it is. The heading is neutral, and so are those of the sections. What a person wrote stays theirs; where it holds a name,
the agency or a street, the section is not printed until it is written otherwise.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "data"
CURRENT = "2026.1"
LANGUAGES = (("en", "English"), ("es", "Español"))
# A number and a word of a street, in English or Spanish; or a postal box; or a ZIP after a state.
STREET = re.compile(
    r"\b\d{1,6}\s+(?:[\w.'-]+\s+){0,4}?(?:st|street|ave|avenue|rd|road|blvd|boulevard|ln|lane|dr|drive|ct|court|way|pl|place|hwy|"
    r"highway|pkwy|parkway|cir|circle|ter|terrace)\b|\b(?:calle|avenida|av|carretera|camino|paseo)\.?\s+[\w\s]{1,40}?\d+|"
    r"\bp\.?\s?o\.?\s+box\s+\d+|\b(?:ca|california)\s+9\d{4}\b",
    re.IGNORECASE,
)
# A word of a name counts from this length on: "Al" is in too many words.
NAME_LENGTH = 3


@dataclass(frozen=True)
class Section:
    """One section: a heading for the print and a question for the talk, in each language."""

    code: str
    heading: Mapping[str, str]
    ask: Mapping[str, str]


@dataclass(frozen=True)
class Sections:
    version: str
    title: Mapping[str, str]
    sections: Mapping[str, Section]


@lru_cache
def sections(version: str = CURRENT) -> Sections:
    """The sections of one version, in the order of the talk."""
    read = tomllib.loads((FOLDER / f"safety_plan-{version}.toml").read_text(encoding="utf-8"))
    found = {code: Section(code, line["heading"], line["ask"]) for code, line in read["section"].items()}
    return Sections(read["version"], read["title"], found)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


def _words(text: str) -> set[str]:
    return {word for word in re.findall(r"\w+", _plain(text)) if len(word) >= NAME_LENGTH}


def tells(text: str, *, names: Iterable[str], agencies: Iterable[str]) -> list[str]:
    """What a finder of this text would learn: `a name`, `the agency`, `an address`. Empty for a safe one."""
    here, found = _words(text), []
    if any(_words(name) & here for name in names):
        found.append("a name of theirs")
    flat = " ".join(re.findall(r"\w+", _plain(text)))
    if any(said and said in flat for said in (" ".join(re.findall(r"\w+", _plain(agency))) for agency in agencies)):
        found.append("the agency's name")
    if STREET.search(text):
        found.append("an address")
    return found
