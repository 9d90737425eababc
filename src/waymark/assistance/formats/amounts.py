"""Amounts of money: whole cents inside, dollars as people write them outside. No amount is ever a floating number."""

from __future__ import annotations

import re

from waymark.pages.templatetags.pages import dollars

__all__ = ["dollars", "read_cents"]
WRITTEN = re.compile(r"(\d{1,9}|\d{1,3}(?:,\d{3}){1,2})(?:\.(\d{2}))?")


def read_cents(text: str) -> int:
    """`1,234.50`, `$1234.5` is refused, `80` is eighty dollars. Raises ValueError."""
    found = WRITTEN.fullmatch(text.strip().removeprefix("$").strip())
    if found is None:
        raise ValueError(text)
    return int(found[1].replace(",", "")) * 100 + int(found[2] or 0)
