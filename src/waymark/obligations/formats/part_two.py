"""What an order has to say before records of treatment for substance use are given: 42 CFR 2.61 to 2.65.

Such an order is of a kind of its own. It lets somebody give what they otherwise may not, and makes nobody give it
(2.61(a)): for that, a subpoena or a similar mandate has to come with it, and a mandate without the order is not answered at
all (2.61(b)(1)). The judge has to have found what the rule asks for, which differs by what the records are wanted for.

Read in the regulation as printed in 42 CFR (2002 and 2006, govinfo), with 2.62 as amended by 89 FR 12629 (February 16,
2024) and a practitioner's sample order of March 27, 2025 for 2.64(d). The present text of 2.65 was not at hand. Verify with
counsel.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from waymark.obligations.formats.words import day_in_words

SOURCE = "42 CFR 2.61, 2.64, 2.65"
AS_OF = "2026-11-22"

# Code, what the records are wanted for, and what the order has to find. In our words; the worker compares with the order.
FINDINGS: tuple[tuple[str, str, str], ...] = (
    (
        "noncriminal",
        "For something that is not a crime of the patient (42 CFR 2.64(d))",
        "That there is no other way that would work, and that the public interest and the need outweigh the harm to the "
        "patient, to their trust in who treats them, and to the treatment.",
    ),
    (
        "criminal",
        "To investigate or prosecute the patient for a crime (42 CFR 2.65(d))",
        "That the crime is extremely serious, that the records would very likely be of substantial value, that there is no "
        "other way that would work, that the public interest outweighs the harm, and that we could be heard with a lawyer.",
    ),
)
CODES = frozenset(code for code, _, _ in FINDINGS)

NOT_ENOUGH = (
    "This file holds something that a federal rule on treatment for substance use protects (42 CFR Part 2), or your agency "
    "is such a program. An order alone is not enough: it has to make the finding that the rule asks for, and a subpoena or "
    "a like mandate has to come with it. Without both, nothing is given. Ask counsel."
)


@dataclass(frozen=True)
class Mandate:
    """What a worker read in the order: which finding it makes, and from which day the subpoena beside it is."""

    finding: str = ""
    subpoena_on: dt.date | None = None

    def is_whole(self) -> bool:
        return self.finding in CODES and self.subpoena_on is not None

    def values(self, *, applies: bool) -> dict[str, str]:
        """As it is sealed: whether the rule applies is no more to be seen from outside than what was found."""
        on = self.subpoena_on.isoformat() if self.subpoena_on is not None else ""
        return {"applies": "yes" if applies else "no", "finding": self.finding, "on": on}


def in_words(values: dict[str, str]) -> str:
    """What was read in the order, for whoever approves; nothing where the rule does not apply."""
    if values.get("applies") != "yes":
        return ""
    label = next((label for code, label, _ in FINDINGS if code == values.get("finding")), "No finding")
    on = values.get("on")
    day = day_in_words(dt.date.fromisoformat(on), "en") if on else "no day"
    return f"Federal rule on substance-use records: {label}. Subpoena or mandate of {day}."
