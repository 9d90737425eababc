"""Finds pages by their names in the menu, and things by asking every app at once.

How many questions the database is asked, and which, follows from the asker's role alone: never from what is there, and
never from what is hidden. What is hidden is narrowed away before the words are looked at, so it answers like what is not.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast, Lower
from django.urls import reverse

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.pages.found import Found, FoundRows, expression
from waymark.web.at_once import rows_at_once
from waymark.web.here import sources_here
from waymark.web.menu import doings_for, entries_for
from waymark.web.search.sources import SOURCES

LONGEST, MOST_WORDS, SHORTEST = 120, 6, 2
# Of each kind; whoever wants more adds a word, or goes to the list of that kind.
MOST_OF_A_KIND = 8
PAGES = "Page"


@dataclass(frozen=True)
class Answer:
    """What was found, in the order in which it is shown. `is_cut` says that there is more of some kind."""

    found: list[Found]
    is_cut: bool

    def by_kind(self) -> list[tuple[str, list[Found]]]:
        return [(kind, list(inside)) for kind, inside in groupby(self.found, key=lambda each: each.kind)]


def words_of(text: str) -> list[str]:
    """The words of what was typed, in lower case; junk and too much of it is left out."""
    return text.replace("\x00", " ").lower()[:LONGEST].split()[:MOST_WORDS]


def find(user: User, held: Collection[Permission], words: Sequence[str]) -> Answer:
    """Pages first, then things. One letter finds pages only."""
    if not words:
        return Answer([], False)
    found = _pages(held, words)
    if max(len(word) for word in words) < SHORTEST:
        return Answer(found, False)
    sources = [rows for source in sources_here(SOURCES) for rows in source(user, words)]
    read = rows_at_once([_branch(rows) for rows in sources], ("found_key", "found_label", "found_note"))
    for rows, hits in zip(sources, read, strict=True):
        found += [
            Found(label, rows.kind, reverse(rows.route, args=[key]), note) for key, label, note in hits[:MOST_OF_A_KIND]
        ]
    return Answer(found, any(len(hits) > MOST_OF_A_KIND for hits in read))


def _pages(held: Collection[Permission], words: Sequence[str]) -> list[Found]:
    pages = [Found(entry.label, PAGES, reverse(entry.name), entry.section) for entry in entries_for(held)]
    pages += [Found(doing.label, PAGES, reverse(doing.name), "Begin") for doing in doings_for(held)]
    return [page for page in pages if all(word in f"{page.label} {page.note}".lower() for word in words)]


def _branch(rows: FoundRows) -> QuerySet[Any]:
    shaped = rows.rows.order_by(Lower(expression(rows.label)), "pk").annotate(
        found_key=Cast(rows.key, TextField()),
        found_label=Cast(expression(rows.label), TextField()),
        found_note=Cast(expression(rows.note), TextField()),
    )
    bounded: QuerySet[Any] = shaped[: MOST_OF_A_KIND + 1]
    return bounded
