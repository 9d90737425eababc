"""How good is a search? Grades a ranking against the gold queries that were written before the engine.

Each gold query names services that must be among the first five (`want`, gain 2) and other right answers (`good`,
gain 1). The measure is nDCG@5 with the usual logarithmic discount (Järvelin and Kekäläinen, ACM TOIS 20(4), 2002):
the gain found in the first five places, over the gain of the best possible five. Beside it stand the two things that a
person in trouble feels: a search that finds nothing, and a wanted service that is not in the first five.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
DEPTH = 5
WANT_GAIN = 2.0
GOOD_GAIN = 1.0


@dataclass(frozen=True)
class GoldQuery:
    """One thing a person types, and the services that answer it, named as their source names them."""

    text: str
    language: str
    kind: str
    want: frozenset[str]
    good: frozenset[str]

    def gain(self, service: str) -> float:
        """What this service is worth as an answer."""
        if service in self.want:
            return WANT_GAIN
        return GOOD_GAIN if service in self.good else 0.0


@dataclass(frozen=True)
class Grade:
    """One query's result: its nDCG@5, whether anything was found, and which wanted services were not in the first five."""

    query: GoldQuery
    ndcg: float
    is_empty: bool
    missed: tuple[str, ...]


@dataclass(frozen=True)
class Report:
    """All grades of one search on one set."""

    grades: tuple[Grade, ...]

    @property
    def ndcg(self) -> float:
        """Mean nDCG@5 over the queries."""
        return sum(grade.ndcg for grade in self.grades) / len(self.grades)

    @property
    def empty(self) -> int:
        """How many queries found nothing at all."""
        return sum(grade.is_empty for grade in self.grades)

    @property
    def complete(self) -> float:
        """Share of queries with every wanted service among the first five."""
        return sum(not grade.missed for grade in self.grades) / len(self.grades)

    def lines(self) -> list[str]:
        """The report in words, worst queries first."""
        head = (
            f"nDCG@{DEPTH} {self.ndcg:.3f} over {len(self.grades)} queries; nothing found: {self.empty}; "
            f"all wanted in the first {DEPTH}: {self.complete:.0%}"
        )
        worst = sorted((grade for grade in self.grades if grade.ndcg < 1), key=lambda grade: grade.ndcg)
        return [head, *(f"  {grade.ndcg:.2f} {grade.query.text!r} missed {list(grade.missed)}" for grade in worst)]


def gold_queries(name: str) -> tuple[GoldQuery, ...]:
    """The gold queries of a set: `demo` (services by slug) or `imported` (services by the id of the source)."""
    content = tomllib.loads((FOLDER / f"gold_queries_{name}.toml").read_text(encoding="utf-8"))
    return tuple(
        GoldQuery(
            text=row["text"],
            language=row["language"],
            kind=row["kind"],
            want=frozenset(row.get("want", ())),
            good=frozenset(row.get("good", ())),
        )
        for row in content["query"]
    )


def discounted(gains: Sequence[float]) -> float:
    """Gains added up, each worth less the further down it stands."""
    return sum(gain / math.log2(place + 2) for place, gain in enumerate(gains[:DEPTH]))


def ndcg(query: GoldQuery, ranking: Sequence[str]) -> float:
    """nDCG@5 of one ranking; a service that is named twice counts once."""
    seen: set[str] = set()
    gains = []
    for service in ranking[:DEPTH]:
        gains.append(0.0 if service in seen else query.gain(service))
        seen.add(service)
    best = [WANT_GAIN] * len(query.want) + [GOOD_GAIN] * len(query.good)
    return discounted(gains) / discounted(best)


def grade(query: GoldQuery, ranking: Sequence[str]) -> Grade:
    """Grade one ranking, best answer first."""
    missed = tuple(sorted(query.want - set(ranking[:DEPTH])))
    return Grade(query=query, ndcg=ndcg(query, ranking), is_empty=not ranking, missed=missed)


def report(name: str, search: Callable[[GoldQuery], Sequence[str]]) -> Report:
    """Grade a search on a whole set; `search` answers one query with service names, best first."""
    return Report(tuple(grade(query, search(query)) for query in gold_queries(name)))
