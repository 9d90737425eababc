"""What the survivor's own screen and paper say: the deal in their language, with nothing of the worker's around it.

Where single records are named, the screen shows them, so that who says yes knows to what. The paper may be found by
somebody else: on it stand how many they are and the days by which the person knows them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from waymark.accounts.models import Agency, Side
from waymark.consent.formats.scopes import SCOPES, Scope, words_of
from waymark.consent.formats.words import CHECKED, day_in_words, only_in_words, purpose_in_words, told

# Of a scope that names records: each with its day, and with its words where they may be seen.
NamedRecords = Mapping[str, Sequence[tuple[dt.date, str]]]


@dataclass(frozen=True)
class Shared:
    """One scope of the deal: whole, or which of its records."""

    words: str
    extent: str = ""
    records: tuple[str, ...] = field(repr=False, default=())


@dataclass(frozen=True)
class Deal:
    """Everything that is said before somebody says yes or no."""

    language: str
    words: dict[str, str]
    shared: list[Shared]
    kept: list[str]
    recipient: str
    purpose: str
    until: str
    police: str
    by_file: str
    along: tuple[str, ...] = field(repr=False)
    is_checked: bool
    law: str


def deal_of(
    *,
    language: str,
    recipient: Agency,
    recipient_person: str,
    purpose: str,
    scopes: Sequence[str],
    named: NamedRecords,
    last_day: dt.date,
    is_part_two: bool,
    along: Sequence[str] = (),
) -> Deal:
    """The deal in one language; what is not shared is named too, and so is help with alcohol or drugs (42 CFR 2.31)."""
    words = told(language, agency=recipient.name)
    is_justice = recipient.side == Side.JUSTICE
    return Deal(
        language=language,
        words=words,
        shared=[_shared(scope, named.get(scope.code), words, language) for scope in SCOPES if scope.code in scopes],
        kept=[
            *words_of([scope.code for scope in SCOPES if scope.code not in scopes], language),
            *(f"{scope.words(language)}: {words['the_rest']}" for scope in SCOPES if scope.code in named),
            words["anything_else"],
        ],
        recipient=f"{recipient.name}, {recipient_person}" if recipient_person else recipient.name,
        purpose=purpose_in_words(purpose, language),
        until=day_in_words(last_day, language),
        police=words["police_yes" if is_justice else "police_no"],
        by_file=words["by_file"] if recipient.is_elsewhere else "",
        along=tuple(along),
        is_checked=language in CHECKED,
        law=words["part_two"] if is_part_two else "",
    )


def _shared(scope: Scope, named: Sequence[tuple[dt.date, str]] | None, words: Mapping[str, str], language: str) -> Shared:
    """What of one scope: a single thing, all of a list and what is added to it, or only these."""
    if named is not None:
        records = tuple(text for _, text in named if text)
        return Shared(scope.words(language), only_in_words([day for day, _ in named], language), records)
    return Shared(scope.words(language), words["whole"] if scope.of_records else "")
