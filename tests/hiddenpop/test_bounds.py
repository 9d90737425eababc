"""Two lists, lower bounds, sample coverage, models of people who differ: published values and laws."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hiddenpop.tables import table

from hiddenpop.heterogeneity import HETEROGENEITY_MODELS, closed_models, heterogeneity
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.lower_bounds import chao, coverage_estimates, frequencies, sample_coverage
from hiddenpop.methods import METHODS, estimate
from hiddenpop.two_list import chapman, lincoln_petersen


def two(first: int, second: int, both: int) -> CaptureHistories:
    return CaptureHistories(("A", "B"), np.array([0, first, second, both]))


@pytest.mark.parametrize(
    ("model", "total", "error"),
    [("Mt", 75.1, 3.4), ("Mth Poisson2", 81.1, 5.6), ("Mth Darroch", 90.5, 11.7)],
)
def test_the_hares_of_cormack(model: str, total: float, error: float) -> None:
    fits = {one.model: one for one in closed_models(table("snowshoe_hare_6"))}
    assert list(fits) == list(HETEROGENEITY_MODELS)
    assert round(fits[model].total, 1) == total
    assert round(fits[model].standard_error, 1) == error


def test_hare_fits_have_the_deviances_rcapture_prints() -> None:
    # Baillargeon and Rivest (2007), Table of closedp(hare).
    fits = {one.model: one for one in closed_models(table("snowshoe_hare_6"))}
    assert round(fits["M0"].deviance, 3) == 68.516
    assert fits["M0"].degrees == 61
    assert round(fits["Mth Poisson2"].deviance, 3) == 48.137
    assert fits["Mth Poisson2"].degrees == 55
    assert round(fits["Mth Chao"].total, 1) == 79.6


def test_mt_is_the_model_of_independent_lists() -> None:
    fits = {one.model: one for one in closed_models(table("kosovo_4"))}
    loglinear = fit(table("kosovo_4"), "[1,2,3,4]")
    assert fits["Mt"].total == pytest.approx(loglinear.total)
    assert fits["Mt"].deviance == pytest.approx(loglinear.deviance)
    assert fits["Mt"].aic == pytest.approx(loglinear.aic)
    assert fits["Mt"].standard_error == pytest.approx(loglinear.standard_error)


def test_one_model_of_people_who_differ_can_be_named() -> None:
    answer = heterogeneity(table("snowshoe_hare_6"), model="Mth Darroch")
    assert answer.model == "Mth Darroch"
    assert len(answer.details["models"]) == 10
    best = heterogeneity(table("snowshoe_hare_6"))
    assert best.criterion == min(entry["aic"] for entry in best.details["models"])
    with pytest.raises(ValueError, match="is not one of"):
        heterogeneity(table("snowshoe_hare_6"), model="Mx")


def test_hepatitis_in_taiwan_has_the_published_sample_coverage() -> None:
    # Chao and others (2001): coverage 51.3 %, 407 under independence, 971 in full, 508 in one step.
    parts = coverage_estimates(table("hepatitis_3").counts, 3)
    assert round(parts["coverage"], 3) == 0.513
    assert [round(parts[name]) for name in ("independent", "full", "one_step")] == [407, 971, 508]
    answer = sample_coverage(table("hepatitis_3"), rng=1)
    assert answer.estimate is not None
    assert round(answer.estimate) == 508
    assert answer.details["standard_error"] == pytest.approx(40, abs=8)
    assert answer.interval is not None
    assert answer.interval.contains(508)
    assert any("one-step" in warning for warning in answer.warnings)


def test_enough_coverage_gives_the_full_estimate() -> None:
    answer = sample_coverage(table("korea_3"), bootstrap=0)
    assert answer.details["one_step_used"] is False
    assert answer.interval is None
    assert answer.estimate == pytest.approx(answer.details["full"])


def test_exactly_independent_lists_give_the_truth() -> None:
    # 1,000 people, each list reaches half of them independently: 125 in every cell.
    parts = coverage_estimates(np.r_[0, np.full(7, 125)], 3)
    assert [parts[name] for name in ("independent", "full", "one_step")] == pytest.approx([1000.0] * 3)


def test_coverage_of_lists_that_share_nobody_is_refused() -> None:
    parts = coverage_estimates(np.array([0, 5, 5, 0, 5, 0, 0, 0]), 3)
    assert parts["coverage"] == 0.0
    assert np.isinf(parts["full"])
    assert np.isnan(coverage_estimates(np.array([0, 5, 5, 0, 0, 0, 0, 0]), 3)["full"])


def test_chao_counts_people_on_one_and_two_lists() -> None:
    assert frequencies(table("hepatitis_3")).tolist() == [0, 187, 56, 28]
    answer = chao(table("hepatitis_3"))
    assert answer.estimate == pytest.approx(271 + 2 / 3 * 187**2 / (2 * 56))
    assert answer.details["bound_of_1987"] == pytest.approx(271 + 187**2 / (2 * 56))
    assert "lower bound" in answer.warnings[0]
    # Rcapture's "Mh Chao (LB)" without further steps is the same number.
    fits = {one.model: one for one in closed_models(table("hepatitis_3"))}
    assert fits["Mh Chao"].total == pytest.approx(answer.estimate, rel=1e-6)


def test_chao_of_two_equal_lists_is_lincoln_petersen() -> None:
    assert chao(two(40, 40, 20)).estimate == lincoln_petersen(two(40, 40, 20)).estimate == 180.0


def test_chao_needs_people_on_exactly_two_lists() -> None:
    rows = CaptureHistories(("A", "B", "C"), np.array([0, 9, 9, 0, 9, 0, 0, 4]))
    assert "exactly two lists" in str(chao(rows).refused)


def test_chapman_of_a_published_example() -> None:
    # Seber (1982): 200 marked, 300 looked at, 10 marked among them.
    answer = chapman(two(190, 290, 10))
    assert answer.estimate == pytest.approx(201 * 301 / 11 - 1)
    assert answer.details["standard_error"] ** 2 == pytest.approx(201 * 301 * 190 * 290 / (11**2 * 12))
    assert "rough guide" in answer.warnings[0]
    assert lincoln_petersen(two(190, 290, 10)).estimate == 6000.0


def test_two_of_many_lists_can_be_named() -> None:
    kosovo = table("kosovo_4")
    assert chapman(kosovo, lists=("EXH", "HRW")).estimate == chapman(kosovo.subset([0, 3])).estimate
    assert "exactly two lists" in str(chapman(kosovo).refused)
    assert "3 were named" in str(chapman(kosovo, lists=(0, 1, 2)).refused)


@settings(max_examples=80, deadline=None)
@given(st.integers(0, 400), st.integers(0, 400), st.integers(1, 200))
def test_two_list_answers_keep_the_laws(first: int, second: int, both: int) -> None:
    for method in (chapman, lincoln_petersen, chao):
        answer = method(two(first, second, both))
        mirrored = method(two(second, first, both))
        assert (answer.estimate is None) == (mirrored.estimate is None)
        if answer.estimate is not None:
            assert answer.estimate >= first + second + both
            assert answer.estimate == pytest.approx(mirrored.estimate)
            assert answer.interval is not None
            assert answer.interval.low >= first + second + both


def test_every_method_is_reached_by_name_and_keeps_the_laws() -> None:
    histories = table("hepatitis_3")
    for name, method in METHODS.items():
        if name == "latent-class":
            continue  # Its sampler has tests of its own.
        options = {"model": "[1,2,3]"} if name == "model" else {}
        options |= {"lists": (0, 1)} if name in ("chapman", "lincoln-petersen") else {}
        answer = estimate(histories, name, bootstrap=30 if method.bootstrap else None, rng=1, **options)
        assert answer.method == name
        assert answer.estimate is not None, answer.refused
        assert answer.interval is not None
        assert answer.assumptions
        assert answer.bias
        assert answer.interval.contains(answer.estimate)
        assert "histories" not in method.options()
        assert method.summary.endswith(".")


def test_a_method_is_not_given_what_it_does_not_take() -> None:
    histories = table("hepatitis_3")
    with pytest.raises(ValueError, match="there is no method 'best'"):
        estimate(histories, "best")
    with pytest.raises(ValueError, match="does not take threshold"):
        estimate(histories, "bic", threshold=0.1)
    with pytest.raises(ValueError, match="needs the option model"):
        estimate(histories, "model")
    with pytest.raises(ValueError, match="no bootstrap"):
        estimate(histories, "chao", bootstrap=100)
    with pytest.raises(ValueError, match="negative"):
        estimate(histories, "bic", bootstrap=-1)
    with pytest.raises(ValueError, match="level"):
        estimate(histories, "bic", level=95)
