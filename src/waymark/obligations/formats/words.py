"""The words of what a person is shown and takes home, in their language, out of a dated file."""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Mapping
from pathlib import Path

from waymark.consent.formats.scopes import CODES, words_of

LANGUAGES = (("en", "English"), ("es", "Español"))
_FILE = tomllib.loads((Path(__file__).resolve().parents[1] / "data" / "words.toml").read_text(encoding="utf-8"))
WORDS: dict[str, dict[str, str]] = {code: _FILE[code] for code, _ in LANGUAGES}
_MONTHS = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre")


def day_in_words(day: dt.date, language: str) -> str:
    """May 3, 2026 · 3 de mayo de 2026"""
    if language == "es":
        return f"{day.day} de {(*_MONTHS, 'diciembre')[day.month - 1]} de {day.year}"
    return f"{day:%B} {day.day}, {day.year}"


def fields_in_words(codes: list[str], language: str, named: Mapping[str, int] | None = None) -> list[str]:
    """What left, group by group, and of which only so many records (`named`)."""
    own: dict[str, str] = _FILE["field"][language]
    return words_of([code for code in codes if code in CODES], language, named) + [
        own.get(code, code) for code in codes if code not in CODES
    ]


def basis_in_words(basis: str, language: str) -> str:
    said: str = _FILE["basis"][language][basis]
    return said


def outside_in_words(outside: str, language: str) -> str:
    said: str = _FILE["outside"][language].get(outside, WORDS[language]["somebody"])
    return said


def look_in_words(verb: str, language: str) -> str:
    """What somebody did who looked: the verb of an event, as a person would say it."""
    looks: dict[str, str] = _FILE["look"][language]
    return looks.get(verb.partition(".")[0], looks["other"])
