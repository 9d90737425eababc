"""A code to say aloud in place of a name: one pronounceable word and two digits, like `tugad-73`.

It is random. Nothing about the person or the day goes into it, so that a code in a letter or on a screen tells nothing.
"""

from __future__ import annotations

import re
import secrets

_CONSONANTS = "bdfghjklmnprstvz"
_VOWELS = "aiou"
LENGTH = 8
SHAPE = re.compile(r"[bdfghjklmnprstvz][aiou][bdfghjklmnprstvz][aiou][bdfghjklmnprstvz]-[0-9]{2}")


def new_code() -> str:
    """A fresh code out of 6.5 million; the caller makes sure that its agency has not given it."""
    word = "".join(secrets.choice(_CONSONANTS if place % 2 == 0 else _VOWELS) for place in range(5))
    return f"{word}-{secrets.randbelow(100):02d}"


def read_code(text: str) -> str | None:
    """A code as somebody typed or heard it: `TUGAD 73`, `tugad73`; None when it is none."""
    plain = re.sub(r"[^a-z0-9]", "", text.lower())
    code = f"{plain[:5]}-{plain[5:]}"
    return code if SHAPE.fullmatch(code) else None
