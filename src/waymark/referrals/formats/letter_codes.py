"""The code on a letter that somebody carries: random, to be read aloud or typed, and nothing else.

It names no person, no agency and no day, and is no address: a phone that reads the printed square shows twelve letters and
digits. Letters that are mistaken for others are left out.
"""

from __future__ import annotations

import hashlib
import re
import secrets

ALPHABET = "BCDFGHJKLMNPQRSTVWXZ23456789"
LENGTH = 12
SHAPE = re.compile(rf"[{ALPHABET}]{{{LENGTH}}}")


def new_letter_code() -> str:
    """A fresh code out of 2 to the 57."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def spoken(code: str) -> str:
    """In three groups, as it is printed."""
    return "-".join(code[place : place + 4] for place in range(0, LENGTH, 4))


def read_letter_code(text: str) -> str | None:
    """A code as somebody typed it, with or without hyphens, in any case; None when it is none."""
    plain = re.sub(r"[\s\-–_.]", "", text).upper()
    return plain if SHAPE.fullmatch(plain) else None


def digest_of(code: str) -> bytes:
    """What the database keeps to know the code again."""
    return hashlib.sha256(b"waymark letter code 1:" + code.encode()).digest()
