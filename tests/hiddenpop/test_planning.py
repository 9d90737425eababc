"""Planning: textbook variances, simulated precision, and requirements that are what they say."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.planning import detectable_change, expected_precision, history_chances, requirements


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(0.05, 0.8), min_size=2, max_size=6), st.integers(100, 100_000))
def test_independent_lists_have_the_textbook_variance(reach, population):
    # Otis and others (1978), model Mt: var = N / (1 / prod(1 - p) + (t - 1) - sum 1 / (1 - p)).
    missed = [1 - p for p in reach]
    variance = population / (1 / math.prod(missed) + len(reach) - 1 - sum(1 / q for q in missed))
    plan = expected_precision(population, reach)
    assert plan.relative_error * population == pytest.approx(math.sqrt(variance), rel=1e-6)
    assert plan.expected_observed == pytest.approx(population * (1 - math.prod(missed)))
    low, high = plan.interval
    assert plan.expected_observed < low < population < high


def test_simulated_tables_scatter_as_planned():
    reach, population = [0.3, 0.25, 0.2, 0.2], 3000
    plan = expected_precision(population, reach, model="[12,3,4]")
    rng = np.random.default_rng(3)
    totals = []
    for _ in range(300):
        counts = rng.multinomial(population, history_chances(reach))
        counts[0] = 0
        totals.append(fit(CaptureHistories("ABCD", counts), "[12,3,4]").total)
    assert np.std(totals) == pytest.approx(plan.relative_error * population, rel=0.15)
    inside = np.mean([plan.interval[0] <= total <= plan.interval[1] for total in totals])
    assert inside == pytest.approx(0.95, abs=0.04)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.1, 0.7), min_size=3, max_size=5), st.floats(0.2, 5.0))
def test_dependent_chances_keep_the_reach_and_the_odds_ratio(reach, ratio):
    chances = history_chances(reach, {(0, 2): ratio})
    cells = np.arange(chances.size)
    assert chances.sum() == pytest.approx(1.0)
    for i, share in enumerate(reach):
        assert chances[cells >> i & 1 == 1].sum() == pytest.approx(share, abs=1e-9)
    assert chances[0] * chances[5] / (chances[1] * chances[4]) == pytest.approx(ratio, rel=1e-9)


def test_more_of_anything_helps():
    base = expected_precision(2000, [0.2, 0.2, 0.2])
    for better in (
        expected_precision(8000, [0.2, 0.2, 0.2]),
        expected_precision(2000, [0.3, 0.2, 0.2]),
        expected_precision(2000, [0.2, 0.2, 0.2, 0.2]),
    ):
        assert better.relative_error < base.relative_error
    allowed = expected_precision(2000, [0.2, 0.2, 0.2], model="[12,3]")
    assert allowed.relative_error > base.relative_error
    assert expected_precision(2000, [0.2] * 3, level=0.8).width_ratio < base.width_ratio


def test_warnings():
    assert "nothing can be checked" in expected_precision(2000, [0.2, 0.2]).warnings[0]
    thin = expected_precision(100, [0.1, 0.2, 0.5])
    assert thin.smallest_overlap == pytest.approx(2.0)
    assert "between lists 1 and 2, 1 and 3" in thin.warnings[0]
    assert any("ignores" in w for w in expected_precision(900, [0.3] * 3, odds_ratios={(0, 1): 2.0}).warnings)


def test_requirements_reach_what_was_asked():
    needs = requirements(5000, width_ratio=1.3, lists=(2, 3, 5))
    assert [need.lists for need in needs] == [2, 3, 5]
    for need in needs:
        assert need.plan.width_ratio == pytest.approx(1.3, rel=1e-6)
        assert need.people_per_list == pytest.approx(need.reach * 5000)
    assert needs[0].reach > needs[1].reach > needs[2].reach
    dependent = requirements(5000, width_ratio=1.3, lists=(2, 4), pairwise=True)
    assert dependent[0].reach is None
    assert dependent[1].reach > needs[1].reach
    assert requirements(10, width_ratio=1.0001, lists=(2,))[0].people_per_list is None


def test_detectable_change_has_its_power():
    reach = [0.3, 0.3, 0.3]
    fall, rise = detectable_change(4000, reach, power=0.8)
    assert fall < 1 < rise
    rng = np.random.default_rng(5)
    seen = 0
    for _ in range(250):
        logs, variance = [], 0.0
        for population in (4000, round(4000 * rise)):
            counts = rng.multinomial(population, history_chances(reach))
            counts[0] = 0
            fitted = fit(CaptureHistories("ABC", counts), "[1,2,3]")
            logs.append(math.log(fitted.total))
            variance += expected_precision(round(fitted.total), reach).relative_error ** 2
        seen += abs(logs[1] - logs[0]) > 1.96 * math.sqrt(variance)
    assert seen / 250 == pytest.approx(0.8, abs=0.08)
    assert detectable_change(40, [0.05, 0.05])[0] == 0.0


def test_impossible_plans():
    for call, words in (
        (lambda: expected_precision(100, [0.2]), "one list"),
        (lambda: expected_precision(0, [0.2, 0.2]), "at least one person"),
        (lambda: expected_precision(100, [0.2, 1.0]), "strictly between"),
        (lambda: expected_precision(100, [0.2, 0.2], model="[12]"), "more parameters"),
        (lambda: history_chances([0.2, 0.2], {(0, 1): 0.0}), "positive"),
        (lambda: requirements(100, width_ratio=1.0), "width_ratio"),
        (lambda: detectable_change(100, [0.2, 0.2], power=1.0), "power"),
    ):
        with pytest.raises(ValueError, match=words):
            call()
