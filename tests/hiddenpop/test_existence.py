"""Directions of recession: proofs that a maximum does not exist, checked piece by piece."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from hiddenpop.loglinear.existence import Certificates, _whole, design, pack_cells, recession_direction


def test_design_says_which_cell_contains_which_set():
    # Cells {1}, {2}, {1,2}; parameters the empty set, {1}, {1,2}.
    assert design([1, 2, 3], [0, 1, 3]).tolist() == [[1, 1, 0], [1, 0, 0], [1, 1, 1]]


def test_an_empty_overlap_with_its_own_interaction_has_no_maximum():
    # Lists 1 and 2 share nobody: their interaction runs to minus infinity, and nothing else moves.
    cells, codes = [1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 3, 4]
    occupied = np.array([True, True, False, True, True, True, False])
    found, direction = recession_direction(cells, codes, occupied)
    assert found
    moved = design(cells, codes) @ direction
    assert not moved[occupied].any()
    assert np.all(moved[~occupied] >= 0)
    assert moved.any()


def test_an_empty_cell_of_independent_lists_does_no_harm():
    cells, codes = [1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 4]
    occupied = np.array([True, True, True, True, True, True, False])
    assert recession_direction(cells, codes, occupied) == (False, None)


def test_lists_that_share_nobody_have_no_maximum():
    cells, codes = [1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 4]
    occupied = np.array([True, True, False, True, False, False, False])
    found, direction = recession_direction(cells, codes, occupied)
    assert found
    # The level falls as every list rises, or the reverse: a person on one list stays where she is.
    level, *lists = direction
    assert len(set(lists)) == 1
    assert lists[0] == -level != 0
    assert np.all((design(cells, codes) @ direction)[~occupied] > 0)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([0.5, -0.5], [1, -1]),
        ([2.0, -2.0], [1, -1]),
        ([1.0, -1.0 + 1e-9], [1, -1]),
        ([-0.5, 0.5], None),
        ([1.0, 1.0], None),
        ([1.0, -0.3], None),
        ([0.0, 0.0], None),
        ([0.1, -0.15], None),
    ],
)
def test_directions_are_rounded_to_whole_numbers_and_checked(raw, expected):
    # First row is occupied and must stay; the second is empty and may only rise.
    matrix = np.array([[1.0, 1.0], [1.0, 0.0]])
    whole = _whole(np.array(raw), matrix, np.array([True, False]))
    assert (None if whole is None else whole.tolist()) == expected


def test_fractions_are_scaled_up():
    matrix = np.array([[2.0, -3.0, 0.0], [0.0, 0.0, 1.0]])
    whole = _whole(np.array([1.5, 1.0, 1.0]), matrix, np.array([True, False]))
    assert whole.tolist() == [3, 2, 2]
    # Crumbs of the solver do not set the scale.
    assert _whole(
        np.array([1.5, 1.0, 1e-9]), np.array([[2.0, -3.0], [1.0, 0.0]]) @ np.eye(2, 3), np.array([True, False])
    ).tolist() == [3, 2, 0]


def test_cells_are_packed_as_bits_of_words():
    assert pack_cells([0, 1, 5], 3).tolist() == [0b100011]
    words = pack_cells([1, 64, 130, 255], 8)
    assert words.tolist() == [2, 1, 4, 1 << 63]
    assert len(pack_cells([], 6)) == 1
    assert len(pack_cells([], 7)) == 2
    assert pack_cells([3, 3], 2).tolist() == [8]


def test_certificates_hold_support_rise_and_fall_once():
    elements = np.array([0, 1, 2, 4, 3])
    held = Certificates(3, elements)
    assert len(held) == 0
    assert [part.shape for part in held.packed()] == [(0,), (0, 1), (0, 1)]
    held.add([0, 1, 2, 3], np.array([0, 0, 0, -1]))
    held.add([0, 3], np.array([0, -1]))
    assert len(held) == 1
    supports, rises, falls = held.packed()
    assert supports.tolist() == [1 << 4]
    assert rises.tolist() == [[0]]
    assert falls.tolist() == [[(1 << 3) | (1 << 7)]]
    held.add([0, 1], np.array([1, -1]))
    supports, rises, falls = held.packed()
    assert supports.tolist() == [1 << 4, 0b11]
    assert rises.tolist()[1] == [(1 << 2) | (1 << 4) | (1 << 6)]
    assert falls.tolist()[1] == [0]
    assert len(held) == 2
    wide = Certificates(7, np.array([0, 1]))
    wide.add([0, 1], np.array([-1, 1]))
    assert [part.shape for part in wide.packed()] == [(1,), (1, 2), (1, 2)]


def test_a_full_table_has_every_maximum():
    assert recession_direction([1, 2, 3], [0, 1, 2], np.array([True, True, True])) == (False, None)


def test_one_cell_lifted_by_one_is_enough():
    # As many parameters as cells: every empty cell can be moved alone, by a lift of exactly one.
    cells, codes = [1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 4, 3, 5, 6]
    occupied = np.array([True, True, False, True, True, True, True])
    found, direction = recession_direction(cells, codes, occupied)
    assert found
    assert (design(cells, codes) @ direction).tolist() == [0, 0, 1, 0, 0, 0, 0]


def test_a_direction_of_low_order_is_preferred():
    # Lists 1 and 2 share nobody, with or without list 3. Any lift of those two cells is a proof; the one that uses
    # the pair alone settles the most models.
    cells, codes = [1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 4, 3, 5, 6, 7]
    occupied = np.array([True, True, False, True, True, True, False])
    found, direction = recession_direction(cells, codes, occupied)
    assert found
    assert direction.tolist() == [0, 0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize(("status", "fun"), [(4, -1.0), (0, None)])
def test_a_failed_linear_program_is_an_error_and_never_an_answer(monkeypatch, status, fun):
    failed = SimpleNamespace(status=status, fun=fun, x=None, message="numerical difficulties")
    monkeypatch.setattr("scipy.optimize.linprog", lambda *given, **options: failed)
    with pytest.raises(RuntimeError, match=r"existence check failed: numerical difficulties"):
        recession_direction([1, 2, 3], [0, 1, 2], np.array([True, True, False]))


@pytest.mark.parametrize(("status", "x"), [(4, np.ones(10)), (0, None)])
def test_without_a_direction_the_verdict_still_stands(monkeypatch, status, x):
    answers = iter([SimpleNamespace(status=0, fun=-2.0, x=None), SimpleNamespace(status=status, fun=0.0, x=x)])
    monkeypatch.setattr("scipy.optimize.linprog", lambda *given, **options: next(answers))
    occupied = np.array([True, True, False, True, True, True, False])
    assert recession_direction([1, 2, 3, 4, 5, 6, 7], [0, 1, 2, 4, 3], occupied) == (True, None)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ([1.0, 5 / 4], [4, 5]),
        ([1.0, 4 / 3], [3, 4]),
        ([1.0, 7 / 6], [6, 7]),
        ([1.0, 13 / 12], [12, 13]),
        ([1.0, 8 / 7], None),
        # The scale is the least coefficient that is not a crumb; what a crumb is depends on the largest.
        ([1.5e5, 1e5], [3, 2]),
    ],
)
def test_a_direction_is_scaled_by_the_denominators_that_occur(raw, expected):
    matrix = np.array([[0.0, 0.0], [1.0, 0.0]])
    whole = _whole(np.array(raw), matrix, np.array([True, False]))
    assert (None if whole is None else whole.tolist()) == expected


def test_a_crumb_of_a_large_direction_is_a_crumb():
    matrix = np.array([[2.0, -3.0, 0.0], [1.0, 0.0, 0.0]])
    assert _whole(np.array([1.5e5, 1e5, 1e-3]), matrix, np.array([True, False])).tolist() == [3, 2, 0]


def test_an_empty_cell_may_stay_or_rise_by_one_and_never_fall():
    occupied = np.array([True, False, False])
    still = np.array([[1.0, -1.0], [0.0, 0.0], [1.0, 0.0]])
    assert _whole(np.array([1.0, 1.0]), still, occupied).tolist() == [1, 1]
    falling = np.array([[1.0, -1.0], [-1.0, 0.0], [3.0, 0.0]])
    assert _whole(np.array([1.0, 1.0]), falling, occupied) is None
