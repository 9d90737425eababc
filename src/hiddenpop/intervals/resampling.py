"""Resample a table and estimate again, with progress and a clean stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.randomness import Random, generator

__all__ = ["Refit", "Replicates", "bootstrap_totals", "jackknife_totals", "resample"]

#: Estimates the total of each row of counts, shape (tables, 2**k) -> (tables,), selection included. Infinite
#: where a table puts no upper bound on the total.
Refit = Callable[[NDArray[np.int64]], NDArray[np.float64]]


@dataclass(frozen=True, eq=False)
class Replicates:
    """Totals of the resamples that were finished.

    Attributes
    ----------
    totals : ndarray of float64, shape (done,)
    asked : int
        Resamples asked for; more than `done` after Ctrl-C.
    """

    totals: NDArray[np.float64]
    asked: int

    @property
    def interrupted(self) -> bool:
        """Whether the run was stopped early."""
        return len(self.totals) < self.asked


def resample(histories: CaptureHistories, replicates: int, rng: Random = None) -> NDArray[np.int64]:
    """Draw people with replacement: multinomial tables of the same size, shape (replicates, 2**k).

    The order of the lists does not matter: the same seed draws the same people. A generator that is handed on draws the
    same tables in several calls as in one.
    """
    cells = histories.cells_by_name()
    drawn = generator(rng).multinomial(histories.n, histories.counts[cells] / histories.n, size=replicates)
    rows = np.empty_like(drawn)
    rows[:, cells] = drawn
    return rows


def bootstrap_totals(
    histories: CaptureHistories,
    refit: Refit,
    replicates: int,
    *,
    rng: Random = None,
    progress: Callable[[int, int], None] | None = None,
) -> Replicates:
    """Estimate on `replicates` resamples, drawn and refitted in blocks; Ctrl-C keeps the blocks that are done.

    Parameters
    ----------
    histories : CaptureHistories
    refit : callable
        See :data:`Refit`.
    replicates : int
    rng : seed or generator
    progress : callable, optional
        Called with (done, total) after each block.

    Raises
    ------
    KeyboardInterrupt
        Only when nothing was finished yet.
    """
    if replicates < 1:
        raise ValueError(f"a bootstrap needs at least one replicate; got {replicates}")
    random = generator(rng)
    block = max(1, min(50, replicates // 10))
    done: list[NDArray[np.float64]] = []
    finished = 0
    try:
        for start in range(0, replicates, block):
            done.append(refit(resample(histories, min(block, replicates - start), random)))
            finished += len(done[-1])
            if progress is not None:
                progress(finished, replicates)
    except KeyboardInterrupt:
        if not done:
            raise
    return Replicates(np.concatenate(done), replicates)


def jackknife_totals(histories: CaptureHistories, refit: Refit) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Totals with one person left out, and how many people stand for each.

    Returns
    -------
    totals : ndarray, one for each occupied cell
    weights : ndarray of int64, people in that cell
    """
    occupied = np.flatnonzero(histories.counts)
    rows = np.repeat(histories.counts[None, :], len(occupied), axis=0)
    rows[np.arange(len(occupied)), occupied] -= 1
    return refit(rows), histories.counts[occupied]
