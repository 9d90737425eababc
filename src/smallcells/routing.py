"""Complementary cells for large tables: route flows.

Moving a hidden cell by the threshold must be possible without any shown total changing, so other cells must fall and
rise to make up for it. The cheapest such exchange is a minimum-cost flow (in a two-way table: around a closed loop of
cells), found by one linear program for each cell that is still exposed. At the end cells that turned out not to be
needed are shown again.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from smallcells.plan import Plan
from smallcells.policy import Refusal
from smallcells.reader import SLACK, exposed
from smallcells.tables import describe_key


def route(plan: Plan) -> NDArray[np.bool_]:
    """A safe set of cells, few but not provably the fewest.

    Returns
    -------
    ndarray of bool, shape (cells,)

    Raises
    ------
    Refusal
        Some cell cannot be protected by any exchange.
    """
    hidden = plan.hidden.copy()
    while found := exposed(plan, hidden):
        before = hidden.copy()
        for cell in sorted(found, key=lambda cell: (plan.counts[cell], cell)):
            joined = _cheapest_exchange(plan, hidden, cell)
            hidden = hidden | joined
        if np.array_equal(before, hidden):
            # Whole people need more room than fractions of them: give the first one every cell that it can have.
            hidden = hidden | plan.open
            if np.array_equal(before, hidden):
                raise Refusal(f"{describe_key(plan.system.keys[found[0]])} cannot be protected")
    return _thinned(plan, hidden)


def _cheapest_exchange(plan: Plan, hidden: NDArray[np.bool_], cell: int) -> NDArray[np.bool_]:
    """The cells that must join for ``cell`` to have an interval as wide as the threshold."""
    from scipy import sparse
    from scipy.optimize import linprog

    usable = np.flatnonzero(hidden | plan.open)
    price = np.where(hidden, 0.0, plan.cost)[usable]
    down = np.maximum(plan.counts - plan.least, 0.0)[usable]
    up = np.full(len(usable), np.inf)
    place = int(np.flatnonzero(usable == cell)[0])
    threshold = float(plan.policy.threshold)
    # Two exchanges at once: one that lifts the cell, one that lowers it, together as far apart as the threshold.
    size = len(usable)
    block = plan.system.sums[:, usable]
    twice = sparse.block_diag([sparse.hstack([block, -block])] * 2, format="csr")
    apart = np.zeros(4 * size)
    apart[[place, size + place, 2 * size + place, 3 * size + place]] = [1.0, -1.0, -1.0, 1.0]
    answer = linprog(  # type: ignore[call-overload]  # the stubs do not know that sparse matrices are taken
        np.tile(price, 4),
        A_eq=sparse.vstack([twice, sparse.csr_array(apart[None, :])], format="csr"),
        b_eq=np.append(np.zeros(twice.shape[0]), threshold),
        bounds=np.column_stack([np.zeros(4 * size), np.concatenate([up, down, up, down])]),
    )
    if answer.x is None:
        raise Refusal(
            f"no choice of hidden cells protects {describe_key(plan.system.keys[cell])}: "
            "what must stay visible already tells too much"
        )
    moved = np.abs(answer.x.reshape(4, size)).max(axis=0) > SLACK
    joined = np.zeros_like(hidden)
    joined[usable[moved]] = True
    return joined & plan.open


def _thinned(plan: Plan, hidden: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Show again what is not needed, the dearest cells first."""
    extra = np.flatnonzero(hidden & ~plan.hidden)
    for cell in extra[np.argsort(-plan.cost[extra], kind="stable")]:
        trial = hidden.copy()
        trial[cell] = False
        if not exposed(plan, trial):
            hidden = trial
    return hidden
