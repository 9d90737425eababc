"""The kernel of stepwise selection as a plain function: tails, candidates, verdicts from outside."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from scipy.stats import poisson
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import slow_stepwise

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear.existence import Certificates
from hiddenpop.loglinear.kernels import EXISTS, NO_MAXIMUM, UNDECIDED
from hiddenpop.loglinear.stepping import _is_in, _log_tail, _stepwise_row, _stepwise_rows
from hiddenpop.loglinear.tables import PreparedTable, supersets_of
from hiddenpop.models import ModelSpace, two_way_elements

NOTHING = np.empty(0, np.uint64)
DEFAULT = math.log(0.02)


def _row(
    counts: np.ndarray, k: int, *, log_threshold: float = DEFAULT, certificates: Certificates | None = None,
    allowed: tuple[int, ...] = (), denied: tuple[int, ...] = (),
) -> tuple[int, int, float]:  # fmt: skip
    elements = two_way_elements(k)
    packed = (Certificates(k, elements) if certificates is None else certificates).packed()
    status, word, dark = _stepwise_row(
        np.asarray(counts, dtype=float), k, elements, supersets_of(elements, k), log_threshold, *packed,
        np.array(allowed, dtype=np.uint64), np.array(denied, dtype=np.uint64),
    )  # fmt: skip
    return status, int(word), dark


def _name(word: int, k: int) -> str:
    return ModelSpace(k, two_way_elements(k), NOTHING).name(word)


def _settled(counts: np.ndarray, k: int) -> tuple[int, int, float]:
    """Ask the linear program whenever the kernel does."""
    elements = two_way_elements(k)
    prepared = PreparedTable(ModelSpace(k, elements, NOTHING), counts)
    allowed: list[int] = []
    denied: list[int] = []
    for _ in range(100):
        status, word, dark = _row(counts, k, allowed=tuple(allowed), denied=tuple(denied))
        if status != UNDECIDED:
            return status, word, dark
        (allowed if prepared.settle(word) == EXISTS else denied).append(word)
    raise AssertionError("asks for ever")


# --- tails --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [0, 1, 2, 5, 30, 200])
@pytest.mark.parametrize("mean", [0.05, 0.7, 1.0, 4.9, 5.0, 31.0, 180.0])
def test_the_tail_is_the_smaller_of_the_two(count: int, mean: float) -> None:
    exact = min(poisson.logcdf(count, mean), poisson.logsf(count - 1, mean))
    found = _log_tail(float(count), mean)
    # Below this SciPy rounds to zero.
    assert found < -800 if math.isinf(exact) else found == pytest.approx(exact, rel=1e-11, abs=1e-13)


@pytest.mark.parametrize(("count", "mean"), [(1, 1.05), (5, 5.02), (30, 30.1), (200, 200.1)])
def test_just_under_the_mean_the_upper_tail_is_the_smaller_one(count: int, mean: float) -> None:
    upper = poisson.logsf(count - 1, mean)
    assert upper < poisson.logcdf(count, mean)
    assert _log_tail(float(count), mean) == pytest.approx(upper, rel=1e-11)


def test_tails_far_out_keep_their_digits() -> None:
    # P(X >= 60) at mean 1: the first terms of the series, by hand.
    exact = 60 * math.log(1.0) - 1.0 - math.lgamma(61.0) + math.log(1 + 1 / 61 + 1 / (61 * 62) + 1 / (61 * 62 * 63))
    assert _log_tail(60.0, 1.0) == pytest.approx(exact, rel=1e-9)
    # P(X <= 0) is the chance of nobody.
    assert _log_tail(0.0, 40.0) == pytest.approx(-40.0, rel=1e-14)
    # P(X >= 0) is one, and so is the larger tail; the smaller one is P(X = 0).
    assert _log_tail(0.0, 0.5) == pytest.approx(-0.5, rel=1e-14)
    # Where nobody can be, and where the two tails are nearly one.
    assert _log_tail(3.0, 0.0) == 0.0
    assert _log_tail(3.0, -1.0) == 0.0
    assert _log_tail(0.0, 1e-9) == pytest.approx(-1e-9, rel=1e-6)


def test_membership_is_looked_up_in_the_whole_list() -> None:
    words = np.array([3, 5, 9], dtype=np.uint64)
    assert all(_is_in(word, words) for word in (3, 5, 9))
    assert not any(_is_in(word, words) for word in (0, 4, 8, 11))
    assert not _is_in(3, NOTHING)


# --- one table ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["korea_3", "hepatitis_3", "kosovo_4", "rome_hiv_4"])
def test_a_row_ends_at_the_model_of_the_slow_twin(name: str) -> None:
    histories = table(name)
    model, total = slow_stepwise(histories)
    status, word, dark = _settled(histories.counts, histories.k)
    assert status == EXISTS
    assert _name(word, histories.k) == model
    assert histories.n + dark == pytest.approx(total, rel=1e-8)


@pytest.mark.parametrize("seed", range(8))
def test_random_sparse_rows_end_where_the_slow_twin_ends(seed: int) -> None:
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.choice([1.5, 8.0, 60.0], size=16) * (rng.random(16) < 0.75))
    counts[0] = 0
    counts[[1, 2, 4, 8]] += 25
    counts[[3, 6, 12]] += 2
    model, total = slow_stepwise(CaptureHistories(tuple("ABCD"), counts))
    status, word, dark = _settled(counts, 4)
    assert status == EXISTS
    assert _name(word, 4) == model
    assert counts.sum() + dark == pytest.approx(total, rel=1e-7)


def test_people_on_no_list_are_not_data() -> None:
    histories = table("korea_3")
    counts = histories.counts.astype(float)
    counts[0] = 1000.0
    assert _row(counts, 3) == _row(histories.counts, 3)
    assert counts[0] == 1000.0


def test_the_threshold_decides_who_enters() -> None:
    counts = table("korea_3").counts
    for threshold, model in ((1e-12, "[1,2,3]"), (1e-4, "[12,3]"), (0.02, "[12,3]"), (0.2, "[12,3]"), (0.45, "[12,23]")):
        assert _name(_row(counts, 3, log_threshold=math.log(threshold))[1], 3) == model


def test_a_tail_equal_to_the_threshold_does_not_enter() -> None:
    counts = table("korea_3").counts
    elements = two_way_elements(3)
    space = ModelSpace(3, elements, np.array([0b1111], dtype=np.uint64))
    prepared = PreparedTable(space, counts)
    _, _, beta = prepared.fit_word(0b1111)
    shared = math.exp(beta[0] + beta[1] + beta[2]) * (1 + math.exp(beta[3]))
    tail = _log_tail(float(prepared.sufficient[3]), shared)
    assert tail == pytest.approx(math.log(poisson.sf(65, shared)), rel=1e-6)
    assert _name(_row(counts, 3, log_threshold=tail * (1 - 1e-6))[1], 3).startswith("[12")
    assert _name(_row(counts, 3, log_threshold=tail * (1 + 1e-6))[1], 3) == "[1,2,3]"


def test_without_main_effects_there_is_no_answer() -> None:
    alone = np.array([0, 30, 20, 0, 10, 0, 0, 0])
    main = 0b1111
    assert _row(alone, 3)[:2] == (UNDECIDED, main)
    assert math.isnan(_row(alone, 3)[2])
    status, word, dark = _row(alone, 3, denied=(main,))
    assert (status, word) == (NO_MAXIMUM, main)
    assert math.isnan(dark)
    # A known direction spares the question.
    known = Certificates(3, two_way_elements(3))
    known.add([0, 1, 2, 4], np.array([-1, 1, 1, 1]))
    assert _row(alone, 3, certificates=known)[:2] == (NO_MAXIMUM, main)
    # One cell and four parameters: too many.
    assert _row(np.array([0, 9, 0, 0, 0, 0, 0, 0]), 3)[:2] == (NO_MAXIMUM, main)


def test_a_denied_pair_does_not_enter() -> None:
    # Lists 1 and 2 share nobody though they should: their interaction runs to minus infinity, and the fit with it has
    # a maximum on the cells that are left.
    counts = np.array([0, 60, 60, 0, 60, 30, 30, 0])
    paired = 0b0011111
    assert _row(counts, 3) == (EXISTS, paired, pytest.approx(120.0))
    model, total = slow_stepwise(CaptureHistories(("A", "B", "C"), counts))
    assert (_name(paired, 3), total) == (model, pytest.approx(counts.sum() + 120.0))
    # Denied, it is passed over, and nothing else contradicts the lists' independence.
    status, word, dark = _row(counts, 3, denied=(paired,))
    assert (status, word) == (EXISTS, 0b1111)
    assert dark == pytest.approx(219.764575, rel=1e-6)


def test_a_denied_pair_leaves_the_next_one() -> None:
    counts = table("kosovo_4").counts
    main = (1 << 5) - 1
    assert _name(_row(counts, 4)[1], 4) == "[12,13,14,23,34]"
    # Refused at the first step, a pair may enter at a later one.
    assert {_name(_row(counts, 4, denied=(main | 1 << e,))[1], 4) for e in range(5, 11)} == {"[12,13,14,23,34]"}
    none = _row(counts, 4, denied=tuple(main | 1 << e for e in range(5, 11)))
    assert none[:2] == (EXISTS, main)
    assert none[2] == pytest.approx(math.exp(PreparedTable(
        ModelSpace(4, two_way_elements(4), NOTHING), counts).fit_word(main)[2][0]))  # fmt: skip


def test_a_pair_known_to_have_a_maximum_is_fitted_with_patience() -> None:
    counts = table("korea_3").counts
    main = 0b1111
    assert _row(counts, 3, allowed=(main, 0b0011111)) == _row(counts, 3)


def test_a_direction_that_lifts_an_occupied_cell_settles_nothing_here() -> None:
    known = Certificates(3, two_way_elements(3))
    known.add([0, 1, 2, 4], np.array([-1, 1, 1, 1]))
    counts = table("korea_3").counts
    assert _row(counts, 3, certificates=known) == _row(counts, 3)
    # One person in one of the lifted cells is enough.
    alone = np.array([0, 30, 20, 0, 10, 0, 0, 1])
    assert _row(alone, 3, certificates=known) == _row(alone, 3)


@pytest.mark.parametrize("counts", [None, [0, 60, 60, 0, 60, 30, 9, 0]])
def test_each_fit_begins_where_the_last_one_ended(counts: list[int] | None, monkeypatch: pytest.MonkeyPatch) -> None:
    from hiddenpop.loglinear import stepping

    fits: list[tuple[list[int], list[float], list[float], bool]] = []
    original = stepping._newton

    def watched(*given: Any) -> tuple[int, float]:
        begun = given[7][: given[1]].tolist()
        status, value = original(*given)
        fits.append((given[0][: given[1]].tolist(), begun, given[7][: given[1]].tolist(), bool(given[8])))
        return status, value

    monkeypatch.setattr(stepping, "_newton", watched)
    shown = table("kosovo_4").counts if counts is None else np.array(counts)
    _row(shown, 4 if counts is None else 3, log_threshold=math.log(0.3))
    assert len(fits) > 1
    assert [warm for _, _, _, warm in fits] == [False] + [True] * (len(fits) - 1)
    last: dict[int, float] = {}
    for codes, begun, ended, warm in fits:
        if warm:
            assert begun == [last.get(code, 0.0) for code in codes]
        last = dict(zip(codes, ended, strict=True))


def test_a_list_nobody_is_on_is_left_out_of_the_fit() -> None:
    # List 3 is empty: its effect is dead, and the other two are fitted on three cells.
    counts = np.array([0, 30, 20, 10, 0, 0, 0, 0])
    status, word, dark = _row(counts, 3)
    assert (status, word) == (EXISTS, 0b1111)
    assert dark == pytest.approx(30 * 20 / 10)


def test_seven_lists_use_two_words_of_cells() -> None:
    rng = np.random.default_rng(5)
    people = rng.random((900, 7)) < 0.25
    people[:, 6] |= people[:, 0] & (rng.random(900) < 0.6)
    counts = np.bincount(people @ (1 << np.arange(7)), minlength=128)
    counts[0] = 0
    status, word, dark = _settled(counts, 7)
    model, total = slow_stepwise(CaptureHistories(tuple("ABCDEFG"), counts))
    assert status == EXISTS
    assert "17" in model
    assert _name(word, 7) == model
    assert counts.sum() + dark == pytest.approx(total, rel=1e-8)


def test_rows_are_selected_one_by_one() -> None:
    histories = table("korea_3")
    rows = np.array([histories.counts, [0, 30, 20, 0, 10, 0, 0, 0], histories.counts], dtype=float)
    elements = two_way_elements(3)
    statuses, words, darks = np.full(3, 9, np.int8), np.zeros(3, np.uint64), np.zeros(3)
    empty = Certificates(3, elements).packed()
    _stepwise_rows(rows, 3, elements, supersets_of(elements, 3), DEFAULT, *empty, statuses, words, darks)
    one = _row(histories.counts, 3)
    assert statuses.tolist() == [EXISTS, UNDECIDED, EXISTS]
    assert words.tolist() == [one[1], 0b1111, one[1]]
    assert darks[[0, 2]].tolist() == [one[2], one[2]]
    assert math.isnan(darks[1])
