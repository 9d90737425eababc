"""Counting: from people and services of a period to tables of true counts, which never leave the memory of one request.

Every table says of whom it is by the categories that it fixes, in words that are the same in all tables. So the sum that
two tables share is one cell to whoever audits them together, and nothing comes out by subtracting one from the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from smallcells import Dimension, Table
from waymark.reports.formats.counts.templates import FunderTemplate, Wanted

PEOPLE, TIMES = "people", "times"
YES, NO = "yes", "no"
# What stands for an empty answer where a category needs a name.
NOT_REPORTED = "not reported"
KNOWN = "known"


@dataclass(frozen=True)
class Counted:
    """One person of the period, as far as counts ask. Several answers to one question are a set."""

    is_new: bool
    age: str = ""
    gender: str = ""
    race: str = ""
    victimization: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()

    def answer(self, about: str) -> str:
        if about == "newness":
            return "new" if self.is_new else "known"
        return str(getattr(self, about))

    def has(self, about: str, answer: str) -> bool:
        if about == "several":
            return len(self.victimization) > 1
        sets = {"victimization": self.victimization, "class": self.classes, "service": self.services}
        return answer in sets[about]


@dataclass(frozen=True)
class CountedService:
    """One row of service: the funder's code, or none where the funder does not count it, and how often."""

    code: str
    units: int = 1


@dataclass(frozen=True, eq=False)
class CountedTable:
    """A table under its key; `about` and `answer` name the one answer that a small table asks for.

    `unit` is what is counted. People and times have no sum in common, though both tables have a sum.
    """

    key: str
    table: Table = field(repr=False)
    about: str = ""
    answer: str = ""
    unit: str = PEOPLE


def tables_of(
    wanted: FunderTemplate,
    people: Sequence[Counted],
    services: Iterable[CountedService],
    *,
    codes: Sequence[str],
    period: str,
) -> list[CountedTable]:
    """All tables of a template. `codes` are the funder's codes of services, in its order."""
    often: dict[str, int] = dict.fromkeys(codes, 0)
    for service in services:
        if service.code in often:
            often[service.code] += service.units
    found: list[CountedTable] = []
    for asked in wanted.tables:
        if asked.of == "occurrences":
            found.append(CountedTable(asked.key, _occurrences(often, period), asked.by, unit=TIMES))
        elif asked.each:
            answers = codes if asked.each == "service" else list(wanted.answers[asked.each])
            found += [_yes_or_no(asked, answer, people, period) for answer in answers]
        else:
            found.append(_by_answer(asked, wanted.answers[asked.by], people, period))
    return found


def _by_answer(asked: Wanted, answers: Mapping[str, str], people: Sequence[Counted], period: str) -> CountedTable:
    """People by one answer.

    Of the new ones alone, the others stay one category: so the table has the cells of "known" and of all in common with the
    table of individuals, and its sum follows.
    """
    if asked.of == "served":
        names = [answer or NOT_REPORTED for answer in answers]
        counts = [sum(person.answer(asked.by) == answer for person in people) for answer in answers]
        return CountedTable(asked.key, _table(asked.by, names, counts, period), asked.by)
    names = [*(new_category(asked.by, answer) for answer in answers), KNOWN]
    counts = [sum(person.is_new and person.answer(asked.by) == answer for person in people) for answer in answers]
    counts.append(sum(not person.is_new for person in people))
    return CountedTable(asked.key, _table("newness", names, counts, period), asked.by)


def new_category(about: str, answer: str) -> str:
    """The new ones who gave an answer."""
    return f"new, {about} {answer or NOT_REPORTED}"


def _table(name: str, categories: Sequence[str], counts: Sequence[int], period: str) -> Table:
    return Table((Dimension(name, tuple(categories), True),), np.array([*counts, sum(counts)], dtype=np.int64), period)


def _yes_or_no(asked: Wanted, answer: str, people: Sequence[Counted], period: str) -> CountedTable:
    """Who has an answer and who has not: the second is in nobody's report, and yet everybody can subtract it."""
    have = sum(person.has(asked.each, answer) for person in people)
    table = _table(f"{asked.each} {answer}", (YES, NO), (have, len(people) - have), period)
    return CountedTable(f"{asked.key}:{answer}", table, asked.each, answer)


def _occurrences(often: Mapping[str, int], period: str) -> Table:
    return _table("service", list(often), list(often.values()), period)
