"""Averages over models: published medians, slow twins, refusal where priors disagree."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.special import gammaln, logsumexp
from scipy.stats import norm
from tests.hiddenpop.tables import table

from hiddenpop.averaging import average, decomposable, posterior_total
from hiddenpop.averaging.graphs import decomposable_graphs
from hiddenpop.averaging.information import mixture
from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import rank
from hiddenpop.models import hierarchical_space


@pytest.mark.parametrize(("name", "median"), [("kosovo_4", 12595), ("uk_2013_5", 22990)])
def test_decomposable_medians_are_the_published_ones(name: str, median: int) -> None:
    assert posterior_total(table(name)).quantile(0.5) == median


def test_two_humps_are_said() -> None:
    answer = decomposable(table("uk_2013_5"))
    assert answer.estimate == 22990
    assert answer.interval is not None
    assert len(answer.details["humps"]) == 2
    assert any("2 humps" in warning for warning in answer.warnings)
    assert len(answer.details["prior_band"]) == 5
    kosovo = decomposable(table("kosovo_4"), band=False)
    assert len(kosovo.details["humps"]) == 1
    assert not any("humps" in warning for warning in kosovo.warnings)
    assert kosovo.details["best_graphs"][0]["graph"] == "[123,134]"


def slow_posterior(histories: CaptureHistories, most: int, delta: float, power: float) -> np.ndarray:
    """Posterior of M = 0..most-1 over every whole number, from the Dirichlet-multinomial terms themselves."""
    k = histories.k
    logs = np.full(most, -np.inf)
    for hidden in range(most):
        counts = histories.counts.astype(float)
        counts[0] = hidden
        total = counts.sum()

        def term(chosen: int, counts: np.ndarray = counts) -> float:
            size = int(chosen).bit_count()
            marginal = np.bincount(np.arange(1 << k) & chosen, weights=counts, minlength=1 << k)
            cells = [cell for cell in range(1 << k) if cell & ~chosen == 0]
            weight = delta * 2.0 ** (k - size)
            return float(sum(gammaln(marginal[cell] + weight) - gammaln(weight) for cell in cells))

        terms = np.array([term(chosen) for chosen in range(1 << k)])
        base = gammaln(total + 1) - gammaln(hidden + 1) - power * math.log(total)
        logs[hidden] = logsumexp(decomposable_graphs(k) @ terms) + base
    return np.exp(logs - logsumexp(logs))


def test_the_posterior_matches_its_slow_twin() -> None:
    histories = CaptureHistories(("A", "B", "C"), np.array([0, 30, 25, 18, 28, 16, 15, 22]))
    slow = slow_posterior(histories, 700, 0.125, 1.0)
    fast = posterior_total(histories)
    for level in (0.025, 0.25, 0.5, 0.75, 0.975):
        assert fast.quantile(level) == histories.n + np.searchsorted(np.cumsum(slow), level)
    assert fast.graph_mass.sum() == pytest.approx(1.0)


def test_beyond_the_whole_numbers_the_posterior_matches_too() -> None:
    histories = CaptureHistories(("A", "B", "C"), np.array([0, 250, 230, 60, 270, 70, 55, 20]))
    slow = slow_posterior(histories, 4000, 0.2, 0.5)
    fast = posterior_total(histories, delta=0.2, prior_power=0.5)
    for level in (0.025, 0.5, 0.975):
        assert fast.quantile(level) == pytest.approx(histories.n + np.searchsorted(np.cumsum(slow), level), abs=1)


def test_disagreeing_priors_give_a_band_and_no_number() -> None:
    faint = CaptureHistories(("A", "B", "C"), np.array([0, 8, 7, 0, 9, 1, 0, 0]))
    answer = decomposable(faint)
    assert answer.estimate is None
    assert "the prior does" in str(answer.refused)
    assert len(answer.details["prior_band"]) == 5


def test_averaging_needs_three_to_six_lists() -> None:
    assert decomposable(table("korea_3").subset([0, 1])).refused
    seven = CaptureHistories(tuple("ABCDEFG"), np.r_[0, np.ones(127, dtype=int)])
    assert "too many decomposable graphs" in str(decomposable(seven).refused)
    with pytest.raises(ValueError, match="delta"):
        posterior_total(table("korea_3"), delta=0.0)


def test_the_bic_average_matches_its_definition() -> None:
    histories = table("kosovo_4")
    ranking = rank(histories, hierarchical_space(4))
    blend = mixture(histories, ranking)
    weights = np.exp(-0.5 * (ranking.scores - ranking.scores.min()))
    weights /= weights.sum()
    assert blend.mean == pytest.approx(float(weights @ ranking.totals), rel=2e-3)
    median = blend.quantile(0.5)
    assert blend.weights @ norm.cdf((math.log(median - histories.n) - blend.log_darks) / blend.errors) == pytest.approx(
        0.5, abs=1e-6
    )
    answer = average(histories)
    assert answer.estimate == pytest.approx(median)
    assert answer.interval is not None
    assert 8_000 < answer.interval.low < 10_400 < answer.interval.high < 25_000
    assert [entry["odds"] for entry in answer.details["prior_band"]] == [1.0, 0.5, 2.0]


def test_a_tie_of_far_models_is_refused() -> None:
    # Two readings, almost equally good, one of which says there are many times more people.
    counts = np.array([0, 400, 300, 12, 200, 1, 40, 0])
    answer = average(CaptureHistories(("A", "B", "C"), counts))
    medians = [entry["median"] for entry in answer.details["prior_band"]]
    assert (answer.estimate is None) == (max(medians) > 1.5 * min(medians))


def test_an_average_without_any_usable_model_is_refused() -> None:
    answer = average(CaptureHistories(("A", "B", "C"), np.array([0, 5, 5, 3, 0, 0, 0, 0])))
    assert answer.refused
