"""What the reader's success teaches: cuts worked out by hand, and the cell that whole people need."""

from __future__ import annotations

import numpy as np
import pytest

from smallcells import Policy, Table
from smallcells import reader as reader_module
from smallcells.plan import plan_for
from smallcells.reader import FARTHEST, cut_against, exposed


def cells(plan, **labels):
    return {
        name: plan.system.index[frozenset() if label is None else frozenset({("x", label)})]
        for name, label in labels.items()
    }


def by_label(plan, weights):
    names = cells(plan, a="a", b="b", c="c", d="d", total=None)
    return {name: weights[cell] for name, cell in names.items()}


def test_cut_of_one_sum_by_hand():
    # a = 5 and b = 4 are hidden, 9 together; c = 30, d = 60 and the total 99 are shown.
    plan = plan_for(Table.of(["x"], [["a", "b", "c", "d"]], [5, 4, 30, 60]), Policy())
    at = cells(plan, a="a", b="b")
    assert sorted(exposed(plan, plan.hidden)) == sorted(at.values())
    # Up, a moves as far as b falls (3, c 29, d 59) or the total rises (11, the farthest anything need move); down it
    # moves 4 by itself. 11 are needed, so 7 besides its own 4; no partner need count for more than that.
    weights = by_label(plan, cut_against(plan, plan.hidden, at["a"]))
    assert weights == pytest.approx({"a": -7, "b": 3, "c": 7, "d": 7, "total": 7})
    # For b: up by a's fall of 4, down 3 by itself.
    weights = by_label(plan, cut_against(plan, plan.hidden, at["b"]))
    assert weights == pytest.approx({"b": -8, "a": 4, "c": 8, "d": 8, "total": 8})


def test_cut_under_another_threshold_and_with_zeros_hidden():
    plan = plan_for(Table.of(["x"], [["a", "b", "c", "d"]], [2, 1, 30, 60]), Policy(5, hide_zeros=True))
    at = cells(plan, a="a")
    # Floors are 0 now: a falls 2 by itself, b gives 1; 5 are needed.
    weights = by_label(plan, cut_against(plan, plan.hidden, at["a"]))
    assert weights == pytest.approx({"a": -3, "b": 1, "c": 3, "d": 3, "total": 3})


def test_a_lone_cell_cannot_move_by_itself():
    plan = plan_for(Table.of(["x"], [["a", "b", "c", "d"]], [5, 40, 30, 60]), Policy())
    at = cells(plan, a="a")
    weights = by_label(plan, cut_against(plan, plan.hidden, at["a"]))
    # Nothing moves, so every partner counts for what it lacks; a's own floor of 4 may enter, never more than 11.
    assert weights["a"] < 0
    assert -weights["a"] <= 11
    assert all(0 < weights[name] <= -weights["a"] for name in "bcd")
    assert weights["b"] == weights["c"] == weights["d"] == -weights["a"]


def test_when_fractions_suffice_some_other_cell_must_join(monkeypatch):
    plan = plan_for(Table.of(["x"], [["a", "b", "c", "d"]], [5, 4, 30, 60]), Policy())
    at = cells(plan, a="a", b="b")
    monkeypatch.setattr(reader_module, "_farthest_move", lambda *_: (5.5, np.zeros(len(plan.cost))))
    weights = by_label(plan, cut_against(plan, plan.hidden, at["a"]))
    assert weights == {"a": -1, "b": 0, "c": 1, "d": 1, "total": 1}
    monkeypatch.setattr(reader_module, "_farthest_move", lambda *_: (5.4, np.zeros(len(plan.cost))))
    assert by_label(plan, cut_against(plan, plan.hidden, at["a"])) == {"a": -11, "b": 0, "c": 0, "d": 0, "total": 0}


def test_sums_that_are_no_network_may_move_cells_farther(monkeypatch):
    table = Table.of(
        ["a", "b", "c"], [["0", "1"]] * 3, np.full((2, 2, 2), 20) - 17 * np.eye(8)[0].reshape(2, 2, 2).astype(int)
    )
    plan = plan_for(table, Policy())
    assert not plan.system.network
    cell = int(np.flatnonzero(plan.hidden)[0])
    seen = []

    def move(plan, rows, cells, cell, sign, down, up):
        seen.append((sign, down.copy(), up.copy()))
        return 0.0, np.zeros(len(plan.cost))

    monkeypatch.setattr(reader_module, "_farthest_move", move)
    cut_against(plan, plan.hidden, cell)
    assert [sign for sign, _, _ in seen] == [1.0, -1.0]
    assert set(seen[0][2].tolist()) == {11.0 * FARTHEST}
    assert seen[0][1][cell] == 2.0
    assert FARTHEST == 1000


def test_exposed_cells_of_a_table_without_totals_are_none():
    plan = plan_for(Table.of(["x"], [["a", "b"]], [5, 4], totals=[]), Policy())
    assert exposed(plan, plan.hidden) == []


def test_width_of_exactly_the_threshold_is_enough():
    plan = plan_for(Table.of(["x"], [["a", "b", "c"]], [3, 10, 60]), Policy())
    assert exposed(plan, plan.hidden) == []
    plan = plan_for(Table.of(["x"], [["a", "b", "c"]], [3, 9, 60]), Policy())
    assert len(exposed(plan, plan.hidden)) == 2
