"""Bayesian average over all decomposable graphs (Madigan and York).

The unknown is the number M of people on no list. For a graph and an M the table is complete and its marginal
likelihood is a product of Dirichlet-multinomial terms over cliques divided by those over separators. Each term
depends on a set of lists and on M alone, so 2**k curves in M serve every graph. The posterior of M is a mixture
over graphs, often with several humps, and moves with the prior; both are reported, not smoothed away.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.averaging.graphs import GRAPH_LISTS, decomposable_graphs, graph_name
from hiddenpop.averaging.summing_up import central, summed_up
from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.results import Estimate, Interval, Refusal

__all__ = ["Posterior", "decomposable", "posterior_total"]

#: Graphs with less posterior mass than this on a coarse grid are left out of the fine one.
_NEGLIGIBLE = 1e-8
#: Stretches of M with less mass than this are not looked at finely.
_NOWHERE = 1e-13
#: The grid of M ends at this many times the observed people.
_REACH = 1000
#: Up to here M runs over whole numbers, then over an even grid of log(M + 1) with these spacings.
_WHOLE = 300
_COARSE, _FINE = 0.04, 0.005


@dataclass(frozen=True, eq=False)
class Posterior:
    """Posterior of the number of people on no list.

    Attributes
    ----------
    edges : ndarray
        Points between whole numbers of M, increasing.
    below : ndarray
        Posterior mass below each edge.
    graph_mass : ndarray, shape (graphs,)
        Posterior mass of each decomposable graph.
    observed : int
        People on at least one list.
    """

    edges: NDArray[np.float64]
    below: NDArray[np.float64]
    graph_mass: NDArray[np.float64]
    observed: int

    def quantile(self, level: float) -> float:
        """Smallest total with at least `level` posterior mass at or below it."""
        at = int(np.searchsorted(self.below, level))
        if at == 0:
            return float(self.observed)
        if at == len(self.below):
            return self.observed + float(math.floor(self.edges[-1]))
        place = self._between(at, level)
        return self.observed + float(math.ceil(place - 0.5 - 1e-9))

    def _between(self, at: int, level: float) -> float:
        """Invert the mass below an edge, by a cubic through four neighboring edges on the log scale."""
        from scipy.interpolate import PchipInterpolator
        from scipy.optimize import brentq

        low, high = max(0, at - 3), min(len(self.edges), at + 3)
        curve = PchipInterpolator(np.log1p(self.edges[low:high]), self.below[low:high])
        start, stop = math.log1p(self.edges[at - 1]), math.log1p(self.edges[at])
        return math.expm1(brentq(lambda u: float(curve(u)) - level, start, stop, xtol=1e-13))

    def humps(self) -> list[float]:
        """Totals at the tops of the posterior's humps, seen on a log scale down to a tenth of the highest."""
        low, high = (self.quantile(level) - self.observed for level in (0.005, 0.995))
        bins = int(min(40, (high - low) / 2))
        if bins < 3:
            return [self.quantile(0.5)]
        cuts = np.expm1(np.linspace(math.log1p(low), math.log1p(high), bins + 1))
        heights = np.diff(np.interp(cuts, self.edges, self.below)) / np.diff(np.log1p(cuts))
        tops: list[int] = []
        for at in np.argsort(-heights):
            if heights[at] < 0.1 * heights.max():
                break
            valleys = [heights[min(at, top) : max(at, top) + 1].min() for top in tops]
            # A hump counts when the valley to every higher one is clearly below it.
            if all(valley < 0.8 * heights[at] for valley in valleys):
                tops.append(int(at))
        middles = np.sqrt((cuts[:-1] + 1.0) * (cuts[1:] + 1.0)) - 1.0
        return [self.observed + float(middles[at]) for at in sorted(tops)]


