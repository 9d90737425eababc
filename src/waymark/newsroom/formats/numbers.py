"""A figure's value in words: "more than 30" never becomes 30, and what was not published never becomes 0."""

from __future__ import annotations

import re
import unicodedata

BOUNDS = {
    "exact": "{}",
    "more_than": "more than {}",
    "at_least": "at least {}",
    "at_most": "at most {}",
    "estimate": "an estimate of {}",
}
NOT_PUBLISHED = "not published"
# A country's own number needs no country code in front of it to be the same number.
COUNTRY = "1"
LOCAL_DIGITS = 10


def in_words(value: str | None, bound: str) -> str:
    """The value with its bound, for a figure that is shown as a number."""
    if value is None or bound == "null":
        return NOT_PUBLISHED
    # Four digits are mostly years; longer numbers are easier to read in groups of three.
    grouped = f"{int(value):,}" if value.isdigit() and len(value) > 4 and not value.startswith("0") else value
    before, _, after = BOUNDS[bound].partition("{}")
    return f"{before}{grouped}{after}"


def in_our_digits(text: str) -> str:
    """A text with the digits of other scripts as ours: a reader sees the same number, and so must a rule."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(str(unicodedata.digit(sign)) if unicodedata.category(sign) == "Nd" else sign for sign in plain)


def same_phone(one: str, other: str) -> bool:
    """Whether two spellings dial the same number: 1.888.373.7888 and (888) 373-7888 do."""
    return dialed(one) == dialed(other)


def dialed(number: str) -> str:
    """The digits that are dialed, with the country's code."""
    digits = re.sub(r"\D", "", number)
    return COUNTRY + digits if len(digits) == LOCAL_DIGITS else digits


def ratio_said_both_ways(unidentified: int) -> tuple[str, str]:
    """A ratio of not identified to identified, said as known : unknown and as known : all."""
    every = unidentified + 1
    return (
        f"For every person who was identified, about {unidentified} more were not.",
        f"About 1 in {every} was identified.",
    )
