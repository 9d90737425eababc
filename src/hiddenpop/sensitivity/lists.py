"""What a single list decides, and whether the lists can find a number that is known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from hiddenpop.histories import CaptureHistories
from hiddenpop.results import Estimate, Refusal, refusal

__all__ = ["ConsistencyCheck", "internal_consistency", "leave_one_list_out"]

Estimator = Callable[[CaptureHistories], Estimate]


def _answer(estimator: Estimator, histories: CaptureHistories) -> Estimate:
    try:
        return estimator(histories)
    except Refusal as reason:
        return refusal("refused", histories.n, str(reason))


def leave_one_list_out(histories: CaptureHistories, estimator: Estimator) -> dict[str, Estimate]:
    """Estimate again without each list in turn.

    Parameters
    ----------
    histories : CaptureHistories
        At least three lists.
    estimator : callable
        Takes a table, returns an :class:`~hiddenpop.results.Estimate`.

    Returns
    -------
    dict of str to Estimate
        By the name of the list that was left out. People on that list alone are not observed any more, so the
        estimates stay comparable: they are about the same population.

    Raises
    ------
    Refusal
        With fewer than three lists nothing is left to estimate from.

    Notes
    -----
    A list whose absence moves the total outside the interval of the full table decides the answer by itself:
    ask what it is and whom it reaches before the total is quoted.

    Examples
    --------
    >>> import numpy as np
    >>> from hiddenpop.results import Estimate
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)]
    >>> table = CaptureHistories.from_rows(("A", "B", "C"), rows, [30, 40, 10, 5])
    >>> found = leave_one_list_out(table, lambda part: Estimate("count", float(part.n), observed=part.n))
    >>> {name: answer.estimate for name, answer in found.items()}
    {'A': 55.0, 'B': 45.0, 'C': 75.0}
    """
    if histories.k < 3:
        raise Refusal("Leaving a list out needs at least three lists.")
    names = histories.list_names
    return {out: _answer(estimator, histories.subset([name for name in names if name != out])) for out in names}


@dataclass(frozen=True)
class ConsistencyCheck:
    """One list taken as the whole population, and found by the others.

    Parameters
    ----------
    list_name : str
        The list that plays the population.
    truth : int
        People on it.
    estimate : Estimate
        What the other lists make of them.
    """

    list_name: str
    truth: int
    estimate: Estimate

    @property
    def relative_error(self) -> float | None:
        """(estimate - truth) / truth; None when the estimator refused."""
        if self.estimate.estimate is None or self.truth == 0:
            return None
        return self.estimate.estimate / self.truth - 1.0

    @property
    def covered(self) -> bool | None:
        """Whether the interval holds the truth; None without an interval."""
        return None if self.estimate.interval is None else self.estimate.interval.contains(self.truth)


def internal_consistency(histories: CaptureHistories, estimator: Estimator) -> tuple[ConsistencyCheck, ...]:
    """Take each list in turn as a population of known size and estimate it from the other lists.

    Parameters
    ----------
    histories : CaptureHistories
        At least three lists; with three, two are left and the estimator must accept two.
    estimator : callable
        Takes a table, returns an :class:`~hiddenpop.results.Estimate`.

    Returns
    -------
    tuple of ConsistencyCheck
        One a list. A method that cannot find the people on a list whose number is known deserves no trust for
        the people on none.

    Raises
    ------
    Refusal
        With fewer than three lists.

    References
    ----------
    Hook, E. B. and Regal, R. R. (2000). Accuracy of alternative approaches to capture-recapture estimates of
    disease frequency: internal validity analysis of data from five sources. American Journal of Epidemiology
    152, 771-779.

    Examples
    --------
    >>> from hiddenpop.results import Estimate
    >>> rows = [(1, 0, 0), (1, 1, 0), (1, 0, 1), (0, 1, 1)]
    >>> table = CaptureHistories.from_rows(("A", "B", "C"), rows, [3, 4, 5, 6])
    >>> checks = internal_consistency(table, lambda part: Estimate("count", float(part.n), observed=part.n))
    >>> [(check.list_name, check.truth, check.estimate.estimate) for check in checks]
    [('A', 12, 9.0), ('B', 10, 10.0), ('C', 11, 11.0)]
    """
    if histories.k < 3:
        raise Refusal("Internal consistency needs at least three lists: one to play the truth, two to find it.")
    cells = np.arange(histories.counts.size)
    checks = []
    for i, name in enumerate(histories.list_names):
        on = cells[cells >> i & 1 == 1]
        # Close the gap that list i leaves in the bitmask.
        rest = (on & ((1 << i) - 1)) | (on >> (i + 1) << i)
        counts = np.zeros(1 << (histories.k - 1), dtype=np.int64)
        counts[rest] = histories.counts[on]
        counts[0] = 0
        others = tuple(other for other in histories.list_names if other != name)
        part = CaptureHistories(others, counts, period=histories.period)
        checks.append(ConsistencyCheck(name, int(histories.counts[on].sum()), _answer(estimator, part)))
    return tuple(checks)
