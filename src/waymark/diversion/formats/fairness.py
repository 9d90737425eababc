"""The fairness survey: instruments read from a dated file, and what of its counts may be shown.

A quarter is shown when it is over, so that nobody reads one person's answers off the difference between two looks. Quarters
with few answers are put together, in their order, until eleven people have answered; the numbers of such a stretch then go
through `smallcells` like every other.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FILE = Path(__file__).resolve().parents[1] / "data" / "fairness.toml"
ENOUGH = 11
NO_ANSWER = 0
NO_ANSWER_SAYS = "It does not apply, or I would rather not say"
AGREED_FROM = 4


@dataclass(frozen=True)
class Instrument:
    """One published survey, word for word. `name` is what stands on the rows that were counted with it."""

    name: str
    language: str
    title: str
    lead: str
    source: str
    address: str
    also: str
    scale: tuple[str, ...]
    questions: Mapping[str, str]

    @property
    def answers(self) -> list[tuple[int, str]]:
        """Each answer by its place on the scale; none is the last."""
        return [*enumerate(self.scale, start=1), (NO_ANSWER, NO_ANSWER_SAYS)]


@lru_cache(maxsize=1)
def instruments() -> dict[str, Instrument]:
    content = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = [
        Instrument(
            name=f"{row['key']} {row['version']}",
            **{name: row[name] for name in ("language", "title", "lead", "source", "address", "also")},
            scale=tuple(row["scale"]),
            questions={each["key"]: each["says"] for each in row["question"]},
        )
        for row in content["instrument"]
    ]
    return {one.name: one for one in found}


def current() -> Instrument:
    """The one that is handed out now: the last of the file."""
    return list(instruments().values())[-1]


def quarter_of(day: dt.date) -> dt.date:
    """The first day of a day's quarter."""
    return dt.date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)


@dataclass(frozen=True)
class Counted:
    """One quarter: how many were asked and answered, and by question how many gave each answer."""

    instrument: str
    quarter: dt.date
    handed_out: int
    answered: int
    numbers: Mapping[str, Mapping[int, int]]


@dataclass(frozen=True)
class Said:
    """One statement in one stretch of time; None is held back."""

    question: str
    agreed: int | None
    others: int | None


@dataclass(frozen=True)
class Stretch:
    """Quarters in a row in which at least eleven answered."""

    first: dt.date
    last: dt.date
    handed_out: int
    answered: int
    said: tuple[Said, ...]

    @property
    def when(self) -> str:
        """From the first month to the last, as `July to December 2026`."""
        end = self.last.replace(month=self.last.month + 2)
        year = "" if self.first.year == end.year else f" {self.first.year}"
        return f"{self.first:%B}{year} to {end:%B %Y}"

    @property
    def rate(self) -> int:
        """Answers of a hundred sheets that were handed out."""
        return round(100 * self.answered / self.handed_out)


def stretches(rounds: Iterable[Counted], *, on: dt.date) -> list[Stretch]:
    """What may be shown on a day, oldest first. What is still too few waits for the next quarter."""
    found: list[Stretch] = []
    waiting: list[Counted] = []
    for one in sorted(rounds, key=lambda each: each.quarter):
        if one.quarter >= quarter_of(on):
            continue
        if waiting and waiting[0].instrument != one.instrument:
            waiting = []
        waiting.append(one)
        if sum(each.answered for each in waiting) >= ENOUGH:
            found.append(_together(waiting))
            waiting = []
    return found


def _together(quarters: Sequence[Counted]) -> Stretch:
    questions = instruments()[quarters[0].instrument].questions
    answered = sum(each.answered for each in quarters)
    said = []
    for key, words in questions.items():
        agreed = sum(number for each in quarters for answer, number in each.numbers[key].items() if answer >= AGREED_FROM)
        said.append(Said(words, *_protected(agreed, answered - agreed)))
    handed_out = sum(each.handed_out for each in quarters)
    return Stretch(quarters[0].quarter, quarters[-1].quarter, handed_out, answered, tuple(said))


@lru_cache(maxsize=256)
def _protected(agreed: int, others: int) -> tuple[int | None, int | None]:
    from smallcells import Table, protect

    safe = protect(Table.of(["answer"], [["agreed", "others"]], [agreed, others]))
    return safe.value(answer="agreed"), safe.value(answer="others")
