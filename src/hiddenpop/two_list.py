"""Two lists: Lincoln-Petersen and Chapman. The oldest estimate and the least defensible.

With two lists nothing in the data tells dependence between them from missing people, so every answer here is
flagged. Three overlapping lists are the smallest table that can be questioned.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from hiddenpop.guards import SMALL_OVERLAP, answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.conditional import log_normal_interval
from hiddenpop.results import Estimate, Refusal

__all__ = ["chapman", "lincoln_petersen"]

_ASSUMPTIONS = (
    "The population did not change over the period: nobody joined or left it.",
    "Records of the same person on the two lists were matched without error.",
    "Being on one list does not make a person more or less likely to be on the other.",
    "On at least one of the two lists everybody was equally likely to appear.",
)
_BIAS = (
    "Referral between the lists, or people who are easy to find for both, make the total too low; lists that "
    "avoid each other's people, or missed matches, make it too high."
)
_FLAG = "Two lists cannot show whether they depend on each other; treat the number as a rough guide, not a finding."


def _two(histories: CaptureHistories, lists: Sequence[int | str] | None) -> CaptureHistories:
    if lists is not None:
        if len(lists) != 2:
            raise Refusal(f"This method takes two lists; {len(lists)} were named.")
        histories = histories.subset(lists)
    elif histories.k != 2:
        raise Refusal(
            f"This method takes exactly two lists and the table has {histories.k}. Name two of them, or use "
            f"'stepwise' or 'bic', which use all."
        )
    require_table(histories, lists=2)
    return histories


def _estimate(method: str, table: CaptureHistories, total: float, variance: float, level: float, shared: int) -> Estimate:
    warnings = [_FLAG, *table_warnings(table)]
    if shared < SMALL_OVERLAP and not any("share" in warning for warning in warnings):
        warnings.append(f"Only {shared} people are on both lists.")
    error = math.sqrt(variance)
    return Estimate(
        method=method,
        estimate=max(total, float(table.n)),
        interval=log_normal_interval(
            table.n, max(total, float(table.n)), error, level, "log-normal for the people on neither list"
        ),
        level=level,
        model="[1,2]",
        observed=table.n,
        assumptions=_ASSUMPTIONS,
        bias=_BIAS,
        period=table.period,
        warnings=tuple(warnings),
        details={"standard_error": error, "on_both": shared, "lists": list(table.list_names)},
    )


@answers("chapman")
def chapman(histories: CaptureHistories, *, level: float = 0.95, lists: Sequence[int | str] | None = None) -> Estimate:
    """Chapman's nearly unbiased two-list estimate.

    Parameters
    ----------
    histories : CaptureHistories
        Two lists, or more with `lists` naming two.
    level : float
    lists : two of int or str, optional
        Positions from 0, or names.

    Returns
    -------
    Estimate

    Notes
    -----
    ``(n1 + 1)(n2 + 1) / (m + 1) - 1`` with m people on both. *Direction of bias*: positive dependence makes it
    too low.

    References
    ----------
    Chapman, D. G. (1951). Some properties of the hypergeometric distribution with applications to zoological
    sample censuses. University of California Publications in Statistics 1, 131-160. Variance: Seber, G. A. F.
    (1970). The effects of trap response on tag recapture estimates. Biometrics 26, 13-22.

    Examples
    --------
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [190, 290, 10])
    >>> round(chapman(table).estimate, 1)
    5499.1
    """
    table = _two(histories, lists)
    first, second = (int(total) for total in table.list_totals)
    shared = table.overlap(0, 1)
    total = (first + 1) * (second + 1) / (shared + 1) - 1
    variance = (first + 1) * (second + 1) * (first - shared) * (second - shared) / ((shared + 1) ** 2 * (shared + 2))
    return _estimate("chapman", table, total, variance, level, shared)


@answers("lincoln-petersen")
def lincoln_petersen(
    histories: CaptureHistories, *, level: float = 0.95, lists: Sequence[int | str] | None = None
) -> Estimate:
    """The ratio estimate ``n1 n2 / m``; parameters as in :func:`chapman`, which is less biased.

    Notes
    -----
    *Direction of bias*: upwards in small samples (its mean is infinite); otherwise as for :func:`chapman`.

    Examples
    --------
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [190, 290, 10])
    >>> lincoln_petersen(table).estimate
    6000.0
    """
    table = _two(histories, lists)
    first, second = (int(total) for total in table.list_totals)
    shared = table.overlap(0, 1)
    total = first * second / shared
    variance = first * second * (first - shared) * (second - shared) / shared**3
    return _estimate("lincoln-petersen", table, total, variance, level, shared)
