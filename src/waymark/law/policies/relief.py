"""Which ways to clear a record may be worth asking a lawyer about.

Three answers, and none of them is "yes": a person who reads "you qualify" may file alone and lose the one chance. What is
not known never counts as no. The rules are dated, so the same question has another answer on another day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from waymark.law.formats.dated_files import ReliefRule, relief_file
from waymark.law.policies.clocks import due_on


class Entry(StrEnum):
    """What stands in the record."""

    ARREST = "arrest"
    CONVICTION = "conviction"
    JUVENILE_ADJUDICATION = "juvenile_adjudication"


class Verdict(StrEnum):
    MAY_BE_WORTH_ASKING = "may be worth asking a lawyer"
    ASK = "ask a lawyer"
    ANOTHER_SECTION = "another section"


@dataclass(frozen=True)
class Question:
    """One line of a record and what is known about it; a fact that is absent, or None, is not known."""

    entry: Entry
    section: str
    facts: Mapping[str, bool | None]


@dataclass(frozen=True)
class Answer:
    """What one rule says, with the version under which it was asked. `open_facts` are keys of what is not known."""

    rule: ReliefRule
    verdict: Verdict
    open_facts: tuple[str, ...]
    version: str


def answer_of(rule: ReliefRule, question: Question, *, on: date) -> Answer:
    """What `rule` says on the day `on`. Raises KeyError for a fact that the file does not ask."""
    file = relief_file()
    strange = set(question.facts) - file.facts.keys()
    if strange:
        raise KeyError(f"Nobody asks about {sorted(strange)}")
    fits = (
        rule.is_in_force(on)
        and question.entry.value in rule.kinds
        and (not rule.charges or question.section in rule.charges)
        and not any(question.facts.get(need) is False for need in rule.needs)
    )
    if not fits:
        return Answer(rule, Verdict.ANOTHER_SECTION, (), file.version)
    unknown = tuple(need for need in rule.needs if question.facts.get(need) is None)
    return Answer(rule, Verdict.ASK if unknown else Verdict.MAY_BE_WORTH_ASKING, unknown, file.version)


def answers_to(question: Question, *, on: date) -> list[Answer]:
    """What every rule says, in the order: worth asking, ask, another section; within each as the file has them."""
    order = list(Verdict)
    found = [answer_of(rule, question, on=on) for rule in relief_file().rules]
    return sorted(found, key=lambda answer: order.index(answer.verdict))


def rule_of(section: str) -> ReliefRule | None:
    """The rule of a section, or None for a section that the file does not have (any more)."""
    return next((rule for rule in relief_file().rules if rule.section == section), None)


def carried_out_by(section: str, ordered_on: date) -> date | None:
    """Until when agencies seal what an order under a section cleared. A clock that the rule does not name is no day."""
    rule = rule_of(section)
    return due_on(rule.clock_after_order, ordered_on) if rule is not None and rule.clock_after_order else None
