"""Kernels of the log-linear fits, called as the plain functions they are, against definitions written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import slow_fit

from hiddenpop.loglinear.kernels import (
    BEATEN,
    EXISTS,
    NO_MAXIMUM,
    PATIENCE,
    UNDECIDED,
    _first_step,
    _information,
    _newton,
    _solve,
    _subset_sums,
    _superset_sums,
)
from hiddenpop.loglinear.tables import PreparedTable
from hiddenpop.models import single_model

INF = math.inf
U = np.uint64


# --- sums ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("k", [1, 2, 3, 4])
def test_sums_over_supersets_and_subsets_are_what_their_names_say(k: int) -> None:
    values = np.arange(1.0, 2**k + 1) ** 2
    above, below = values.copy(), values.copy()
    _superset_sums(above, k)
    _subset_sums(below, k)
    assert above.tolist() == [sum(values[t] for t in range(2**k) if t & s == s) for s in range(2**k)]
    assert below.tolist() == [sum(values[t] for t in range(2**k) if t & s == t) for s in range(2**k)]


def test_the_information_matrix_is_read_off_the_sums() -> None:
    sums = np.arange(100.0, 108.0)
    matrix = np.full((3, 3), -1.0)
    _information(sums, np.array([0, 1, 6]), 3, matrix)
    # Entry (s, t) is the sum over cells that contain both; only the upper half is written.
    assert matrix.tolist() == [[100.0, 101.0, 106.0], [-1.0, 101.0, 107.0], [-1.0, -1.0, 106.0]]
    partly = np.zeros((3, 3))
    _information(sums, np.array([0, 1, 6]), 2, partly)
    assert partly[2].tolist() == [0.0, 0.0, 0.0]
    assert partly[:, 2].tolist() == [0.0, 0.0, 0.0]


# --- solving ------------------------------------------------------------------------------------------------


def _upper(rows: list[list[float]]) -> np.ndarray:
    """The upper half of a matrix; what must not be read is not a number."""
    whole = np.array(rows)
    whole[np.tril_indices(len(whole), -1)] = math.nan
    return whole


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_solving_agrees_with_the_library(size: int) -> None:
    rng = np.random.default_rng(size)
    root = rng.normal(size=(size + 2, size))
    matrix, right = root.T @ root, rng.normal(size=size)
    found = right.copy()
    assert _solve(_upper(matrix.tolist()), found, size)
    assert found == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9)


def test_solving_uses_the_leading_part_only() -> None:
    right = np.array([2.0, 4.0, 99.0])
    assert _solve(np.array([[0.5, 0.0, 9.0], [9.0, 2.0, 9.0], [9.0, 9.0, 9.0]]), right, 2)
    assert right.tolist() == [4.0, 2.0, 99.0]


def test_a_factor_of_one_is_a_factor() -> None:
    right = np.array([1.0, 2.0])
    assert _solve(_upper([[1.0, 1.0], [0.0, 3.0]]), right, 2)
    assert right.tolist() == [0.5, 0.5]


@pytest.mark.parametrize(
    "matrix",
    [
        [[0.0]],
        [[-1.0]],
        [[math.nan]],
        [[1.0, 1.0], [0.0, 1.0]],
        [[1.0, 2.0], [0.0, 1.0]],
        # Singular to working precision, whatever the scale.
        [[1.0, 1.0], [0.0, 1.0 + 1e-14]],
        [[1e6, 1e6], [0.0, 1e6 + 1e-8]],
        [[2.0, 2.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 2.0]],
    ],
)
def test_a_singular_matrix_is_found_out(matrix: list[list[float]]) -> None:
    assert _solve(_upper(matrix), np.ones(len(matrix)), len(matrix)) is False


def test_a_matrix_short_of_singular_is_solved() -> None:
    assert _solve(_upper([[1.0, 1.0], [0.0, 1.0 + 1e-12]]), np.ones(2), 2)
    assert _solve(_upper([[1e-6, 1e-6], [0.0, 1e-6 + 1e-17]]), np.ones(2), 2)


# --- one fit ------------------------------------------------------------------------------------------------


def _prepared(name: str, model: str) -> tuple[PreparedTable, np.ndarray, np.ndarray]:
    histories = table(name)
    space = single_model(model, histories.k)
    prepared = PreparedTable(space, histories.counts)
    return prepared, *prepared.unpack(int(space.words[0]))


def _run(
    prepared: PreparedTable, codes: np.ndarray, cells: np.ndarray, *, beta: np.ndarray | None = None,
    cutoff: float = INF, iterations: int = 60, patience: int = PATIENCE,
) -> tuple[int, float, np.ndarray]:  # fmt: skip
    size = 1 << prepared.space.k
    p = len(codes)
    start = np.full(p, math.nan) if beta is None else beta.copy()
    # One more row and column than needed, not a number: what is not asked for must not be read.
    spaces, matrix = np.full((5, size), math.nan), np.full((p + 1, p + 1), math.nan)
    status, value = _newton(
        codes, p, cells, len(cells), prepared.counts, prepared.sufficient, prepared.space.k, start, beta is not None,
        cutoff, iterations, patience, spaces, matrix,
    )  # fmt: skip
    return status, value, start


MODELS = [
    ("korea_3", "[12,23]"), ("korea_3", "[1,2,3]"), ("artificial_3", "[13,23]"), ("hepatitis_3", "[12,13]"),
    ("kosovo_4", "[123,14,34]"), ("kosovo_4", "[1,2,3,4]"), ("rome_hiv_4", "[12,3,4]"), ("uk_2013_5", "[123,25,34]"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_a_fit_reaches_the_maximum_of_the_slow_twin(name: str, model: str) -> None:
    prepared, codes, cells = _prepared(name, model)
    status, value, beta = _run(prepared, codes, cells)
    likelihood, dark, _ = slow_fit(table(name), model)
    assert status == EXISTS
    assert -value - prepared.log_factorials == pytest.approx(likelihood, abs=1e-8)
    assert beta[0] == pytest.approx(dark, abs=1e-8)


@pytest.mark.parametrize(
    ("name", "model", "needed"),
    [
        ("korea_3", "[12,23]", 4), ("korea_3", "[1,2,3]", 6), ("kosovo_4", "[123,14,34]", 3), ("kosovo_4", "[1,2,3,4]", 4),
        ("rome_hiv_4", "[12,3,4]", 3), ("uk_2013_5", "[123,25,34]", 5), ("uk_2013_5", "[1,2,3,4,5]", 4),
    ],
)  # fmt: skip
def test_a_cold_fit_takes_few_steps(name: str, model: str, needed: int) -> None:
    prepared, codes, cells = _prepared(name, model)
    assert _run(prepared, codes, cells, iterations=needed)[0] == EXISTS
    status, value, _ = _run(prepared, codes, cells, iterations=needed - 1)
    assert status == UNDECIDED
    # What is handed back then is the best value so far, not below the minimum.
    assert value >= _run(prepared, codes, cells)[1] - 1e-9


def test_without_any_step_nothing_is_known() -> None:
    prepared, codes, cells = _prepared("korea_3", "[12,23]")
    assert _run(prepared, codes, cells, iterations=0)[:2] == (UNDECIDED, INF)


def test_a_warm_fit_begins_where_it_is_told() -> None:
    prepared, codes, cells = _prepared("kosovo_4", "[123,14,34]")
    _, value, best = _run(prepared, codes, cells)
    status, again, beta = _run(prepared, codes, cells, beta=best, iterations=1)
    assert (status, again) == (EXISTS, pytest.approx(value, abs=1e-9))
    assert beta == pytest.approx(best, abs=1e-7)
    # The last step is taken, and its gain counted: half the squared decrement.
    status, near, beta = _run(prepared, codes, cells, beta=best + 1e-7, iterations=1)
    assert status == EXISTS
    assert beta == pytest.approx(best, abs=1e-9)
    assert near == pytest.approx(value, abs=1e-11 * abs(value))
    # A start not quite near enough takes a step more.
    assert _run(prepared, codes, cells, beta=best + 1e-3, iterations=1)[0] == UNDECIDED
    assert _run(prepared, codes, cells, beta=best + 1e-3, iterations=3)[0] == EXISTS


@pytest.mark.parametrize("shift", [-3.0, -1.0, 1.0, 2.0, 5.0, 12.0])
def test_a_start_far_off_is_led_back(shift: float) -> None:
    for name, model in (("kosovo_4", "[123,14,34]"), ("korea_3", "[1,2,3]")):
        prepared, codes, cells = _prepared(name, model)
        _, value, best = _run(prepared, codes, cells)
        far = best.copy()
        far[0] += shift
        far[-1] -= shift / 2
        status, found, beta = _run(prepared, codes, cells, beta=far)
        assert status == EXISTS
        assert found == pytest.approx(value, rel=1e-10)
        assert beta == pytest.approx(best, abs=1e-6)


def _steps_needed(name: str, model: str, shift: list[float]) -> int:
    prepared, codes, cells = _prepared(name, model)
    _, value, best = _run(prepared, codes, cells)
    far = best + np.array(shift)
    needed = next(n for n in range(1, 60) if _run(prepared, codes, cells, beta=far, iterations=n)[0] == EXISTS)
    _, found, beta = _run(prepared, codes, cells, beta=far, iterations=needed)
    assert found == pytest.approx(value, rel=1e-10)
    assert beta == pytest.approx(best, abs=1e-6)
    return needed


@pytest.mark.parametrize(
    ("level", "needed"),
    [
        # A Newton step from e**4 times too low is cut to 4, which is just right; a second step sees it.
        (-4.0, 2),
        # From e**2 times too low it is cut to 4 too, overshoots by 2, and half of it back is right.
        (-2.0, 3),
        (-3.0, 7), (-1.0, 6),
        # From above each step takes off one, at first.
        (1.0, 6), (3.0, 8), (6.0, 11), (12.0, 17),
    ],
)  # fmt: skip
def test_steps_are_cut_and_halved_only_where_they_must_be(level: float, needed: int) -> None:
    assert _steps_needed("kosovo_4", "[1,2,3,4]", [level, 0.0, 0.0, 0.0, 0.0]) == needed


@pytest.mark.parametrize(
    ("shift", "needed"),
    [([-6, 6, -6, 6], 10), ([3, -3, 3, -3], 10), ([-2, 4, -1, 0], 7), ([0, -4, 4, 0], 9), ([-8, 3, 3, 3], 7)],
)
def test_a_start_that_is_wrong_in_several_ways_is_led_back(shift: list[float], needed: int) -> None:
    assert _steps_needed("korea_3", "[1,2,3]", shift) == needed


def test_a_cutoff_above_the_minimum_changes_nothing_and_one_below_ends_it() -> None:
    prepared, codes, cells = _prepared("kosovo_4", "[1,2,3,4]")
    _, value, best = _run(prepared, codes, cells)
    assert _run(prepared, codes, cells, cutoff=value + 1.0)[0] == EXISTS
    for below in (1e-3, 1.0, 50.0):
        status, bound, _ = _run(prepared, codes, cells, cutoff=value - below)
        assert status == BEATEN
        # The bound is one: above the cutoff, and never above the minimum.
        assert value - below < bound <= value + 1e-9
    # From a start near the maximum one step is enough to know.
    status, bound, _ = _run(prepared, codes, cells, beta=best + 0.01, cutoff=value - 5.0, iterations=1)
    assert status == BEATEN
    assert bound == pytest.approx(value, abs=0.5)


def test_the_bound_of_a_beaten_model_is_the_one_of_duality() -> None:
    prepared, codes, cells = _prepared("hepatitis_3", "[1,2,3]")
    _, value, best = _run(prepared, codes, cells)
    start = best + np.array([0.05, -0.02, 0.03, 0.01])
    status, bound, _ = _run(prepared, codes, cells, beta=start, cutoff=value - 3.0, iterations=1)
    assert status == BEATEN
    design = np.array([[float(cell & code == code) for code in codes] for cell in cells])
    means = np.exp(design @ start)
    step = np.linalg.solve(design.T @ (means[:, None] * design), design.T @ (prepared.counts[cells] - means))
    made = means * (1.0 + design @ step)
    # A positive table with the data's sufficient statistics.
    assert design.T @ made == pytest.approx(design.T @ prepared.counts[cells])
    assert bound == pytest.approx(float(np.sum(made - made * np.log(made))), rel=1e-10)


def test_a_drift_to_infinity_is_left_undecided_after_patience() -> None:
    prepared, codes, cells = _prepared("artificial_3", "[12,3]")
    status, value, _ = _run(prepared, codes, cells)
    assert status == UNDECIDED
    assert math.isfinite(value)
    # With no patience it is left at the first drifting step; with much it drifts on.
    seen = []
    for patience in (0, 6, 20):
        status, _, beta = _run(prepared, codes, cells, patience=patience, iterations=40)
        assert status == UNDECIDED
        seen.append(abs(beta).max())
    assert seen == sorted(seen)
    assert seen[0] < seen[1] - 1.0 < seen[2] - 10.0


def test_patience_counts_steps() -> None:
    prepared, codes, cells = _prepared("artificial_3", "[12,3]")
    drift = [abs(_run(prepared, codes, cells, patience=patience)[2]).max() for patience in range(6, 13)]
    # Each step more takes the parameter that runs away one further on.
    assert np.diff(drift) == pytest.approx(1.0, abs=0.1)


def test_patience_ends_at_the_first_drifting_step_after_it() -> None:
    prepared, codes, cells = _prepared("artificial_3", "[12,3]")
    for patience in (6, 9):
        status, _, left = _run(prepared, codes, cells, patience=patience)
        _, _, steps = _run(prepared, codes, cells, patience=500, iterations=patience)
        assert status == UNDECIDED
        assert left.tolist() == steps.tolist()


def test_a_step_is_cut_to_four_and_not_before() -> None:
    prepared, codes, cells = _prepared("kosovo_4", "[1,2,3,4]")
    _, _, best = _run(prepared, codes, cells)
    # From e**s times too low the step is e**s - 1.
    for level, taken in ((math.log(5.5), 4.0), (math.log(4.9), 3.9)):
        start = best.copy()
        start[0] -= level
        _, _, after = _run(prepared, codes, cells, beta=start, iterations=1)
        assert after[0] - start[0] == pytest.approx(taken, abs=1e-6)


def test_the_last_gain_is_half_the_squared_decrement() -> None:
    prepared, codes, cells = _prepared("korea_3", "[12,23]")
    _, _, near = _run(prepared, codes, cells)
    _, value, best = _run(prepared, codes, cells, beta=near, iterations=1)
    start = best.copy()
    start[0] += 2.5e-6
    assert prepared.people * 2.5e-6**2 == pytest.approx(7.7e-10, rel=0.01)
    status, found, _ = _run(prepared, codes, cells, beta=start, iterations=1)
    assert status == EXISTS
    assert found == pytest.approx(value, abs=5e-11)


def test_a_start_that_is_no_number_is_left_undecided() -> None:
    prepared, codes, cells = _prepared("korea_3", "[12,23]")
    assert _run(prepared, codes, cells, beta=np.full(len(codes), math.nan))[:2] == (UNDECIDED, INF)


def test_the_status_codes_stand_beside_those_of_fienberg_and_rinaldo() -> None:
    assert (EXISTS, NO_MAXIMUM, UNDECIDED, BEATEN) == (0, 1, -1, -2)
    assert PATIENCE == 6


def test_parameters_that_cannot_be_told_apart_are_left_undecided() -> None:
    prepared, _, _ = _prepared("korea_3", "[1,2,3]")
    assert _run(prepared, np.array([0, 1, 2, 4, 1]), np.arange(1, 8))[:2] == (UNDECIDED, INF)
    status, value, _ = _run(prepared, np.array([0, 1, 2, 4, 1]), np.arange(1, 8), beta=np.array([1.0, 2, 1, 1, 0]))
    assert status == UNDECIDED
    assert math.isfinite(value)


def test_the_first_step_is_weighted_least_squares_of_the_log_counts() -> None:
    counts = np.array([0.0, 41, 5, 0, 5, 54, 6, 12])
    cells = np.array([1, 2, 4, 5, 6, 7])
    codes = np.array([0, 1, 2, 4])
    beta, sums, matrix = np.empty(4), np.full(8, math.nan), np.full((5, 5), math.nan)
    assert _first_step(codes, 4, cells, 6, counts, 3, beta, sums, matrix)
    weight = counts[cells] + 0.1
    response = np.log(weight) + (counts[cells] - weight) / weight
    design = np.array([[float(cell & code == code) for code in codes] for cell in cells])
    root = np.sqrt(weight)
    assert beta == pytest.approx(np.linalg.lstsq(root[:, None] * design, root * response, rcond=None)[0], rel=1e-9)
    # Too few cells for the parameters.
    assert not _first_step(codes, 4, cells, 2, counts, 3, beta, sums, matrix)
