"""Log-linear fits: published numbers, existence codes, slow twins, laws."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import needs_compiler, slow_bic, slow_check, slow_fit

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import CODE_WORDS, PreparedTable, check, fit, rank
from hiddenpop.loglinear.existence import Certificates, recession_direction
from hiddenpop.loglinear.ranking import penalty_per_parameter
from hiddenpop.models import hierarchical_space, single_model, two_way_space
from hiddenpop.results import Refusal


def random_table(seed: int, k: int, mean: float, empty: float) -> CaptureHistories:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(mean, size=1 << k) * (rng.random(1 << k) > empty)
    counts[0] = 0
    counts[1] += 1
    return CaptureHistories(tuple("ABCDEF"[:k]), counts)


# --- published values ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "total", "model", "score"),
    [
        ("uk_2013_5", 25311.3, "[123,25,34]", 195.879),
        ("korea_3", 157.2, "[12,23]", 57.141),
        ("kosovo_4", 10356.5, "[123,14,34]", 203.030),
        ("rome_hiv_4", 11124.6, "[1,2,3,4]", None),
    ],
)
def test_the_least_bic_of_all_models_is_the_published_one(name: str, total: float, model: str, score: float | None) -> None:
    histories = table(name)
    ranking = rank(histories, hierarchical_space(histories.k))
    best = ranking.best()
    assert ranking.space.name(int(ranking.space.words[best])) == model
    assert round(float(ranking.totals[best]), 1) == total
    if score is not None:
        assert round(float(ranking.scores[best]), 3) == score


@needs_compiler
def test_the_least_bic_of_two_list_models_is_the_published_one() -> None:
    five = rank(table("uk_2013_5"), two_way_space(5))
    assert round(five.totals[five.best()], 1) == 22991.3
    six = rank(table("uk_2013_6"), two_way_space(6))
    best = six.best()
    assert round(six.totals[best], 1) == 12349.6
    assert six.space.name(int(six.space.words[best])) == "[12,13,25,35,36,45]"
    assert round(six.scores[best], 3) == 244.119


def test_the_standard_error_of_the_rome_estimate_is_the_published_one() -> None:
    fitted = fit(table("rome_hiv_4"), "[1,2,3,4]")
    assert round(fitted.total, 1) == 11124.6
    assert round(fitted.standard_error, 1) == 904.8


@pytest.mark.parametrize(("model", "code"), [("[12,13,23]", 2), ("[12,3]", 1), ("[13,23]", 0)])
def test_existence_codes_of_the_artificial_table(model: str, code: int) -> None:
    histories = table("artificial_3")
    assert check(histories, model) == code
    space = single_model(model, 3)
    assert PreparedTable(space, histories.counts).fit_all(space.words).codes.tolist() == [code]


def test_a_model_without_a_maximum_is_refused_in_words() -> None:
    for model, code in (("[12,13,23]", 2), ("[12,3]", 1)):
        with pytest.raises(Refusal) as caught:
            fit(table("artificial_3"), model)
        assert CODE_WORDS[code] in str(caught.value)


# --- against the slow twins ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["korea_3", "artificial_3", "hepatitis_3", "kosovo_4", "rome_hiv_4"])
def test_every_model_of_a_small_table_matches_the_slow_twins(name: str) -> None:
    histories = table(name)
    ranking = rank(histories, hierarchical_space(histories.k))
    for at, word in enumerate(ranking.space.words):
        model = ranking.space.name(int(word))
        code = slow_check(histories, model)
        assert ranking.codes[at] == code == check(histories, model), model
        if code == 0:
            assert ranking.scores[at] == pytest.approx(slow_bic(histories, model), abs=1e-7)
            assert ranking.totals[at] == pytest.approx(histories.n + math.exp(slow_fit(histories, model)[1]), rel=1e-7)
        else:
            assert math.isinf(ranking.scores[at])
            assert math.isnan(ranking.totals[at])


@needs_compiler
def test_a_sample_of_five_list_models_matches_the_slow_twins() -> None:
    histories = table("uk_2013_5")
    ranking = rank(histories, hierarchical_space(5))
    for at in [*range(0, len(ranking.space), 211), *np.flatnonzero(ranking.codes)[::31]]:
        model = ranking.space.name(int(ranking.space.words[at]))
        code = slow_check(histories, model)
        assert ranking.codes[at] == code, model
        if code == 0:
            assert ranking.scores[at] == pytest.approx(slow_bic(histories, model), abs=1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_codes_of_random_sparse_tables_match_the_linear_program(seed: int) -> None:
    histories = random_table(seed, 4, 2.0, 0.5)
    ranking = rank(histories, hierarchical_space(4))
    for at in range(0, len(ranking.space), 3):
        model = ranking.space.name(int(ranking.space.words[at]))
        assert ranking.codes[at] == slow_check(histories, model), model


def test_more_than_six_lists_use_more_than_one_word_of_cells() -> None:
    rng = np.random.default_rng(3)
    counts = np.zeros(1 << 7, dtype=int)
    for _ in range(400):
        history = (rng.random(7) < 0.3) @ (1 << np.arange(7))
        counts[history] += history > 0
    histories = CaptureHistories(tuple("ABCDEFG"), counts)
    for model in ("[1,2,3,4,5,6,7]", "[12,3,4,5,6,7]", "[123,45,67]", "[17,26,35,4]"):
        fitted = fit(histories, model)
        value, dark, _ = slow_fit(histories, model)
        assert fitted.log_likelihood == pytest.approx(value, abs=1e-7)
        assert math.log(fitted.dark) == pytest.approx(dark, abs=1e-7)
        assert check(histories, model) == slow_check(histories, model) == 0


# --- laws ---------------------------------------------------------------------------------------------------


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 4), st.floats(0.5, 30.0), st.floats(0.0, 0.7))
def test_no_ranked_model_is_without_a_maximum(seed: int, k: int, mean: float, empty: float) -> None:
    histories = random_table(seed, k, mean, empty)
    ranking = rank(histories, hierarchical_space(k))
    for at in ranking.order()[:5]:
        assert slow_check(histories, ranking.space.name(int(ranking.space.words[at]))) == 0
        assert ranking.totals[at] >= histories.n


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10_000), st.permutations(range(4)))
def test_list_order_is_irrelevant(seed: int, order: list[int]) -> None:
    histories = random_table(seed, 4, 6.0, 0.3)
    here = rank(histories, hierarchical_space(4))
    there = rank(histories.subset(order), hierarchical_space(4))
    assert np.sort(here.scores) == pytest.approx(np.sort(there.scores), abs=1e-8)
    assert here.code_counts() == there.code_counts()


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000))
def test_a_larger_model_never_fits_worse(seed: int) -> None:
    histories = random_table(seed, 3, 20.0, 0.0)
    ladder = ["[1,2,3]", "[12,3]", "[12,13]", "[12,13,23]"]
    values = [fit(histories, model).log_likelihood for model in ladder if check(histories, model) == 0]
    assert all(later >= earlier - 1e-9 for earlier, later in pairwise(values))


def test_fitted_margins_are_the_observed_ones() -> None:
    histories = table("kosovo_4")
    fitted = fit(histories, "[123,14,34]")
    for code in (0b0111, 0b1001, 0b1100, 0b0001):
        inside = [cell for cell in range(1, 16) if cell & code == code]
        assert fitted.fitted[inside].sum() == pytest.approx(histories.counts[inside].sum(), rel=1e-9)
    assert fitted.fitted[0] == fitted.dark == pytest.approx(fitted.total - histories.n)


def test_a_single_fit_agrees_with_its_ranking_and_knows_its_parts() -> None:
    histories = table("uk_2013_5")
    fitted = fit(histories, "[123,25,34]")
    assert round(fitted.bic, 3) == 195.879
    assert fitted.aic == pytest.approx(2 * fitted.parameters - 2 * fitted.log_likelihood)
    assert fitted.parameters == 12
    assert fitted.deviance > 0
    empty = fit(histories, "[15,2,3,4]")
    assert empty.coefficients["15"] == -math.inf
    assert math.isfinite(empty.coefficients["1"])


def test_independent_lists_give_the_product_of_their_shares() -> None:
    exact = CaptureHistories(("A", "B", "C"), np.array([0, 60, 60, 30, 60, 30, 30, 15]))
    # Fitted by hand: every list reaches 1/3 or so of 405 people; margins solve the three-list equations.
    total = fit(exact, "[1,2,3]").total
    assert total == pytest.approx(exact.n / (1 - (1 - 135 / total) ** 3), rel=1e-9)


def test_direction_of_recession_is_a_checked_proof() -> None:
    histories = table("artificial_3")
    cells, codes = list(range(1, 8)), [0, 1, 2, 4, 3]
    found, direction = recession_direction(cells, codes, histories.counts[cells] > 0)
    assert found
    assert direction is not None
    design = np.array([[cell & code == code for code in codes] for cell in cells], dtype=int)
    moved = design @ direction
    occupied = histories.counts[cells] > 0
    assert not moved[occupied].any()
    assert (moved[~occupied] >= 0).all()
    assert moved.any()
    assert recession_direction(cells, codes, np.ones(7, dtype=bool)) == (False, None)


def test_a_direction_is_remembered_once() -> None:
    memory = Certificates(3, np.arange(8))
    for _ in range(2):
        memory.add([0, 1, 2, 4, 3], np.array([0, 0, 0, 1, 0]))
    supports, rises, falls = memory.packed()
    assert len(memory) == 1
    assert supports.tolist() == [1 << 4]
    assert rises.tolist() == [[0b11110000]]
    assert falls.tolist() == [[0]]


def test_models_that_share_a_fit_are_fitted_once() -> None:
    histories = table("uk_2013_5")
    prepared = PreparedTable(hierarchical_space(5), histories.counts)
    words, which = prepared.distinct()
    assert len(words) < len(prepared.space)
    assert which.max() == len(words) - 1
    # The stand-in is itself a model with the same key.
    assert (prepared.keys(words) == words).all()
    assert (prepared.keys(prepared.space.words) == words[which]).all()


@needs_compiler
def test_threads_change_nothing() -> None:
    histories = table("uk_2013_5")
    one = rank(histories, hierarchical_space(5), workers=1)
    two = rank(histories, hierarchical_space(5), workers=2)
    assert np.array_equal(one.codes, two.codes)
    assert np.array_equal(one.scores, two.scores)


def test_ranking_by_aic_uses_its_own_penalty() -> None:
    histories = table("kosovo_4")
    ranking = rank(histories, hierarchical_space(4), "aic")
    top = ranking.top(3)
    assert [entry["aic"] for entry in top] == sorted(entry["aic"] for entry in top)
    assert top[0]["aic"] == pytest.approx(fit(histories, str(top[0]["model"])).aic)
    assert penalty_per_parameter("aic", 5) == 2.0
    with pytest.raises(ValueError, match="aic"):
        penalty_per_parameter("dic", 5)


def test_a_table_nothing_can_be_read_from_is_refused() -> None:
    nobody = CaptureHistories(("A", "B", "C"), np.zeros(8, dtype=int))
    with pytest.raises(Refusal, match="Nobody"):
        rank(nobody, hierarchical_space(3))
    alone = CaptureHistories(("A", "B", "C"), np.array([0, 5, 5, 0, 5, 0, 0, 0]))
    with pytest.raises(Refusal, match="too few people overlap"):
        rank(alone, hierarchical_space(3)).best()


def test_the_best_models_form_a_space_of_their_own() -> None:
    ranking = rank(table("kosovo_4"), hierarchical_space(4))
    few = ranking.best_space(5)
    assert len(few) == 5
    again = rank(table("kosovo_4"), few)
    assert again.space.name(int(few.words[again.best()])) == "[123,14,34]"
