"""Needs as tiles: sentences that a person would say, in groups, each with a short code for its address.

The code tells nothing to whoever reads the phone's history, and stays the same as long as the need does.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2s

from waymark.directory.models import Need
from waymark.finder.content import strings
from waymark.finder.templatetags.finder_words import in_language

GROUPS = ("safety", "home", "food", "work", "health", "law", "family", "life", "talk")


@dataclass(frozen=True)
class Tile:
    """One need in the language of a page."""

    slug: str
    key: str
    sentence: str
    short: str
    pictogram: str


@dataclass(frozen=True)
class TileGroup:
    """Needs that stand together under one heading."""

    slug: str
    heading: str
    tiles: tuple[Tile, ...]


def key_of(slug: str) -> str:
    """The code of a need in addresses."""
    return blake2s(slug.encode(), digest_size=3).hexdigest()


def tile_of(need: Need, code: str) -> Tile:
    sentence = in_language(need.sentence, code)
    return Tile(
        slug=need.slug,
        key=key_of(need.slug),
        sentence=sentence,
        short=in_language(need.short, code) or sentence,
        pictogram=need.pictogram,
    )


def tile_groups(code: str) -> list[TileGroup]:
    """All tiles, by group, in the order of the content."""
    by_group: dict[str, list[Tile]] = {}
    for need in Need.objects.filter(is_tile=True):
        by_group.setdefault(need.group, []).append(tile_of(need, code))
    words = strings(code)
    ordered = [group for group in GROUPS if group in by_group] + sorted(set(by_group) - set(GROUPS))
    return [TileGroup(group, words.get(f"find.group_{group}", ""), tuple(by_group[group])) for group in ordered]


def need_with_key(key: str) -> Need | None:
    """The need behind a code."""
    return next((need for need in Need.objects.all() if key_of(need.slug) == key), None)
