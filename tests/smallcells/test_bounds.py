"""How closely hidden counts can be boxed in, against every table of whole numbers that fits what is shown."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallcells import HIDDEN, BadTable, Policy, SafeTable, Table
from smallcells.bounds import components, intervals
from smallcells.systems import known_counts, system_of


def completions(safe: SafeTable, most: int) -> np.ndarray:
    """Every way to fill in a two-way table with whole numbers up to ``most`` so that all shown totals hold."""
    rows, columns = (len(d.categories) for d in safe.dimensions)
    least = safe.policy.least_hidden
    inner = safe.shown[:rows, :columns].ravel()
    unknown = np.flatnonzero(inner == HIDDEN)
    ways = np.array(list(itertools.product(range(least, most + 1), repeat=len(unknown))), dtype=int)
    filled = np.tile(inner, (len(ways), 1))
    filled[:, unknown] = ways.reshape(len(ways), len(unknown))
    whole = filled.reshape(-1, rows, columns)
    whole = np.concatenate([whole, whole.sum(axis=1, keepdims=True)], axis=1)
    whole = np.concatenate([whole, whole.sum(axis=2, keepdims=True)], axis=2)
    fits = (whole == safe.shown) | ((safe.shown == HIDDEN) & (whole >= least))
    return whole[fits.all(axis=(1, 2))]


def slow_bounds(safe: SafeTable, most: int) -> dict[tuple[int, ...], tuple[int, int]]:
    """The least and the largest value of each hidden cell over all completions."""
    found = completions(safe, most)
    return {
        position: (int(found[(slice(None), *position)].min()), int(found[(slice(None), *position)].max()))
        for position in safe.positions()
        if safe.shown[position] == HIDDEN
    }


def shown_as(counts, hide, policy=None):
    table = Table.of(["r", "c"], [[f"r{i}" for i in range(len(counts))], [f"c{i}" for i in range(len(counts[0]))]], counts)
    shown = table.counts.copy()
    for position in hide:
        shown[position] = HIDDEN
    return SafeTable(table.dimensions, shown, policy or Policy())


def fast_bounds(safe, **options):
    system = system_of([safe])
    shown = {safe.key(p): int(safe.shown[p]) for p in safe.positions() if safe.shown[p] != HIDDEN}
    least = np.full(len(system.keys), float(safe.policy.least_hidden))
    low, high = intervals(system, known_counts(system, shown), least, **options)
    index = system.index
    return {p: (low[index[safe.key(p)]], high[index[safe.key(p)]]) for p in safe.positions() if safe.shown[p] == HIDDEN}


SQUARE = [(0, 0), (0, 1), (1, 0), (1, 1)]


@pytest.mark.parametrize("integral", [False, True])
@pytest.mark.parametrize("hide_zeros", [False, True])
def test_a_loop_of_four_cells(integral, hide_zeros):
    safe = shown_as([[3, 7, 20], [5, 4, 30]], SQUARE, Policy(5, hide_zeros))
    assert fast_bounds(safe, integral=integral) == slow_bounds(safe, 13)


def test_the_bounds_of_the_loop_by_hand():
    # Rows sum to 10 and 9, columns to 8 and 11: the first cell runs from 1 (its own floor) to 7 (8 less the 1 below it).
    safe = shown_as([[3, 7], [5, 4]], SQUARE, Policy(5))
    assert fast_bounds(safe)[0, 0] == (1, 7)
    assert fast_bounds(safe)[1, 1] == (2, 8)


def test_one_cell_alone_is_known_exactly():
    safe = shown_as([[3, 7], [5, 4]], [(0, 0)])
    assert fast_bounds(safe) == {(0, 0): (3, 3)}


def test_nothing_limits_a_row_whose_totals_are_hidden():
    safe = shown_as([[3, 7]], [(0, 0), (1, 0), (0, 2), (1, 2)])
    assert fast_bounds(safe)[0, 0] == (1, np.inf)
    assert fast_bounds(safe, integral=True)[0, 2] == (8, np.inf)


def test_an_inner_interval_suffices_when_enough():
    safe = shown_as([[300, 700], [500, 400]], SQUARE)
    low, high = fast_bounds(safe)[0, 0]
    assert (low, high) == (1, 799)
    near_low, near_high = fast_bounds(safe, enough=11)[0, 0]
    assert low <= near_low <= 300 <= near_high <= high
    assert near_high - near_low >= 11


def test_contradictions_are_refused():
    wrong = shown_as([[3, 7], [5, 4]], [])
    counts = wrong.shown.copy()
    counts[0, 0] = 4
    with pytest.raises(BadTable, match="a total is not the sum of its parts"):
        fast_bounds(SafeTable(wrong.dimensions, counts, Policy()))
    counts[0] = (HIDDEN, 7, 5)
    counts[2] = HIDDEN
    for integral in (False, True):
        with pytest.raises(BadTable, match="no hidden counts fit them"):
            fast_bounds(SafeTable(wrong.dimensions, counts, Policy()), integral=integral)


def test_a_known_cell_bounds_itself():
    safe = shown_as([[3, 7], [5, 4]], SQUARE)
    system = system_of([safe])
    shown = {safe.key(p): int(safe.shown[p]) for p in safe.positions() if safe.shown[p] != HIDDEN}
    low, high = intervals(system, known_counts(system, shown), np.zeros(len(system.keys)))
    grand = system.index[frozenset()]
    assert low[grand] == high[grand] == 19


def test_components_split_what_no_sum_ties_together():
    safe = shown_as([[1] * 4] * 4, [])
    system = system_of([safe])
    unknown = np.zeros(len(system.keys), bool)
    for position in [*SQUARE, (2, 2), (2, 3), (3, 2), (3, 3)]:
        unknown[system.index[safe.key(position)]] = True
    found = sorted(sorted(cells.tolist()) for _, cells in components(system, unknown))
    expected = [[(0, 0), (0, 1), (1, 0), (1, 1)], [(2, 2), (2, 3), (3, 2), (3, 3)]]
    assert found == sorted(sorted(system.index[safe.key(p)] for p in block) for block in expected)
    for rows, cells in components(system, unknown):
        touching = np.flatnonzero(abs(system.sums[:, cells]).sum(axis=1))
        assert rows.tolist() == touching.tolist()
    assert list(components(system, np.zeros(len(system.keys), bool))) == []


def test_people_come_whole_where_sums_are_no_network():
    # Three pairwise sums of 11 let each of three counts be 5.5 only: as fractions they fit, as people they do not.
    pairs = [Table.of(["who"], [[a, b]], [5, 6]) for a, b in ("xy", "yz", "xz")]
    system = system_of(pairs)
    shown = {frozenset(): 11}
    least = np.zeros(len(system.keys))
    low, high = intervals(system, known_counts(system, shown), least)
    assert low[system.index[frozenset({("who", "x")})]] == high[system.index[frozenset({("who", "x")})]] == 5.5
    with pytest.raises(BadTable, match="no hidden counts fit"):
        intervals(system, known_counts(system, shown), least, integral=True)


@settings(max_examples=30, deadline=None)
@given(
    st.tuples(st.tuples(st.integers(1, 4), st.integers(1, 4)), st.tuples(st.integers(1, 4), st.integers(1, 4))),
    st.lists(st.sampled_from(list(itertools.product(range(3), range(3)))), unique=True, max_size=5),
)
def test_linear_program_agrees_with_enumeration(counts, hide):
    safe = shown_as(counts, hide, Policy(5))
    top = int(np.sum(counts)) + 2
    fast = fast_bounds(safe)
    for position, (low, high) in slow_bounds(safe, top).items():
        assert fast[position][0] == low
        # The twin stops counting at its ceiling; below that the two agree.
        assert fast[position][1] == high or (high >= top and fast[position][1] > top)
