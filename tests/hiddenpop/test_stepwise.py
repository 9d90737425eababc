"""Stepwise selection over many tables: the same answer however the tables are handed out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import slow_check, slow_stepwise

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import stepwise as module
from hiddenpop.loglinear.kernels import EXISTS, NO_MAXIMUM, UNDECIDED
from hiddenpop.loglinear.stepwise import STEPWISE_LISTS, Stepwise
from hiddenpop.models import two_way_elements


def _resamples(name: str, count: int, seed: int = 1) -> np.ndarray:
    histories = table(name)
    return np.random.default_rng(seed).multinomial(histories.n, histories.counts / histories.n, size=count)


@pytest.mark.parametrize("k", [1, 11, 0, -2])
def test_a_number_of_lists_out_of_reach_is_refused(k: int) -> None:
    with pytest.raises(ValueError, match=f"^stepwise selection takes 2 to 10 lists, not {k}$"):
        Stepwise(k)


@pytest.mark.parametrize("threshold", [0.0, 1.0, -0.1, 1.5, math.nan])
def test_a_threshold_that_is_no_probability_is_refused(threshold: float) -> None:
    with pytest.raises(ValueError, match="must lie strictly between 0 and 1; got"):
        Stepwise(3, threshold)


@pytest.mark.parametrize("k", [2, 3, 7, 10])
def test_the_space_holds_main_effects_and_every_pair(k: int) -> None:
    stepper = Stepwise(k)
    assert stepper.threshold == 0.02
    assert stepper.space.k == k
    assert stepper.space.elements.tolist() == two_way_elements(k).tolist()
    assert [stepper.space.parameters(int(word)) for word in stepper.space.words] == [(0, *(1 << i for i in range(k)))]
    assert STEPWISE_LISTS == 10


def test_two_lists_are_taken_as_independent() -> None:
    steps = Stepwise(2).select(np.array([[0, 30, 20, 10]]))
    # Lincoln and Petersen: 40 * 30 / 10 people, 60 of them on no list. A pair would make the model saturated.
    assert steps.words.tolist() == [0b111]
    assert steps.darks == pytest.approx([60.0])


@pytest.mark.parametrize("name", ["korea_3", "kosovo_4"])
def test_threads_pieces_and_company_change_nothing(name: str) -> None:
    rows = _resamples(name, 40)
    k = table(name).k
    alone = [Stepwise(k).select(row[None, :], workers=1) for row in rows]
    words = [int(each.words[0]) for each in alone]
    darks = [float(each.darks[0]) for each in alone]
    for workers in (1, 2, 3):
        steps = Stepwise(k).select(rows, workers=workers)
        assert steps.words.tolist() == words
        assert steps.darks.tolist() == pytest.approx(darks, rel=1e-12)


def test_tables_are_handed_out_in_pieces_of_sixteen_and_more(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    original = module._stepwise_rows

    def counted(rows: np.ndarray, *rest: object) -> None:
        sizes.append(len(rows))
        original(rows, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "compiled", lambda kernel: counted if kernel is original else kernel)
    rows = _resamples("korea_3", 50)
    for count, workers, pieces in ((50, 1, [50]), (31, 4, [31]), (32, 4, [16, 16]), (50, 3, [16, 17, 17]), (3, 2, [3])):
        sizes.clear()
        Stepwise(3).select(rows[:count], workers=workers)
        assert sorted(sizes) == pieces
    assert len(Stepwise(3).select(rows[:0]).words) == 0


def test_a_table_without_overlap_has_endlessly_many() -> None:
    rows = np.array([[0, 30, 20, 0, 10, 0, 0, 0], [0, 30, 20, 5, 10, 4, 3, 1]])
    steps = Stepwise(3).select(rows)
    assert math.isinf(steps.darks[0])
    assert math.isfinite(steps.darks[1])
    assert int(steps.words[0]) == 0b1111


@pytest.mark.parametrize("seed", range(4))
def test_sparse_tables_are_settled_by_program_and_match_the_slow_twin(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = []
    while len(rows) < 4:
        row = rng.poisson(3.0, size=16) * (rng.random(16) < 0.5)
        row[[1, 2, 4, 8]] += 12
        row[0] = 0
        if slow_check(CaptureHistories(tuple("ABCD"), row), "[1,2,3,4]") == 0:
            rows.append(row)
    stepper = Stepwise(4)
    steps = stepper.select(np.array(rows))
    for row, word, dark in zip(rows, steps.words, steps.darks, strict=True):
        model, total = slow_stepwise(CaptureHistories(tuple("ABCD"), row))
        assert stepper.space.name(int(word)) == model
        assert row.sum() + dark == pytest.approx(total, rel=1e-6)


def test_directions_found_on_one_table_are_used_on_the_next() -> None:
    stepper = Stepwise(3)
    row = np.array([[0, 30, 20, 0, 10, 0, 0, 0]])
    stepper.select(row)
    known = len(stepper._certificates)
    assert known >= 1
    asked: list[int] = []
    original = Stepwise._with_programs
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Stepwise, "_with_programs", lambda self, counts: (asked.append(1), original(self, counts))[1])
        assert math.isinf(stepper.select(row).darks[0])
    assert not asked
    assert len(stepper._certificates) == known


def test_verdicts_of_the_program_are_remembered_within_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    # A kernel that asks about two models before it answers: what was allowed and what was denied come back to it.
    calls: list[tuple[list[int], list[int]]] = []
    answers = iter([(UNDECIDED, 0b1111, math.nan), (UNDECIDED, 0b0011111, math.nan), (EXISTS, 0b1111, 7.0)])

    def scripted(counts: np.ndarray, *rest: object) -> tuple[int, int, float]:
        allowed, denied = rest[-2:]
        assert allowed.dtype == denied.dtype == np.uint64  # type: ignore[attr-defined]
        calls.append((allowed.tolist(), denied.tolist()))  # type: ignore[attr-defined]
        return next(answers)

    monkeypatch.setattr(module, "compiled", lambda kernel: scripted)
    verdicts = iter([EXISTS, NO_MAXIMUM])
    monkeypatch.setattr(module.PreparedTable, "settle", lambda self, word: next(verdicts))
    found = Stepwise(3)._with_programs(np.array([0.0, 40, 30, 6, 20, 5, 4, 1]))
    assert found == (EXISTS, 0b1111, 7.0)
    assert calls == [([], []), ([0b1111], []), ([0b1111], [0b0011111])]


def test_a_maximum_out_of_reach_is_an_error_and_never_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "compiled", lambda kernel: lambda *given: (UNDECIDED, 0b1111, math.nan))
    monkeypatch.setattr(module.PreparedTable, "settle", lambda self, word: EXISTS)
    with pytest.raises(ArithmeticError, match=r"^\[1,2,3\] has a maximum that could not be reached$"):
        Stepwise(3)._with_programs(np.array([0.0, 40, 30, 6, 20, 5, 4, 1]))
