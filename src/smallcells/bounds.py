"""How closely can a hidden count be boxed in by somebody who adds and subtracts?

The answer is the pair of linear programs that make a hidden count as small and as large as the published sums allow
(integer programs where the sums are not a flow network, since people come whole).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smallcells.policy import BadTable
from smallcells.systems import System

if TYPE_CHECKING:
    from scipy import sparse

#: Answers of the solver are whole numbers up to this much.
ROUNDING = 1e-6


def components(system: System, unknown: NDArray[np.bool_]) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Split the unknown cells into groups that no sum ties together: pairs (relations, cells) of indices."""
    from scipy.sparse.csgraph import connected_components

    cells = np.flatnonzero(unknown)
    if not cells.size:
        return
    incidence = abs(system.sums[:, cells])
    count, labels = connected_components(incidence.T @ incidence, directed=False)
    for label in range(count):
        inside = np.flatnonzero(labels == label)
        touched = np.flatnonzero(incidence[:, inside].sum(axis=1))
        yield touched, cells[inside]


def intervals(
    system: System,
    known: NDArray[np.float64],
    least: NDArray[np.float64],
    *,
    integral: bool = False,
    enough: float = np.inf,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bound every unknown count.

    Parameters
    ----------
    system : System
    known : ndarray, shape (cells,)
        Shown counts, NaN where a count is unknown.
    least : ndarray, shape (cells,)
        What readers know that an unknown count is at least.
    integral : bool
        Bound by whole numbers of people (slower; not needed for a network).
    enough : float
        A count whose interval is found to be at least this wide is not pursued further: its bounds are then
        an inner, not the outermost, interval. By default every bound is exact.

    Returns
    -------
    low, high : ndarray, shape (cells,)
        The known count where it is known; ``high`` is infinite where nothing limits it.

    Raises
    ------
    BadTable
        The shown counts contradict each other.
    """
    low, high = known.copy(), known.copy()
    unknown = np.isnan(known)
    low[unknown], high[unknown] = np.inf, -np.inf
    visible = np.where(unknown, 0.0, known)
    settled = np.asarray(abs(system.sums) @ unknown.astype(float)) == 0
    if np.any(np.abs(np.asarray(system.sums @ visible))[settled] > ROUNDING):
        raise BadTable("the shown counts contradict each other: a total is not the sum of its parts")
    for rows, cells in components(system, unknown):
        block = system.sums[rows][:, cells]
        target = -np.asarray(system.sums[rows] @ visible)
        for place, cell in enumerate(cells):
            for sign in (1.0, -1.0):
                if high[cell] - low[cell] >= enough:
                    break
                if (sign > 0 and low[cell] <= least[cell]) or (sign < 0 and high[cell] == np.inf):
                    continue  # an earlier solution has already shown the outermost value
                solution = _extreme(block, target, least[cells], place, sign, integral=integral)
                if solution is None:
                    high[cell] = np.inf
                else:
                    low[cells] = np.minimum(low[cells], solution)
                    high[cells] = np.maximum(high[cells], solution)
    return low, high


def _extreme(
    block: sparse.csr_array,
    target: NDArray[np.float64],
    least: NDArray[np.float64],
    place: int,
    sign: float,
    *,
    integral: bool,
) -> NDArray[np.float64] | None:
    """Counts that fit what is shown and make one of them smallest (sign +1) or largest (-1); None when unlimited."""
    from scipy.optimize import Bounds, LinearConstraint, linprog, milp

    cost = np.zeros(block.shape[1])
    cost[place] = sign
    if integral:
        answer = milp(
            cost,
            integrality=np.ones(len(cost), dtype=np.int64),
            bounds=Bounds(least, np.inf),
            constraints=LinearConstraint(block, target, target),
        )
    else:
        # The stubs do not know that sparse matrices are taken.
        answer = linprog(  # type: ignore[call-overload]
            cost, A_eq=block, b_eq=target, bounds=np.column_stack([least, np.full(least.shape, np.inf)])
        )
    if answer.x is not None and answer.status == 0:
        return np.asarray(np.round(answer.x, 6), dtype=np.float64)
    if sign < 0 and _fits(block, target, least, integral=integral):
        return None
    raise BadTable("the shown counts contradict each other: no hidden counts fit them")


def _fits(block: sparse.csr_array, target: NDArray[np.float64], least: NDArray[np.float64], *, integral: bool) -> bool:
    """Whether any counts at all fit what is shown."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    answer = milp(
        np.zeros(block.shape[1]),
        integrality=np.full(block.shape[1], int(integral)),
        bounds=Bounds(least, np.inf),
        constraints=LinearConstraint(block, target, target),
    )
    return bool(answer.status == 0)
