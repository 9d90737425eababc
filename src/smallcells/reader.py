"""The reader who tries to work hidden counts out, and what each success teaches about which cells must be hidden."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from smallcells.audit import gives_small_count_away
from smallcells.bounds import components, intervals
from smallcells.plan import Plan

#: Hidden cells split into groups that no sum ties together: (relations, cells) of each.
Parts = Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
#: Differences smaller than this are the solver's rounding.
SLACK = 1e-6
#: In a flow network no cell need move further than the threshold for another to do so; other sums have no such
#: limit, and this many thresholds stand for one.
FARTHEST = 1000


def exposed(plan: Plan, hidden: NDArray[np.bool_]) -> list[int]:
    """The cells that a reader can box in too closely when these cells are hidden."""
    known = np.where(hidden, np.nan, plan.counts)
    threshold = plan.policy.threshold
    found = _narrow(plan, hidden, *intervals(plan.system, known, plan.least, enough=threshold))
    if found or plan.system.network:
        return found
    return _narrow(plan, hidden, *intervals(plan.system, known, plan.least, integral=True, enough=threshold))


def _narrow(plan: Plan, hidden: NDArray[np.bool_], low: NDArray[np.float64], high: NDArray[np.float64]) -> list[int]:
    return [
        int(cell)
        for cell in np.flatnonzero(hidden)
        if high[cell] - low[cell] < plan.policy.threshold - SLACK
        and (plan.guarded[cell] or gives_small_count_away(low[cell], high[cell], plan.policy))
    ]


def cuts_against(plan: Plan, hidden: NDArray[np.bool_], cells: Sequence[int]) -> list[NDArray[np.float64]]:
    """One inequality for each exposed cell; see :func:`cut_against`."""
    parts = list(components(plan.system, hidden))
    return [cut_against(plan, hidden, cell, parts) for cell in cells]


def cut_against(plan: Plan, hidden: NDArray[np.bool_], cell: int, parts: Parts | None = None) -> NDArray[np.float64]:
    """An inequality ``weights @ hidden >= 0`` that every safe set satisfies and this one does not.

    Parameters
    ----------
    plan : Plan
    hidden : ndarray of bool, shape (cells,)
        A set in which ``cell`` is exposed.
    cell : int
    parts : sequence of pairs, optional
        The components of the hidden cells, when they are known.

    Returns
    -------
    weights : ndarray, shape (cells,)
    """
    rows, tied = next((r, c) for r, c in parts or components(plan.system, hidden) if cell in c)
    threshold = plan.policy.threshold
    down = np.maximum(plan.counts - plan.least, 0.0)
    up = np.full(len(down), float(threshold if plan.system.network else FARTHEST * threshold))
    weights: NDArray[np.float64] = np.zeros(len(down))
    width = 0.0
    for sign in (1.0, -1.0):
        moves, worth = _farthest_move(plan, rows, tied, cell, sign, down, up)
        width += moves
        weights += np.maximum(worth, 0.0) * up + np.maximum(-worth, 0.0) * down
    if width >= threshold - SLACK:
        # Fractions of people leave room enough, whole people do not: some cell outside the set must join it.
        weights = np.where(hidden, 0.0, 1.0)
        weights[cell] = -1.0
        return weights
    need = threshold - weights[cell]
    weights = np.minimum(weights, need)
    weights[weights < SLACK] = 0.0
    weights[cell] = -need
    return weights


def _farthest_move(
    plan: Plan,
    rows: NDArray[np.intp],
    cells: NDArray[np.intp],
    cell: int,
    sign: float,
    down: NDArray[np.float64],
    up: NDArray[np.float64],
) -> tuple[float, NDArray[np.float64]]:
    """How far a hidden cell can move up (sign +1) or down (-1), and what each cell's freedom is worth to that.

    Weak duality makes the worth a bound for *every* set of hidden cells: whatever multipliers the sums get, the move is
    at most the sum of what the hidden cells' own freedom contributes.
    """
    from scipy.optimize import linprog

    cost = np.where(cells == cell, -sign, 0.0)
    answer = linprog(  # type: ignore[call-overload]  # the stubs do not know that sparse matrices are taken
        cost,
        A_eq=plan.system.sums[rows][:, cells],
        b_eq=np.zeros(len(rows)),
        bounds=np.column_stack([-down[cells], up[cells]]),
    )
    worth = np.asarray(plan.system.sums[rows].T @ answer.eqlin.marginals)
    worth[cell] += sign
    return float(-answer.fun), np.asarray(worth, dtype=np.float64)
