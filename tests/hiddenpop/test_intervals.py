"""Intervals: BCa against its formula, profile likelihood against brute force, calibration, clean stops."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.stats import chi2, norm
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import needs_compiler, reduced

from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals import bca_interval, bootstrap_totals, jackknife_totals, profile_interval, resample
from hiddenpop.intervals.bca import acceleration, bca_limits, holding
from hiddenpop.intervals.calibration import Calibration, calibrate
from hiddenpop.intervals.conditional import log_normal_interval
from hiddenpop.intervals.multi_model import multi_model, simulate_tables
from hiddenpop.loglinear import fit
from hiddenpop.randomness import generator
from hiddenpop.results import Refusal
from hiddenpop.selection.answering import refit_fixed, refit_stepwise


def test_bca_limits_follow_their_published_formula() -> None:
    rng = np.random.default_rng(1)
    replicates = rng.gamma(4.0, 10.0, size=999)
    estimate, speed = 35.0, 0.03
    shift = norm.ppf(np.mean(replicates < estimate))
    levels = np.array([0.025, 0.1, 0.9, 0.975])
    moved = shift + norm.ppf(levels)
    expected = np.quantile(replicates, norm.cdf(shift + moved / (1 - speed * moved)))
    assert bca_limits(estimate, replicates, speed, levels) == pytest.approx(expected)


def test_bca_limits_stay_finite_when_all_replicates_lie_on_one_side() -> None:
    replicates = np.arange(10.0, 110.0)
    assert np.isfinite(bca_limits(5.0, replicates, 0.0, np.array([0.025, 0.975]))).all()
    assert np.isfinite(bca_limits(500.0, replicates, 0.0, np.array([0.025, 0.975]))).all()


def test_replicates_without_a_bound_push_the_upper_limit_out() -> None:
    replicates = np.r_[np.arange(1.0, 91.0), np.full(10, math.inf)]
    low, high = bca_limits(45.0, replicates, 0.0, np.array([0.025, 0.975]))
    assert math.isfinite(low)
    assert math.isinf(high)


def test_acceleration_is_the_skewness_of_the_left_out_people() -> None:
    values, people = np.array([10.0, 12.0, 20.0]), np.array([5, 3, 1])
    spread = np.repeat(values, people)
    distance = spread.mean() - spread
    assert acceleration(values, people) == pytest.approx((distance**3).sum() / (6 * (distance**2).sum() ** 1.5))
    assert acceleration(np.array([4.0, 4.0]), np.array([2, 2])) == 0.0
    assert acceleration(np.array([math.inf]), np.array([2])) == 0.0


@settings(max_examples=50, deadline=None)
@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.integers(0, 1000))
def test_an_interval_always_holds_its_estimate(a: float, b: float, extra: float, observed: int) -> None:
    low, high = holding(min(a, b), max(a, b), observed + extra, observed)
    assert observed <= low <= observed + extra <= high


def test_leaving_one_person_out_weighs_by_cell() -> None:
    histories = table("korea_3")
    totals, weights = jackknife_totals(histories, refit_fixed("[1,2,3]", 3))
    assert weights.tolist() == histories.counts[np.flatnonzero(histories.counts)].tolist()
    row = histories.counts.copy()
    row[np.flatnonzero(row)[0]] -= 1
    assert totals[0] == pytest.approx(fit(CaptureHistories(histories.list_names, row), "[1,2,3]").total)


def test_resamples_keep_the_number_of_people_and_the_seed_decides_them() -> None:
    histories = table("uk_2013_5")
    rows = resample(histories, 20, 3)
    assert (rows.sum(axis=1) == histories.n).all()
    assert (rows[:, 0] == 0).all()
    assert np.array_equal(rows, resample(histories, 20, generator(3)))
    assert np.array_equal(resample(histories, 5), resample(histories, 5))


def test_a_stopped_bootstrap_returns_what_is_done() -> None:
    histories = table("korea_3")
    refit = refit_stepwise(3)
    seen = []

    def progress(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 100:
            raise KeyboardInterrupt

    run = bootstrap_totals(histories, refit, 500, rng=1, progress=progress)
    assert run.interrupted
    assert len(run.totals) == 100
    assert seen[-1] == (100, 500)
    interval, details, warnings = bca_interval(histories, 268.8, refit, replicates=500, rng=1, progress=lambda d, t: None)
    assert details["bootstrap_replicates"] == 500
    assert interval.contains(268.8)
    assert not any("stopped" in warning for warning in warnings)


def test_a_stop_before_anything_is_done_is_passed_on() -> None:
    def refit(rows: np.ndarray) -> np.ndarray:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bootstrap_totals(table("korea_3"), refit, 10)
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_totals(table("korea_3"), refit, 0)


@pytest.mark.parametrize(("name", "model"), [("kosovo_4", "[123,14,34]"), ("uk_2013_5", "[12,13,24,25,35,45]")])
def test_profile_likelihood_matches_brute_force(name: str, model: str) -> None:
    histories = table(name)
    interval = profile_interval(histories, model)
    design, counts, _ = reduced(histories, model)

    def lowest(log_dark: float) -> float:
        def value(beta: np.ndarray) -> tuple[float, np.ndarray]:
            eta = log_dark + design[:, 1:] @ beta
            means = np.exp(eta)
            return float(np.sum(means - counts * eta)), design[:, 1:].T @ (means - counts)

        start = np.linalg.lstsq(design[:, 1:], np.log(counts + 0.1) - log_dark, rcond=None)[0]
        return float(minimize(value, start, jac=True, method="BFGS", options={"gtol": 1e-9}).fun)

    best = lowest(math.log(fit(histories, model).dark))
    for end in (interval.low, interval.high):
        assert 2 * (lowest(math.log(end - histories.n)) - best) == pytest.approx(chi2.ppf(0.95, 1), abs=1e-3)


def test_profile_likelihood_without_a_maximum_is_refused() -> None:
    with pytest.raises(Refusal):
        profile_interval(table("artificial_3"), "[12,3]")


def test_log_normal_intervals_never_promise_fewer_than_were_seen() -> None:
    interval = log_normal_interval(100, 110.0, 50.0, 0.95, "x")
    assert interval.low > 100
    assert interval.high > 110
    assert log_normal_interval(100, 100.0, 5.0, 0.95, "x").width == 0


@needs_compiler
def test_the_multi_model_interval_spans_the_models() -> None:
    answer = multi_model(table("uk_2013_5"), bootstrap=200, rng=1, models=40)
    assert answer.estimate is not None
    assert answer.interval is not None
    totals = [fit(table("uk_2013_5"), entry["model"]).total for entry in answer.details["best_models"]]
    assert min(totals) < answer.estimate < max(totals)
    assert answer.interval.low < 15_000
    assert answer.interval.high > 30_000
    assert answer == multi_model(table("uk_2013_5"), bootstrap=200, rng=1, models=40)


def test_a_stopped_multi_model_run_says_so() -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    answer = multi_model(table("korea_3"), bootstrap=100, rng=1, progress=stop)
    assert any("stopped after" in warning for warning in answer.warnings)
    assert multi_model(table("korea_3"), bootstrap=0).refused


def test_simulated_tables_have_the_fitted_means() -> None:
    fitted = fit(table("kosovo_4"), "[123,14,34]")
    rows = simulate_tables(fitted, 400, 1)
    assert (rows[:, 0] == 0).all()
    assert rows.mean(axis=0)[1:] == pytest.approx(fitted.fitted[1:], rel=0.1, abs=2.0)


def test_calibration_counts_what_the_intervals_did() -> None:
    result = calibrate(table("kosovo_4"), "stepwise", model="[12,13,14,23,34]", tables=60, bootstrap=0, rng=1)
    assert result.answered + result.refused == result.tables == 60
    assert 0.75 <= result.coverage <= 1.0
    assert 0 < result.monte_carlo_error < 0.07
    assert f"{result.truth:,} people in truth" in result.sentence()
    wrong = calibrate(table("kosovo_4"), "independence", model="[123,14,34]", tables=20, bootstrap=0, rng=1)
    assert wrong.coverage == 0.0
    assert wrong.too_low == 20


def test_calibration_runs_through_an_executor_and_stops_cleanly() -> None:
    here = calibrate(table("kosovo_4"), "chao", tables=12, rng=4)
    with ThreadPoolExecutor(2) as pool:
        assert calibrate(table("kosovo_4"), "chao", tables=12, rng=4, mapper=pool.map) == here

    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    assert calibrate(table("kosovo_4"), "chao", tables=12, rng=4, progress=stop).tables == 5
    with pytest.raises(ValueError, match="at least one"):
        calibrate(table("kosovo_4"), tables=0)


def test_calibration_without_answers_says_so() -> None:
    nothing = Calibration("bic", "[1,2,3]", 100, 0.95, 3, 3, 0, 0, 0, math.nan, math.nan)
    assert math.isnan(nothing.coverage)
    assert math.isnan(nothing.monte_carlo_error)
    assert "gave no interval" in nothing.sentence()
