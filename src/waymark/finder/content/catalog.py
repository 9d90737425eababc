"""Short words of the screens, by key: `strings("es")["door.heading"]`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from waymark.finder.content.languages import FIRST, FOLDER, language

ABOUT_THE_FILE = frozenset({"origin", "checked_by_speaker_on"})


def _flat(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{key}.")
        elif prefix or key not in ABOUT_THE_FILE:
            yield f"{prefix}{key}", value


def _files(code: str) -> list[Path]:
    return sorted((FOLDER / code).glob("*.toml")) if language(code) else []


@cache
def own_strings(code: str) -> Mapping[str, str]:
    """What a language itself has; a test compares the languages by it."""
    words: dict[str, str] = {}
    for path in _files(code):
        words.update(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))
    return MappingProxyType(words)


@cache
def strings(code: str) -> Mapping[str, str]:
    """The words of the screens in a language, English where it has none. Names in braces are filled by the page."""
    return MappingProxyType({**own_strings(FIRST), **own_strings(code)})


@cache
def unchecked_subjects(code: str) -> tuple[str, ...]:
    """Subjects of a language that no speaker has checked yet; told to stewards, and to readers in small print.

    The words of the content page were written, not translated, in English and Spanish and need no such mark.
    """
    if code == FIRST:
        return ()
    found = []
    folders = [FOLDER / code / folder for folder in ("pages", "cards")] if language(code) else []
    for path in [*_files(code), *(path for folder in folders for path in sorted(folder.glob("*.toml")))]:
        about = tomllib.loads(path.read_text(encoding="utf-8"))
        if about.get("origin") != "content page" and not about.get("checked_by_speaker_on"):
            found.append(path.stem)
    return tuple(found)


@cache
def _paper() -> Mapping[str, Any]:
    return MappingProxyType(tomllib.loads((FOLDER / "paper.toml").read_text(encoding="utf-8")))


def paper_words() -> tuple[Mapping[str, str], ...]:
    """The few words of the poster and the restroom card, one mapping a language, as they hang side by side."""
    return tuple(MappingProxyType(row) for row in _paper()["language"])


def official_notice_address() -> str:
    """Where the notice that the law asks for is published; on paper it is text, on no page a link."""
    address: str = _paper()["official_address"]
    return address
