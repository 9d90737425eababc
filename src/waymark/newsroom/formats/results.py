"""The results of one operation as a release carries them: frozen, with every small count in words or not at all.

What is frozen here never holds a number below 11, so no page, chart, feed or interface made from it can show one. A count
that nobody published is null, which is not zero. Nothing is added up, and no two operations are put into one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from waymark.newsroom.formats.numbers import in_our_digits

FEWEST = 11
NUMBER, WORDS, FEW, WITHHELD, UNPUBLISHED = "number", "words", "few", "withheld", "unpublished"
SAID = {
    FEW: "fewer than 11",
    WITHHELD: "not shown, so that nobody can work out a small count",
    UNPUBLISHED: "not published",
}
CAVEATS = (
    "Arrests are not convictions.",
    "Counts measure effort, not how much trafficking there is.",
    "Editions are not comparable: agencies, days and methods differ.",
    "A count of a whole operation is a sum over agencies: it may count a person more than once.",
    "People who are victims have been mistaken for offenders elsewhere; these counts cannot say how often.",
    "Nothing here is added up or ranked, and “not published” is not zero.",
)
# Days of a month and ordinals are no counts; a subsection of a law stands in brackets.
DATES = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+\d{1,2}\b|\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b"
    r"|\b\d{1,2}(?::\d{2})?\s*[ap]\.?m\b|\(\d{1,2}\)",
    re.IGNORECASE,
)
SMALL_NUMERAL = re.compile(r"(?<![\w.,/:$'’-])(?:10|[0-9])(?![\w/:%-]|[.,]\d)")


def small_numeral_in(text: str) -> bool:
    """Whether a number below 11 stands in a text as a numeral, which could be a count of few people."""
    return SMALL_NUMERAL.search(DATES.sub(" ", in_our_digits(text))) is not None


@dataclass(frozen=True)
class ResultLine:
    """One count: what was counted, and how it may be shown."""

    measure: str
    label: str
    is_help: bool
    shown: str
    value: int | None
    words: str

    def __post_init__(self) -> None:
        if (self.value is not None) != (self.shown == NUMBER) or (self.value or FEWEST) < FEWEST:
            raise ValueError("A line has a number exactly when it shows one, and never one below 11.")

    @property
    def said(self) -> str:
        """The count as a reader may know it, without the label."""
        if self.shown == NUMBER:
            return f"{self.value:,}"
        return f"“{self.words}”" if self.shown == WORDS else SAID[self.shown]

    @property
    def text(self) -> str:
        quoted = f", in the words “{self.words}”" if self.shown == NUMBER and self.words else ""
        return f"{self.label}: {self.said}{quoted}"


@dataclass(frozen=True)
class Result:
    """What was published about one operation."""

    name: str
    edition: str
    year: int
    when: str
    lead: str
    conducted: tuple[str, ...]
    participated: tuple[str, ...]
    advocates: tuple[str, ...]
    settings: tuple[str, ...]
    source: str
    asked_by: str
    lines: tuple[ResultLine, ...]

    @property
    def helped(self) -> tuple[ResultLine, ...]:
        """What was done to help; it stands before arrests on every page."""
        return tuple(line for line in self.lines if line.is_help)

    @property
    def enforced(self) -> tuple[ResultLine, ...]:
        return tuple(line for line in self.lines if not line.is_help)

    @property
    def title(self) -> str:
        return f"{self.name} {self.year}" if str(self.year) not in self.name else self.name

    def frozen(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self) | {
            "conducted": list(self.conducted),
            "participated": list(self.participated),
            "advocates": list(self.advocates),
            "settings": list(self.settings),
            "lines": [asdict(line) for line in self.lines],
        }


LISTS = ("conducted", "participated", "advocates", "settings")


def read_result(kept: Mapping[str, Any] | None) -> Result | None:
    """A result as it was frozen, or None."""
    if kept is None:
        return None
    lists = {name: tuple(kept[name]) for name in LISTS}
    lines = tuple(ResultLine(**line) for line in kept["lines"])
    return Result(**{**kept, **lists, "lines": lines})


def texts_of(result: Result | None) -> tuple[str, ...]:
    """The result in sentences, for outlets without tables; the caveats go with it wherever it goes."""
    if result is None:
        return ()
    return (*(line.text for line in (*result.helped, *result.enforced)), *CAVEATS)


def changes_between(before: Result | None, after: Result | None) -> list[tuple[str, str, str]]:
    """What a correction changed: label, before, after, line by line."""
    old, new = _by_label(before), _by_label(after)
    return [
        (label, old.get(label, "not there"), new.get(label, "not there"))
        for label in dict.fromkeys([*old, *new])
        if old.get(label) != new.get(label)
    ]


def _by_label(result: Result | None) -> dict[str, str]:
    if result is None:
        return {}
    facts: Sequence[tuple[str, str]] = (
        ("Name", result.name),
        ("Edition", result.edition),
        ("Days", result.when),
        ("Led by", result.lead),
        ("Conducted by", ", ".join(result.conducted)),
        ("Took part", ", ".join(result.participated)),
        ("Advocates from", ", ".join(result.advocates)),
        ("Kind of place", ", ".join(result.settings)),
        ("Source", result.source),
        ("Asked for by", result.asked_by),
    )
    return {**dict(facts), **{line.label: _of_line(line) for line in result.lines}}


def _of_line(line: ResultLine) -> str:
    return f"{line.said} (“{line.words}”)" if line.shown == NUMBER and line.words else line.said


def in_alphabet(names: Iterable[str]) -> tuple[str, ...]:
    """Agencies stand in the order of the alphabet: the order of mention can cause a rift."""
    return tuple(sorted(names, key=str.casefold))
