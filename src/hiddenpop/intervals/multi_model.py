"""Intervals from tables simulated under every model that might be true.

Resampling people answers "what if other people had been seen"; it always starts from the one table. Here each
replicate first draws a model, by its weight on the table, then a population and its lists from that model's
fit, and estimates as if nothing were known. How far the answer lies from that replicate's truth is what the
interval is made of: it holds the spread, and the bias, of an estimator that must choose among models.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import answers, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.bca import holding
from hiddenpop.loglinear import LoglinearFit, PreparedTable, Ranking, fit, rank
from hiddenpop.loglinear.ranking import penalty_per_parameter
from hiddenpop.models import TWO_WAY_LISTS, ModelSpace, two_way_space
from hiddenpop.randomness import Random, generator
from hiddenpop.results import Estimate, Interval, Refusal
from hiddenpop.selection.answering import ASSUMPTIONS, BIAS
from hiddenpop.selection.criteria import whole_space

__all__ = ["multi_model", "simulate_tables", "weighted_log_dark"]

#: Models that take part, the best by BIC on the table.
MODELS = 100


def weighted_log_dark(table: PreparedTable, words: NDArray[np.uint64]) -> tuple[float, NDArray[np.float64]]:
    """Mean log dark figure over models, weighted by BIC, and the weights.

    Infinite when none of the models has a maximum on the table.
    """
    fits = table.fit_all(words)
    cost = penalty_per_parameter("bic", table.people)
    scores = 2.0 * fits.values + cost * np.bitwise_count(words)
    if not np.isfinite(scores).any():
        return math.inf, np.zeros(len(words))
    weights = np.exp(-0.5 * (scores - scores.min()))
    weights /= weights.sum()
    used = weights > 0
    return float(weights[used] @ fits.log_darks[used]), weights


def simulate_tables(fitted: LoglinearFit, count: int, rng: Random = None) -> NDArray[np.int64]:
    """Tables of a population as large as `fitted` says, listed as it says, shape (count, 2**k); cell 0 is 0."""
    people = round(fitted.total)
    rows = generator(rng).multinomial(people, fitted.fitted / fitted.fitted.sum(), size=count)
    rows[:, 0] = 0
    return rows


def _candidates(histories: CaptureHistories) -> Ranking:
    space: ModelSpace
    space = two_way_space(histories.k) if histories.k == TWO_WAY_LISTS else whole_space(histories, False)
    return rank(histories, space, "bic")


@answers("multi-model")
def multi_model(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Callable[[int, int], None] | None = None,
    models: int = MODELS,
) -> Estimate:
    """Average the best models by BIC; interval from tables simulated under each of them.

    Parameters
    ----------
    histories : CaptureHistories
        Three to seven lists.
    level : float
    bootstrap : int, optional
        Simulated tables, 1,000 by default.
    rng : seed or generator
    progress : callable, optional
    models : int
        Models that take part.

    Returns
    -------
    Estimate

    Notes
    -----
    The estimate is the observed people plus the exponential of the weighted mean log dark figure. A replicate's
    error is its log dark figure minus that of the model it was simulated from; the interval moves the estimate
    by the errors' quantiles. *Direction of bias*: as for BIC; the interval covers less than it says when the
    truth is outside the models.

    References
    ----------
    Efron, B. (2014). Estimation and accuracy after model selection. JASA 109, 991-1007. Silverman, B. W., Chan,
    L. and Vincent, K. (2024). Bootstrapping multiple systems estimates to account for model selection.
    Statistics and Computing 34, 44.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> multi_model(table, bootstrap=200, rng=1).interval.contains(405)
    True
    """
    replicates = 1000 if bootstrap is None else bootstrap
    if replicates < 1:
        raise Refusal("The multi-model interval is a bootstrap; it needs at least one replicate.")
    random = generator(rng)
    space = _candidates(histories).best_space(models)
    table = PreparedTable(space, histories.counts)
    log_dark, weights = weighted_log_dark(table, space.words)
    if math.isinf(log_dark):
        raise Refusal("No model has a maximum-likelihood estimate on this table: too few people overlap.")
    drawn = np.bincount(random.choice(len(weights), size=replicates, p=weights), minlength=len(weights))
    errors: list[float] = []
    done = 0
    stopped = False
    try:
        for at in np.flatnonzero(drawn):
            fitted = fit(histories, space.name(int(space.words[at])))
            truth = math.log(fitted.dark)
            for row in simulate_tables(fitted, int(drawn[at]), random):
                again = PreparedTable(space, row, above=table.above, certificates=table.certificates)
                log_again = weighted_log_dark(again, space.words)[0] if row.any() else math.inf
                errors.append(log_again - truth)
            done += int(drawn[at])
            if progress is not None:
                progress(done, replicates)
    except KeyboardInterrupt:
        if len(errors) < 2:
            raise
        stopped = True
    tail = 0.5 * (1.0 - level)
    low_error, high_error = np.quantile(np.array(errors), [tail, 1.0 - tail], method="closest_observation")
    total = histories.n + math.exp(log_dark)
    low, high = holding(
        histories.n + math.exp(log_dark - high_error),
        histories.n + math.exp(log_dark - low_error),
        total,
        histories.n,
    )
    warnings = list(table_warnings(histories))
    if stopped:
        warnings.append(f"The simulation was stopped after {len(errors)} of {replicates} tables.")
    order = np.argsort(-weights, kind="stable")[:10]
    return Estimate(
        method="multi-model",
        estimate=total,
        interval=Interval(low, high, level, f"{len(errors)} tables simulated under {len(space)} models"),
        level=level,
        model=f"average of {len(space)} models",
        criterion_name="bic",
        observed=histories.n,
        assumptions=(*ASSUMPTIONS[:3], "The truth is close to one of the models that fit the table best."),
        bias=BIAS,
        period=histories.period,
        warnings=tuple(warnings),
        details={
            "replicates": len(errors),
            "median_error": float(np.median(errors)),
            "best_models": [{"model": space.name(int(space.words[at])), "weight": float(weights[at])} for at in order],
        },
    )
