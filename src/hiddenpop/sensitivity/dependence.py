"""The total under an assumed odds ratio between two lists, and the odds ratio at which a conclusion tips.

Whether two lists attract or repel the same people cannot be told from the people who are on neither. A model
without an interaction assumes an odds ratio of 1. Here it is set to other values, everything else is fitted
again, and the total is read off: the answer to "what if the police list and the shelter list share people more
than we assume?".
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear.existence import design, recession_direction
from hiddenpop.models import format_model, members
from hiddenpop.results import Interval, Refusal

__all__ = ["DependenceCurve", "dependence", "weakest_pair"]

DEFAULT_RATIOS = (0.25, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 4.0)
#: Odds ratios beyond this are no longer a correction of a model but another story.
_FARTHEST = math.log(100.0)


@dataclass(frozen=True)
class DependenceCurve:
    """Totals by assumed odds ratio between two lists.

    Parameters
    ----------
    lists : tuple of str
        The two lists.
    model : str
        What is fitted beside the assumed odds ratio.
    odds_ratios : tuple of float
        Assumed odds ratios; 1 is "no tie beyond the model", above 1 the lists share people.
    totals : tuple of float
        Estimated totals, in people.
    fitted_ratio : float
        Odds ratio that the model uses: 1 when it has no interaction of the two lists, else the estimated one.
    tipping_below, tipping_above : float or None
        Odds ratio at which the total leaves `conclusion` downward or upward; None when no odds ratio between
        1/100 and 100 does that.
    conclusion : tuple of float
        Range of totals that the conclusion allows.
    sentence : str
        The tipping point in plain words.
    """

    lists: tuple[str, str]
    model: str
    odds_ratios: tuple[float, ...]
    totals: tuple[float, ...]
    fitted_ratio: float
    tipping_below: float | None
    tipping_above: float | None
    conclusion: tuple[float, float]
    sentence: str

    @property
    def nearest(self) -> float:
        """Smallest factor on the model's odds ratio that tips the conclusion, at least 1; infinite when none does."""
        found = [
            abs(math.log(tip / self.fitted_ratio)) for tip in (self.tipping_below, self.tipping_above) if tip is not None
        ]
        return math.exp(min(found)) if found else math.inf


def dependence(
    histories: CaptureHistories,
    model: str,
    lists: tuple[int, int],
    *,
    odds_ratios: Sequence[float] = DEFAULT_RATIOS,
    conclusion: Interval | tuple[float, float] | None = None,
) -> DependenceCurve:
    """Compute the total as a function of an assumed odds ratio between two lists.

    Parameters
    ----------
    histories : CaptureHistories
    model : str
        Log-linear model, such as ``"[12,3]"``. An interaction of the two lists in it is replaced by what is
        assumed; interactions of the two with further lists are taken out.
    lists : tuple of int
        The two lists, numbered from 0.
    odds_ratios : sequence of float
        Positive values to show.
    conclusion : Interval or tuple of float, optional
        Range the total must stay in for the conclusion to stand, for example the published interval. Default:
        from two thirds to one and a half times the total at the odds ratio that the model uses.

    Returns
    -------
    DependenceCurve

    Raises
    ------
    Refusal
        When the model without the interaction has no maximum on the table.

    Notes
    -----
    The total grows with the assumed odds ratio: people shared by liking, not by size, make few look like many.

    References
    ----------
    Gerritse, S. C., van der Heijden, P. G. M. and Bakker, B. F. M. (2015). Sensitivity of population size
    estimation for violating parametric assumptions in log-linear models. Journal of Official Statistics 31,
    357-379.

    Examples
    --------
    >>> from hiddenpop.histories import CaptureHistories
    >>> rows = [(1, 0), (0, 1), (1, 1)]
    >>> table = CaptureHistories.from_rows(("A", "B"), rows, [30, 40, 10])
    >>> dependence(table, "[1,2]", (0, 1), odds_ratios=(1, 2)).totals
    (200.0, 320.0)
    """
    first, second = sorted(lists)
    if not 0 <= first < second < histories.k:
        raise ValueError(f"lists are numbered from 0 to {histories.k - 1}; got {lists}")
    if any(not ratio > 0 or not math.isfinite(ratio) for ratio in odds_ratios):
        raise ValueError("odds ratios are positive numbers")
    pair = (1 << first) | (1 << second)
    total, fitted = _offset_total(histories, model, pair)
    base = total(fitted)
    if conclusion is None:
        low, high = base / 1.5, base * 1.5
    else:
        low, high = (conclusion.low, conclusion.high) if isinstance(conclusion, Interval) else conclusion
    low = max(low, float(histories.n))
    below = _crossing(total, fitted, low, -1.0)
    above = _crossing(total, fitted, high, 1.0)
    names = (histories.list_names[first], histories.list_names[second])
    kept = [code for code in members(model, histories.k) if code & pair != pair]
    return DependenceCurve(
        names,
        format_model(kept, histories.k),
        tuple(float(ratio) for ratio in odds_ratios),
        tuple(round(total(math.log(ratio)), 6) for ratio in odds_ratios),
        math.exp(fitted),
        below,
        above,
        (low, high),
        _sentence(names, math.exp(fitted), (below, above), (low, high), base),
    )


