"""What the survivor's own screen and paper say: the deal in their language, with nothing of the worker's around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from waymark.accounts.models import Agency, Side
from waymark.consent.formats.scopes import SCOPES, words_of
from waymark.consent.formats.words import CHECKED, day_in_words, purpose_in_words, told


@dataclass(frozen=True)
class Deal:
    """Everything that is said before somebody says yes or no."""

    language: str
    words: dict[str, str]
    shared: list[str]
    kept: list[str]
    recipient: str
    purpose: str
    until: str
    police: str
    by_file: str
    is_checked: bool
    law: str


def deal_of(
    *,
    language: str,
    recipient: Agency,
    recipient_person: str,
    purpose: str,
    scopes: Sequence[str],
    last_day: dt.date,
    is_part_two: bool,
) -> Deal:
    """The deal in one language; what is not shared is named too, and so is help with alcohol or drugs (42 CFR 2.31)."""
    words = told(language, agency=recipient.name)
    is_justice = recipient.side == Side.JUSTICE
    return Deal(
        language=language,
        words=words,
        shared=words_of(list(scopes), language),
        kept=[*words_of([scope.code for scope in SCOPES if scope.code not in scopes], language), words["anything_else"]],
        recipient=f"{recipient.name}, {recipient_person}" if recipient_person else recipient.name,
        purpose=purpose_in_words(purpose, language),
        until=day_in_words(last_day, language),
        police=words["police_yes" if is_justice else "police_no"],
        by_file=words["by_file"] if recipient.is_elsewhere else "",
        is_checked=language in CHECKED,
        law=words["part_two"] if is_part_two else "",
    )
