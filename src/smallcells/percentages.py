"""Percentages, only where they say no more than the counts beside them.

A percentage of a known whole is a count in disguise: "4 % of 75 people" is three people.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smallcells.policy import BadTable, Policy
from smallcells.tables import HIDDEN, SafeTable


def share(numerator: int, denominator: int, policy: Policy | None = None, *, decimals: int = 1) -> float | None:
    """A percentage, or None where the numerator, the denominator or the rest is small.

    Parameters
    ----------
    numerator, denominator : int
        People; the numerator is part of the denominator.
    policy : Policy, optional
    decimals : int

    Raises
    ------
    ValueError
        The numerator is not part of the denominator.

    Examples
    --------
    >>> share(30, 75), share(3, 75), share(72, 75), share(0, 75)
    (40.0, None, None, 0.0)
    """
    policy = policy or Policy()
    if not 0 <= numerator <= denominator:
        raise ValueError(f"{numerator} of {denominator}: the part cannot be negative nor exceed the whole")
    if denominator == 0 or any(policy.is_small(count) for count in (numerator, denominator, denominator - numerator)):
        return None
    return round(100 * numerator / denominator, decimals)


def percentages(table: SafeTable, of: str, *, decimals: int = 1) -> NDArray[np.float64]:
    """Each count as a percentage of its total over one dimension.

    Parameters
    ----------
    table : SafeTable
    of : str
        The dimension whose total is 100 %.
    decimals : int

    Returns
    -------
    ndarray of float64, shape of the table
        NaN where the count or its total is hidden, or the total is zero.

    Raises
    ------
    BadTable
        The table does not publish that total.

    Examples
    --------
    >>> from smallcells import Policy, Table
    >>> table = Table.of(["age"], [["minor", "adult"]], [30, 90])
    >>> percentages(SafeTable(table.dimensions, table.counts, Policy()), "age").tolist()
    [25.0, 75.0, 100.0]
    """
    names = [dimension.name for dimension in table.dimensions]
    if of not in names or not table.dimensions[names.index(of)].total:
        raise BadTable(f"percentages of {of!r} need its total, and the table has none")
    axis = names.index(of)
    whole = np.take(table.shown, [table.shape[axis] - 1], axis=axis)
    passes = (table.shown != HIDDEN) & (whole > 0)
    parts = np.where(passes, table.shown, 0) / np.where(whole > 0, whole, 1)
    return np.where(passes, np.round(100 * parts, decimals), np.nan)
