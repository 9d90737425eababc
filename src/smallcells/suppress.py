"""Which cells to hide: the small ones, and the fewest others that keep anyone from working the small ones out.

The choice of the other cells (complementary suppression) is an integer program. Its master problem picks the cheapest
set of cells; for each hidden cell a linear program plays the reader and tries to box the count in; when it succeeds,
the multipliers of that linear program are a new constraint on the master problem: an inequality that every safe set
satisfies and this one does not (Fischetti and Salazar's cutting planes). When the reader fails everywhere the set is
safe, and since the master problem was solved to optimality no cheaper set is.

References
----------
Fischetti, M. and Salazar, J. J. (2001). Solving the cell suppression problem on tabular data with linear
constraints. Management Science 47, 1008-1027.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from smallcells.audit import audit, same_period
from smallcells.plan import Plan, plan_for
from smallcells.policy import Policy, Refusal
from smallcells.reader import cuts_against, exposed
from smallcells.routing import route
from smallcells.systems import Groups
from smallcells.tables import HIDDEN, SafeTable, Table, describe_key

if TYPE_CHECKING:
    from scipy import sparse

#: Cutting planes, and branches of one integer program, after which the search gives up proving and routes flows.
#: Two-way tables of thousands of cells stay far below; a three-way table of a hundred may not.
MOST_CUTS = 1200
MOST_BRANCHES = 5000


def protect(
    table: Table,
    policy: Policy | None = None,
    *,
    earlier: Sequence[SafeTable] = (),
    groups: Groups | None = None,
    keep_totals: bool = False,
    exact: bool | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> SafeTable:
    """Hide the small counts of a table, and as few others as make them safe.

    Parameters
    ----------
    table : Table
        True counts in people, with their totals.
    policy : Policy, optional
        Threshold 11 and shown zeros unless told.
    earlier : sequence of SafeTable
        What has already been published about the same people and period. It cannot be taken back, so the new table is
        fitted around it.
    groups : mapping, optional
        Categories made of other categories, as for :func:`audit`.
    keep_totals : bool
        Never hide a total.
    exact : bool, optional
        True insists on the proved fewest cells however long it takes, False on the quick routing of flows (few cells,
        not provably the fewest). By default the proof is tried and given up when it grows too large.
    progress : callable, optional
        Called with (round, cells exposed) after each round.

    Returns
    -------
    SafeTable
        ``exact`` says whether the number of hidden cells is proved to be the least. Ties go to the smaller counts, and
        a total is hidden only when no choice of other cells would do.

    Raises
    ------
    Refusal
        No choice of cells is safe, for instance because an earlier publication shows a small count.

    Examples
    --------
    >>> table = Table.of(["county", "age"], [["Placer", "Yolo"], ["minor", "adult"]], [[3, 40], [12, 60]])
    >>> protect(table).shown.tolist()
    [[-1, -1, 43], [-1, -1, 72], [15, 100, 115]]
    """
    policy = policy or Policy()
    same_period((table, *earlier))
    plan = plan_for(table, policy, earlier=earlier, groups=groups, keep_totals=keep_totals)
    hidden = None if exact is False else _fewest(plan, progress, limited=exact is None)
    proved = hidden is not None
    if hidden is None:
        hidden = route(plan)
    shown = table.counts.copy()
    index = plan.system.index
    for position in table.positions():
        if hidden[index[table.key(position)]]:
            shown[position] = HIDDEN
    safe = SafeTable(table.dimensions, shown, policy, table.period, exact=proved)
    verdict = audit(safe, others=earlier, groups=groups)
    if not verdict.passed:
        raise Refusal(verdict.findings[0].reason)
    return safe


def _fewest(plan: Plan, progress: Callable[[int, int], None] | None, *, limited: bool) -> NDArray[np.bool_] | None:
    """Solve the integer program; None when it grows beyond the limits."""
    from scipy import sparse

    cuts = [_no_cell_alone(plan)]
    made = 0
    for round_number in itertools.count(1):
        hidden = _cheapest(plan, sparse.vstack(cuts, format="csr"), limited=limited)
        if hidden is None:
            return None
        found = exposed(plan, hidden)
        if progress is not None:
            progress(round_number, len(found))
        if not found:
            return hidden
        made += len(found)
        if limited and made > MOST_CUTS:
            return None
        cuts.append(sparse.csr_array(np.array(cuts_against(plan, hidden, found))))
    raise AssertionError("unreachable: the rounds never end by themselves")


def _cheapest(plan: Plan, cuts: sparse.csr_array, *, limited: bool) -> NDArray[np.bool_] | None:
    """The cheapest set of cells that satisfies every cut so far; None when the branches run out."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    fixed = plan.hidden.astype(float)
    answer = milp(
        plan.cost,
        integrality=np.ones(len(plan.cost), dtype=np.int64),
        bounds=Bounds(fixed, np.where(plan.open, 1.0, fixed)),
        constraints=[LinearConstraint(cuts, lb=0.0)] if cuts.shape[0] else [],
        options={"mip_rel_gap": 0.0, **({"node_limit": MOST_BRANCHES} if limited else {})},
    )
    if answer.status == 0:
        return np.asarray(answer.x > 0.5)
    if answer.status == 1:
        return None
    small = [key for key, must in zip(plan.system.keys, plan.guarded & plan.hidden, strict=True) if must]
    raise Refusal(
        f"no choice of hidden cells protects {describe_key(small[0]) if small else 'the hidden counts'}: "
        "what must stay visible already tells too much"
    )


def _no_cell_alone(plan: Plan) -> sparse.csr_array:
    """In no sum may one cell be hidden alone: it would be the total minus the rest. One row a (sum, cell) pair."""
    from scipy import sparse

    sums = plan.system.sums
    rows, columns, weights = [], [], []
    count = 0
    for row in range(sums.shape[0]):
        cells = sums.indices[sums.indptr[row] : sums.indptr[row + 1]]
        if np.any(plan.hidden[cells] & ~plan.guarded[cells]):
            continue  # a total that nobody published takes part in this sum
        for cell in cells[plan.guarded[cells] & (plan.open[cells] | plan.hidden[cells])]:
            rows += [count] * len(cells)
            columns += cells.tolist()
            weights += np.where(cells == cell, -1.0, 1.0).tolist()
            count += 1
    return sparse.csr_array((weights, (rows, columns)), shape=(count, len(plan.cost)))
