"""Charts as inline SVG: presentation attributes only, so that a strict content policy lets them through."""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from hiddenpop.results import Estimate
from hiddenpop.sensitivity import DependenceCurve

_WIDTH, _LEFT, _RIGHT, _ROW = 720, 170, 24, 30
_INK, _SOFT, _MARK = "#1b1b1b", "#71767a", "#005ea2"


class _Axis:
    """Values to places, logarithmic where they span more than one power of ten."""

    def __init__(self, low: float, high: float) -> None:
        self.log = low > 0 and high / low > 10
        margin = 0.04 * (high - low) or 1.0
        self.low, self.high = (low * 0.93, high * 1.07) if self.log else (max(low - margin, 0.0), high + margin)

    def place(self, value: float) -> float:
        low, high = self.low, self.high
        value = min(max(value, low), high)
        share = math.log(value / low) / math.log(high / low) if self.log else (value - low) / (high - low)
        return _LEFT + share * (_WIDTH - _LEFT - _RIGHT)

    def ticks(self) -> list[float]:
        if self.log:
            powers = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
            found = [step * 10.0**power for power in powers for step in (1, 2, 5)]
        else:
            raw = (self.high - self.low) / 5
            size = 10.0 ** math.floor(math.log10(raw))
            step = next(size * times for times in (1, 2, 5, 10) if size * times >= raw)
            found = [step * i for i in range(math.ceil(self.low / step), math.floor(self.high / step) + 1)]
        return [tick for tick in found if self.low <= tick <= self.high]


def _text(x: float, y: float, words: str, *, anchor: str = "start", ink: str = _INK) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{ink}" font-size="13">{escape(words)}</text>'


def _line(x1: float, y1: float, x2: float, y2: float, ink: str, width: float, extra: str = "") -> str:
    ends = f'x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"'
    return f'<line {ends} stroke="{ink}" stroke-width="{width:g}"{extra}/>'


def _frame(height: float, name: str, title: str, words: str, parts: Sequence[str]) -> str:
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:.0f}" role="img" aria-labelledby="{name}-title {name}-words" '
        f'xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{escape(title)}</title>'
        f'<desc id="{name}-words">{escape(words)}</desc>' + "".join(parts) + "</svg>"
    )


def intervals_chart(answers: Sequence[Estimate], name: str = "methods") -> str:
    """All methods on one axis: a dot for the estimate, a bar for the interval, an arrow where it has no upper end.

    Parameters
    ----------
    answers : sequence of Estimate
        Refusals are left out; the first that is left is drawn in color.
    name : str
        Prefix of the element ids.

    Returns
    -------
    str
        SVG with a title and a description; empty when nothing can be drawn.
    """
    drawn = [(each, each.estimate) for each in answers if each.estimate is not None]
    if not drawn:
        return ""
    ends = [total for _, total in drawn] + [float(drawn[0][0].observed) or 1.0]
    for each, _ in drawn:
        if each.interval is not None:
            ends += [end for end in (each.interval.low, each.interval.high) if math.isfinite(end)]
    axis = _Axis(max(min(ends), 1e-9), max(ends))
    bottom = _ROW * len(drawn) + 24
    parts = []
    for tick in axis.ticks():
        x = axis.place(tick)
        parts += [
            _line(x, 16, x, bottom, "#dfe1e2", 1),
            _text(x, bottom + 16, f"{tick:,.0f}", anchor="middle", ink=_SOFT),
        ]
    known = axis.place(drawn[0][0].observed)
    parts += [
        _line(known, 16, known, bottom, _SOFT, 1.5, ' stroke-dasharray="4 3"'),
        _text(known + 4, 12, "known", ink=_SOFT),
    ]
    for row, (each, total) in enumerate(drawn):
        y = 30 + _ROW * row
        ink = _MARK if row == 0 else _INK
        parts.append(_text(_LEFT - 12, y + 4, each.method, anchor="end"))
        if each.interval is not None:
            low, high = axis.place(each.interval.low), axis.place(each.interval.high)
            if math.isinf(each.interval.high):
                high = float(_WIDTH - 6)
                parts.append(f'<path d="M{high - 8:.1f} {y - 5} L{high:.1f} {y} L{high - 8:.1f} {y + 5} Z" fill="{ink}"/>')
            parts.append(_line(low, y, high, y, ink, 3))
        parts.append(f'<circle cx="{axis.place(total):.1f}" cy="{y}" r="5.5" fill="{ink}"/>')
    words = "; ".join(f"{each.method} {total:,.0f}" for each, total in drawn)
    scale = "logarithmic scale" if axis.log else "linear scale"
    return _frame(
        bottom + 28, name, "Estimated people by method", f"{words}. {scale}. The table below holds it all.", parts
    )


def dependence_chart(curve: DependenceCurve, name: str = "dependence") -> str:
    """The total against the odds ratio that is assumed between two lists, with the range of the conclusion shaded."""
    totals = [total for total in curve.totals if math.isfinite(total)]
    if not totals:
        return ""
    top, bottom = 16.0, 226.0
    x_axis = _Axis(min(curve.odds_ratios), max(curve.odds_ratios))
    x_axis.log = True
    y_axis = _Axis(min(totals), max(totals))
    left, span = float(_LEFT), float(_WIDTH - _LEFT - _RIGHT)

    def height(value: float) -> float:
        return bottom - (y_axis.place(value) - left) / span * (bottom - top)

    low, high = (height(end) for end in curve.conclusion)
    parts = [f'<rect x="{left:.1f}" y="{high:.1f}" width="{span:.1f}" height="{max(low - high, 1):.1f}" fill="#e7f2f5"/>']
    for tick in y_axis.ticks():
        parts.append(_text(left - 8, height(tick) + 4, f"{tick:,.0f}", anchor="end", ink=_SOFT))
    for ratio in curve.odds_ratios:
        parts.append(_text(x_axis.place(ratio), bottom + 18, f"{ratio:g}", anchor="middle", ink=_SOFT))
    points = [
        f"{x_axis.place(ratio):.1f},{height(total):.1f}"
        for ratio, total in zip(curve.odds_ratios, curve.totals, strict=True)
        if math.isfinite(total)
    ]
    parts.append(f'<polyline points="{" ".join(points)}" fill="none" stroke="{_MARK}" stroke-width="2.5"/>')
    parts.append(_text(left + span / 2, bottom + 38, "assumed odds ratio", anchor="middle", ink=_SOFT))
    title = f"Estimated people against the odds ratio between {curve.lists[0]} and {curve.lists[1]}"
    return _frame(bottom + 46, name, title, curve.sentence, parts)
