"""What comes along with every package, sealed with it: the terms on which it came, for whoever reads it there.

A recipient has never seen the paper. So each package explains the release that it came under (who signed, which parts, for
what, until when), says that it may not be handed on, and says how it can be: by a release of the recipient's own.
Where records of treatment for substance use may be among it, the notice of 42 CFR 2.32 comes along as well. Nothing of
this is a field of the packet, so that no header, ledger or dump tells for whom that notice was needed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from waymark.consent.formats.part_two import NOTICE, SOURCE
from waymark.consent.formats.words import day_in_words, purpose_in_words

# The code under which each comes along (waymark.disclosures.formats.kinds.PACKAGE).
RELEASE, LAW = "terms.release", "terms.notice"
HAND_ON = (
    "Use this for that purpose alone. Your agency may not hand it on, as it is or in other words, to anybody outside. To "
    "share it further, ask the person: they sign a release with your agency, for one other agency."
)


@dataclass(frozen=True)
class Terms:
    """A release, as far as its recipient needs to know it; no name of the person is among it."""

    code: str
    sender: str
    recipient: str
    purpose: str
    parts: Sequence[str]
    signed_on: dt.date
    ends_on: dt.date
    signed_by: Sequence[str]


def release_explained(terms: Terms) -> str:
    """The explanation of a consent's scope that goes along with everything disclosed under it."""
    return "\n".join(
        (
            f"Release {terms.code}, signed on {day_in_words(terms.signed_on, 'en')}: {'; '.join(terms.signed_by).lower()}.",
            f"From {terms.sender} to {terms.recipient} alone, for {purpose_in_words(terms.purpose, 'en')}.",
            f"It covers: {'; '.join(terms.parts).lower()}. Nothing else.",
            f"Until the end of {day_in_words(terms.ends_on, 'en')}. They can stop it any day before, without a reason.",
            HAND_ON,
        )
    )


def comes_along(terms: Terms, *, is_part_two: bool) -> dict[str, str]:
    """What is sealed into a package beside its fields."""
    along = {RELEASE: release_explained(terms)}
    if is_part_two:
        along[LAW] = f"{NOTICE} ({SOURCE})"
    return along
