"""Average over every hierarchical model with weights from BIC.

``exp(-BIC / 2)`` approximates a model's marginal likelihood under a prior worth one observation. The average
keeps what selection throws away: that other models were nearly as good and said something else.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.averaging.summing_up import central, summed_up
from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import Ranking, fit, rank
from hiddenpop.models import EXHAUSTIVE_LISTS, TWO_WAY_LISTS, two_way_space
from hiddenpop.results import Estimate, Interval, Refusal
from hiddenpop.selection.answering import ASSUMPTIONS
from hiddenpop.selection.criteria import whole_space

__all__ = ["Mixture", "average", "by_weight", "mixture"]

#: Models are kept until this share of the weight is reached, and at most so many.
_ENOUGH, _MOST = 0.9999, 400
#: Prior odds of one more parameter, for the band of neighboring priors.
_ODDS = (1.0, 0.5, 2.0)


@dataclass(frozen=True, eq=False)
class Mixture:
    """Total as a mixture over models, log-normal for the people on no list under each.

    Attributes
    ----------
    names : tuple of str
    weights, log_darks, errors : ndarray, shape (models,)
        Weights sum to 1.
    observed : int
    """

    names: tuple[str, ...]
    weights: NDArray[np.float64]
    log_darks: NDArray[np.float64]
    errors: NDArray[np.float64]
    observed: int

    def quantile(self, level: float) -> float:
        """Total with `level` of the mixture below it."""
        from scipy.optimize import brentq
        from scipy.special import ndtr

        reach = 9.0 * float(self.errors.max()) + 1.0
        low, high = float(self.log_darks.min()) - reach, float(self.log_darks.max()) + reach

        def excess(log_dark: float) -> float:
            return float(self.weights @ ndtr((log_dark - self.log_darks) / self.errors)) - level

        return self.observed + math.exp(brentq(excess, low, high, xtol=1e-12))

    @property
    def mean(self) -> float:
        """Weighted mean of the models' totals."""
        return self.observed + float(self.weights @ np.exp(self.log_darks))

    def details(self, interval: Sequence[float]) -> dict[str, Any]:
        """What a report shows of a mixture: its middle, its width, its ten heaviest models."""
        heaviest = zip(self.names[:10], self.weights[:10], self.log_darks[:10], strict=True)
        return {
            "median": self.quantile(0.5),
            "mean": self.mean,
            "mixture_interval": list(interval),
            "models_with_weight": len(self.names),
            "best_models": [
                {"model": name, "weight": float(weight), "estimate": self.observed + math.exp(dark)}
                for name, weight, dark in heaviest
            ],
        }


def by_weight(raw: NDArray[np.float64], most: int) -> NDArray[np.int64]:
    """Positions of the weights that matter, heaviest first: nearly all of the weight, and at most so many."""
    order = np.argsort(-raw, kind="stable")
    share = np.cumsum(raw[order]) / raw.sum()
    return order[: min(most, int(np.searchsorted(share, _ENOUGH)) + 1)]


def mixture(histories: CaptureHistories, ranking: Ranking, odds: float = 1.0) -> Mixture:
    """Mixture over the models of a ranking by BIC.

    Parameters
    ----------
    histories : CaptureHistories
    ranking : Ranking
        By BIC.
    odds : float
        Prior odds of a model with one more parameter; 1 makes all models equally likely beforehand.
    """
    scores = ranking.scores - 2.0 * math.log(odds) * ranking.space.sizes()
    usable = np.flatnonzero(np.isfinite(scores))
    if not len(usable):
        raise Refusal("No model has a maximum-likelihood estimate on this table: too few people overlap.")
    raw = np.exp(-0.5 * (scores[usable] - scores[usable].min()))
    order = by_weight(raw, _MOST)
    names = tuple(ranking.space.name(int(ranking.space.words[usable[at]])) for at in order)
    fits = [fit(histories, name) for name in names]
    return Mixture(
        names,
        raw[order] / raw[order].sum(),
        np.array([math.log(one.dark) for one in fits]),
        np.array([one.log_dark_se for one in fits]),
        histories.n,
    )


@answers("average")
def average(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    progress: Callable[[int, int], None] | None = None,
    workers: int | None = None,
    all_models: bool = False,
    folder: str | Path | None = None,
) -> Estimate:
    """Estimate by averaging over every hierarchical model with BIC weights.

    Parameters
    ----------
    histories : CaptureHistories
        Three to seven lists; with seven, models with two-list interactions.
    level : float
        Mass of the mixture in the interval.
    progress, workers, all_models, folder
        As in :func:`hiddenpop.selection.bic`.

    Returns
    -------
    Estimate
        The median of the mixture. Refused when medians under neighboring priors (half and twice the prior odds
        of each parameter) differ by more than half; the band is in ``details`` then as well.

    Notes
    -----
    *Direction of bias*: as for selection by BIC; dependence that small tables cannot show is weighted down. The
    interval holds the uncertainty about the model but treats the weights as known.

    References
    ----------
    Hoeting, J. A., Madigan, D., Raftery, A. E. and Volinsky, C. T. (1999). Bayesian model averaging: a tutorial.
    Statistical Science 14, 382-417.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> average(table).interval.contains(405)
    True
    """
    require_table(histories)
    if EXHAUSTIVE_LISTS < histories.k <= TWO_WAY_LISTS:
        space = two_way_space(histories.k)
    else:
        space = whole_space(histories, all_models)
    ranking = rank(histories, space, "bic", workers=workers, folder=folder, progress=progress)
    mixtures = {odds: mixture(histories, ranking, odds) for odds in _ODDS}
    band = [{"odds": odds, "median": mixtures[odds].quantile(0.5)} for odds in _ODDS]
    median, low, high = central(mixtures[1.0], level, histories.n)
    return summed_up(
        histories,
        "average",
        median,
        Interval(low, high, level, "quantiles of the BIC-weighted mixture of models"),
        medians=[entry["median"] for entry in band],
        model=f"average of {int(np.isfinite(ranking.scores).sum()):,} models",
        criterion=("bic", float(ranking.scores[ranking.best()])),
        assumptions=(
            *ASSUMPTIONS[:3],
            "Every hierarchical model without the highest interaction was equally likely beforehand.",
        ),
        bias=(
            "Dependence that the table is too small to show is weighted down; if people on one list are more likely "
            "to be on another, that makes the total too low. Missed matches make it too high."
        ),
        warnings=table_warnings(histories),
        details={"prior_band": band, **mixtures[1.0].details((low, high)), "codes": ranking.code_counts()},
    )
