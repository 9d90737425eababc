"""Blank sheets for work where no network is: numbered, in the person's language, without a word of what they are for."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from waymark.documents.pdf import tagged_pdf

FOLDER = Path(__file__).resolve().parents[1]
LANGUAGES = (("en", "English"), ("es", "Español (not yet checked by a speaker)"))
TAGS = {"en": "en-US", "es": "es-US"}
LETTERS = {"intake": "I", "release": "R", "plan": "P"}


@lru_cache
def words() -> dict[str, Any]:
    """The words of every sheet, by kind and language."""
    return tomllib.loads((FOLDER / "data" / "sheets.toml").read_text(encoding="utf-8"))


def number_of(kind: str, number: int) -> str:
    """The number as it stands on the sheet: `I-0042`."""
    return f"{LETTERS[kind]}-{number:04}"


def sheets_pdf(kind: str, language: str, numbers: Sequence[int]) -> bytes:
    """Sheets of one kind, one a page, as tagged PDF."""
    said = words()
    data = {
        "title": said[kind]["title"][language],
        "lines": [{"ask": line["ask"][language], "rows": line["rows"]} for line in said[kind]["line"]],
        "foot": " ".join(filter(None, [said[kind]["foot"][language], said["unchecked"].get(language, "")])),
        "numbers": [number_of(kind, number) for number in numbers],
    }
    return tagged_pdf(FOLDER / "formats" / "sheet.typ", data, language=TAGS[language], title=data["title"])
