"""Select by BIC or AIC out of every model of a space."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import answers, require_table
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import PreparedTable, fit, rank
from hiddenpop.models import EXHAUSTIVE_LISTS, TWO_WAY_LISTS, ModelSpace, hierarchical_space, two_way_space
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate, Refusal
from hiddenpop.selection.answering import Choice, Progress, answer, refit_ranked

__all__ = ["aic", "bic", "bic_two_way", "ranked", "whole_space"]

#: Up to this many distinct models are refitted on every resample; beyond it, only the best ones.
_RESAMPLED_MODELS = 10_000
_RESAMPLED_TOP = 1_000
#: Above this many distinct fits a full walk takes minutes and must be asked for.
_ASK_FIRST = 1_500_000


@dataclass(frozen=True)
class Search:
    """How a space is searched and how its answer is resampled; see :func:`bic`."""

    level: float
    bootstrap: int | None
    rng: Random
    progress: Progress | None
    workers: int | None
    top: int | None
    folder: str | Path | None = None


def ranked(histories: CaptureHistories, method: str, space: ModelSpace, criterion: str, given: Search) -> Estimate:
    """Answer from the best model of a space, with the selection repeated on resamples."""
    small = len(space) <= _RESAMPLED_MODELS
    bootstrap = given.bootstrap
    if bootstrap is None:
        bootstrap = 1000 if len(space) < 1000 else 200 if small else 0
    ranking = rank(
        histories, space, criterion, coefficients=bool(bootstrap) and small, workers=given.workers, folder=given.folder,
        progress=given.progress,
    )  # fmt: skip
    best = ranking.best()
    warnings = []
    resampled = ranking
    if bootstrap and (given.top is not None or not small):
        few = ranking.best_space(_RESAMPLED_TOP if given.top is None else given.top)
        resampled = rank(histories, few, criterion, coefficients=True, workers=given.workers)
        warnings.append(f"Resamples choose among the {len(few):,} models that are best on the table itself.")
    return answer(
        histories,
        Choice(
            method,
            fit(histories, space.name(int(space.words[best]))),
            refit_ranked(resampled) if bootstrap else _no_refit,
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
        level=given.level,
        bootstrap=bootstrap,
        rng=given.rng,
        progress=given.progress,
    )


def _no_refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
    raise ValueError("an answer without a bootstrap has nothing to refit")


def whole_space(histories: CaptureHistories, all_models: bool) -> ModelSpace:
    """All hierarchical models of a table's lists.

    Raises
    ------
    Refusal
        With seven lists or more, and with six when the walk takes minutes and was not asked for.
    """
    require_table(histories)
    if histories.k > EXHAUSTIVE_LISTS:
        other = "'bic-two-way' or 'stepwise'" if histories.k <= TWO_WAY_LISTS else "'stepwise'"
        raise Refusal(
            f"With {histories.k} lists there are too many hierarchical models to look at all of them; use {other}."
        )
    space = hierarchical_space(histories.k)
    if len(space) > _ASK_FIRST and not all_models:
        distinct = PreparedTable(space, histories.counts).count_distinct()
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
    folder: str | Path | None = None,
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
        Called with (done, total): first fits, then replicates.
    workers : int, optional
        Threads.
    all_models : bool
        With six lists: walk all 7,785,061 models even when that takes minutes.
    top : int, optional
        Resamples choose among this many best models instead of all.
    folder : path, optional
        Where finished parts of a long walk are kept; after a stop the next run goes on from there.

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
    given = Search(level, bootstrap, rng, progress, workers, top, folder)
    return ranked(histories, "bic", whole_space(histories, all_models), "bic", given)


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
    folder: str | Path | None = None,
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
    given = Search(level, bootstrap, rng, progress, workers, top, folder)
    return ranked(histories, "aic", whole_space(histories, all_models), "aic", given)


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
    given = Search(level, bootstrap, rng, progress, workers, top)
    return ranked(histories, "bic-two-way", two_way_space(histories.k), "bic", given)
