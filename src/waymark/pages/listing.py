"""Lists that answer "which of these needs me" with a stable address.

Everything that a list shows follows from its address: words searched, chips chosen, page. So Back, reload, a bookmark and
a link from a colleague show the same list. An address with junk in it shows the nearest sensible list, never an error.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Page, Paginator
from django.db.models import Count, QuerySet, Window

WORDS_LIMIT = 120
# With more answers than this a filter is folded: on a phone its chips would stand where the list should.
LAID_OUT = 7


@dataclass(frozen=True)
class Filter:
    """One question with a closed list of answers, shown as chips. `unasked` says what the list shows without an answer."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    unasked: str = "All"


@dataclass(frozen=True)
class Chip:
    label: str
    url: str
    is_on: bool


@dataclass(frozen=True)
class ChipRow:
    """The chips of one filter; the first takes its answer away."""

    label: str
    chips: list[Chip]

    @property
    def is_folded(self) -> bool:
        return len(self.chips) - 1 > LAID_OUT

    @property
    def is_narrowing(self) -> bool:
        return not self.chips[0].is_on

    @property
    def now(self) -> str:
        """What is chosen: the filter says it while it is folded."""
        return next(chip.label for chip in self.chips if chip.is_on)


class Ask:
    """What an address asks of a list."""

    def __init__(self, query: Mapping[str, str], filters: Sequence[Filter] = ()) -> None:
        self.filters = list(filters)
        self.words = " ".join(query.get("q", "").replace("\x00", "").split())[:WORDS_LIMIT]
        self.chosen: dict[str, str] = {}
        for item in self.filters:
            value = query.get(item.name, "")
            if value in {choice for choice, _ in item.choices}:
                self.chosen[item.name] = value
        self.page = query.get("page", "1")

    def answer(self, name: str) -> str:
        """The answer chosen for a filter, or empty."""
        return self.chosen.get(name, "")

    def url(self, **changes: str) -> str:
        """The address of this list with some answers changed; an empty answer drops out."""
        parts = {"q": self.words, **self.chosen, **changes}
        kept = {name: value for name, value in parts.items() if value}
        return "?" + urlencode(kept)

    @property
    def is_narrowed(self) -> bool:
        return bool(self.words or self.chosen)

    def narrowing(self) -> list[Chip]:
        """The chips that are on, each with the address of the list without it."""
        return [
            Chip(dict(item.choices)[self.answer(item.name)], self.url(**{item.name: ""}), True)
            for item in self.filters
            if self.answer(item.name)
        ]

    def chip_rows(self) -> list[ChipRow]:
        return [self.chip_row(item) for item in self.filters]

    def chip_row(self, item: Filter, **more: str) -> ChipRow:
        """The chips of one filter, with `more` in each address."""
        now = self.answer(item.name)
        answers = [("", item.unasked), *item.choices]
        chips = [Chip(label, self.url(**{item.name: value}, **more), value == now) for value, label in answers]
        return ChipRow(item.label, chips)


class Listing:
    """One page of rows with what the template needs around it. Costs one count and one read."""

    def __init__(self, ask: Ask, rows: Any, *, per_page: int = 25) -> None:
        self.ask = ask
        self.paginator = Paginator(rows, per_page)

    @cached_property
    def page(self) -> Page[Any]:
        return self.paginator.get_page(self.ask.page)

    @property
    def count(self) -> int:
        return self.paginator.count

    @cached_property
    def rows(self) -> list[Any]:
        return list(self.page.object_list)

    def chip_rows(self) -> list[ChipRow]:
        return self.ask.chip_rows()

    def previous_url(self) -> str:
        return self.ask.url(page=str(self.page.previous_page_number())) if self.page.has_previous() else ""

    def next_url(self) -> str:
        return self.ask.url(page=str(self.page.next_page_number())) if self.page.has_next() else ""

    def clear_url(self) -> str:
        return "?"


class ReadOnce(Listing):
    """A listing of rows of a table whose number is read along with the page: the database is asked once."""

    def __init__(self, ask: Ask, rows: QuerySet[Any], *, per_page: int = 25) -> None:
        super().__init__(ask, rows, per_page=per_page)
        first = (max(1, int(ask.page)) - 1) * per_page if ask.page.isdecimal() and len(ask.page) < 6 else 0
        self.read: list[Any] = list(rows.annotate(total=Window(Count("pk")))[first : first + per_page])
        if self.read:
            self.paginator.__dict__["count"] = self.read[0].total

    @cached_property
    def rows(self) -> list[Any]:
        return self.read or list(self.page.object_list)
