"""The help pages and the one-page cards for people at work, as structured text.

Three kinds of lines are not plain words. A *help line* slot names a line of the directory and is filled from dated data.
A *law line* states the law: it carries its section, its as-of date, the lawyer's office that checked it and the date of
the next check, and it is shown only while a lawyer's check is in force; otherwise the reader sees "Ask a lawyer" and the
legal aid line. The foot of every page says when the page was checked and that it is no legal advice.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

from waymark.finder.content.languages import FIRST, FOLDER

HELP_PAGES = (
    "signs",
    "worried",
    "calling",
    "phone",
    "under-18",
    "work",
    "sex-work",
    "rights",
    "papers",
    "money",
    "private",
    "record",
    "parents",
    "show",
)
SECTOR_CARDS = ("nurse", "hotel", "school", "site", "driver", "landlord", "friend")


@dataclass(frozen=True)
class LawLine:
    """One statement of law in plain words."""

    key: str
    text: str
    section: str
    as_of: date
    checked_by: str
    checked_on: date | None
    next_check: date | None

    def is_in_force(self, *, on: date) -> bool:
        """True while a named lawyer's office stands behind it."""
        if not self.checked_by or self.checked_on is None or self.next_check is None:
            return False
        return self.checked_on <= on <= self.next_check


@dataclass(frozen=True)
class Section:
    """A heading, then paragraphs, then points, then statements of law, then help lines, then a small table."""

    heading: str
    text: tuple[str, ...]
    points: tuple[str, ...]
    laws: tuple[LawLine, ...]
    lines: tuple[str, ...]
    table_head: tuple[str, ...]
    table: tuple[tuple[str, ...], ...]

    def laws_in_force(self, *, on: date) -> tuple[LawLine, ...]:
        """The statements of law that may be shown on a day."""
        return tuple(law for law in self.laws if law.is_in_force(on=on))

    def sends_to_a_lawyer(self, *, on: date) -> bool:
        """True when a statement of law is held back, so that the reader is sent to a lawyer instead."""
        return len(self.laws_in_force(on=on)) < len(self.laws)


@dataclass(frozen=True)
class HelpPage:
    """One page of at most 350 words."""

    slug: str
    language: str
    title: str
    link: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]
    checked_on: date
    is_checked_by_speaker: bool
    pictogram: str

    def words(self) -> str:
        """All that a reader may see on the page, law lines included, for counting and grading."""
        parts = [self.title, *self.lead]
        for section in self.sections:
            parts += [section.heading, *section.text, *section.points, *(law.text for law in section.laws)]
            parts += [*section.table_head, *(cell for row in section.table for cell in row)]
        return "\n".join(part for part in parts if part)


@cache
def law_facts() -> Mapping[str, Mapping[str, Any]]:
    """Sections and dates of the statements of law, one place for all languages."""
    rows = tomllib.loads((FOLDER / "law.toml").read_text(encoding="utf-8"))
    return MappingProxyType({key: MappingProxyType(row) for key, row in rows.items()})


def _law(row: Mapping[str, Any]) -> LawLine:
    fact = law_facts()[row["key"]]
    return LawLine(
        key=row["key"],
        text=row["text"],
        section=fact["section"],
        as_of=fact["as_of"],
        checked_by=fact.get("checked_by", ""),
        checked_on=fact.get("checked_on"),
        next_check=fact.get("next_check"),
    )


def _section(row: Mapping[str, Any]) -> Section:
    return Section(
        heading=row.get("heading", ""),
        text=tuple(row.get("text", ())),
        points=tuple(row.get("points", ())),
        laws=tuple(_law(law) for law in row.get("law", ())),
        lines=tuple(row.get("lines", ())),
        table_head=tuple(row.get("table_head", ())),
        table=tuple(tuple(cells) for cells in row.get("table", ())),
    )


@cache
def _read(folder: str, slug: str, code: str) -> HelpPage | None:
    path = FOLDER / code / folder / f"{slug}.toml"
    if not path.exists():
        return None
    content = tomllib.loads(path.read_text(encoding="utf-8"))
    return HelpPage(
        slug=slug,
        language=code,
        title=content["title"],
        link=content.get("link", content["title"]),
        lead=tuple(content.get("lead", ())),
        sections=tuple(_section(row) for row in content.get("section", ())),
        checked_on=content["checked_on"],
        is_checked_by_speaker=code == FIRST or bool(content.get("checked_by_speaker_on")),
        pictogram=content.get("pictogram", ""),
    )


def help_page(slug: str, code: str) -> HelpPage | None:
    """A help page in a language, or in English when that language has none; its `language` says which."""
    if slug not in HELP_PAGES:
        return None
    return _read("pages", slug, code) or _read("pages", slug, FIRST)


def help_pages(code: str) -> tuple[HelpPage, ...]:
    """All help pages in the order of the content page."""
    return tuple(page for slug in HELP_PAGES if (page := help_page(slug, code)))


def sector_card(slug: str, code: str) -> HelpPage | None:
    """The one-page card for people in one line of work."""
    if slug not in SECTOR_CARDS:
        return None
    return _read("cards", slug, code) or _read("cards", slug, FIRST)


def law_lines(code: str) -> tuple[LawLine, ...]:
    """Every statement of law on any page or card, once."""
    pages = (*help_pages(code), *sector_cards(code))
    found = {law.key: law for page in pages for section in page.sections for law in section.laws}
    return tuple(found.values())


def sector_cards(code: str) -> tuple[HelpPage, ...]:
    """All seven cards."""
    return tuple(card for slug in SECTOR_CARDS if (card := sector_card(slug, code)))
