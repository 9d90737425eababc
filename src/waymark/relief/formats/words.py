"""What is asked and drafted in a relief case, as it is sealed, and the words of its papers.

The papers are drafts for one named attorney. Nothing here files anything, says that somebody qualifies, or speaks in the
person's place: the declaration is their own words or it is empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from waymark.law.formats.dated_files import Clock, ReliefRule
from waymark.law.policies.relief import Entry, Question

ENTRY_WORDS = {
    Entry.ARREST: "Arrest",
    Entry.CONVICTION: "Conviction",
    Entry.JUVENILE_ADJUDICATION: "Juvenile adjudication",
}
YES, NO, UNKNOWN = "yes", "no", ""


@dataclass(frozen=True)
class Asked:
    """One line of a record and what is known about it. A fact without an answer is not known, and never a no."""

    entry: str
    charged: str = field(default="", repr=False)
    entry_on: str = field(default="", repr=False)
    court: str = field(default="", repr=False)
    case_number: str = field(default="", repr=False)
    program_reference: str = field(default="", repr=False)
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)

    def question(self) -> Question:
        """The same for the rules, which read codes and no words."""
        known = {key: {YES: True, NO: False}.get(answer) for key, answer in self.facts.items()}
        return Question(Entry(self.entry), self.charged, known)

    def in_words(self) -> str:
        """`Conviction, PC 647(b), May 3, 2018`."""
        parts = [ENTRY_WORDS[Entry(self.entry)], self.charged, day_in_words(self.entry_on)]
        return ", ".join(part for part in parts if part)


@dataclass(frozen=True)
class Draft:
    """What the petition says beside the entry: for whom, by which attorney, in whose words."""

    petitioner: str = field(default="", repr=False)
    attorney: str = field(default="", repr=False)
    bar_number: str = field(default="", repr=False)
    office: str = field(default="", repr=False)
    reach: str = field(default="", repr=False)
    declaration: str = field(default="", repr=False)
    evidence: str = field(default="", repr=False)

    @property
    def attorney_in_words(self) -> str:
        return ", ".join(part for part in (self.attorney, self.bar_number and f"State Bar {self.bar_number}") if part)


def to_seal(asked: Asked, draft: Draft | None) -> dict[str, Any]:
    """Both as one object for `pack`."""
    return {**asdict(asked), **(asdict(draft) if draft is not None else {})}


def read_asked(values: Mapping[str, Any]) -> Asked:
    return Asked(**{each.name: values[each.name] for each in fields(Asked) if each.name in values})


def read_draft(values: Mapping[str, Any]) -> Draft:
    return Draft(**{each.name: values[each.name] for each in fields(Draft) if each.name in values})


def day_in_words(iso: str) -> str:
    """`May 3, 2018`; what is no day is left out."""
    try:
        day = dt.date.fromisoformat(iso)
    except ValueError:
        return ""
    return f"{day:%B} {day.day}, {day.year}"


def lines_of(text: str) -> list[str]:
    """What stands on each line, without empty ones."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def petition_words(
    *,
    asked: Asked,
    draft: Draft,
    rule: ReliefRule,
    version: str,
    clock: Clock | None,
    questions: Mapping[str, str],
    printed_on: dt.date,
) -> dict[str, Any]:
    """Everything that the petition's two forms (PDF and DOCX) say, in their order."""
    said = {YES: "Yes", NO: "No", UNKNOWN: "Not known"}
    return {
        "title": f"Draft petition, {rule.section}",
        "warning": f"Draft for {draft.attorney}. Not filed. Not legal advice. Rule version {version}.",
        "cover": [
            ["Attorney", draft.attorney_in_words],
            ["Asks for", f"{rule.section}: {rule.title}"],
            ["About", asked.in_words()],
            ["Court and case", ", ".join(part for part in (asked.court, asked.case_number) if part) or "Not known"],
            ["Court forms", ", ".join(rule.forms) or "No statewide form is known"],
            [
                "Clock",
                f"{clock.says} {clock.length} {clock.unit.replace('_', ' ')} ({clock.source})" if clock else "None known",
            ],
            ["Notes", rule.notes or "None"],
            ["Source", rule.source if rule.was_read else f"{rule.source} (not read by us: verify)"],
            ["Printed", day_in_words(printed_on.isoformat())],
        ],
        "answers": [[questions[need], said[asked.facts.get(need, UNKNOWN)]] for need in rule.needs],
        "caption": [line for line in (draft.attorney_in_words, *lines_of(draft.office), draft.reach) if line],
        "for": f"Attorney for petitioner {draft.petitioner}" if draft.petitioner else "Attorney for petitioner",
        "court": asked.court or "Superior Court of California",
        "case_number": asked.case_number or "to be filled in",
        "heading": f"Petition under {rule.section}",
        "petitioner": draft.petitioner or "Petitioner",
        "asks": f"Petitioner asks the court for relief under {rule.section} from this entry: {asked.in_words()}.",
        "declaration": lines_of(draft.declaration),
        "evidence": lines_of(draft.evidence),
    }
