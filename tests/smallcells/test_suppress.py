"""Hiding: safe, the fewest cells, and fitted around what was published before."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from smallcells import HIDDEN, BadTable, Policy, Refusal, SafeTable, Table, audit, protect
from smallcells import suppress as suppress_module
from smallcells.plan import plan_for
from smallcells.reader import cut_against, exposed
from smallcells.routing import route


def two_way(counts, **options):
    counts = np.asarray(counts)
    rows, columns = counts.shape
    return Table.of(["r", "c"], [[f"r{i}" for i in range(rows)], [f"c{i}" for i in range(columns)]], counts, **options)


def hidden_positions(safe):
    return {tuple(int(i) for i in position) for position in np.argwhere(safe.hidden)}


def fewest_by_trying(table, policy):
    """A plain slow twin: all sets of inner cells by size; the audit (exact for two-way tables) judges each."""
    inner = list(itertools.product(*(range(len(d.categories)) for d in table.dimensions)))
    must = {p for p in table.positions() if policy.is_small(int(table.counts[p]))}
    may = [p for p in inner if p not in must and policy.may_hide(int(table.counts[p]))]
    for size in range(len(may) + 1):
        for extra in itertools.combinations(may, size):
            shown = table.counts.copy()
            for position in (*must, *extra):
                shown[position] = HIDDEN
            if audit(SafeTable(table.dimensions, shown, policy)).passed:
                return len(must) + size
    return None


def test_the_classic_rectangle():
    safe = protect(two_way([[3, 40, 50], [60, 70, 80], [90, 100, 110]]))
    assert safe.exact
    assert safe.hidden_count == 4
    # The three others make a rectangle with the small cell, and of all rectangles it has the smallest counts.
    assert hidden_positions(safe) == {(0, 0), (0, 1), (1, 0), (1, 1)}
    assert safe.value(r="r0") == 93


def test_nothing_small_hides_nothing():
    safe = protect(two_way([[11, 40], [60, 70]]))
    assert safe.hidden_count == 0
    assert safe.exact


def test_the_safe_table_does_not_hold_the_hidden_counts():
    safe = protect(two_way([[3, 40, 50], [60, 70, 80], [90, 100, 110]], period="2024"))
    assert safe.shown[0, 0] == safe.shown[1, 1] == HIDDEN
    assert safe.period == "2024"
    assert safe.policy == Policy()


def test_two_small_cells_that_shield_each_other_too_little():
    # 5 + 4 = 9 in one row: each is between 1 and 8, closer than 11, so a third cell joins.
    table = Table.of(["age"], [["a", "b", "c", "d"]], [5, 4, 30, 60])
    safe = protect(table)
    assert hidden_positions(safe) == {(0,), (1,), (2,)}


def test_threshold_counts_widths_not_cells():
    # 2 + 11 = 13: each runs from 1 to 12, just wide enough. 1 + 11 = 12: from 1 to 11 is one too few, so 60 is the partner.
    assert hidden_positions(protect(Table.of(["x"], [["a", "b", "c"]], [2, 11, 60]))) == {(0,), (1,)}
    assert hidden_positions(protect(Table.of(["x"], [["a", "b", "c"]], [1, 11, 60]))) == {(0,), (2,)}


def test_zeros_are_shown_unless_policy_hides_them():
    table = two_way([[0, 40, 50], [60, 70, 80], [90, 100, 110]])
    assert protect(table).hidden_count == 0
    hidden = protect(table, Policy(hide_zeros=True))
    assert hidden.hidden[0, 0]
    assert hidden.hidden_count == 4


def test_shown_zeros_never_serve_as_cover():
    safe = protect(two_way([[3, 0, 50], [0, 70, 80], [90, 100, 110]]))
    assert safe.shown[0, 1] == safe.shown[1, 0] == 0


def test_a_total_is_hidden_only_when_nothing_else_helps():
    safe = protect(two_way([[3, 0], [0, 70]]))
    assert safe.hidden[0, 2]
    assert audit(safe).passed
    with pytest.raises(Refusal, match="^no choice of hidden cells protects .*: what must stay visible already tells"):
        protect(two_way([[3, 0], [0, 70]]), keep_totals=True)


def test_keep_totals_keeps_them():
    safe = protect(two_way([[3, 40, 50], [60, 70, 80], [90, 100, 110]]), keep_totals=True)
    assert not safe.hidden[3].any()
    assert not safe.hidden[:, 3].any()


def test_small_totals_are_hidden_too():
    safe = protect(two_way([[3, 4], [60, 70]]))
    assert safe.hidden[0, 2]
    assert audit(safe).passed


def test_without_totals_only_small_cells_go():
    safe = protect(two_way([[3, 40], [60, 70]], totals=[]))
    assert hidden_positions(safe) == {(0, 0)}


def test_totals_over_one_dimension_protect_within_it():
    safe = protect(two_way([[3, 40], [60, 70]], totals=["c"]))
    assert hidden_positions(safe) == {(0, 0), (0, 1)}


def test_other_thresholds():
    table = two_way([[4, 40, 50], [60, 12, 80], [90, 100, 110]])
    assert protect(table, Policy(3)).hidden_count == 0
    assert protect(table, Policy(5)).hidden[1, 1]
    assert protect(table, Policy(20)).hidden[1, 1]


@settings(max_examples=10, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=6, max_size=6), st.sampled_from([5, 11]))
def test_fewest_against_trying_all(counts, threshold):
    table = two_way(np.reshape(counts, (2, 3)))
    policy = Policy(threshold)
    fewest = fewest_by_trying(table, policy)
    safe = protect(table, policy)
    if fewest is not None:
        assert safe.hidden_count == fewest
    assert safe.exact


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.integers(0, 60), min_size=12, max_size=12),
    st.sampled_from([(3, 4), (2, 3, 2)]),
    st.booleans(),
    st.booleans(),
)
def test_laws(counts, shape, hide_zeros, exact):
    names = ["a", "b", "c"][: len(shape)]
    table = Table.of(
        names,
        [[f"{n}{i}" for i in range(size)] for n, size in zip(names, shape, strict=True)],
        np.reshape(counts, shape),
    )
    policy = Policy(hide_zeros=hide_zeros)
    safe = protect(table, policy, exact=exact)
    small = np.vectorize(policy.is_small)(table.counts)
    assert np.all(safe.hidden[small])
    assert np.array_equal(safe.shown[~safe.hidden], table.counts[~safe.hidden])
    verdict = audit(safe)
    assert verdict.passed
    assert verdict.narrowest >= policy.threshold
    assert safe.exact == exact
    if exact:
        assert safe.hidden_count <= protect(table, policy, exact=False).hidden_count


def test_order_of_rows_does_not_change_how_much_is_hidden():
    counts = np.array([[3, 40, 50, 8], [60, 9, 80, 12], [90, 100, 2, 33]])
    ways = [counts, counts[::-1], counts[:, ::-1], counts.T]
    assert len({protect(two_way(way)).hidden_count for way in ways}) == 1


def test_routing_is_safe_and_thinned():
    counts = np.array([[3, 40, 50, 8], [60, 9, 80, 12], [90, 100, 2, 33]])
    plan = plan_for(two_way(counts), Policy())
    hidden = route(plan)
    assert exposed(plan, hidden) == []
    for cell in np.flatnonzero(hidden & ~plan.hidden):
        without = hidden.copy()
        without[cell] = False
        assert exposed(plan, without), "a cell that is not needed stays hidden"


def test_routing_refuses_what_cannot_be_protected():
    with pytest.raises(Refusal, match="^no choice of hidden cells protects r=r0: what must stay visible"):
        protect(two_way([[3, 0], [0, 70]]), keep_totals=True, exact=False)


def test_large_proofs_are_given_up_and_routed(monkeypatch):
    monkeypatch.setattr(suppress_module, "MOST_CUTS", 0)
    table = two_way([[3, 40, 50], [60, 70, 80], [90, 100, 110]])
    # The starting cuts find the rectangle at once; a table that needs a second round exceeds the limit.
    harder = Table.of(["x"], [["a", "b", "c", "d"]], [5, 4, 30, 60])
    assert protect(table).exact
    given_up = protect(harder)
    assert not given_up.exact
    assert audit(given_up).passed
    assert protect(harder, exact=True).exact
    assert not protect(table, exact=False).exact


def test_progress_counts_rounds_down_to_none_exposed():
    seen = []
    protect(Table.of(["x"], [["a", "b", "c", "d"]], [5, 4, 30, 60]), progress=lambda *what: seen.append(what))
    assert seen == [(1, 2), (2, 0)]


def test_every_cut_holds_for_every_safe_set_and_not_for_this_one():
    table = two_way([[3, 20, 30], [15, 5, 12]])
    plan = plan_for(table, Policy())
    cells = np.flatnonzero(plan.open)
    inner = [c for c in cells if len(plan.system.keys[c]) == 2]
    unsafe, safe = [], []
    for size in range(len(inner) + 1):
        for extra in itertools.combinations(inner, size):
            hidden = plan.hidden.copy()
            hidden[list(extra)] = True
            (safe if not exposed(plan, hidden) else unsafe).append(hidden)
    assert safe
    for hidden in unsafe:
        for cell in exposed(plan, hidden):
            cut = cut_against(plan, hidden, cell)
            assert cut @ hidden < 0
            assert all(cut @ good >= -1e-9 for good in safe)


def test_earlier_publication_is_fitted_around():
    # The first table shows the county totals; the second may not leave one cell of a county to be found by subtraction.
    first = protect(two_way([[43, 50], [72, 80]], period="2024"))
    later = Table.of(["r", "sex"], [["r0", "r1"], ["f", "m"]], [[90, 3], [76, 76]], totals=["r"], period="2024")
    alone = protect(later)
    assert alone.hidden_count < protect(later, earlier=[first]).hidden_count
    joint = protect(later, earlier=[first])
    assert audit(joint, others=[first]).passed
    assert not audit(alone, others=[first]).passed


def test_what_was_hidden_earlier_stays_hidden():
    table = two_way([[3, 40, 50], [60, 70, 80], [90, 100, 110]])
    first = protect(table)
    again = protect(table, earlier=[first])
    assert hidden_positions(again) == hidden_positions(first)


def test_an_earlier_small_count_cannot_be_taken_back():
    table = two_way([[3, 40], [60, 70]])
    careless = SafeTable(table.dimensions, table.counts, Policy())
    with pytest.raises(Refusal, match="^c=c0, r=r0 was published earlier as 3, under the threshold$"):
        protect(table, earlier=[careless])


def test_a_count_that_moved_since_tells_of_those_who_came():
    first = protect(two_way([[30, 40], [60, 70]]))
    with pytest.raises(Refusal, match="^c=c0, r=r0 was published as 30 and is 32 here: the difference tells of 2 people$"):
        protect(two_way([[32, 40], [60, 70]]), earlier=[first])


def test_a_table_that_contradicts_an_earlier_one():
    first = SafeTable(Table.of(["x"], [["a", "b"]], [20, 30]).dimensions, np.array([20, 30, 50]), Policy())
    later = Table.of(["x", "y"], [["a", "b"], ["f", "m"]], [[15, 15], [15, 15]], totals=["x"])
    with pytest.raises(Refusal, match="^this table contradicts what was published earlier about the same period$"):
        protect(later, earlier=[first])


def test_different_periods_are_not_subtracted():
    first = protect(two_way([[30, 40], [60, 70]], period="2023"))
    with pytest.raises(BadTable, match=r"^the tables are about different periods \(2023, 2024\)"):
        protect(two_way([[32, 40], [60, 70]], period="2024"), earlier=[first])


def test_groups_are_sums_too():
    # Minors were published as one figure; hiding one of the two ages that make it up is not enough.
    first = SafeTable(Table.of(["age"], [["minor", "adult"]], [34, 60]).dimensions, np.array([34, 60, 94]), Policy())
    later = Table.of(["age"], [["0-12", "13-17", "18+"]], [4, 30, 60])
    groups = {"age": {"minor": ("0-12", "13-17")}}
    joint = protect(later, earlier=[first], groups=groups)
    assert hidden_positions(joint) == {(0,), (1,)}
    assert audit(joint, others=[first], groups=groups).passed


def test_plan_sorts_the_cells():
    plan = plan_for(two_way([[3, 0], [60, 70]]), Policy())
    index = plan.system.index
    cell = {p: index[two_way([[3, 0], [60, 70]]).key(p)] for p in itertools.product(range(3), range(3))}
    assert plan.hidden[cell[0, 0]]
    assert not plan.open[cell[0, 0]]
    assert not plan.hidden[cell[0, 1]]
    assert not plan.open[cell[0, 1]]
    assert plan.open[cell[1, 0]]
    assert plan.guarded[cell[1, 0]]
    assert plan.cost[cell[0, 0]] == plan.cost[cell[0, 1]] == 0
    # A total costs more than all inner cells together; among inner cells the smaller count is cheaper.
    assert plan.cost[cell[2, 0]] > plan.cost[cell[1, 0]] + plan.cost[cell[1, 1]]
    assert 1 < plan.cost[cell[1, 0]] < plan.cost[cell[1, 1]] < 2
    assert plan.least[cell[0, 0]] == 1


def test_plan_of_totals_that_nobody_publishes():
    table = two_way([[3, 40], [60, 70]], totals=["c"])
    plan = plan_for(table, Policy())
    for key, hidden, guarded, least in zip(plan.system.keys, plan.hidden, plan.guarded, plan.least, strict=True):
        published = key in {table.key(position) for position in table.positions()}
        assert guarded == published
        # Readers grant an unpublished sum any value from 0; a published count that is hidden is at least 1.
        assert least == (1 if published else 0)
        assert published or hidden


def test_proof_does_not_stop_at_the_first_good_answer():
    # A table on which routing hides two cells too many; the proved minimum has stood through every change of the search.
    counts = np.array(
        [
            [27, 12, 43, 20, 9, 177],
            [30, 44, 29, 2, 31, 57],
            [2, 7, 24, 0, 2, 22],
            [1, 2, 2, 62, 50, 29],
            [31, 2, 19, 1, 16, 1],
            [64, 48, 8, 11, 40, 22],
        ]
    )
    assert protect(two_way(counts)).hidden_count == 18
    assert protect(two_way(counts), exact=False).hidden_count >= 18


def test_starting_cuts_forbid_a_lone_cell_in_every_sum():
    table = Table.of(["x"], [["a", "b", "c"]], [5, 30, 60])
    plan = plan_for(table, Policy())
    cuts = suppress_module._no_cell_alone(plan).toarray()
    # One sum of four cells, each of which may be hidden: one cut a cell, -1 for the cell and +1 for its partners.
    assert sorted(map(tuple, cuts.tolist())) == sorted(tuple(-1.0 if i == j else 1.0 for j in range(4)) for i in range(4))
    # A zero cannot be hidden and needs no partner, yet it counts in the others' sums.
    with_zero = plan_for(Table.of(["x"], [["a", "b", "c"]], [5, 0, 60]), Policy())
    assert suppress_module._no_cell_alone(with_zero).shape == (3, 4)


def test_starting_cuts_leave_out_sums_with_an_unpublished_total():
    plan = plan_for(two_way([[3, 40], [60, 70]], totals=["c"]), Policy())
    cuts = suppress_module._no_cell_alone(plan)
    # Two rows of three published cells each; the sums down the columns end in totals that nobody sees.
    assert cuts.shape == (6, len(plan.cost))
    assert set(np.abs(cuts).sum(axis=1).tolist()) == {3.0}
    assert suppress_module._no_cell_alone(plan_for(two_way([[3, 40], [60, 70]], totals=[]), Policy())).shape[0] == 0


def test_exactly_the_most_cuts_is_still_proved(monkeypatch):
    table = Table.of(["x"], [["a", "b", "c", "d"]], [5, 4, 30, 60])
    monkeypatch.setattr(suppress_module, "MOST_CUTS", 2)
    assert protect(table).exact
    monkeypatch.setattr(suppress_module, "MOST_CUTS", 1)
    assert not protect(table).exact


def test_branches_that_run_out_end_the_proof(monkeypatch):
    class Limited:
        status, x = 1, None

    monkeypatch.setattr("scipy.optimize.milp", lambda *_, **__: Limited())
    safe = protect(two_way([[3, 40, 50], [60, 70, 80], [90, 100, 110]]))
    assert not safe.exact
    assert audit(safe).passed


def test_cost_prefers_few_cells_then_small_counts():
    # Every partner but one is too small a cover alone; two cheap cells cost more than one dear one.
    table = Table.of(["x"], [["a", "b", "c", "d"]], [1, 11, 11, 500])
    assert hidden_positions(protect(table)) == {(0,), (3,)}
    plan = plan_for(table, Policy())
    index = plan.system.index
    cost = {label: plan.cost[index[frozenset({("x", label)})]] for label in "abcd"}
    assert cost["b"] == pytest.approx(1 + 11 / (523 * 12))
    assert cost["d"] == pytest.approx(1 + 500 / (523 * 12))
    assert plan.cost[index[frozenset()]] == pytest.approx(12 + 1 / 12)
    assert cost["a"] == 0


def test_refusal_names_the_first_count_that_cannot_be_protected():
    # No total may be hidden and the table has one row: the small count is its own total's difference.
    table = Table.of(["x"], [["a", "b", "c"]], [0, 3, 0], totals=["x"])
    with pytest.raises(Refusal) as caught:
        protect(two_way([[50, 3], [0, 0]]), keep_totals=True)
    assert str(caught.value) == ("no choice of hidden cells protects c=c1: what must stay visible already tells too much")
    # With the total hidden as well, being as small, both are open upward.
    assert hidden_positions(protect(table)) == {(1,), (3,)}
    assert (suppress_module.MOST_CUTS, suppress_module.MOST_BRANCHES) == (1200, 5000)
