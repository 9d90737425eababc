"""One operation's counts as bars, drawn here and not in the browser: from zero, labeled, with no line between operations.

A count of few people is a dashed box as wide as all that it may be, so that a reader sees the interval and not a guess.
What was not published, or is told in words alone, has no bar: its words stand where the bar would, and in the table.
"""

from __future__ import annotations

from dataclasses import dataclass

from waymark.newsroom.formats.results import FEW, FEWEST, NUMBER, WORDS, Result, ResultLine

WIDTH = 328
BAR_ROOM = 262
LINE_HEIGHT, BAR_HEIGHT, GAP = 18, 18, 14
LONGEST_LABEL = 42
IN_WORDS = "in words only, see the table"


@dataclass(frozen=True)
class Bar:
    """A row of the chart, with everything that the picture needs to be drawn."""

    label_lines: tuple[tuple[int, str], ...]
    bar_y: int
    width: int
    is_interval: bool
    said: str
    said_x: int
    said_y: int


@dataclass(frozen=True)
class Chart:
    title: str
    description: str
    height: int
    bars: tuple[Bar, ...]
    width: int = WIDTH


def chart_of(result: Result | None) -> Chart | None:
    """The bars of an operation; None where no number was published, for then there is nothing to draw."""
    if result is None:
        return None
    lines = (*result.helped, *result.enforced)
    most = max((line.value for line in lines if line.value is not None), default=0)
    if not most:
        return None
    bars: list[Bar] = []
    y = 0
    for line in lines:
        bar = _bar(line, y, max(most, FEWEST))
        bars.append(bar)
        y = bar.bar_y + BAR_HEIGHT + GAP
    return Chart(
        title=f"Published counts of {result.title}",
        description="Bars begin at zero. A dashed box is a count below 11, as wide as all that it may be. "
        "The bars are different kinds of counts and are not parts of one whole. The table below says the same.",
        height=y,
        bars=tuple(bars),
    )


def _bar(line: ResultLine, y: int, most: int) -> Bar:
    labels = _split(line.label)
    bar_y = y + LINE_HEIGHT * len(labels) + 2
    counted = line.value if line.shown == NUMBER else FEWEST - 1 if line.shown == FEW else 0
    width = round(BAR_ROOM * (counted or 0) / most)
    return Bar(
        label_lines=tuple((y + LINE_HEIGHT * (number + 1) - 4, text) for number, text in enumerate(labels)),
        bar_y=bar_y,
        width=width,
        is_interval=line.shown == FEW,
        said=IN_WORDS if line.shown == WORDS else line.said if len(line.said) <= LONGEST_LABEL else "not shown",
        said_x=width + 6 if width else 0,
        said_y=bar_y + BAR_HEIGHT - 4,
    )


def _split(label: str) -> list[str]:
    """A long label in two lines, at the place between its parts that is nearest to the middle."""
    if len(label) <= LONGEST_LABEL or " · " not in label:
        return [label]
    parts = label.split(" · ")
    cut = min(range(1, len(parts)), key=lambda place: abs(len(" · ".join(parts[:place])) - len(label) / 2))
    return [" · ".join(parts[:cut]), " · ".join(parts[cut:])]
