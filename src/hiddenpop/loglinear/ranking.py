"""Rank every model of a space on a table by AIC or BIC; a model without a maximum is never ranked."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import worker_count
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear.tables import Fits, PreparedTable
from hiddenpop.loglinear.walk import Stopped, walk
from hiddenpop.models import ModelSpace
from hiddenpop.results import Refusal

__all__ = ["Progress", "Ranking", "penalty_per_parameter", "rank"]

#: Called with (done, total) while a long job runs.
Progress = Callable[[int, int], None]


def penalty_per_parameter(criterion: str, people: float) -> float:
    """What one more parameter costs: 2 for ``"aic"``, the logarithm of the observed people for ``"bic"``."""
    if criterion == "bic":
        return math.log(people)
    if criterion == "aic":
        return 2.0
    raise ValueError(f"criterion must be 'aic' or 'bic', not {criterion!r}")


@dataclass(frozen=True, eq=False)
class Ranking:
    """All models of a space with their criterion, code and estimate.

    Attributes
    ----------
    table : PreparedTable
    fits : Fits
        Distinct fits.
    which : ndarray of int64, shape (m,)
        Distinct fit of each model.
    criterion : str
        ``"aic"`` or ``"bic"``.
    scores : ndarray of float64, shape (m,)
        Criterion of each model; infinite where the model has no usable maximum.
    """

    table: PreparedTable
    fits: Fits
    which: NDArray[np.int64]
    criterion: str
    scores: NDArray[np.float64]

    @property
    def space(self) -> ModelSpace:
        """The models."""
        return self.table.space

    @property
    def codes(self) -> NDArray[np.int8]:
        """Existence and identifiability code of each model."""
        return self.fits.codes[self.which]

    @property
    def totals(self) -> NDArray[np.float64]:
        """Estimated total of each model, nan where there is none."""
        return self.table.people + np.exp(self.fits.log_darks[self.which])

    def code_counts(self) -> dict[int, int]:
        """How many models have each code."""
        return dict(enumerate(np.bincount(self.codes, minlength=4).tolist()))

    def order(self, top: int | None = None) -> NDArray[np.int64]:
        """Positions of usable models, best first; ties go to the model that comes first in the space."""
        usable = np.flatnonzero(np.isfinite(self.scores))
        if top is not None and top < len(usable):
            threshold = np.partition(self.scores[usable], top)[top]
            usable = usable[self.scores[usable] <= threshold]
        ranked = usable[np.argsort(self.scores[usable], kind="stable")]
        return ranked if top is None else ranked[:top]

    def best(self) -> int:
        """Position of the best usable model.

        Raises
        ------
        Refusal
            When no model has a maximum.
        """
        ranked = self.order(1)
        if not len(ranked):
            raise Refusal("No model has a maximum-likelihood estimate on this table: too few people overlap.")
        return int(ranked[0])

    def best_space(self, count: int) -> ModelSpace:
        """The best `count` models with different fits, as a space of their own."""
        words, first = np.unique(self.table.keys(self.space.words), return_index=True)
        usable = np.flatnonzero(np.isfinite(self.scores[first]))
        cost = penalty_per_parameter(self.criterion, self.table.people)
        scores = 2.0 * self.fits.values[self.which[first[usable]]] + cost * np.bitwise_count(words[usable])
        best = words[usable[np.argsort(scores, kind="stable")[:count]]]
        return self.space.restricted_to(best[np.lexsort((best, np.bitwise_count(best)))])

    def top(self, count: int = 10) -> list[dict[str, float | str]]:
        """The best models as plain records, for reports."""
        people, darks = self.table.people, self.fits.log_darks
        return [
            {
                "model": self.space.name(int(self.space.words[at])),
                self.criterion: float(self.scores[at]),
                "estimate": people + math.exp(darks[self.which[at]]),
            }
            for at in self.order(count)
        ]


def score(table: PreparedTable, fits: Fits, which: NDArray[np.int64], criterion: str) -> Ranking:
    """Turn distinct fits into a ranking of the whole space."""
    cost = penalty_per_parameter(criterion, table.people)
    scores = 2.0 * (fits.values[which] + table.log_factorials) + cost * table.space.sizes()
    return Ranking(table, fits, which, criterion, scores)


def rank(
    histories: CaptureHistories,
    space: ModelSpace,
    criterion: str = "bic",
    *,
    coefficients: bool = False,
    workers: int | None = None,
    folder: str | Path | None = None,
    progress: Progress | None = None,
) -> Ranking:
    """Fit and rank every model of a space, each checked for existence and identifiability.

    Parameters
    ----------
    histories : CaptureHistories
    space : ModelSpace
        For example ``hierarchical_space(histories.k)``.
    criterion : {"bic", "aic"}
    coefficients : bool
        Keep the coefficients, which repeated selection on resamples starts from.
    workers : int, optional
        Threads; all processors by default.
    folder : path, optional
        Where finished blocks of a long walk are kept, to be found again after a stop.
    progress : callable, optional
        Called with (done, total) distinct fits.

    Returns
    -------
    Ranking

    Raises
    ------
    Refusal
        When nobody is on any list, or the walk was stopped.

    Examples
    --------
    >>> from hiddenpop.models import hierarchical_space
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12])
    >>> rank(table, hierarchical_space(3)).top(1)[0]["model"]
    '[12,23]'
    """
    if histories.n == 0:
        raise Refusal("Nobody is on any list.")
    table = PreparedTable(space, histories.counts)
    words, which = table.distinct()
    try:
        fits = walk(
            table,
            words,
            coefficients=coefficients,
            workers=worker_count(workers),
            folder=folder,
            progress=progress,
        )
    except Stopped as stop:
        raise Refusal(str(stop)) from None
    return score(table, fits, which, criterion)
