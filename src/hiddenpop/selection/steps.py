"""Select step by step, or not at all: stepwise, independence, a model decided beforehand."""

from __future__ import annotations

import math

from hiddenpop.guards import answers, require_table
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.loglinear.stepwise import STEPWISE_LISTS, Stepwise
from hiddenpop.models import format_model
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate, Refusal
from hiddenpop.selection.answering import Choice, Progress, answer, refit_fixed, refit_stepwise

__all__ = ["fixed_model", "independence", "stepwise"]


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
    return answer(
        histories,
        Choice(
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
    name = format_model([1 << i for i in range(histories.k)], histories.k)
    warning = "Independence between lists was assumed, not tested; compare it with 'bic' or 'stepwise'."
    return answer(
        histories,
        Choice("independence", fit(histories, name), refit_fixed(name, histories.k), warnings=(warning,)),
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
    return answer(
        histories,
        Choice("model", fit(histories, model), refit_fixed(model, histories.k)),
        level=level,
        bootstrap=200 if bootstrap is None else bootstrap,
        rng=rng,
        progress=progress,
    )
