"""Estimate from one selected log-linear model: BIC, AIC, stepwise, independence, or a model of your own.

The selected model's fit extrapolates to the people on no list. The bootstrap repeats the selection, so that
its interval knows that another model might have been chosen.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals import bca_interval, normal_interval
from hiddenpop.intervals.resampling import Refit
from hiddenpop.loglinear import LoglinearFit, PreparedTable, Ranking, fit, rank
from hiddenpop.loglinear.reselection import Reselection
from hiddenpop.loglinear.stepwise import STEPWISE_LISTS, Stepwise
from hiddenpop.models import (
    EXHAUSTIVE_LISTS,
    TWO_WAY_LISTS,
    ModelSpace,
    hierarchical_space,
    single_model,
    two_way_space,
)
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate, Interval, Refusal

__all__ = [
    "ASSUMPTIONS",
    "BIAS",
    "aic",
    "bic",
    "bic_two_way",
    "fixed_model",
    "independence",
    "stepwise",
]

Progress = Callable[[int, int], None]

ASSUMPTIONS = (
    "The population did not change over the period: nobody joined or left it.",
    "Records of the same person on different lists were matched without error.",
    "Everybody could have appeared on every list.",
    "Lists depend on each other only as the model says; the highest interaction of all lists is absent.",
)
BIAS = (
    "If people on one list are more likely to be on another (referral) and the model misses it, the total is too "
    "low; if they are less likely, too high. Missed matches make it too high."
)
_CONDITIONAL = (
    "The interval takes the selected model as known. Such intervals cover the truth less often than they say; "
    "ask for a bootstrap to bring the selection into it."
)
#: Up to this many distinct models are refitted on every resample; beyond it, only the best ones.
_RESAMPLED_MODELS = 10_000
_RESAMPLED_TOP = 1_000
#: Above this many distinct fits a full walk takes minutes and must be asked for.
_ASK_FIRST = 1_500_000


@dataclass(frozen=True)
class _Choice:
    """A selected model with everything its answer shows."""

    method: str
    fitted: LoglinearFit
    refit: Refit
    criterion_name: str | None = None
    criterion: float | None = None
    details: dict[str, Any] | None = None
    warnings: tuple[str, ...] = ()


def _answer(
    histories: CaptureHistories,
    choice: _Choice,
    *,
    level: float,
    bootstrap: int,
    rng: Random,
    progress: Progress | None,
) -> Estimate:
    fitted = choice.fitted
    warnings = [*table_warnings(histories), *choice.warnings]
    details: dict[str, Any] = {
        "conditional_interval": normal_interval(fitted, level),
        "parameters": fitted.parameters,
        "deviance": fitted.deviance,
        "coefficients": dict(fitted.coefficients),
        **(choice.details or {}),
    }
    interval: Interval = details["conditional_interval"]
    if bootstrap:
        interval, extra, notes = bca_interval(
            histories,
            fitted.total,
            choice.refit,
            replicates=bootstrap,
            level=level,
            rng=rng,
            progress=progress,
        )
        details.update(extra)
        warnings.extend(notes)
    else:
        warnings.append(_CONDITIONAL)
    return Estimate(
        method=choice.method,
        estimate=fitted.total,
        interval=interval,
        level=level,
        model=fitted.model,
        criterion_name=choice.criterion_name,
        criterion=choice.criterion,
        observed=histories.n,
        assumptions=ASSUMPTIONS,
        bias=BIAS,
        period=histories.period,
        warnings=tuple(warnings),
        details=details,
    )


def refit_ranked(ranking: Ranking, *, top: int | None = None) -> Refit:
    """Selection by the ranking's criterion, repeated on many tables."""
    again = Reselection(ranking, top=top)

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return rows.sum(axis=1) + again.select(rows).darks

    return refit


def refit_stepwise(k: int, threshold: float = 0.02) -> Refit:
    """Stepwise selection, repeated on many tables."""
    stepper = Stepwise(k, threshold)

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return rows.sum(axis=1) + stepper.select(rows).darks

    return refit


def refit_fixed(model: str, k: int) -> Refit:
    """One model, fitted to many tables."""
    space = single_model(model, k)

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        totals = np.empty(len(rows))
        table: PreparedTable | None = None
        for at, row in enumerate(rows):
            table = PreparedTable(
                space,
                row,
                above=None if table is None else table.above,
                certificates=None if table is None else table.certificates,
            )
            fits = table.fit_all(space.words)
            totals[at] = row.sum() + math.exp(fits.log_darks[0]) if fits.codes[0] == 0 else math.inf
        return totals

    return refit


