"""Sections of law as people type them."""

from __future__ import annotations

import re

# A rap sheet writes a code's name in front of or behind the number; here it stands in front.
BEHIND = re.compile(r"(?P<number>\d[\w.()]*)\s*(?P<code>[A-Z]{2,3})")
FRONT = re.compile(r"(?P<code>[A-Z]{2,3})\s*(?P<number>\d[\w.()]*)")
BARE = re.compile(r"\d[\w.()]*")
PENAL = "PC"


def read_section(text: str) -> str:
    """`653.22 pc`, `pc653.22` and `653.22` are `PC 653.22`; what is no such thing stays as it was typed, on one line."""
    plain = " ".join(text.split())
    upper = plain.upper().replace("P.C.", "PC").replace("PENAL CODE", "PC").replace("§", "").strip()
    upper = " ".join(upper.split())
    if BARE.fullmatch(upper):
        return f"{PENAL} {upper.lower()}"
    found = FRONT.fullmatch(upper) or BEHIND.fullmatch(upper)
    return f"{found['code']} {found['number'].lower()}" if found else plain
