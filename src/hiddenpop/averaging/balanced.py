"""Average over all models with a penalty that was tuned to cover: the recommended default.

Selection by BIC picks one model and forgets the rest; its intervals are far too narrow. Averages with BIC
weights forget less but still put nearly all weight on small models, which leave dependence out. Here every
parameter costs 2.5 units of twice the log-likelihood, a little more than AIC and much less than BIC asks for:
the value at which intervals cover best on simulated populations (see docs/adr, "Choose the default interval").
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hiddenpop.averaging.information import Mixture, by_weight
from hiddenpop.averaging.summing_up import central, summed_up
from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import rank
from hiddenpop.loglinear.existence import design
from hiddenpop.models import TWO_WAY_LISTS, ModelSpace, hierarchical_space, two_way_space
from hiddenpop.results import Estimate, Interval, Refusal
from hiddenpop.selection.answering import ASSUMPTIONS

__all__ = ["PENALTY", "balanced", "weighted_models"]

#: Cost of one parameter, in units of twice the log-likelihood (AIC: 2, BIC: log of the people observed).
PENALTY = 2.5
#: Penalties next to it, for the band of neighboring answers.
NEIGHBORS = (1.5, 2.5, 3.5)
#: Up to here all hierarchical models are averaged; with more lists those with two-list interactions.
_ALL_MODELS = 5
#: So many models are kept at most.
_MOST = 600


class WeightedModels:
    """Distinct fits of a space with what any penalty needs; standard errors are computed once each."""

    def __init__(self, histories: CaptureHistories, space: ModelSpace, workers: int | None = None) -> None:
        ranking = rank(histories, space, "aic", coefficients=True, workers=workers)
        self._table, self._fits = ranking.table, ranking.fits
        # Models that share a fit differ by parameters at minus infinity only; the smallest stands for all.
        self._words, _ = self._table.distinct()
        self._deviances: NDArray[np.float64] = 2.0 * (self._fits.values + self._table.log_factorials)
        self._sizes = np.bitwise_count(self._words).astype(np.float64)
        self._observed = histories.n
        self._errors: dict[int, float] = {}
        self._design = design(range(1 << space.k), space.elements.tolist())
        self._place = {int(code): j for j, code in enumerate(space.elements)}
        if not np.any(np.isfinite(self._deviances)):
            raise Refusal("No model has a maximum-likelihood estimate on this table: too few people overlap.")

    def __len__(self) -> int:
        return int(np.isfinite(self._deviances).sum())

    def _error(self, at: int) -> float:
        """Standard error of the log of the unseen people: that of the fit, and the scatter of the unseen."""
        codes, cells = self._table.unpack(int(self._words[at]))
        columns = np.array([self._place[code] for code in codes.tolist()])
        matrix = self._design[np.ix_(cells, columns)]
        means = np.exp(matrix @ self._fits.coefficients[at][columns])
        unit = np.zeros(len(columns))
        unit[0] = 1.0
        variance = float(np.linalg.solve(matrix.T @ (means[:, None] * matrix), unit)[0])
        return math.sqrt(variance + math.exp(-float(self._fits.log_darks[at])))

    def mixture(self, penalty: float) -> Mixture:
        """Mixture with weights ``exp(-(deviance + penalty * parameters) / 2)``."""
        scores = self._deviances + penalty * self._sizes
        usable = np.flatnonzero(np.isfinite(scores))
        raw = np.exp(-0.5 * (scores[usable] - scores[usable].min()))
        kept = usable[by_weight(raw, _MOST)]
        for at in kept:
            if int(at) not in self._errors:
                self._errors[int(at)] = self._error(int(at))
        weights = np.exp(-0.5 * (scores[kept] - scores[kept].min()))
        return Mixture(
            tuple(self._table.space.name(int(self._words[at])) for at in kept),
            weights / weights.sum(),
            self._fits.log_darks[kept],
            np.array([self._errors[int(at)] for at in kept]),
            self._observed,
        )


def weighted_models(histories: CaptureHistories, *, workers: int | None = None) -> WeightedModels:
    """Fit all models that :func:`balanced` averages over.

    Raises
    ------
    Refusal
        With more than seven lists, or when no model has a maximum.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> len(weighted_models(table))
    8
    """
    if histories.k > TWO_WAY_LISTS:
        raise Refusal(f"With {histories.k} lists there are too many models to average over; use 'stepwise'.")
    space = hierarchical_space(histories.k) if histories.k <= _ALL_MODELS else two_way_space(histories.k)
    return WeightedModels(histories, space, workers)


@answers("balanced")
def balanced(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    penalty: float = PENALTY,
    workers: int | None = None,
) -> Estimate:
    """Estimate by averaging over all models, between the weights of AIC and BIC.

    Parameters
    ----------
    histories : CaptureHistories
        Three to seven lists; with six and seven, models with two-list interactions.
    level : float
        Mass of the mixture in the interval.
    penalty : float
        Cost of one parameter; change it only to see what depends on it.
    workers : int, optional
        Threads.

    Returns
    -------
    Estimate
        The median of the mixture. Refused when medians under a penalty one unit lower and higher differ by more
        than half; the band and the interval are in ``details`` then as well.

    Notes
    -----
    Each model's unseen people are log-normal around its estimate, with the fit's standard error and the Poisson
    scatter of the unseen. *Direction of bias*: dependence that no model without the highest interaction holds;
    positive dependence left out makes the total too low.

    References
    ----------
    Buckland, S. T., Burnham, K. P. and Augustin, N. H. (1997). Model selection: an integral part of inference.
    Biometrics 53, 603-618.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> balanced(table).interval.contains(405)
    True
    """
    require_table(histories)
    models = weighted_models(histories, workers=workers)
    band = [
        {"penalty": penalty + near - PENALTY, "median": models.mixture(penalty + near - PENALTY).quantile(0.5)}
        for near in NEIGHBORS
    ]
    chosen = models.mixture(penalty)
    median, low, high = central(chosen, level, histories.n)
    return summed_up(
        histories,
        "balanced",
        median,
        Interval(low, high, level, f"quantiles of the mixture of models, {penalty:g} a parameter"),
        medians=[entry["median"] for entry in band],
        words=(
            "A slightly smaller or larger cost of a parameter moves the median {band}: the data do not decide which "
            f"lists depend on each other. The interval runs from {low:,.0f} to {high:,.0f}.",
            "With a slightly smaller or larger cost of a parameter the median lies {band}.",
        ),
        model=f"average of {len(models):,} models",
        criterion=("cost of a parameter", penalty),
        assumptions=(*ASSUMPTIONS[:3], "Lists depend on each other as one of the averaged models says."),
        bias=(
            "If people on one list are more likely to be on another in a way that no averaged model holds, the total "
            "is too low; if they are less likely, too high. Missed matches make it too high."
        ),
        warnings=table_warnings(histories),
        details={
            "penalty": penalty,
            "prior_band": band,
            **chosen.details((low, high)),
            "narrower_intervals": {
                f"{inner:g}": [chosen.quantile(0.5 - inner / 2), chosen.quantile(0.5 + inner / 2)] for inner in (0.5, 0.8)
            },
        },
    )
