"""Every sum that a reader can do, and no other."""

from __future__ import annotations

import subprocess
import sys

import numpy as np

from smallcells import Table
from smallcells.systems import known_counts, part_marks, system_of


def sums_of(system):
    """Each sum as (whole, parts), by key."""
    found = set()
    for row in system.sums.toarray():
        (whole,) = np.flatnonzero(row == -1)
        found.add((system.keys[whole], frozenset(system.keys[part] for part in np.flatnonzero(row == 1))))
        assert set(row.tolist()) <= {-1.0, 0.0, 1.0}
    assert len(found) == system.sums.shape[0]
    return found


def key(**labels):
    return frozenset(labels.items())


TABLE = Table.of(["c", "a"], [["P", "Y"], ["m", "n"]], [[20, 30], [40, 50]])
WITHIN = {
    (key(), frozenset({key(c="P"), key(c="Y")})),
    (key(), frozenset({key(a="m"), key(a="n")})),
    (key(c="P"), frozenset({key(c="P", a="m"), key(c="P", a="n")})),
    (key(c="Y"), frozenset({key(c="Y", a="m"), key(c="Y", a="n")})),
    (key(a="m"), frozenset({key(c="P", a="m"), key(c="Y", a="m")})),
    (key(a="n"), frozenset({key(c="P", a="n"), key(c="Y", a="n")})),
}


def test_one_table():
    system = system_of([TABLE])
    assert sums_of(system) == WITHIN
    assert len(system.keys) == len(set(system.keys)) == 9
    assert all(system.index[name] == at for at, name in enumerate(system.keys))
    assert system.network


def test_totals_nobody_publishes_are_cells_too():
    bare = Table.of(["c", "a"], [["P", "Y"], ["m", "n"]], [[20, 30], [40, 50]], totals=[])
    assert sums_of(system_of([bare])) == WITHIN


def test_tables_meet_in_the_counts_that_they_share():
    other = Table.of(["c", "s"], [["P", "Y"], ["f", "g"]], [[25, 25], [45, 45]])
    system = system_of([TABLE, other])
    assert len(system.keys) == 9 + 9 - 3
    assert sums_of(system) > WITHIN
    # The grand total over counties is one sum, written once.
    assert len(sums_of(system)) == 2 * len(WITHIN) - 1
    assert not system.network


def test_only_one_small_table_is_a_network():
    assert system_of([Table.of(["a"], [["m", "n"]], [20, 30])]).network
    assert not system_of([Table.of(["a", "b", "c"], [["0", "1"]] * 3, np.full((2, 2, 2), 20))]).network
    assert not system_of([TABLE], groups={"c": {"all": ("P", "Y")}}).network
    assert not system_of([TABLE], parts=[TABLE]).network


def test_a_part_leaves_a_rest_for_each_count_that_both_publish():
    whole = Table.of(["c"], [["P", "Y"]], [20, 30])
    part = Table.of(["c", "s"], [["P", "Y"], ["f", "g"]], [[5, 5], [10, 10]])
    inside, outside = part_marks(0)
    assert inside == {("(publication 1)", "inside")}
    assert outside == {("(publication 1)", "outside")}
    assert part_marks(1)[0] == {("(publication 2)", "inside")}
    found = sums_of(system_of([whole], parts=[part]))
    rests = {(name, frozenset({name | inside, name | outside})) for name in (key(), key(c="P"), key(c="Y"))}
    assert rests < found
    assert not any(name | outside == whole for name in (key(s="f"), key(s="g")) for whole, _ in found)
    own = {(key() | inside, frozenset({key(s="f") | inside, key(s="g") | inside}))}
    assert own < found
    assert len(found) == 1 + 6 + 3


def test_groups_tie_a_category_to_its_members_in_every_cell():
    ages = Table.of(["c", "a"], [["P", "Y"], ["m", "n"]], [[20, 30], [40, 50]])
    found = sums_of(system_of([ages], groups={"a": {"m": ("x", "y")}}))
    extra = {
        (key(a="m", **rest), frozenset({key(a="x", **rest), key(a="y", **rest)})) for rest in ({}, {"c": "P"}, {"c": "Y"})
    }
    assert found == WITHIN | extra


def test_known_counts_go_to_their_cells():
    system = system_of([TABLE])
    known = known_counts(system, {key(c="P"): 50, key(): 140})
    assert known[system.index[key(c="P")]] == 50
    assert known[system.index[key()]] == 140
    assert np.isnan(known).sum() == 7


def test_nothing_is_waited_for_before_something_is_solved() -> None:
    """Half a second of every start, and memory in every process that only shows a table."""
    told = "import sys, smallcells; print([name for name in sys.modules if name.split('.')[0] == 'scipy'])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