def _curves(
    histories: CaptureHistories, hidden: NDArray[np.float64], delta: float, wanted: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Log marginal likelihood of each set of lists as a function of M, shape (2**k, len(hidden))."""
    from scipy.special import gammaln

    k = histories.k
    cells = np.arange(1 << k)
    curves = np.zeros((1 << k, len(hidden)))
    for chosen in np.flatnonzero(wanted):
        weight = delta * 2.0 ** (k - int(chosen).bit_count())
        marginal = np.bincount(cells & chosen, weights=histories.counts, minlength=1 << k)
        seen = marginal[np.unique(cells & chosen)[1:]]
        constant = float(np.sum(gammaln(seen + weight))) - (len(seen) + 1) * float(gammaln(weight))
        curves[chosen] = constant + gammaln(marginal[0] + hidden + weight)
    return curves


def _weights(
    histories: CaptureHistories,
    graphs: NDArray[np.int8],
    hidden: NDArray[np.float64],
    delta: float,
    prior_power: float,
) -> NDArray[np.float64]:
    """Log posterior of graph and M up to a constant, shape (graphs, len(hidden))."""
    from scipy.special import gammaln

    everybody = histories.n + hidden
    base = gammaln(everybody + 1.0) - gammaln(hidden + 1.0) - prior_power * np.log(everybody)
    curves = _curves(histories, hidden, delta, np.any(graphs != 0, axis=0))
    return np.asarray(graphs.astype(float) @ curves + base)


def _grid(people: int, spacing: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Whole numbers of M up to a limit, then points even in log(M + 1); and the points' width in M."""
    whole = np.arange(float(_WHOLE))
    start = math.log(_WHOLE + 0.5)
    steps = max(8, math.ceil((math.log(_REACH * max(people, 10)) - start) / spacing))
    logs = start + spacing * np.arange(steps + 1)
    return np.concatenate([whole, np.expm1(logs)]), np.concatenate([np.ones(_WHOLE), spacing * np.exp(logs)])


def posterior_total(histories: CaptureHistories, *, delta: float | None = None, prior_power: float = 1.0) -> Posterior:
    """Posterior of the number of people on no list, averaged over all decomposable graphs.

    Parameters
    ----------
    histories : CaptureHistories
        Three to six lists.
    delta : float, optional
        Prior weight of each of the 2**k cells; ``2**-k`` by default, one prior person in all.
    prior_power : float
        The prior of the total N is ``N**-prior_power``: 1 for 1/N, 0 for uniform.

    Returns
    -------
    Posterior

    Notes
    -----
    Over whole numbers of M while they are few, then by Simpson's rule on a logarithmic grid, where the posterior
    is smooth. Graphs whose mass on a coarse grid is negligible are left out of the fine one.
    *Direction of bias*: large `delta` pulls towards uniform tables and few hidden people.

    References
    ----------
    Madigan, D. and York, J. C. (1997). Bayesian methods for estimation of the size of a closed population.
    Biometrika 84, 19-31.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> 380 < posterior_total(table).quantile(0.5) < 430
    True
    """
    weight = 2.0**-histories.k if delta is None else delta
    if not weight > 0:
        raise ValueError(f"delta must be positive; got {weight}")
    graphs = decomposable_graphs(histories.k)
    from scipy.integrate import cumulative_simpson

    hidden, width = _grid(histories.n, _COARSE)
    rough = _weights(histories, graphs, hidden, weight, prior_power)
    peak = float(rough.max())
    coarse = np.exp(rough - peak) * width
    share = coarse.sum(axis=1)
    kept = np.flatnonzero(share > _NEGLIGIBLE * share.sum())
    held = np.flatnonzero(coarse.sum(axis=0) > _NOWHERE * share.sum())
    first, last = hidden[max(0, held[0] - 1)], hidden[min(len(hidden) - 1, held[-1] + 1)]
    hidden, width = _grid(histories.n, _FINE)
    used = np.flatnonzero((hidden >= first) & (hidden <= last))
    density = np.zeros(len(hidden))
    graph_mass = np.zeros(len(graphs))
    for part in np.array_split(kept, max(1, len(kept) * len(used) // 2_000_000)):
        exact = np.exp(_weights(histories, graphs[part], hidden[used], weight, prior_power) - peak)
        density[used] += exact.sum(axis=0)
        graph_mass[part] = exact @ width[used]
    counted = np.cumsum(density[:_WHOLE])
    smooth = cumulative_simpson(density[_WHOLE:] * (hidden[_WHOLE:] + 1.0), dx=_FINE, initial=0.0)
    # The last whole number ends where the smooth part begins: at the half between them.
    below = np.concatenate([counted, counted[-1] + smooth[1:]])
    edges = np.concatenate([np.arange(_WHOLE) + 0.5, hidden[_WHOLE + 1 :]])
    return Posterior(edges, np.maximum.accumulate(below) / below[-1], graph_mass / graph_mass.sum(), histories.n)


def _band(histories: CaptureHistories, delta: float) -> list[dict[str, Any]]:
    """Medians under neighboring priors: half and twice the cell weight, a flatter and a steeper prior of N."""
    neighbors = [(1.0, 1.0), (0.5, 1.0), (2.0, 1.0), (1.0, 0.5), (1.0, 1.5)]
    return [
        {
            "delta": delta * factor,
            "prior": "1/N" if power == 1.0 else f"N^-{power}",
            "median": posterior_total(histories, delta=delta * factor, prior_power=power).quantile(0.5),
        }
        for factor, power in neighbors
    ]


@answers("decomposable")
def decomposable(
    histories: CaptureHistories, *, level: float = 0.95, delta: float | None = None, band: bool = True
) -> Estimate:
    """Estimate by averaging over all decomposable graphs, with a band of neighboring priors.

    Parameters
    ----------
    histories : CaptureHistories
        Three to six lists.
    level : float
        Posterior mass of the interval.
    delta : float, optional
        Prior weight of a cell, ``2**-k`` by default.
    band : bool
        Also compute the medians under neighboring priors, and refuse one number where they disagree.

    Returns
    -------
    Estimate
        The posterior median. Refused when medians under neighboring priors differ by more than half; the band
        is in ``details`` then as well.

    Notes
    -----
    *Direction of bias*: dependence that no decomposable graph holds, or a large `delta`, mostly gives too few
    people. The interval is a credible interval: it is as good as the prior.

    References
    ----------
    As in :func:`posterior_total`.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> decomposable(table).interval.contains(405)
    True
    """
    require_table(histories)
    if histories.k > GRAPH_LISTS:
        raise Refusal(f"With {histories.k} lists there are too many decomposable graphs to average over; use 'stepwise'.")
    weight = 2.0**-histories.k if delta is None else delta
    posterior = posterior_total(histories, delta=weight)
    median, low, high = central(posterior, level, histories.n)
    humps = posterior.humps()
    best = np.argsort(-posterior.graph_mass, kind="stable")[:10]
    graphs = decomposable_graphs(histories.k)
    details: dict[str, Any] = {
        "delta": weight,
        "prior": "1/N",
        "graphs": len(graphs),
        "best_graphs": [
            {"graph": graph_name(graphs[at], histories.k), "probability": float(posterior.graph_mass[at])} for at in best
        ],
        "humps": humps,
        "median": median,
        "credible_interval": [low, high],
    }
    warnings = list(table_warnings(histories))
    if len(humps) > 1:
        places = " and ".join(f"{value:,.0f}" for value in humps)
        warnings.append(
            f"The posterior has {len(humps)} humps, near {places}: the models disagree, and the median between them "
            f"may be a number that no model believes in."
        )
    if band:
        details["prior_band"] = _band(histories, weight)
    return summed_up(
        histories,
        "decomposable",
        median,
        Interval(low, high, level, "posterior quantiles, averaged over decomposable graphs"),
        medians=[entry["median"] for entry in details.get("prior_band", ())],
        model=f"average of {len(graphs):,} decomposable graphs",
        assumptions=(
            "The population did not change over the period: nobody joined or left it.",
            "Records of the same person on different lists were matched without error.",
            "Everybody could have appeared on every list.",
            "Dependence between lists follows some decomposable graph; all of them are equally likely beforehand.",
        ),
        bias=(
            "Dependence that no such graph holds, and a prior with much weight, mostly make the total too low; "
            "missed matches make it too high."
        ),
        warnings=warnings,
        details=details,
    )
