"""The languages of the finder: what each is called by its speakers, which way it runs, and whether it is complete.

A language is offered only when its words are complete: half a page in one's own language, then English, is worse on a
bad day than a page that says plainly "English, and ask for an interpreter".
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent
FIRST = "en"


@dataclass(frozen=True)
class Language:
    """One language. `english` is what a caller says to reach an interpreter ("Say: Hmong, please")."""

    code: str
    name: str
    english: str
    is_right_to_left: bool
    is_complete: bool

    @property
    def direction(self) -> str:
        """The value of the page's `dir`."""
        return "rtl" if self.is_right_to_left else "ltr"


@cache
def languages() -> tuple[Language, ...]:
    """All languages that the region's people speak most, complete or not, in the order in which they are offered."""
    rows = tomllib.loads((FOLDER / "languages.toml").read_text(encoding="utf-8"))["language"]
    return tuple(
        Language(
            code=row["code"],
            name=row["name"],
            english=row["english"],
            is_right_to_left=row.get("right_to_left", False),
            is_complete=row.get("complete", False),
        )
        for row in rows
    )


def language(code: str) -> Language | None:
    """The language with this code, if it is one of ours."""
    return next((each for each in languages() if each.code == code), None)


def offered_languages() -> tuple[Language, ...]:
    """The languages in which the whole finder can be read."""
    return tuple(each for each in languages() if each.is_complete)
