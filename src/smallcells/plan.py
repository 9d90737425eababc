"""The starting point of hiding: for each cell, whether it must be hidden, may be hidden, and what hiding it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from smallcells.policy import Policy, Refusal
from smallcells.systems import Groups, System, system_of
from smallcells.tables import HIDDEN, Key, SafeTable, Table, describe_key


@dataclass(frozen=True, eq=False)
class Plan:
    """What is settled before the search for complementary cells; all arrays have shape (cells,).

    Parameters
    ----------
    system : System
    policy : Policy
    counts : ndarray of float
        The true counts (for a cell known only from an earlier publication that hid it, some count that fits).
    least : ndarray of float
        What readers know that the count is at least, should it be hidden.
    hidden : ndarray of bool
        Cells that readers will not see whatever is chosen: small, hidden earlier, or never published.
    open : ndarray of bool
        Cells that may be hidden or shown.
    guarded : ndarray of bool
        Cells that need a wide interval when hidden: the published ones. A total that nobody publishes needs one only if
        readers could take it to be small.
    cost : ndarray of float
        What hiding costs; zero for cells that are not open.
    """

    system: System
    policy: Policy
    counts: NDArray[np.float64]
    least: NDArray[np.float64]
    hidden: NDArray[np.bool_]
    open: NDArray[np.bool_]
    guarded: NDArray[np.bool_]
    cost: NDArray[np.float64]


def plan_for(
    table: Table,
    policy: Policy,
    *,
    earlier: Sequence[SafeTable] = (),
    groups: Groups | None = None,
    keep_totals: bool = False,
) -> Plan:
    """Sort the cells of a table, and of what was published earlier, into hidden, open and shown.

    Raises
    ------
    Refusal
        An earlier publication shows a count that is small, or that differs from this table's.
    """
    system = system_of((table, *earlier), groups=groups)
    own = {table.key(position): int(table.counts[position]) for position in table.positions()}
    seen, masked = _already_published(earlier)
    for key, count in own.items():
        if key in seen and seen[key] != count:
            raise Refusal(
                f"{describe_key(key)} was published as {seen[key]} and is {count} here: "
                f"the difference tells of {abs(seen[key] - count)} people"
            )
    for key, count in seen.items():
        if policy.is_small(count):
            raise Refusal(f"{describe_key(key)} was published earlier as {count}, under the threshold")

    size = len(system.keys)
    hidden, may_open, guarded = np.zeros(size, bool), np.zeros(size, bool), np.zeros(size, bool)
    cost = np.zeros(size)
    grand = max((*own.values(), 1))
    total_cost = 2.0 * len(own) + 2.0
    known = np.full(size, np.nan)
    for cell, key in enumerate(system.keys):
        published = key in own or key in masked
        known[cell] = own.get(key, seen.get(key, np.nan))
        guarded[cell] = published
        if key in seen:
            continue
        if key not in own:
            hidden[cell] = True
            continue
        is_total = len(key) < len(table.dimensions)
        hidden[cell] = policy.is_small(own[key]) or key in masked
        may_open[cell] = not hidden[cell] and policy.may_hide(own[key]) and not (keep_totals and is_total)
        if may_open[cell]:
            cost[cell] = (total_cost if is_total else 1.0) + own[key] / (grand * total_cost)
    least = np.where(guarded, policy.least_hidden, 0).astype(np.float64)
    counts = _completed(system, known, least)
    return Plan(system, policy, counts, least, hidden, may_open, guarded, cost)


def _already_published(earlier: Sequence[SafeTable]) -> tuple[dict[Key, int], set[Key]]:
    """What earlier tables show, and what they hide."""
    seen: dict[Key, int] = {}
    masked: set[Key] = set()
    for table in earlier:
        for position in table.positions():
            key, count = table.key(position), int(table.shown[position])
            if count == HIDDEN:
                masked.add(key)
            else:
                seen[key] = count
    return seen, masked


def _completed(system: System, known: NDArray[np.float64], least: NDArray[np.float64]) -> NDArray[np.float64]:
    """Fill in counts that are not known with whole numbers that fit all sums."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    unknown = np.isnan(known)
    if not unknown.any() and not np.any(system.sums @ known):
        return known
    answer = milp(
        np.zeros(len(known)),
        integrality=np.ones(len(known), dtype=np.int64),
        bounds=Bounds(np.where(unknown, least, known), np.where(unknown, np.inf, known)),
        constraints=LinearConstraint(system.sums, 0.0, 0.0),
    )
    if answer.x is None:
        raise Refusal("this table contradicts what was published earlier about the same period")
    return np.asarray(np.round(answer.x))