def weakest_pair(
    histories: CaptureHistories, model: str, *, conclusion: Interval | tuple[float, float] | None = None
) -> tuple[DependenceCurve, ...]:
    """Try every pair of lists and put first the one whose dependence would tip the conclusion soonest.

    Parameters
    ----------
    histories, model, conclusion
        As in :func:`dependence`.

    Returns
    -------
    tuple of DependenceCurve
        Sorted by :attr:`DependenceCurve.nearest`. Pairs for which the model has no maximum are left out.

    Raises
    ------
    Refusal
        When no pair can be tried.

    Examples
    --------
    >>> from hiddenpop.histories import CaptureHistories
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [30, 40, 10])
    >>> weakest_pair(table, "[1,2]")[0].lists
    ('A', 'B')
    """
    curves = []
    for pair in combinations(range(histories.k), 2):
        try:
            curves.append(dependence(histories, model, pair, conclusion=conclusion))
        except Refusal:
            continue
    if not curves:
        raise Refusal("No pair of lists can be tried: the model has no maximum on this table.")
    return tuple(sorted(curves, key=lambda curve: curve.nearest))


def _offset_total(histories: CaptureHistories, model: str, pair: int) -> tuple[Callable[[float], float], float]:
    """Return the total as a function of the log odds ratio, and the log odds ratio that the model itself uses."""
    named = members(model, histories.k)
    codes = [code for code in named if code & pair != pair]
    counts = histories.counts.astype(np.float64)
    prepared = _kept(counts, codes)
    if prepared is None:
        name = format_model(codes, histories.k)
        raise Refusal(f"Model {name} has no usable maximum on this table, so nothing can be assumed on top of it.")
    cells, matrix = prepared
    held = counts[cells]
    tied = (cells & pair == pair).astype(np.float64)

    def total(log_ratio: float) -> float:
        return float(histories.n + math.exp(_coefficients(matrix, held, tied * log_ratio)[0]))

    fitted = 0.0
    if pair in named:
        # The interaction comes last in the design; without a maximum the model's own odds ratio says nothing.
        full = _kept(counts, [*codes, pair])
        if full is not None and np.any(counts[full[0]][full[0] & pair == pair]):
            fitted = float(_coefficients(full[1], counts[full[0]], np.zeros(len(full[0])))[-1])
    return total, max(-_FARTHEST, min(_FARTHEST, fitted))


def _kept(counts: NDArray[np.float64], codes: list[int]) -> tuple[NDArray[np.int64], NDArray[np.float64]] | None:
    """Cells and design of a model without its empty margins; None when it has no usable maximum."""
    everything = np.arange(counts.size)
    dead = [code for code in codes if counts[everything & code == code].sum() == 0]
    alive = [code for code in codes if code not in dead]
    cells = np.array([cell for cell in range(1, counts.size) if not any(cell & code == code for code in dead)])
    unbounded, _ = recession_direction(cells.tolist(), alive, counts[cells] > 0)
    if unbounded or len(alive) > len(cells):
        return None
    return cells, design(cells.tolist(), alive)


def _coefficients(
    matrix: NDArray[np.float64], counts: NDArray[np.float64], offset: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Coefficients of a Poisson regression with an offset, by Newton steps that never lower the likelihood."""
    scale = np.log(counts + 0.5) - offset
    weight = np.sqrt(counts + 0.5)
    start = np.linalg.lstsq(matrix * weight[:, None], scale * weight, rcond=None)[0]
    beta: NDArray[np.float64] = start.astype(np.float64)

    def loss(at: NDArray[np.float64]) -> float:
        predictor = matrix @ at + offset
        return float(np.exp(predictor).sum() - counts @ predictor)

    value = loss(beta)
    for _ in range(200):
        means = np.exp(matrix @ beta + offset)
        gradient = matrix.T @ (counts - means)
        step = np.linalg.solve(matrix.T @ (means[:, None] * matrix), gradient)
        length = min(1.0, 3.0 / max(float(np.abs(matrix @ step).max()), 1e-300))
        while (fresh := loss(beta + length * step)) > value + 1e-12 * abs(value) and length > 1e-9:
            length /= 2.0
        beta = np.asarray(beta + length * step, dtype=np.float64)
        value = fresh
        if float(gradient @ step) < 1e-16 * (1.0 + abs(value)):
            break
    return beta


def _crossing(total: Callable[[float], float], fitted: float, border: float, side: float) -> float | None:
    def gap(log_ratio: float) -> float:
        return math.log(total(log_ratio)) - math.log(border)

    if gap(fitted) * side >= 0.0:
        return math.exp(fitted)
    end = side * _FARTHEST
    if gap(end) * side < 0.0:
        return None
    return float(math.exp(float(brentq(gap, fitted, end, xtol=1e-9))))


def _sentence(
    names: tuple[str, str],
    ratio: float,
    tips: tuple[float | None, float | None],
    range_: tuple[float, float],
    base: float,
) -> str:
    opening = (
        f"Where being on {names[0]} multiplies the odds of being on {names[1]} by {ratio:.2f}, as in the model, "
        f"the total is {base:,.0f}."
    )
    (below, above), (low, high) = tips, range_
    parts = []
    if above is not None:
        parts.append(f"it exceeds {high:,.0f} once the factor is above {above:.2f}")
    if below is not None:
        parts.append(f"it falls below {low:,.0f} once the factor is below {below:.2f}")
    if not parts:
        return f"{opening} No factor between 0.01 and 100 takes it outside {low:,.0f} to {high:,.0f}."
    text = "; ".join(parts)
    return f"{opening} {text[0].upper()}{text[1:]}."