def _from_ranking(
    histories: CaptureHistories,
    method: str,
    space: ModelSpace,
    criterion: str,
    *,
    level: float,
    bootstrap: int | None,
    rng: Random,
    progress: Progress | None,
    workers: int | None,
    top: int | None,
) -> Estimate:
    exhaustive = len(space) <= _RESAMPLED_MODELS
    if bootstrap is None:
        bootstrap = 1000 if len(space) < 1000 else 200 if exhaustive else 0
    ranking = rank(histories, space, criterion, coefficients=bool(bootstrap), workers=workers)
    best = ranking.best()
    fitted = fit(histories, space.name(int(space.words[best])))
    warnings = []
    if bootstrap and not exhaustive and top is None:
        top = _RESAMPLED_TOP
        warnings.append(f"Resamples choose among the {top:,} models that are best on the table itself.")
    return _answer(
        histories,
        _Choice(
            method,
            fitted,
            refit_ranked(ranking, top=top) if bootstrap else lambda rows: np.full(len(rows), math.nan),
            criterion,
            float(ranking.scores[best]),
            {
                "models": len(space),
                "distinct_fits": len(ranking.fits.codes),
                "codes": ranking.code_counts(),
                "best_models": ranking.top(10),
            },
            tuple(warnings),
        ),
        level=level,
        bootstrap=bootstrap,
        rng=rng,
        progress=progress,
    )


def _all_models(histories: CaptureHistories, all_models: bool) -> ModelSpace:
    require_table(histories)
    if histories.k > EXHAUSTIVE_LISTS:
        other = "'bic-two-way' or 'stepwise'" if histories.k <= TWO_WAY_LISTS else "'stepwise'"
        raise Refusal(
            f"With {histories.k} lists there are too many hierarchical models to look at all of them; use {other}."
        )
    space = hierarchical_space(histories.k)
    if len(space) > _ASK_FIRST and not all_models:
        distinct = len(np.unique(PreparedTable(space, histories.counts).keys(space.words)))
        if distinct > _ASK_FIRST:
            raise Refusal(
                f"This table needs {distinct:,} fits to look at all {len(space):,} models, which takes minutes. "
                f"Ask for it with --all-models (all_models=True), or use 'bic-two-way' or 'stepwise'."
            )
    return space


@answers("bic")
def bic(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
    workers: int | None = None,
    all_models: bool = False,
    top: int | None = None,
) -> Estimate:
    """Estimate from the hierarchical model with the least BIC, out of all of them.

    Parameters
    ----------
    histories : CaptureHistories
        Three to six lists.
    level : float
        Nominal level of the interval.
    bootstrap : int, optional
        Replicates of the BCa interval, selection repeated on each; 0 for the interval that takes the model as
        given. By default 1,000 for up to four lists, 200 for five, none for six.
    rng : seed or generator
    progress : callable, optional
        Called with (done, total) replicates.
    workers : int, optional
        Threads.
    all_models : bool
        With six lists: walk all 7,785,061 models even when that takes minutes.
    top : int, optional
        Resamples choose among this many best models instead of all.

    Returns
    -------
    Estimate
        Refused with seven lists or more, or when no model has a maximum.

    Notes
    -----
    BIC is ``-2 log L + p log n`` with n the people observed and p all parameters, those at minus infinity
    included. *Direction of bias*: see :data:`BIAS`; BIC also prefers small models, which leave dependence out.

    References
    ----------
    Silverman, B. W., Chan, L. and Vincent, K. (2024). Bootstrapping multiple systems estimates to account for
    model selection. Statistics and Computing 34, 44.

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12])
    >>> answer = bic(table, bootstrap=0)
    >>> answer.model, round(answer.estimate, 1)
    ('[12,23]', 157.2)
    """
    space = _all_models(histories, all_models)
    return _from_ranking(
        histories,
        "bic",
        space,
        "bic",
        level=level,
        bootstrap=bootstrap,
        rng=rng,
        progress=progress,
        workers=workers,
        top=top,
    )


@answers("aic")
def aic(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
    workers: int | None = None,
    all_models: bool = False,
    top: int | None = None,
) -> Estimate:
    """Estimate from the hierarchical model with the least AIC; parameters as in :func:`bic`.

    Notes
    -----
    AIC admits larger models than BIC; on sparse tables their totals scatter widely. *Direction of bias*: with
    many lists and few people it overfits, mostly towards totals that are too high.

    References
    ----------
    Baillargeon, S. and Rivest, L.-P. (2007). Rcapture: loglinear models for capture-recapture in R. Journal of
    Statistical Software 19(5).

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> aic(CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12]), bootstrap=0).model
    '[12,23]'
    """
    space = _all_models(histories, all_models)
    return _from_ranking(
        histories,
        "aic",
        space,
        "aic",
        level=level,
        bootstrap=bootstrap,
        rng=rng,
        progress=progress,
        workers=workers,
        top=top,
    )


