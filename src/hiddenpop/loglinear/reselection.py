"""Select again on every resample: what an honest interval after model selection needs."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import compiled, worker_count
from hiddenpop.loglinear.kernels import EXISTS
from hiddenpop.loglinear.ranking import Ranking, penalty_per_parameter
from hiddenpop.loglinear.selecting import SLACK, _best_word
from hiddenpop.loglinear.tables import PreparedTable

__all__ = ["Reselection", "Selected"]


@dataclass(frozen=True, eq=False)
class Selected:
    """Best models of several tables.

    Attributes
    ----------
    words : ndarray of uint64, shape (tables,)
        Model words; 0 where no model has a maximum.
    darks : ndarray of float64, shape (tables,)
        People on no list; infinite where no model has a maximum.
    """

    words: NDArray[np.uint64]
    darks: NDArray[np.float64]


class Reselection:
    """Repeat a selection by AIC or BIC over a whole space on tables that resemble the one that was ranked.

    Parameters
    ----------
    ranking : Ranking
        Fits to the original table, with coefficients; they give the order and the warm starts.
    """

    def __init__(self, ranking: Ranking) -> None:
        if len(ranking.fits.coefficients) != len(ranking.fits.codes):
            raise ValueError("reselection starts from a ranking that kept its coefficients")
        table = ranking.table
        self._table = table
        self._criterion = ranking.criterion
        # Order and warm starts come from the original fits; the best come first, so that later ones are beaten.
        cost = penalty_per_parameter(ranking.criterion, table.people)
        words, which = table.distinct()
        scores = 2.0 * ranking.fits.values + cost * np.bitwise_count(words)
        order = np.argsort(scores, kind="stable")
        self._words = words[order]
        self._betas = np.where(np.isfinite(scores[order])[:, None], ranking.fits.coefficients[order], math.nan)
        # Models that share a fit because the original has nobody somewhere part on a table that has.
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        by_place = np.argsort(place[which], kind="stable")
        self._all = table.space.words[by_place], place[which][by_place]
        self._spaces: dict[int, tuple[NDArray[np.uint64], NDArray[np.int64]]] = {}

    def __len__(self) -> int:
        return len(self._words)

    def select(self, rows: NDArray[np.int64] | NDArray[np.float64], *, workers: int | None = None) -> Selected:
        """Select on each row of `rows`, shape (tables, 2**k)."""
        threads = min(worker_count(workers), max(1, len(rows)))
        if threads == 1:
            chosen = [self._one(row) for row in rows]
        else:
            with ThreadPoolExecutor(threads) as pool:
                chosen = list(pool.map(self._one, rows))
        words = np.array([word for word, _ in chosen], dtype=np.uint64)
        return Selected(words, np.array([dark for _, dark in chosen]))

    def _one(self, row: NDArray[np.int64] | NDArray[np.float64]) -> tuple[int, float]:
        original = self._table
        table = PreparedTable(original.space, row, above=original.above, certificates=original.certificates)
        if table.people == 0:
            return 0, math.inf
        live = int(table.live)
        if live not in self._spaces:
            # Tables with the same empty margins share their distinct models. A resample has no others than the
            # original; a table simulated from a model may.
            resampled = live & ~int(original.live) == 0
            words, origins = (self._words, np.arange(len(self._words))) if resampled else self._all
            keys, first = np.unique(table.keys(words), return_index=True)
            by_rank = np.argsort(first)
            self._spaces[live] = keys[by_rank], origins[first[by_rank]]
        words, origins = self._spaces[live]
        penalty = penalty_per_parameter(self._criterion, table.people)
        undecided = np.empty(len(words), np.int64)
        winner, score, dark, left = compiled(_best_word)(
            words,
            origins,
            penalty,
            table.space.elements,
            table.above,
            table.live,
            table.counts,
            table.sufficient,
            table.space.k,
            table.occupied,
            *table.certificates.packed(),
            self._betas,
            undecided,
        )
        word = int(words[winner]) if winner >= 0 else 0
        if left:
            doubtful = words[undecided[:left]]
            fits = table.fit_all(doubtful)
            scores = 2.0 * fits.values + penalty * np.bitwise_count(doubtful)
            at = int(np.argmin(scores))
            if fits.codes[at] == EXISTS and scores[at] < score - SLACK:
                word, dark = int(doubtful[at]), float(fits.log_darks[at])
        return (word, math.exp(dark)) if word else (0, math.inf)
