"""Which of an operation's announced counts may be shown as numbers, and how the others are told.

A count below 11 could be somebody's neighbors. It is told in its owner's own words or as "fewer than 11". Where an owner
announced a headline and parts of it, a part could be worked out from the others, so the parts pass `smallcells` with the
headline as a total that is published already.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from waymark.newsroom.formats.results import FEW, FEWEST, NUMBER, UNPUBLISHED, WITHHELD, WORDS, small_numeral_in

REST = "what is left of the headline"


@dataclass(frozen=True)
class Announced:
    """One announced count: `side` and `charge` are empty for a headline."""

    measure: str
    side: str
    charge: str
    value: int | None
    words: str

    @property
    def is_headline(self) -> bool:
        return not self.side and not self.charge


@dataclass(frozen=True)
class Shown:
    """How it is told, the number where there is one, and the quoted words where there are any."""

    shown: str
    value: int | None
    words: str


def shown_counts(counts: Sequence[Announced]) -> list[Shown]:
    """How each of an operation's counts is told, in their order."""
    of_measure: dict[str, list[int]] = defaultdict(list)
    for place, count in enumerate(counts):
        of_measure[count.measure].append(place)
    withheld: set[int] = set()
    for places in of_measure.values():
        withheld |= _withheld(counts, places)
    return [_told(count, is_withheld=place in withheld) for place, count in enumerate(counts)]


def _told(count: Announced, *, is_withheld: bool) -> Shown:
    words = "" if small_numeral_in(count.words) else count.words
    if count.value is None:
        return Shown(UNPUBLISHED, None, "")
    if count.value < FEWEST:
        # The owner's own words are published already; without them the mark is that of whatever else is hidden.
        told = WORDS if words else WITHHELD if is_withheld else FEW
        return Shown(told, None, words)
    return Shown(WITHHELD, None, "") if is_withheld else Shown(NUMBER, count.value, words)


def _withheld(counts: Sequence[Announced], places: Sequence[int]) -> set[int]:
    """Parts of one measure that must not be numbers; all that are hidden carry one mark."""
    headline = next((counts[place].value for place in places if counts[place].is_headline), None)
    parts = [place for place in places if not counts[place].is_headline and counts[place].value is not None]
    if not parts or headline is None or headline < FEWEST:
        # Charges are parts of their side too; without a headline only these could be subtracted.
        return _nested(counts, parts)
    if _nested(counts, parts):
        return set(parts)
    hidden = hidden_parts(headline, [counts[place].value or 0 for place in parts])
    # All that are hidden carry one mark: "fewer than 11" beside a whole would box them in.
    return {place for place, is_hidden in zip(parts, hidden, strict=True) if is_hidden}


def _nested(counts: Sequence[Announced], parts: Iterable[int]) -> set[int]:
    """Parts that hold parts of their own: every difference is a count too, so none of them is a number."""
    parts = set(parts)
    whole = {counts[place].side for place in parts if not counts[place].charge}
    charged = {counts[place].side for place in parts if counts[place].charge}
    across = {counts[place].charge for place in parts if counts[place].charge and not counts[place].side}
    if whole & charged or (across and len(charged) > 1):
        return parts
    return set()


def hidden_parts(headline: int, parts: Sequence[int]) -> list[bool]:
    """Which parts of a published headline are hidden. What is left over counts as a part that nobody published."""
    # Solvers take a second to load and memory to stay; few requests ever need them.
    from smallcells import Refusal, Table, protect

    rest = headline - sum(parts)
    if rest < 0:
        return [True] * len(parts)
    names = [f"part {number}" for number in range(len(parts))]
    try:
        safe = protect(Table.of(["part"], [[*names, REST]], [*parts, rest]), keep_totals=True)
    except Refusal:
        return [True] * len(parts)
    return [safe.value(part=name) is None for name in names]