@answers("bic-two-way")
def bic_two_way(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
    workers: int | None = None,
    top: int | None = None,
) -> Estimate:
    """Estimate from the model with the least BIC among those with two-list interactions only.

    Parameters as in :func:`bic`; three to seven lists.

    Notes
    -----
    *Direction of bias*: as for :func:`bic`; dependence among three lists at once is left out.

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> bic_two_way(CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12]), bootstrap=0).model
    '[12,23]'
    """
    require_table(histories)
    if histories.k > TWO_WAY_LISTS:
        raise Refusal(
            f"With {histories.k} lists there are {2 ** math.comb(histories.k, 2):,} two-list models, too many to "
            f"look at all of them; use 'stepwise'."
        )
    return _from_ranking(
        histories,
        "bic-two-way",
        two_way_space(histories.k),
        "bic",
        level=level,
        bootstrap=bootstrap,
        rng=rng,
        progress=progress,
        workers=workers,
        top=top,
    )


@answers("stepwise")
def stepwise(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
    threshold: float = 0.02,
) -> Estimate:
    """Estimate from the model that stepwise selection of two-list interactions ends at.

    Parameters
    ----------
    histories : CaptureHistories
        Three to ten lists.
    level, rng, progress
        As in :func:`bic`.
    bootstrap : int, optional
        Replicates of the BCa interval, 1,000 by default; 0 for none.
    threshold : float
        A pair of lists enters while the smaller Poisson tail of its overlap lies below this.

    Returns
    -------
    Estimate

    Notes
    -----
    *Direction of bias*: see :data:`BIAS`; dependence too weak to reach the threshold is left out.

    References
    ----------
    Chan, L., Silverman, B. W. and Vincent, K. (2021). Multiple systems estimation for sparse capture data:
    inferential challenges when there are nonoverlapping lists. JASA 116, 1297-1306.

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> stepwise(CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12]), bootstrap=0).model
    '[12,3]'
    """
    require_table(histories)
    if histories.k > STEPWISE_LISTS:
        raise Refusal(f"Stepwise selection takes at most {STEPWISE_LISTS} lists; merge similar ones first.")
    stepper = Stepwise(histories.k, threshold)
    steps = stepper.select(histories.counts[None, :])
    if math.isinf(steps.darks[0]):
        raise Refusal("Not even the model of independent lists has a maximum: too few people overlap.")
    return _answer(
        histories,
        _Choice(
            "stepwise",
            fit(histories, stepper.space.name(int(steps.words[0]))),
            refit_stepwise(histories.k, threshold),
            details={"threshold": threshold},
        ),
        level=level,
        bootstrap=1000 if bootstrap is None else bootstrap,
        rng=rng,
        progress=progress,
    )


@answers("independence")
def independence(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
) -> Estimate:
    """Estimate as if the lists were independent of each other: a reference point, not a recommendation.

    Parameters as in :func:`stepwise`.

    Notes
    -----
    *Direction of bias*: positive dependence, the usual case among services that refer to each other, makes the
    total too low.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> round(independence(table, bootstrap=0).estimate)
    405
    """
    require_table(histories)
    name = "[" + ",".join((str(i + 1) for i in range(histories.k))) + "]"
    warning = "Independence between lists was assumed, not tested; compare it with 'bic' or 'stepwise'."
    return _answer(
        histories,
        _Choice("independence", fit(histories, name), refit_fixed(name, histories.k), warnings=(warning,)),
        level=level,
        bootstrap=200 if bootstrap is None else bootstrap,
        rng=rng,
        progress=progress,
    )


@answers("model")
def fixed_model(
    histories: CaptureHistories,
    *,
    model: str,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
) -> Estimate:
    """Estimate from a model that was decided on before the table was seen.

    Parameters
    ----------
    model : str
        Such as ``"[12,23,4]"``.
    histories, level, bootstrap, rng, progress
        As in :func:`stepwise`.

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12])
    >>> round(fixed_model(table, model="[12,3]", bootstrap=0).estimate, 1)
    268.8
    """
    require_table(histories)
    return _answer(
        histories,
        _Choice("model", fit(histories, model), refit_fixed(model, histories.k)),
        level=level,
        bootstrap=200 if bootstrap is None else bootstrap,
        rng=rng,
        progress=progress,
    )
