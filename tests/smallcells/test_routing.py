"""Exchanges worked out by hand: which cells must join, which may stay, and when nothing helps.

One sum: the cells of `x` and their total. A hidden cell can fall to the least that readers know, and rises as others fall.
"""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from smallcells import Policy, Table
from smallcells import routing as routing_module
from smallcells.plan import Plan, plan_for
from smallcells.policy import Refusal
from smallcells.reader import exposed
from smallcells.routing import _cheapest_exchange, _thinned, route


def row_of(*counts: int) -> Plan:
    return plan_for(Table.of(["x"], [list("abcdef")[: len(counts)]], list(counts)), Policy())


def at(plan: Plan, label: str) -> int:
    return plan.system.index[frozenset({("x", label)})]


def changed(plan: Plan, name: str, **values: float) -> Plan:
    """The plan with other values of one array at the cells named."""
    array = getattr(plan, name).copy()
    for label, value in values.items():
        array[at(plan, label)] = value
    return dataclasses.replace(plan, **{name: array})


def names(plan: Plan, mask: np.ndarray) -> str:
    found = (dict(plan.system.keys[cell]) for cell in np.flatnonzero(mask))
    return "".join(sorted(cell.get("x", "*") for cell in found))


def partners(plan: Plan, label: str) -> str:
    return names(plan, _cheapest_exchange(plan, plan.hidden, at(plan, label)))


def test_the_cheapest_partner_joins():
    plan = row_of(5, 40, 30, 60)
    assert names(plan, plan.hidden) == "a"
    assert partners(changed(plan, "cost", b=3, c=2, d=1), "a") == "d"
    assert partners(changed(plan, "cost", b=1, c=2, d=3), "a") == "b"
    assert partners(changed(plan, "cost", b=3, c=1, d=2), "a") == "c"


def test_what_is_hidden_already_costs_nothing():
    # a falls 4 and rises 8 while b falls: 12 apart, with nobody else, however cheap c is.
    plan = changed(row_of(5, 9, 30), "cost", c=0.5)
    assert names(plan, plan.hidden) == "ab"
    assert partners(plan, "a") == ""


def test_a_cell_falls_to_what_readers_know_and_no_farther():
    # Of 5 and 4 at least one is left of each: 4 and 3 are 7 apart, and 11 are needed.
    plan = row_of(5, 4, 30)
    assert partners(plan, "a") == "c"
    assert partners(changed(plan, "least", a=-2), "a") == "c"
    # With 7 to fall from 5 and 4 from 4 there are 11, just enough.
    assert partners(changed(plan, "least", a=-2, b=0), "a") == ""


def test_what_cannot_fall_gives_nothing():
    # a could fall 10; b is known to be at least what it is, so the eleventh must come from c.
    plan = changed(row_of(5, 4, 30), "counts", a=11)
    assert partners(changed(plan, "least", b=4), "a") == "c"
    assert partners(changed(plan, "least", b=9), "a") == "c"
    assert partners(changed(plan, "least", b=3), "a") == ""


def test_the_threshold_is_the_policy_s():
    table = Table.of(["x"], [["a", "b", "c"]], [4, 3, 30])
    assert partners(plan_for(table, Policy(5)), "a") == ""
    assert partners(plan_for(table, Policy(6)), "a") == "c"


def test_in_a_grid_a_closed_loop_joins():
    plan = plan_for(Table.of(["r", "c"], [list("ab"), list("xyz")], [[3, 20, 50], [40, 60, 15]]), Policy())
    small = plan.system.index[frozenset({("r", "a"), ("c", "x")})]
    joined = {plan.system.keys[cell] for cell in np.flatnonzero(_cheapest_exchange(plan, plan.hidden, small))}
    corners = {("a", "z"), ("b", "x"), ("b", "z")}
    assert joined == {frozenset({("r", row), ("c", column)}) for row, column in corners}


def test_only_open_cells_join():
    plan = changed(row_of(5, 40, 30, 60), "open", b=False, c=False)
    assert partners(plan, "a") == "d"
    shut = dataclasses.replace(plan, open=np.zeros_like(plan.open))
    with pytest.raises(Refusal, match=r"no choice of hidden cells protects .*a.*: what must stay visible already tells"):
        _cheapest_exchange(shut, shut.hidden, at(plan, "a"))


def test_the_dearest_is_shown_again_first():
    plan = row_of(5, 40, 30, 60)
    everything = plan.hidden | plan.open
    assert names(plan, everything) == "*abcd"
    assert names(plan, _thinned(changed(plan, "cost", b=3, c=2, d=1), everything)) == "ad"
    assert names(plan, _thinned(changed(plan, "cost", b=1, c=3, d=2), everything)) == "ab"


def test_what_is_needed_stays_and_what_is_small_is_never_shown():
    plan = row_of(5, 4, 30, 60)
    needed = plan.hidden.copy()
    needed[at(plan, "c")] = True
    assert names(plan, _thinned(plan, needed)) == "abc"
    safe = row_of(5, 9, 30)
    assert names(safe, _thinned(safe, safe.hidden | safe.open)) == "ab"


def test_a_route_is_safe_and_has_nothing_to_spare():
    plan = row_of(5, 4, 30, 60)
    found = route(plan)
    assert names(plan, found) == "abc"
    assert exposed(plan, found) == []
    assert names(plan, plan.hidden) == "ab", "the plan itself stays as it was"


def test_a_table_that_is_safe_is_left_alone():
    plan = row_of(5, 9, 30)
    assert names(plan, route(plan)) == "ab"


def test_the_smallest_is_helped_first(monkeypatch: pytest.MonkeyPatch):
    asked = []

    def nothing(plan: Plan, hidden: np.ndarray, cell: int) -> np.ndarray:
        asked.append(cell)
        return np.zeros_like(hidden)

    monkeypatch.setattr(routing_module, "_cheapest_exchange", nothing)
    plan = row_of(5, 4, 30, 60)
    # Where exchanges of fractions find nothing, every cell that may be hidden is tried, and thinned again.
    assert names(plan, route(plan)) in {"abc", "abd"}
    assert asked == [at(plan, "b"), at(plan, "a")]
    shut = dataclasses.replace(plan, open=np.zeros_like(plan.open))
    with pytest.raises(Refusal, match="cannot be protected$"):
        route(shut)
