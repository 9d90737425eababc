"""Subgroups: they add up, borrow strength where they are thin, and never give small groups away."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.results import Estimate, Interval, Refusal
from hiddenpop.selection import independence
from hiddenpop.strata import KINDS, MINIMUM_PEOPLE, _pool, _withheld, by_stratum


def _chances(reach) -> np.ndarray:
    cells = np.arange(1 << len(reach))
    return np.prod([np.where(cells >> i & 1, p, 1 - p) for i, p in enumerate(reach)], axis=0)


def _stratified(sizes: dict[str, int], reach, seed: int = 1) -> CaptureHistories:
    rng = np.random.default_rng(seed)
    strata = {}
    for name, size in sizes.items():
        counts = rng.multinomial(size, _chances(reach[name] if isinstance(reach, dict) else reach))
        counts[0] = 0
        strata[name] = counts
    return CaptureHistories("ABC", sum(strata.values()), strata=strata, period="2020")


def _total(table: CaptureHistories) -> Estimate:
    return independence(table, bootstrap=0)


SIZES = {"women": 4000, "men": 2000, "trans and nonbinary people": 400}


# -- recovery and twins --------------------------------------------------------------------------------------


def test_estimates_add_up_and_recover_the_truth():
    table = _stratified(SIZES, [0.3, 0.25, 0.2])
    total = _total(table)
    found = by_stratum(table, total, kind="gender", rng=2, replicates=100)
    parts = {name: part.estimate for name, part in found.estimates.items()}
    assert sum(parts.values()) == pytest.approx(total.estimate, rel=1e-12)
    for name, size in SIZES.items():
        assert parts[name] == pytest.approx(size, rel=0.12)
        assert found.estimates[name].interval.contains(size)
        assert found.estimates[name].period == "2020"
    assert found.pooling > 0.2


def test_groups_that_differ_stay_apart():
    reach = {"women": [0.5, 0.4, 0.4], "men": [0.15, 0.12, 0.1]}
    table = _stratified({"women": 5000, "men": 5000}, reach, 3)
    found = by_stratum(table, _total(table), kind="gender", rng=2, replicates=30)
    assert found.pooling < 0.1
    details = {name: part.details for name, part in found.estimates.items()}
    assert details["men"]["pooled_log_ratio"] > details["women"]["pooled_log_ratio"] + 1


def test_own_ratios_are_those_of_separate_fits():
    table = _stratified(SIZES, [0.3, 0.25, 0.2])
    found = by_stratum(table, _total(table), kind="gender", rng=2, replicates=10)
    for name, counts in table.strata.items():
        alone = fit(CaptureHistories("ABC", counts), "[1,2,3]")
        expected = math.log(alone.dark / counts.sum())
        assert found.estimates[name].details["own_log_ratio"] == pytest.approx(expected)


def test_an_average_lends_its_best_model():
    table = _stratified(SIZES, [0.3, 0.25, 0.2])
    total = _total(table)
    averaged = Estimate(
        "x", total.estimate, observed=table.n, model="average", details={"best_models": [{"model": "[12,3]"}]}
    )
    found = by_stratum(table, averaged, kind="gender", rng=2, replicates=5)
    assert found.estimates["women"].model == "[12,3]"


def test_pooling_by_hand():
    # Paule-Mandel for two values with equal variance v: between = (difference^2 / 2) - v.
    pulled, pull, spread = _pool(np.array([0.0, 2.0]), np.array([0.5, 0.5]), np.ones(2))
    assert spread**2 == pytest.approx(2.0 - 0.5)
    assert pull == pytest.approx(0.5 / 2.0)
    assert pulled == pytest.approx([0.25, 1.75])
    together, pull, spread = _pool(np.array([0.0, 0.1]), np.array([1.0, 1.0]), np.ones(2))
    assert (pull, spread) == (1.0, 0.0)
    assert together == pytest.approx([0.05, 0.05])
    alone, pull, _ = _pool(np.array([0.3, np.nan]), np.array([1.0, np.inf]), np.ones(2))
    assert alone == pytest.approx([0.3, 0.3])
    three, _, _ = _pool(np.array([0.0, 2.0, np.nan]), np.array([0.5, 0.5, np.inf]), np.ones(3))
    assert three[2] == pytest.approx(1.0)


# -- laws ----------------------------------------------------------------------------------------------------


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 5))
def test_never_fewer_than_seen_and_intervals_hold(seed, groups):
    table = _stratified({f"group {i}": 600 + 200 * i for i in range(groups)}, [0.3, 0.2, 0.25], seed)
    total = _total(table)
    found = by_stratum(table, total, kind="exploitation", rng=seed, replicates=10)
    for name, part in found.estimates.items():
        assert part.estimate >= table.strata[name].sum()
        assert part.interval.contains(part.estimate)
    shown = sum(part.estimate for part in found.estimates.values())
    assert shown == pytest.approx(total.estimate)


def test_same_seed_same_answer():
    table = _stratified(SIZES, [0.3, 0.25, 0.2])
    one, other = (by_stratum(table, _total(table), kind="gender", rng=5, replicates=20) for _ in range(2))
    assert one.estimates == other.estimates


# -- guard rails ---------------------------------------------------------------------------------------------


def test_small_groups_are_withheld_two_at_least():
    table = _stratified({"a": 3000, "b": 1500, "c": 60}, [0.4, 0.3, 0.3], 4)
    found = by_stratum(table, _total(table), kind="age", rng=1, replicates=20)
    assert found.estimates["c"].estimate is None
    assert str(MINIMUM_PEOPLE) in found.estimates["c"].refused
    # One gap could be filled by subtraction: the next smallest goes too.
    assert "subtraction" in found.estimates["b"].refused
    assert found.estimates["a"].estimate is not None
    assert len(found.warnings) == 2
    two_small = _stratified({"a": 3000, "b": 1500, "c": 80, "d": 70}, [0.4, 0.3, 0.3], 4)
    found = by_stratum(two_small, _total(two_small), kind="age", rng=1, replicates=20)
    assert [name for name, part in found.estimates.items() if part.estimate is None] == ["c", "d"]


@pytest.mark.parametrize(
    ("people", "gone"),
    [
        ({"a": 500, "b": 300, "c": 200}, ""),
        ({"a": 500, "b": 300, "c": 99.9}, "bc"),
        ({"a": 500, "b": 300, "c": 60, "d": 41}, "cd"),
        ({"a": 500, "b": 300, "c": 60, "d": 39}, "bcd"),  # together 99 would be a group under 100
        ({"a": 500, "b": 30}, "ab"),
        ({"a": 50}, "a"),
    ],
)
def test_what_is_withheld(people, gone):
    assert "".join(sorted(_withheld(people))) == gone


@pytest.mark.parametrize("kind", ["site", "shelter", "ZIP code", "census tract", "neighborhood", "Motel"])
def test_no_sites_and_nothing_below_a_county(kind):
    table = _stratified({"a": 3000, "b": 1500}, [0.4, 0.3, 0.3])
    with pytest.raises(Refusal, match="site or an area below a county"):
        by_stratum(table, _total(table), kind=kind, rng=1)


@pytest.mark.parametrize("name", ["90012", "06037206031", "Hope Shelter", "Main Street", "90012-1234"])
def test_places_hidden_in_names_are_found(name):
    table = _stratified({name: 3000, "b": 1500}, [0.4, 0.3, 0.3])
    with pytest.raises(Refusal, match="looks like"):
        by_stratum(table, _total(table), kind="region", rng=1)


def test_kinds_nobody_decided_on_and_other_refusals():
    table = _stratified({"2019": 3000, "2020": 1500}, [0.4, 0.3, 0.3])
    total = _total(table)
    with pytest.raises(Refusal, match="have not been decided on"):
        by_stratum(table, total, kind="religion", rng=1)
    assert {"county", "gender", "lgbtq", "minors", "year", "encampment", "sex and labor"} <= KINDS
    assert by_stratum(table, total, kind="year", rng=1, replicates=5).kind == "year"
    with pytest.raises(Refusal, match="no subgroups"):
        by_stratum(CaptureHistories("ABC", table.counts), total, kind="year", rng=1)
    with pytest.raises(Refusal, match="The total was refused"):
        by_stratum(table, Estimate("x", None, refused="too thin"), kind="year", rng=1)
    with pytest.raises(ValueError, match="no model"):
        by_stratum(table, total, kind="year", model="nonsense", rng=1)


def test_groups_without_a_fit_take_the_common_ratio():
    women = np.array([0, 300, 250, 80, 200, 60, 50, 20])
    men = np.array([0, 90, 80, 0, 60, 0, 0, 0])  # nobody on two lists: no maximum
    table = CaptureHistories("ABC", women + men, strata={"women": women, "men": men})
    total = _total(table)
    found = by_stratum(table, total, kind="gender", rng=1, replicates=20)
    assert "no maximum in this subgroup" in found.estimates["men"].warnings[0]
    only_men = CaptureHistories("ABC", men, strata={"men": men})
    with pytest.raises(Refusal, match="none of the subgroups"):
        by_stratum(only_men, Estimate("x", 900.0, observed=230), kind="gender", model="[1,2,3]", rng=1)


def test_interval_carries_the_uncertainty_of_the_total():
    table = _stratified({"a": 3000, "b": 3000}, [0.3, 0.25, 0.2])
    total = _total(table)
    wide = Estimate(
        "x", total.estimate, Interval(table.n + 10, 4 * total.estimate, 0.95, "x"), observed=table.n, model="a mixture"
    )
    narrow = by_stratum(table, total, kind="age", rng=1, replicates=100).estimates["a"].interval
    broad = by_stratum(table, wide, kind="age", rng=1, replicates=100).estimates["a"].interval
    assert broad.width > 2 * narrow.width
    bare = Estimate("x", total.estimate, observed=table.n, model="[1,2,3]")
    assert by_stratum(table, bare, kind="age", rng=1, replicates=100).estimates["a"].interval.width < narrow.width
