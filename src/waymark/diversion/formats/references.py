"""The opaque reference under which agencies speak of somebody, codes of rows, and numbers that are refused.

A reference is random: whoever finds one learns nothing. Numbers of the state's and the federal criminal records (CII, FBI)
are refused wherever a number is typed: with one of them, and nothing else, somebody's whole record is found.
"""

from __future__ import annotations

import re
import secrets

LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
REFERENCE = re.compile(r"R-[0-9A-HJ-NP-Z]{4}-[0-9A-HJ-NP-Z]{4}")
# California's number is a letter and seven or eight digits; the FBI's up to seven digits with one or two letters and up to
# two digits behind them, or nothing but digits.
CII = re.compile(r"[A-Z]0?\d{7,8}")
FBI = re.compile(r"\d{1,7}[A-Z]{1,2}\d{0,2}|\d{5,9}")
NAMED = re.compile(r"\b(CII|FBI|SID|UCN)\b")


def new_reference() -> str:
    return "R-" + "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(2))


def new_code(letter: str) -> str:
    """A random code of a row, like `E-7Q2KXM`."""
    return f"{letter}-" + "".join(secrets.choice(LETTERS) for _ in range(6))


def read_reference(text: str) -> str | None:
    """A reference as somebody typed or heard it; None when it is none. I and O are not in it, so they are 1 and 0."""
    plain = re.sub(r"[^0-9A-Z]", "", text.upper()).replace("I", "1").replace("O", "0")
    whole = f"R-{plain[1:5]}-{plain[5:]}" if plain.startswith("R") else ""
    return whole if REFERENCE.fullmatch(whole) else None


def is_record_number(text: str) -> bool:
    """Whether a text is, or names, a CII or FBI number."""
    plain = re.sub(r"[\s.#:/-]", "", text.upper())
    return bool(NAMED.search(text.upper()) or CII.fullmatch(plain) or FBI.fullmatch(plain))
