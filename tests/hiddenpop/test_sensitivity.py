"""Sensitivity: hand calculations, the log-linear fits as twins, recovery of broken links, laws."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hiddenpop.tables import table as published

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.results import Estimate, Interval, Refusal
from hiddenpop.selection import bic, independence
from hiddenpop.sensitivity import (
    dependence,
    internal_consistency,
    leave_one_list_out,
    linkage_corrected,
    restore_links,
    weakest_pair,
)
from hiddenpop.sensitivity.linkage_errors import _breakage, _held_together
from hiddenpop.simulate import break_links, draw_table

KOSOVO = published("kosovo_4")


def _plain(histories: CaptureHistories) -> Estimate:
    return independence(histories, bootstrap=0)


# -- dependence ----------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 200), st.integers(1, 200), st.integers(1, 200), st.floats(0.1, 10))
def test_two_lists_by_hand(only_a, only_b, both, ratio):
    # n00 = odds ratio * n10 * n01 / n11
    table = CaptureHistories.from_rows("AB", [(1, 0), (0, 1), (1, 1)], [only_a, only_b, both])
    curve = dependence(table, "[1,2]", (1, 0), odds_ratios=[ratio])
    assert curve.totals[0] == pytest.approx(table.n + ratio * only_a * only_b / both, rel=1e-6)


def test_an_assumed_ratio_of_one_is_the_model_itself():
    for model in ("[123,14,34]", "[1,2,3,4]"):
        kept = "[13,23,14,34]" if "123" in model else model
        curve = dependence(KOSOVO, model, (0, 1), odds_ratios=[1.0])
        assert curve.totals[0] == pytest.approx(fit(KOSOVO, kept).total, rel=1e-6)


def test_assuming_what_the_data_say_gives_the_full_model():
    full = fit(KOSOVO, "[12,13,24]")
    ratio = math.exp(full.coefficients["12"])
    curve = dependence(KOSOVO, "[12,13,24]", (0, 1), odds_ratios=[ratio])
    assert curve.totals[0] == pytest.approx(full.total, rel=1e-6)


def test_totals_grow_with_the_odds_ratio_and_tip_where_they_say():
    model = "[12,13,14,23,34]"
    curve = dependence(KOSOVO, model, (0, 2), conclusion=Interval(12_000, 18_000, 0.95, "x"))
    assert list(curve.totals) == sorted(curve.totals)
    assert curve.fitted_ratio == pytest.approx(math.exp(fit(KOSOVO, model).coefficients["13"]))
    assert curve.tipping_below < curve.fitted_ratio < curve.tipping_above
    for tip, border in ((curve.tipping_below, 12_000), (curve.tipping_above, 18_000)):
        at = dependence(KOSOVO, model, (0, 2), odds_ratios=[tip])
        assert at.totals[0] == pytest.approx(border, rel=1e-6)
    factors = curve.fitted_ratio / curve.tipping_below, curve.tipping_above / curve.fitted_ratio
    assert curve.nearest == pytest.approx(min(factors))
    assert "exceeds 18,000 once the factor is above" in curve.sentence
    assert f"the total is {fit(KOSOVO, model).total:,.0f}" in curve.sentence


def test_nothing_tips():
    curve = dependence(KOSOVO, "[1,2,3,4]", (0, 3), conclusion=(0.0, 1e9))
    assert curve.tipping_below is None
    assert curve.tipping_above is None
    assert curve.nearest == math.inf
    assert "No factor" in curve.sentence
    already = dependence(KOSOVO, "[1,2,3,4]", (0, 3), conclusion=(9_000.0, 1e9))
    assert already.tipping_below == 1.0
    assert already.nearest == 1.0


def test_weakest_pair_comes_first():
    curves = weakest_pair(KOSOVO, "[1,2,3,4]")
    assert len(curves) == 6
    assert [curve.nearest for curve in curves] == sorted(curve.nearest for curve in curves)


def test_dependence_refuses_what_has_no_maximum():
    empty = CaptureHistories.from_rows("ABC", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)], [40, 30, 20, 6])
    with pytest.raises(Refusal, match="no usable maximum"):
        dependence(empty, "[12,3]", (0, 2))
    apart = CaptureHistories.from_rows("AB", [(1, 0), (0, 1)], [4, 3])
    with pytest.raises(Refusal, match="No pair"):
        weakest_pair(apart, "[1,2]")
    with pytest.raises(ValueError, match="numbered from 0"):
        dependence(KOSOVO, "[1,2,3,4]", (0, 4))
    with pytest.raises(ValueError, match="positive"):
        dependence(KOSOVO, "[1,2,3,4]", (0, 1), odds_ratios=[0.0])


# -- lists ---------------------------------------------------------------------------------------------------


def test_leave_one_out_is_a_subset():
    found = leave_one_list_out(KOSOVO, _plain)
    assert set(found) == set(KOSOVO.list_names)
    assert found["ABA"].estimate == pytest.approx(_plain(KOSOVO.subset(["EXH", "OSCE", "HRW"])).estimate)
    with pytest.raises(Refusal, match="three lists"):
        leave_one_list_out(KOSOVO.subset(["EXH", "ABA"]), _plain)


def test_internal_consistency_finds_independent_lists():
    reach = [0.4, 0.3, 0.35, 0.3]
    cells = np.arange(16)
    chances = np.prod([np.where(cells >> i & 1, p, 1 - p) for i, p in enumerate(reach)], axis=0)
    table = draw_table(tuple("ABCD"), 20_000, chances, np.random.default_rng(6))
    for check, on in zip(internal_consistency(table, _plain), table.list_totals, strict=True):
        assert check.truth == on
        assert check.relative_error == pytest.approx(0.0, abs=0.05)
        assert check.estimate.observed < check.truth


def test_internal_consistency_by_hand_and_refusals():
    table = CaptureHistories.from_rows("ABC", [(1, 0, 0), (1, 1, 0), (1, 0, 1), (0, 1, 1)], [3, 4, 5, 6])
    checks = internal_consistency(table, _plain)
    assert [check.truth for check in checks] == [12, 10, 11]
    assert all(check.relative_error is None and check.covered is None for check in checks)

    def strict(part: CaptureHistories) -> Estimate:
        raise Refusal("too thin")

    assert internal_consistency(table, strict)[0].estimate.refused == "too thin"
    with pytest.raises(Refusal, match="three lists"):
        internal_consistency(table.subset(["A", "B"]), _plain)
    held = internal_consistency(table, lambda part: Estimate("x", 12.0, Interval(10.0, 12.0, 0.95, "x"), observed=part.n))
    assert [check.covered for check in held] == [True, True, True]


# -- linkage -------------------------------------------------------------------------------------------------


def test_chance_that_records_hang_together_by_enumeration():
    # Connected graphs on 3 nodes: 4 of 8; on 4 nodes 38 of 64. With missed = 1/2 every graph is as likely.
    assert _held_together(4, 0.5) == pytest.approx([1, 1, 1 / 2, 4 / 8, 38 / 64])


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 5), st.floats(0.0, 0.6), st.data())
def test_restoring_inverts_breaking(k, missed, data):
    size = 1 << k
    true = np.array([0, *data.draw(st.lists(st.integers(5, 400), min_size=size - 1, max_size=size - 1))], float)
    broken = _breakage(k, missed) @ true
    # Every record is kept: list totals do not change.
    on = np.array([[cell >> i & 1 for cell in range(size)] for i in range(k)])
    assert on @ broken == pytest.approx(on @ true)
    assert restore_links(broken, missed) == pytest.approx(true, rel=1e-6, abs=1e-6)


def test_expected_breakage_equals_simulated_breakage():
    table = CaptureHistories("ABCD", np.array([0, *[900] * 15]))
    rng = np.random.default_rng(4)
    mean = np.mean([break_links(table, 0.25, rng).counts for _ in range(6)], axis=0)
    assert mean == pytest.approx(_breakage(4, 0.25) @ table.counts, rel=0.06)


def test_missed_matches_inflate_and_the_correction_recovers():
    reach = [0.35, 0.3, 0.3, 0.25]
    cells = np.arange(16)
    chances = np.prod([np.where(cells >> i & 1, p, 1 - p) for i, p in enumerate(reach)], axis=0)
    rng = np.random.default_rng(7)
    raw, fixed = [], []
    for _ in range(12):
        broken = break_links(draw_table(tuple("ABCD"), 10_000, chances, rng), 0.1, rng)
        answer = linkage_corrected(broken, _plain, missed=0.1)
        raw.append(answer.details["uncorrected"])
        fixed.append(answer.estimate)
    assert np.mean(raw) / 10_000 == pytest.approx(1 / 0.9, abs=0.03)
    assert np.mean(fixed) / 10_000 == pytest.approx(1.0, abs=0.03)
    assert all(abs(value / 10_000 - 1) < 0.06 for value in fixed)


def test_false_matches_are_taken_apart():
    # 10 % of the linked pairs hold somebody else's record: 90 true pairs, 10 more people on each list alone.
    assert restore_links(np.array([0, 20, 30, 100]), 0.0, 0.1).tolist() == [0, 30, 40, 90]
    three = restore_links(np.array([0, 0, 0, 0, 0, 0, 0, 90]), 0.0, 0.1)
    assert three == pytest.approx([0, 3, 3, 3, 3, 3, 3, 81])


def test_more_missed_than_the_table_allows_stays_positive():
    table = np.array([0, 1, 1, 100])  # hardly anybody on one list: missing 30 % of the matches is impossible
    restored = restore_links(table, 0.3)
    assert restored.min() >= 0
    for share in (-0.1, 1.0):
        with pytest.raises(ValueError, match="missed"):
            restore_links(table, share)


def test_range_widens_the_interval_and_refusals_pass_through():
    answer = linkage_corrected(KOSOVO, _plain, missed=0.05)
    wide = linkage_corrected(KOSOVO, _plain, missed=0.05, missed_range=(0.0, 0.1))
    assert wide.interval.low < answer.interval.low < answer.interval.high < wide.interval.high
    assert wide.estimate == answer.estimate
    assert sum(answer.details["restored_counts"]) < KOSOVO.n
    assert any("5.0% missed" in warning for warning in answer.warnings)
    assert linkage_corrected(KOSOVO, _plain, missed=0.0).estimate == pytest.approx(_plain(KOSOVO).estimate)
    with pytest.raises(ValueError, match="does not hold"):
        linkage_corrected(KOSOVO, _plain, missed=0.2, missed_range=(0.0, 0.1))
    two = KOSOVO.subset(["EXH", "ABA"])
    refused = linkage_corrected(two, bic, missed=0.1)
    assert refused.estimate is None
    assert "lists" in refused.refused
