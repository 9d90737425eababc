"""Go downhill: from independent lists, add or drop one interaction at a time while the criterion falls.

Where a full walk is out of reach (seven lists and more) this looks at interactions of any order, which the
stepwise method does not. It can stop in a valley that is not the deepest.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import answers, require_table
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.resampling import Refit
from hiddenpop.loglinear import PreparedTable, fit
from hiddenpop.loglinear.ranking import penalty_per_parameter
from hiddenpop.loglinear.stepwise import STEPWISE_LISTS
from hiddenpop.models import ModelSpace, format_model, generators
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate, Refusal
from hiddenpop.selection.answering import Choice, Progress, answer

__all__ = ["downhill", "neighbors"]

#: A model word holds this many parameters.
_ROOM = 64


def neighbors(model: frozenset[int], k: int) -> tuple[list[int], list[int]]:
    """Interactions that can be added to, and dropped from, a hierarchical model one at a time.

    Parameters
    ----------
    model : frozenset of int
        Set codes, main effects included.
    k : int

    Returns
    -------
    added, dropped : list of int
        Set codes; low orders first among the added ones.

    Examples
    --------
    >>> neighbors(frozenset({0, 1, 2, 4, 3}), 3)
    ([5, 6], [3])
    """
    full = (1 << k) - 1
    added = [
        code
        for code in range(full)
        if code.bit_count() >= 2 and code not in model and all(code & ~(1 << i) in model for i in range(k) if code >> i & 1)
    ]
    dropped = [code for code in generators(model) if code.bit_count() >= 2]
    return sorted(added, key=lambda code: (code.bit_count(), code)), sorted(dropped)


def _search(counts: NDArray[np.int64], k: int, criterion: str) -> tuple[frozenset[int], float, float]:
    """Model, criterion (without factorials) and people on no list at the end of the way down.

    The criterion is infinite when not even independent lists have a maximum.
    """
    model = frozenset({0, *(1 << i for i in range(k))})
    cost = penalty_per_parameter(criterion, float(counts.sum())) if counts.any() else 0.0
    best, dark = math.inf, math.inf
    while True:
        added, dropped = neighbors(model, k)
        elements = sorted([*model, *added[: _ROOM - len(model)]], key=lambda code: (code.bit_count(), code))
        bit = {code: 1 << j for j, code in enumerate(elements)}
        here = sum(bit[code] for code in model)
        words = [here, *(here | bit[code] for code in added if code in bit), *(here & ~bit[code] for code in dropped)]
        space = ModelSpace(k, np.array(elements, dtype=np.int64), np.array(words, dtype=np.uint64))
        fits = PreparedTable(space, counts).fit_all(space.words)
        scores = 2.0 * fits.values + cost * space.sizes()
        least = int(np.argmin(scores))
        if not scores[least] < best - 1e-9:
            return model, best, dark
        best, dark = float(scores[least]), math.exp(fits.log_darks[least])
        model = frozenset(space.parameters(words[least]))


def _refit(k: int, criterion: str) -> Refit:
    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.array([row.sum() + _search(row, k, criterion)[2] for row in rows])

    return refit


@answers("downhill")
def downhill(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Progress | None = None,
    criterion: str = "bic",
) -> Estimate:
    """Estimate from the model at the end of a downhill search over hierarchical models.

    Parameters
    ----------
    histories : CaptureHistories
        Three to ten lists.
    level, rng, progress
        As in :func:`hiddenpop.selection.bic`.
    bootstrap : int, optional
        Replicates of the BCa interval, 200 by default; 0 for the interval that takes the model as given.
    criterion : {"bic", "aic"}

    Returns
    -------
    Estimate

    Notes
    -----
    *Direction of bias*: as for :func:`hiddenpop.selection.bic`; besides, the search may miss the best model.

    References
    ----------
    Edwards, D. and Havranek, T. (1985). A fast procedure for model search in multidimensional contingency
    tables. Biometrika 72, 339-351.

    Examples
    --------
    >>> rows = [(0, 0, 1), (0, 1, 0), (1, 0, 0), (1, 1, 0), (1, 0, 1), (1, 1, 1)]
    >>> downhill(CaptureHistories.from_rows("bcd", rows, [41, 5, 5, 54, 6, 12]), bootstrap=0).model
    '[12,23]'
    """
    require_table(histories)
    if histories.k > STEPWISE_LISTS:
        raise Refusal(f"The downhill search takes at most {STEPWISE_LISTS} lists; merge similar ones first.")
    model, score, _ = _search(np.asarray(histories.counts), histories.k, criterion)
    if math.isinf(score):
        raise Refusal("Not even the model of independent lists has a maximum: too few people overlap.")
    fitted = fit(histories, format_model(model, histories.k))
    return answer(
        histories,
        Choice(
            "downhill",
            fitted,
            _refit(histories.k, criterion),
            criterion,
            fitted.bic if criterion == "bic" else fitted.aic,
            warnings=("The search went downhill from independent lists; a better model may lie elsewhere.",),
        ),
        level=level,
        bootstrap=200 if bootstrap is None else bootstrap,
        rng=rng,
        progress=progress,
    )
