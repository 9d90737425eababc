"""Bootstrap replicates of any method, in blocks that run on local processes or on a cluster.

Each block draws from its own seed and is a task of its own, so the replicates are the same however many workers there
are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.bca import acceleration, bca_limits, holding
from hiddenpop.intervals.resampling import Refit, jackknife_totals, resample
from hiddenpop.loglinear import rank
from hiddenpop.methods import estimate
from hiddenpop.models import two_way_space
from hiddenpop.results import Interval
from hiddenpop.selection.answering import refit_fixed, refit_ranked, refit_stepwise
from hiddenpop.selection.criteria import whole_space
from hiddenpop.simulate import map_over

__all__ = ["Replicated", "replicate"]

#: Replicates in one task: about half a second of work for five lists.
BLOCK = 100


@dataclass(frozen=True, eq=False)
class Replicated:
    """Totals on resampled tables.

    Parameters
    ----------
    totals : ndarray of float64, shape (done,)
        In the order of their blocks; infinite where a resample has no maximum.
    asked : int
        Replicates asked for; fewer are done after Ctrl-C.
    """

    totals: NDArray[np.float64]
    asked: int

    def percentile(self, level: float) -> tuple[float, float]:
        """The plain percentile interval; upper end infinite when too many resamples have no bound."""
        tail = 0.5 * (1.0 - level)
        ordered = np.sort(self.totals)
        low, high = (ordered[round(share * (len(ordered) - 1))] for share in (tail, 1.0 - tail))
        return float(low), float(high)

    def bca(self, histories: CaptureHistories, total: float, method: str, level: float, **options: Any) -> Interval:
        """The bias-corrected and accelerated interval around ``total``."""
        speed = acceleration(*jackknife_totals(histories, refit_for(histories, method, options)))
        tail = 0.5 * (1.0 - level)
        ends = bca_limits(total, self.totals, speed, np.array([tail, 1.0 - tail]))
        low, high = holding(float(ends[0]), float(ends[1]), total, histories.n)
        return Interval(low, high, level, f"BCa bootstrap with selection inside, {len(self.totals)} replicates")


def refit_for(histories: CaptureHistories, method: str, options: Mapping[str, Any]) -> Refit:
    """A method as a function of many tables at once, its choice of model included."""
    k = histories.k
    if method == "stepwise":
        return refit_stepwise(k, **options)
    if method == "model":
        return refit_fixed(options["model"], k)
    if method == "independence":
        return refit_fixed("[" + ",".join(str(i + 1) for i in range(k)) + "]", k)
    if method in ("bic", "aic", "bic-two-way"):
        space = two_way_space(k) if method == "bic-two-way" else whole_space(histories, False)
        return refit_ranked(rank(histories, space, "aic" if method == "aic" else "bic", coefficients=True))

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        tables = (CaptureHistories(histories.list_names, row) for row in rows)
        answers = (estimate(table, method, **options).estimate for table in tables)
        return np.array([np.inf if total is None else total for total in answers], dtype=np.float64)

    return refit


def _block(task: tuple[CaptureHistories, str, dict[str, Any], int, np.random.SeedSequence]) -> NDArray[np.float64]:
    histories, method, options, size, seed = task
    return refit_for(histories, method, options)(resample(histories, size, np.random.default_rng(seed)))


def replicate(
    histories: CaptureHistories, method: str, replicates: int, *, seed: int, cluster: str | None = None,
    workers: int | None = None, progress: Callable[[int, int], None] | None = None, **options: Any,
) -> Replicated:  # fmt: skip
    """Repeat a method on resampled tables.

    Parameters
    ----------
    histories : CaptureHistories
    method : str
        A name of :data:`hiddenpop.methods.METHODS`.
    replicates : int
    seed : int
    cluster : str, optional
        Address of a Dask scheduler; local processes without one.
    workers : int, optional
        Local processes; 1 stays in this one.
    progress : callable, optional
        Called with (blocks done, blocks).
    **options
        Options of the method.

    Returns
    -------
    Replicated
        After Ctrl-C with the blocks that are done.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> len(replicate(table, "chao", 5, seed=1, workers=1).totals)
    5
    """
    if replicates < 1:
        raise ValueError(f"at least one replicate is needed; got {replicates}")
    sizes = [min(BLOCK, replicates - start) for start in range(0, replicates, BLOCK)]
    seeds = np.random.SeedSequence(seed).spawn(len(sizes))
    tasks = [(histories, method, options, size, each) for size, each in zip(sizes, seeds, strict=True)]
    done = map_over(_block, tasks, cluster=cluster, workers=workers, progress=progress)
    return Replicated(np.concatenate(done) if done else np.zeros(0), replicates)
