"""One model in full: every number of a fit worked out a second time from its definition."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import poisson
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import slow_fit

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear.single import CODE_WORDS, LoglinearFit, check, fit
from hiddenpop.results import Refusal

#: Nobody on lists 1 and 3 at once.
SPARSE = CaptureHistories(("A", "B", "C"), np.array([0, 40, 30, 12, 20, 0, 9, 0]))


def test_lists_that_are_independent_two_by_two_are_known_in_closed_form() -> None:
    # [12,23]: lists 1 and 3 are independent given list 2, so the unseen are n1 * n3 / n13 among those not on list 2.
    histories = table("korea_3")
    fitted = fit(histories, "[12,23]")
    one, three, both = 5, 41, 6
    assert fitted.dark == pytest.approx(one * three / both, rel=1e-9)
    # The variance of the logarithm of such a ratio: the sum of the reciprocals.
    assert fitted.log_dark_se == pytest.approx(math.sqrt(1 / one + 1 / three + 1 / both), rel=1e-9)
    assert fitted.total == pytest.approx(123 + one * three / both)
    assert fitted.standard_error == pytest.approx(
        math.sqrt(fitted.dark + fitted.dark**2 * (1 / one + 1 / three + 1 / both)), rel=1e-9
    )
    assert fitted.observed == 123
    assert fitted.model == "[12,23]"


@pytest.mark.parametrize(
    ("name", "model"), [("hepatitis_3", "[1,2,3]"), ("kosovo_4", "[123,14,34]"), ("rome_hiv_4", "[12,3,4]")]
)
def test_every_number_of_a_fit_follows_from_its_fitted_counts(name: str, model: str) -> None:
    histories = table(name)
    fitted = fit(histories, model)
    likelihood, dark, size = slow_fit(histories, model)
    counts = histories.counts[1:]
    means = fitted.fitted[1:]
    assert fitted.fitted[0] == fitted.dark == pytest.approx(math.exp(dark), rel=1e-7)
    assert fitted.parameters == size
    assert fitted.log_likelihood == pytest.approx(likelihood, abs=1e-7)
    assert fitted.log_likelihood == pytest.approx(float(poisson.logpmf(counts, means).sum()), abs=1e-7)
    # The deviance is twice the distance to the table itself.
    perfect = float(poisson.logpmf(counts, np.where(counts > 0, counts, 1)).sum() + np.sum(counts == 0))
    assert fitted.deviance == pytest.approx(2 * (perfect - likelihood), abs=1e-6)
    assert fitted.aic == pytest.approx(2 * size - 2 * likelihood, abs=1e-6)
    assert fitted.bic == pytest.approx(size * math.log(histories.n) - 2 * likelihood, abs=1e-6)
    # Coefficients by name make the fitted counts.
    for cell in (1, 3, (1 << histories.k) - 1):
        inside = [
            value
            for key, value in fitted.coefficients.items()
            if key == "0" or all(cell >> (int(number) - 1) & 1 for number in key)
        ]
        assert math.exp(sum(inside)) == pytest.approx(fitted.fitted[cell], rel=1e-7)


def test_coefficients_are_named_by_their_lists_and_dead_ones_are_minus_infinity() -> None:
    fitted = fit(SPARSE, "[13,2]")
    assert list(fitted.coefficients) == ["0", "1", "2", "3", "13"]
    assert fitted.coefficients["13"] == -math.inf
    assert all(math.isfinite(value) for name, value in fitted.coefficients.items() if name != "13")
    assert fitted.parameters == 5
    # Cells that hold the empty pair are expected to be empty; the others are not.
    assert np.flatnonzero(fitted.fitted == 0).tolist() == [5, 7]
    assert fitted.deviance == pytest.approx(
        2 * sum(n * math.log(n / mu) - n + mu for n, mu in zip(SPARSE.counts, fitted.fitted, strict=True) if n > 0),
        abs=1e-7,
    )


def test_an_empty_cell_that_is_kept_adds_its_mean_to_the_deviance() -> None:
    counts = np.array([0, 40, 30, 0, 20, 6, 9, 2])
    histories = CaptureHistories(("A", "B", "C"), counts)
    fitted = fit(histories, "[1,2,3]")
    by_hand = sum(
        (n * math.log(n / mu) if n else 0.0) - n + mu for n, mu in zip(counts[1:], fitted.fitted[1:], strict=True)
    )
    assert fitted.deviance == pytest.approx(2 * by_hand, rel=1e-8)
    assert fitted.fitted[3] > 0.5


def test_the_standard_error_is_that_of_the_inverse_information() -> None:
    histories = table("hepatitis_3")
    fitted = fit(histories, "[12,3]")
    cells, codes = range(1, 8), [0, 1, 2, 4, 3]
    design = np.array([[float(cell & code == code) for code in codes] for cell in cells])
    covariance = np.linalg.inv(design.T @ (fitted.fitted[1:, None] * design))
    assert fitted.log_dark_se == pytest.approx(math.sqrt(covariance[0, 0]), rel=1e-8)
    assert fitted.standard_error == pytest.approx(math.sqrt(fitted.dark + (fitted.dark * fitted.log_dark_se) ** 2))


def test_total_and_standard_error_are_sums_by_hand() -> None:
    made = LoglinearFit("[1,2]", 30, 4.0, 0.5, np.zeros(4), {}, 3, 0.0, 0.0, 0.0, 0.0)
    assert made.total == 34.0
    assert made.standard_error == pytest.approx(math.sqrt(4.0 + 4.0))


@pytest.mark.parametrize(
    ("model", "code"),
    [("[1,2,3]", 0), ("[13,23]", 0), ("[12,3]", 1), ("[12,23]", 1), ("[12,13,23]", 2)],
)
def test_codes_of_the_artificial_table_are_refused_in_their_own_words(model: str, code: int) -> None:
    histories = table("artificial_3")
    assert check(histories, model) == code
    if code:
        with pytest.raises(Refusal) as refused:
            fit(histories, model)
        assert str(refused.value) == f"Model {model} cannot be used on this table: {CODE_WORDS[code]}."
    else:
        assert fit(histories, model).dark > 0


def test_a_model_can_fail_in_both_ways() -> None:
    histories = CaptureHistories(("A", "B", "C"), np.array([0, 0, 30, 6, 20, 0, 0, 0]))
    assert check(histories, "[12,13,23]") == 3
    with pytest.raises(Refusal, match="does not exist, and the parameters cannot be told apart"):
        fit(histories, "[12,13,23]")


def test_the_words_of_the_codes_are_plain() -> None:
    assert dict(CODE_WORDS) == {
        0: "the maximum-likelihood estimate exists and is identifiable",
        1: "the maximum-likelihood estimate does not exist: some parameters run to infinity",
        2: "the parameters cannot be told apart: there are more of them than cells that hold information",
        3: "the maximum-likelihood estimate does not exist, and the parameters cannot be told apart",
    }
