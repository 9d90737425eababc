"""Scores over time as a drawing: where each point stands, in numbers that a template writes into an SVG.

Only answers to one version of one instrument stand in one chart. Stems begin at the lowest score that there is, so nothing
looks worse than it is, and no line is drawn through days that nobody asked about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 48, 24, 20, 36


@dataclass(frozen=True)
class Dot:
    x: int
    y: int
    label: str
    on: dt.date


@dataclass(frozen=True)
class Rule:
    """A line across at the beginning of a band, with its name."""

    y: int
    label: str


@dataclass(frozen=True)
class Chart:
    dots: list[Dot]
    rules: list[Rule]
    floor: int
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def chart_of(
    points: Sequence[tuple[dt.date, float, str]], *, lowest: float, highest: float, bands: Sequence[tuple[float, str]]
) -> Chart | None:
    """A chart of dated scores, the oldest first; None with fewer than two, which a sentence says as well."""
    if len(points) < 2 or highest <= lowest:
        return None
    first, last = points[0][0], points[-1][0]
    days = max((last - first).days, 1)
    wide, tall = WIDTH - LEFT - RIGHT - 40, HEIGHT - TOP - BOTTOM

    def down(value: float) -> int:
        return round(TOP + tall * (highest - value) / (highest - lowest))

    dots = []
    for number, (on, value, label) in enumerate(points):
        # Answers of one day would lie on each other: then each gets its turn.
        share = (on - first).days / days if last > first else number / (len(points) - 1)
        dots.append(Dot(round(LEFT + 20 + wide * share), down(value), label, on))
    rules = [Rule(down(start), text) for start, text in bands if start > lowest]
    return Chart(dots, rules, HEIGHT - BOTTOM)
