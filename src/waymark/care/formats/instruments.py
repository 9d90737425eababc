"""Instruments as dated definitions: items, answers, how to score, bands, whose leave there is to show the words.

An assessment is pinned to the version it was answered by; a version that was used is never edited. Every item can be left
unsaid. Where too much is unsaid there is no total, because a made-up number is worse than none. A score decides nothing: no
door of this house opens or closes by it. A slot is an instrument whose words we may not show; it says what is missing.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[1] / "data/instruments"
# What stands for an item that somebody does not want to answer, or that does not apply.
UNSAID = "no"
LANGUAGES = (("en", "English"), ("es", "Spanish"))


class NoSuchInstrument(Exception):
    """No instrument of this name and version."""


@dataclass(frozen=True)
class Answer:
    value: int
    text: str
    es: str = ""


@dataclass(frozen=True)
class Item:
    """One question. `answers` are those of the instrument unless the item has its own."""

    id: str
    text: str
    es: str
    answers: tuple[Answer, ...] = field(repr=False)


@dataclass(frozen=True)
class Band:
    """A published span of scores and what it is called."""

    lowest: float
    highest: float
    text: str


@dataclass(frozen=True)
class Part:
    """Some items of which so many have to count, such as the clusters of a diagnosis's rule."""

    code: str
    text: str
    items: tuple[str, ...]
    counts_from: int
    needs: int


@dataclass(frozen=True)
class PartScore:
    part: Part
    total: int
    counting: int

    @property
    def is_met(self) -> bool:
        return self.counting >= self.part.needs


@dataclass(frozen=True)
class Score:
    """What an instrument says of answers. `total` is None where too much was left unsaid."""

    total: float | None
    band: str
    unsaid: int
    is_alert: bool
    parts: tuple[PartScore, ...] = ()

    @property
    def says(self) -> str:
        """The total as it is read: a whole number, or one decimal for a mean."""
        if self.total is None:
            return "No total"
        return f"{self.total:g}" if self.total == int(self.total) else f"{self.total:.1f}"


@dataclass(frozen=True)
class Instrument:
    """One version of an instrument; without items it is a slot."""

    code: str
    version: str
    name: str
    about: str
    source: str
    leave: str
    missing: str
    stem: str
    stem_es: str
    note: str
    method: str
    most_missing: int
    items: tuple[Item, ...] = field(repr=False)
    bands: tuple[Band, ...] = field(repr=False)
    parts: tuple[Part, ...] = field(repr=False)
    alert_item: str = ""
    alert_from: int = 0

    @property
    def key(self) -> str:
        return f"{self.code}-{self.version}"

    @property
    def is_slot(self) -> bool:
        return not self.items

    @property
    def speaks(self) -> tuple[tuple[str, str], ...]:
        """The languages in which its words are free to show."""
        return tuple(pair for pair in LANGUAGES if pair[0] == "en" or self.stem_es)

    @property
    def lowest(self) -> float:
        values = [min(answer.value for answer in item.answers) for item in self.items]
        return sum(values) if self.method == "sum" else min(values)

    @property
    def highest(self) -> float:
        values = [max(answer.value for answer in item.answers) for item in self.items]
        return sum(values) if self.method == "sum" else max(values)

    def score(self, answers: Mapping[str, str]) -> Score:
        """Score answers by item; an item that is not there, or is `UNSAID`, was left unsaid. Raises ValueError."""
        said = {item.id: _value(item, answers[item.id]) for item in self.items if answers.get(item.id, UNSAID) != UNSAID}
        unsaid = len(self.items) - len(said)
        total: float | None = None
        if said and unsaid <= self.most_missing:
            mean = sum(said.values()) / len(said)
            # A missing answer counts as the mean of the others; a sum of whole numbers stays one.
            total = float(round(mean * len(self.items))) if self.method == "sum" else round(mean, 2)
        parts = tuple(_part(part, said) for part in self.parts)
        return Score(total, self.band_of(total), unsaid, self.is_alert(answers), parts)

    def band_of(self, total: float | None) -> str:
        """The name of the band in which a total lies."""
        if total is None:
            return ""
        return next((band.text for band in self.bands if band.lowest <= total <= band.highest), "")

    def is_alert(self, answers: Mapping[str, str]) -> bool:
        """Whether the answers hold the one that must not wait. Also while the rest is unsaid."""
        said = answers.get(self.alert_item, UNSAID) if self.alert_item else UNSAID
        return said != UNSAID and said.isdecimal() and int(said) >= self.alert_from


def _value(item: Item, said: str) -> int:
    known = {str(answer.value): answer.value for answer in item.answers}
    if said not in known:
        raise ValueError(f"Item {item.id} has no answer of this value.")
    return known[said]


def _part(part: Part, said: Mapping[str, int]) -> PartScore:
    values = [said[item] for item in part.items if item in said]
    return PartScore(part, sum(values), sum(value >= part.counts_from for value in values))


def _answers(lines: list[dict[str, Any]]) -> tuple[Answer, ...]:
    return tuple(Answer(**line) for line in lines)


@lru_cache
def instruments() -> dict[str, Instrument]:
    """Every instrument and version, by its key, in the order of their names."""
    found = [_read(path) for path in FOLDER.glob("*.toml")]
    return {one.key: one for one in sorted(found, key=lambda one: (one.is_slot, one.name, one.version))}


def _read(path: Path) -> Instrument:
    read = tomllib.loads(path.read_text(encoding="utf-8"))
    shared = _answers(read.get("answer", []))
    alert = read.get("alert", {})
    return Instrument(
        **{name: read[name] for name in ("code", "version", "name", "about", "source", "leave")},
        **{name: read.get(name, "") for name in ("missing", "stem", "stem_es", "note")},
        method=read.get("method", "sum"),
        most_missing=read.get("most_missing", 0),
        items=tuple(
            Item(line["id"], line["text"], line.get("es", ""), _answers(line["answer"]) if "answer" in line else shared)
            for line in read.get("item", [])
        ),
        bands=tuple(Band(line["from"], line["to"], line["text"]) for line in read.get("band", [])),
        parts=tuple(Part(**{**line, "items": tuple(line["items"])}) for line in read.get("part", [])),
        alert_item=alert.get("item", ""),
        alert_from=alert.get("from", 0),
    )


def instrument(key: str) -> Instrument:
    """One version of an instrument by its key, such as `phq9-1999`. Raises NoSuchInstrument."""
    try:
        return instruments()[key]
    except KeyError:
        raise NoSuchInstrument(key) from None


# The versions that can be answered now; older ones stay to be read.
CURRENT = ("phq9-1999", "gad7-2006", "pcl5-2013", "ssm-az17")
SLOTS = ("ohts-slot", "tvit-slot")
