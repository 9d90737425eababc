"""Tables before and after hiding."""

import numpy as np
import pytest

from smallcells import HIDDEN, TOTAL, BadTable, Dimension, Policy, SafeTable, Table

COUNTS = [[3, 40], [12, 60]]
NAMES = ["county", "age"]
LABELS = [["Placer", "Yolo"], ["minor", "adult"]]


def test_totals_are_added_over_every_dimension():
    table = Table.of(NAMES, LABELS, COUNTS)
    assert table.counts.tolist() == [[3, 40, 43], [12, 60, 72], [15, 100, 115]]
    assert [d.labels for d in table.dimensions] == [("Placer", "Yolo", TOTAL), ("minor", "adult", TOTAL)]


def test_totals_only_where_asked():
    table = Table.of(NAMES, LABELS, COUNTS, totals=["age"], period="2024")
    assert table.counts.tolist() == [[3, 40, 43], [12, 60, 72]]
    assert [d.total for d in table.dimensions] == [False, True]
    assert table.period == "2024"


def test_unknown_total_is_named():
    with pytest.raises(BadTable, match=r"^there is no dimension 'sex'; the table has county, age$"):
        Table.of(NAMES, LABELS, COUNTS, totals=["sex"])


@pytest.mark.parametrize("counts", [[[1.5, 2], [3, 4]], [["a", "b"], ["c", "d"]], [[np.nan, 1], [2, 3]]])
def test_counts_must_be_whole(counts):
    with pytest.raises(BadTable, match="^counts must be whole numbers$"):
        Table.of(NAMES, LABELS, counts)


def test_whole_floats_and_unsigned_are_fine():
    assert Table.of(NAMES, LABELS, [[1.0, 2.0], [3.0, 4.0]]).counts[2, 2] == 10
    assert Table.of(NAMES, LABELS, np.array(COUNTS, dtype=np.uint8)).counts.dtype == np.int64


def test_negative_count_is_named():
    with pytest.raises(BadTable, match=r"^age=minor, county=Placer: a count cannot be negative \(-1\)$"):
        Table.of(NAMES, LABELS, [[-1, 40], [12, 60]])


def test_wrong_total_is_named():
    good = Table.of(NAMES, LABELS, COUNTS)
    counts = good.counts.copy()
    counts[0, 2] = 44
    with pytest.raises(BadTable, match="^county=Placer: the total says 44, its parts sum to 43$"):
        Table(good.dimensions, counts)


def test_wrong_shape_duplicate_names_and_labels():
    good = Table.of(NAMES, LABELS, COUNTS)
    with pytest.raises(BadTable, match=r"^the counts have shape \(2, 2\), the labels need \(3, 3\)$"):
        Table(good.dimensions, np.array(COUNTS))
    with pytest.raises(BadTable, match="^two dimensions have one name: age, age$"):
        Table.of(["age", "age"], LABELS, COUNTS)
    with pytest.raises(BadTable, match="^a table needs at least one dimension$"):
        Table((), np.array(1))
    with pytest.raises(BadTable, match="^'age' names the category 'minor' twice$"):
        Dimension("age", ("minor", "adult", "minor"))
    with pytest.raises(BadTable, match="^'age' has a category called 'Total': that word is kept for the sum$"):
        Dimension("age", ("minor", "Total"))
    with pytest.raises(BadTable, match="^'age' has no categories$"):
        Dimension("age", ())
    with pytest.raises(BadTable, match=r"^the counts have shape \(2, 2\), the labels need \(3, 3\)$"):
        SafeTable(good.dimensions, np.array(COUNTS), Policy())


def test_keys_and_words():
    table = Table.of(NAMES, LABELS, COUNTS)
    assert table.key((0, 1)) == {("county", "Placer"), ("age", "adult")}
    assert table.key((2, 1)) == {("age", "adult")}
    assert table.key((2, 2)) == frozenset()
    assert table.describe((2, 2)) == "the grand total"
    assert table.describe((1, 0)) == "age=minor, county=Yolo"
    assert list(table.positions())[:4] == [(0, 0), (0, 1), (0, 2), (1, 0)]


def test_safe_table_by_name():
    good = Table.of(NAMES, LABELS, COUNTS)
    shown = good.counts.copy()
    shown[0, 0] = HIDDEN
    safe = SafeTable(good.dimensions, shown, Policy())
    assert safe.hidden_count == 1
    assert safe.value(county="Placer", age="minor") is None
    assert safe.value(age="adult", county="Placer") == 40
    assert safe.value(age="adult") == 100
    assert safe.value() == 115
    with pytest.raises(KeyError, match="age has no 'elder'"):
        safe.value(age="elder")
    with pytest.raises(KeyError, match="no dimension sex"):
        safe.value(sex="f")
    assert (safe.exact, safe.period) == (True, None)


def test_policy():
    assert Policy().threshold == 11
    assert [Policy().is_small(count) for count in (0, 1, 10, 11)] == [False, True, True, False]
    assert [Policy(5, hide_zeros=True).is_small(count) for count in (0, 4, 5)] == [True, True, False]
    assert [Policy().may_hide(count) for count in (0, 1, 100)] == [False, True, True]
    assert Policy(hide_zeros=True).may_hide(0)
    assert Policy(2).threshold == 2
    with pytest.raises(ValueError, match="^the threshold must be at least 2: below that nothing would ever be hidden$"):
        Policy(1)
