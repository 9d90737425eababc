"""Bias-corrected and accelerated bootstrap intervals with the model selection inside.

An interval computed as if the selected model had been known beforehand covers the truth far less often than it
says. Repeating the selection on every resample brings the choice of the model into the interval.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.resampling import Refit, bootstrap_totals, jackknife_totals
from hiddenpop.randomness import Random
from hiddenpop.results import Interval

__all__ = ["acceleration", "bca_interval", "bca_limits", "holding"]


def acceleration(totals: NDArray[np.float64], weights: NDArray[np.int64]) -> float:
    """Acceleration from leave-one-person-out totals, each counted `weights` times; 0 when it is undefined."""
    usable = np.isfinite(totals)
    values, people = totals[usable], weights[usable].astype(float)
    if people.sum() == 0:
        return 0.0
    distance = np.average(values, weights=people) - values
    spread = float(people @ distance**2)
    return float(people @ distance**3) / (6.0 * spread**1.5) if spread > 0 else 0.0


def bca_limits(
    estimate: float, replicates: NDArray[np.float64], speed: float, levels: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Limits of a BCa interval at cumulative `levels`.

    Parameters
    ----------
    estimate : float
        The estimate on the original table.
    replicates : ndarray
        Bootstrap totals; infinite ones are allowed and push the upper limit out.
    speed : float
        Acceleration.
    levels : ndarray
        For a 95 % interval, 0.025 and 0.975.

    References
    ----------
    DiCiccio, T. J. and Efron, B. (1996). Bootstrap confidence intervals. Statistical Science 11, 189-228.
    """
    from scipy.special import ndtr, ndtri

    count = len(replicates)
    below = np.count_nonzero(replicates < estimate) + 0.5 * np.count_nonzero(replicates == estimate)
    # Half a replicate keeps the correction finite when all lie on one side.
    shift = ndtri(min(max(below, 0.5), count - 0.5) / count)
    moved = shift + ndtri(levels)
    inside = 1.0 - speed * moved
    adjusted = np.where(inside > 0, ndtr(shift + moved / np.where(inside > 0, inside, 1.0)), moved > 0)
    return np.array([_quantile(replicates, float(level)) for level in np.clip(adjusted, 0.0, 1.0)])


def _quantile(values: NDArray[np.float64], level: float) -> float:
    """Linear-interpolation quantile that allows infinite values."""
    ordered = np.sort(values)
    place = level * (len(ordered) - 1)
    low = int(np.floor(place))
    high = min(low + 1, len(ordered) - 1)
    if place == low or ordered[low] == ordered[high]:
        return float(ordered[low])
    if np.isinf(ordered[high]):
        return float("inf")
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def holding(low: float, high: float, estimate: float, observed: int) -> tuple[float, float]:
    """Stretch an interval so that it holds its estimate and promises no fewer people than were seen."""
    low = max(low, float(observed))
    return min(low, estimate), max(high, estimate)


def bca_interval(
    histories: CaptureHistories,
    estimate: float,
    refit: Refit,
    *,
    replicates: int = 1000,
    level: float = 0.95,
    rng: Random = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Interval, dict[str, object], tuple[str, ...]]:
    """BCa interval of a total, the whole estimator (selection included) repeated on every resample.

    Parameters
    ----------
    histories : CaptureHistories
    estimate : float
        The estimator's answer on `histories`.
    refit : callable
        The estimator on many tables at once; see :data:`~hiddenpop.intervals.resampling.Refit`.
    replicates : int
    level : float
    rng : seed or generator
    progress : callable, optional

    Returns
    -------
    interval : Interval
    details : dict
        Replicates done, acceleration, share of replicates without an upper bound.
    warnings : tuple of str

    Notes
    -----
    Assumes people were listed independently of each other. *Direction of bias*: with fewer than about 200
    people, or overlaps under 7, the interval is too narrow, above all at its upper end.
    """
    run = bootstrap_totals(histories, refit, replicates, rng=rng, progress=progress)
    speed = acceleration(*jackknife_totals(histories, refit))
    tail = 0.5 * (1.0 - level)
    low, high = bca_limits(estimate, run.totals, speed, np.array([tail, 1.0 - tail]))
    low, high = holding(float(low), float(high), estimate, histories.n)
    done = len(run.totals)
    endless = float(np.mean(np.isinf(run.totals)))
    warnings = []
    if run.interrupted:
        warnings.append(f"The bootstrap was stopped after {done:,} of {run.asked:,} replicates.")
    if done < 500:
        warnings.append(f"An interval from {done} replicates is rough; use 1,000 or more for publication.")
    if endless > 0:
        warnings.append(f"{endless:.1%} of the resamples put no upper bound on the total; they count as infinitely many.")
    details: dict[str, object] = {
        "bootstrap_replicates": done,
        "bootstrap_acceleration": speed,
        "bootstrap_without_bound": endless,
        "bootstrap_median": _quantile(run.totals, 0.5),
    }
    return Interval(low, high, level, f"BCa bootstrap with selection inside, {done} replicates"), details, tuple(warnings)
