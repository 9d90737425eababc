"""What leaves a relief case: the few lines that whoever answers a petition, or carries out an order, must have.

Neither the grounds nor a word of the declaration is among them, and no answer to any question.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from waymark.disclosures.formats.kinds import KINDS
from waymark.law.formats.dated_files import Clock
from waymark.relief.formats.words import day_in_words, read_asked, read_draft
from waymark.relief.models import ReliefCase

TASK = (
    "Find your own rows about this entry by its case number. Seal them at once: no search, list or report shows them. "
    "Destroy them when the order and your retention rule say so. Counts stay as they are. Answer with the reference, and "
    "tell nobody else."
)


def petition_values(case: ReliefCase, words: Mapping[str, Any], clock: Clock | None) -> dict[str, str]:
    """The fields of a `petition` packet."""
    asked, draft = read_asked(words), read_draft(words)
    by = day_in_words(case.due_on.isoformat()) if case.due_on else ""
    return _cut(
        "petition",
        {
            "petitioner": draft.petitioner,
            "court": asked.court,
            "case_number": asked.case_number,
            "entry": asked.in_words(),
            "section": case.section,
            "served_on": case.served_on.isoformat() if case.served_on else "",
            "answer_by": f"{by} ({clock.source})" if by and clock else "",
            "attorney": ", ".join(part for part in (draft.attorney_in_words, draft.reach) if part),
        },
    )


def order_values(case: ReliefCase, words: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a `relief_order` packet."""
    asked = read_asked(words)
    return _cut(
        "relief_order",
        {
            "reference": case.code,
            "court": asked.court,
            "case_number": asked.case_number,
            "entry": asked.in_words(),
            "section": case.section,
            "program_reference": asked.program_reference,
            "ordered_on": case.decided_on.isoformat() if case.decided_on else "",
            "task": TASK,
        },
    )


def _cut(kind: str, values: dict[str, str]) -> dict[str, str]:
    """What is known, no longer than the kind allows."""
    limits = {question.code: question.limit for question in KINDS[kind].questions}
    return {code: text[: limits[code]] for code, text in values.items() if text}
