"""Plain, slow versions of the samplers, for tests and as the other side of benchmarks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.scale_up import NetworkReports


def textbook_chain(
    table: CaptureHistories, classes: int, sweeps: int, seed: int, shape: float = 0.25, rate: float = 0.25
) -> NDArray[np.int64]:
    """Manrique-Vallier's Gibbs sampler, step by step with NumPy, nothing integrated out: people on no list."""
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(classes))
    rates = rng.uniform(size=(classes, table.k))
    unseen = np.zeros(classes)
    cells = np.flatnonzero(table.counts)
    patterns = (cells[:, None] >> np.arange(table.k)) & 1
    alpha, out = 1.0, np.zeros(sweeps, dtype=np.int64)
    for sweep in range(sweeps):
        captured, totals = np.zeros((classes, table.k)), unseen.astype(float)
        for pattern, count in zip(patterns, table.counts[cells], strict=True):
            chance = weights * np.prod(np.where(pattern, rates, 1 - rates), axis=1)
            placed = rng.multinomial(count, chance / chance.sum())
            totals = totals + placed
            captured += np.outer(placed, pattern)
        above = totals[::-1].cumsum()[::-1] - totals
        sticks = np.append(rng.beta(1 + totals[:-1], alpha + above[:-1]), 1.0)
        sticks[:-1] = np.minimum(sticks[:-1], 1 - 1e-12)
        left = np.append(1.0, np.cumprod(1 - sticks[:-1]))
        weights = sticks * left
        rates = rng.beta(1 + captured, 1 + totals[:, None] - captured)
        alpha = rng.gamma(shape + classes - 1, 1 / (rate - math.log(left[-1])))
        missed = weights * np.prod(1 - rates, axis=1)
        out[sweep] = rng.negative_binomial(table.n, 1 - missed.sum())
        unseen = rng.multinomial(out[sweep], missed / missed.sum())
    return out


def looped_scale_up(reports: NetworkReports, replicates: int, seed: int) -> list[float]:
    """Rescaled bootstrap of the ratio of sums, one respondent at a time; units must lie in one stratum each."""
    rng = np.random.default_rng(seed)
    strata = sorted(set(reports.strata.tolist()))
    units = {s: sorted(set(reports.clusters[reports.strata == s].tolist())) for s in strata}
    drawn = {s: rng.multinomial(len(u) - 1, [1 / len(u)] * len(u), size=replicates) for s, u in units.items()}
    place = {(s, u): i for s in strata for i, u in enumerate(units[s])}
    hidden, degrees, totals = reports.hidden_known, reports.degrees, []
    for replicate in range(replicates):
        top = bottom = 0.0
        for i in range(reports.n):
            stratum, unit = int(reports.strata[i]), int(reports.clusters[i])
            m = len(units[stratum])
            factor = drawn[stratum][replicate][place[stratum, unit]] * m / (m - 1) * reports.weights[i]
            top += factor * hidden[i]
            bottom += factor * degrees[i]
        totals.append(reports.population * top / bottom)
    return totals
