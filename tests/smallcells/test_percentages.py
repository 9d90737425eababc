"""Percentages only where numerator and denominator pass."""

import numpy as np
import pytest

from smallcells import BadTable, Policy, Table, protect
from smallcells.percentages import percentages, share


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [(30, 75, 40.0), (3, 75, None), (72, 75, None), (0, 75, 0.0), (75, 75, 100.0), (4, 10, None), (0, 0, None),
     (0, 10, None), (11, 22, 50.0), (10, 22, None), (100, 300, 33.3)],
)  # fmt: skip
def test_share(part, whole, expected):
    assert share(part, whole) == expected


def test_share_by_policy_and_decimals():
    assert share(5, 15, Policy(5), decimals=0) == 33
    assert share(0, 75, Policy(hide_zeros=True)) is None
    for part, whole in ((-1, 5), (6, 5)):
        with pytest.raises(ValueError, match="the part cannot be negative nor exceed the whole"):
            share(part, whole)


def test_percentages_hide_what_the_table_hides():
    table = Table.of(
        ["r", "c"], [["a", "b", "d"], ["x", "y", "z"]], [[3, 40, 50], [60, 70, 80], [90, 100, 110]], totals=["c"]
    )
    safe = protect(table)
    found = percentages(safe, "c")
    assert np.array_equal(np.isnan(found), safe.hidden)
    assert found[1].tolist() == pytest.approx([28.6, 33.3, 38.1, 100.0])
    assert percentages(safe, "c", decimals=3)[1, 0] == pytest.approx(28.571)
    for name in ("r", "q"):
        with pytest.raises(BadTable, match=f"^percentages of '{name}' need its total, and the table has none$"):
            percentages(safe, name)


def test_percentages_over_rows_and_of_nobody():
    safe = protect(Table.of(["r", "c"], [["a", "b"], ["x", "y"]], [[20, 0], [60, 0]]))
    found = percentages(safe, "r")
    assert found[:, 0].tolist() == [25.0, 75.0, 100.0]
    assert np.isnan(found[:, 1]).all()


def test_a_hidden_total_hides_the_percentages():
    safe = protect(Table.of(["r", "c"], [["a", "b"], ["x", "y"]], [[3, 0], [0, 70]]))
    assert safe.hidden[0, 2]
    assert np.isnan(percentages(safe, "c")[0]).all()
