"""The kernel that finds the best of many models, as a plain function, against a walk over all of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.hiddenpop.tables import table

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import PreparedTable, rank
from hiddenpop.loglinear.selecting import SLACK, _best_word
from hiddenpop.models import hierarchical_space

NONE = np.full((1, 8), math.nan)


def _best(
    counts: Any, words: list[int], *, k: int = 3, penalty: float = 4.0, betas: np.ndarray | None = None,
    origins: list[int] | None = None, settle: tuple[str, ...] = (),
) -> tuple[int, float, float, list[int]]:  # fmt: skip
    space = hierarchical_space(k)
    prepared = PreparedTable(space, np.array(counts))
    for model in settle:
        prepared.settle(space.word(model))
    starts = np.full((1, len(space.elements)), math.nan) if betas is None else betas
    undecided = np.full(len(words), -1, np.int64)
    position, score, dark, left = _best_word(
        np.array(words, dtype=np.uint64), np.array([0] * len(words) if origins is None else origins), penalty,
        space.elements, prepared.above, prepared.live, prepared.counts, prepared.sufficient, k, prepared.occupied,
        *prepared.certificates.packed(), starts, undecided,
    )  # fmt: skip
    assert (undecided[left:] == -1).all()
    return position, score, dark, undecided[:left].tolist()


@pytest.mark.parametrize("name", ["hepatitis_3", "korea_3", "kosovo_4"])
@pytest.mark.parametrize("criterion", ["aic", "bic"])
def test_the_best_word_is_the_best_of_the_ranking(name: str, criterion: str) -> None:
    histories = table(name)
    ranking = rank(histories, hierarchical_space(histories.k), criterion)
    best = ranking.best()
    words = ranking.space.words.tolist()
    penalty = 2.0 if criterion == "aic" else math.log(histories.n)
    for order in (words, words[::-1]):
        position, score, dark, left = _best(histories.counts, order, k=histories.k, penalty=penalty)
        assert not left or name == "korea_3"
        assert ranking.scores[words.index(order[position])] == pytest.approx(ranking.scores[best], abs=1e-6)
        constant = 2.0 * ranking.table.log_factorials
        assert score == pytest.approx(ranking.scores[best] - constant, abs=1e-6)
        assert histories.n + math.exp(dark) == pytest.approx(ranking.totals[best], rel=1e-6)


@pytest.mark.parametrize("penalty", [0.0, 1.0, 3.0, 10.0, 1000.0])
def test_what_a_parameter_costs_decides(penalty: float) -> None:
    histories = table("hepatitis_3")
    space = hierarchical_space(3)
    ranking = rank(histories, space)
    words = space.words.tolist()
    scores = 2.0 * ranking.fits.values[ranking.which] + penalty * np.bitwise_count(space.words)
    position, score, _, _ = _best(histories.counts, words, penalty=penalty)
    assert score == pytest.approx(float(scores.min()), abs=1e-6)
    assert scores[position] == pytest.approx(float(scores.min()), abs=1e-6)


def test_every_parameter_of_the_model_costs_the_dead_ones_too() -> None:
    # Nobody is on lists 1 and 3 at once: both models have the same fit but for that cell, one costs a parameter more.
    space = hierarchical_space(3)
    counts = [0, 40, 30, 12, 20, 0, 9, 0]
    word = space.word("[13,2]")
    fit_of = PreparedTable(space, np.array(counts)).fit_all(np.array([word], dtype=np.uint64))
    assert fit_of.codes[0] == 0
    _, score, dark, _ = _best(counts, [word], penalty=10.0)
    assert score == pytest.approx(2.0 * fit_of.values[0] + 50.0, abs=1e-6)
    assert dark == pytest.approx(fit_of.log_darks[0], abs=1e-6)


def test_of_equals_the_first_keeps_its_place() -> None:
    # A table on which lists 1 and 2 are alike: [13,2] and [23,1] fit equally.
    space = hierarchical_space(3)
    counts = [0, 40, 40, 12, 30, 9, 9, 5]
    one, two = space.word("[13,2]"), space.word("[23,1]")
    assert _best(counts, [one, two])[0] == 0
    assert _best(counts, [two, one])[0] == 0
    # Better by more than the slack takes it, and only then.
    better, worse = space.word("[12,13]"), space.word("[1,2,3]")
    assert _best(counts, [worse, better], penalty=0.0)[0] == 1
    assert SLACK == 1e-7


def test_a_model_with_more_parameters_than_cells_is_passed_over() -> None:
    space = hierarchical_space(3)
    over, fine = space.word("[12,13,23]"), space.word("[13,23]")
    counts = table("artificial_3").counts
    assert _best(counts, [over, fine], penalty=0.0)[0] == 1
    assert _best(counts, [fine, over], penalty=0.0)[0] == 0
    nothing = _best(counts, [over])
    assert nothing[:2] == (-1, math.inf)
    assert math.isnan(nothing[2])
    assert nothing[3] == []


def test_doubtful_models_are_listed_and_known_ones_are_not() -> None:
    space = hierarchical_space(3)
    counts = table("artificial_3").counts
    doubtful, fine = space.word("[12,3]"), space.word("[13,23]")
    larger = space.word("[12,23]")
    position, _, _, left = _best(counts, [doubtful, fine, larger])
    assert (position, left) == (1, [0, 2])
    position, _, _, left = _best(counts, [doubtful, fine, larger], settle=("[12,3]",))
    assert (position, left) == (1, [])
    # What is known of a larger model says nothing about independence.
    position, _, _, left = _best(counts, [doubtful, space.word("[1,2,3]")], settle=("[12,3]",))
    assert (position, left) == (1, [])


def test_a_warm_start_of_its_own_is_used_and_changes_nothing() -> None:
    histories = table("kosovo_4")
    space = hierarchical_space(4)
    ranking = rank(histories, space, coefficients=True)
    cold = _best(histories.counts, space.words.tolist(), k=4, penalty=5.0)
    origins = ranking.which.tolist()
    warm = _best(histories.counts, space.words.tolist(), k=4, penalty=5.0, betas=ranking.fits.coefficients, origins=origins)
    assert warm[0] == cold[0]
    assert warm[1:3] == pytest.approx(cold[1:3], abs=1e-7)
    assert warm[3] == cold[3]


def test_a_start_is_read_from_its_own_row_by_element() -> None:
    # The only row that leads anywhere is the model's own; a start from another is absurd.
    histories = table("hepatitis_3")
    space = hierarchical_space(3)
    ranking = rank(histories, space, coefficients=True)
    word = space.word("[13,2]")
    at = ranking.which[space.words.tolist().index(word)]
    absurd = np.full((3, 8), 300.0)
    absurd[2] = ranking.fits.coefficients[at]
    position, _, dark, left = _best(histories.counts, [word], betas=absurd, origins=[2])
    assert (position, left) == (0, [])
    assert dark == pytest.approx(ranking.fits.log_darks[at], abs=1e-7)
    with pytest.raises(OverflowError):
        _best(histories.counts, [word], betas=absurd, origins=[1])
    # nan in the first place says: no start, whatever follows.
    half = absurd.copy()
    half[:, 0] = math.nan
    assert _best(histories.counts, [word], betas=half)[3] == []
    assert _best(histories.counts, [word], betas=np.vstack([NONE, absurd]))[0] == 0


def test_models_that_cannot_win_are_dropped_before_their_fit_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    from hiddenpop.loglinear import selecting
    from hiddenpop.loglinear.kernels import BEATEN, EXISTS

    histories = table("kosovo_4")
    space = hierarchical_space(4)
    ranking = rank(histories, space, coefficients=True)
    cost = math.log(histories.n)
    order = np.argsort(ranking.scores, kind="stable")
    seen: list[tuple[int, float, float]] = []
    original = selecting._newton

    def watched(*given: Any) -> tuple[int, float]:
        status, value = original(*given)
        seen.append((status, value, given[9]))
        return status, value

    monkeypatch.setattr(selecting, "_newton", watched)
    words = [int(space.words[at]) for at in order]
    resample = np.random.default_rng(1).multinomial(histories.n, histories.counts / histories.n)
    _best(
        resample, words, k=4, penalty=cost, betas=ranking.fits.coefficients,
        origins=[int(ranking.which[at]) for at in order],
    )  # fmt: skip
    statuses = [status for status, _, _ in seen]
    assert len(seen) == len(words) == 113
    assert statuses[0] == EXISTS
    assert statuses.count(BEATEN) > 100
    # Each may cost the score of the best so far, less its parameters, and a little for ties.
    best = math.inf
    for word, (status, value, cutoff) in zip(words, seen, strict=True):
        price = cost * word.bit_count()
        assert cutoff == (math.inf if math.isinf(best) else pytest.approx((best - price) / 2 + 1e-7, abs=1e-9))
        if status == EXISTS:
            best = min(best, 2 * value + price)


@pytest.mark.parametrize("counts", [[0, 69, 55, 21, 63, 17, 18, 28], [0, 40, 30, 12, 20, 0, 9, 0]])
def test_the_fit_begins_with_the_live_coefficients_of_the_model(counts: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    from hiddenpop.loglinear import selecting

    space = hierarchical_space(3)
    begun: list[list[float]] = []
    original = selecting._newton

    def watched(*given: Any) -> tuple[int, float]:
        begun.append(given[7][: given[1]].tolist())
        return original(*given)

    monkeypatch.setattr(selecting, "_newton", watched)
    words = [space.word("[13,23]"), space.word("[13,2]"), space.word("[1,2,3]")]
    prepared = PreparedTable(space, np.array(counts))
    coefficients = prepared.fit_all(np.array(words, dtype=np.uint64), coefficients=True).coefficients
    # The rows are handed over in another order than the models, and dead places hold what must not be read.
    dead = [j for j in range(8) if not int(prepared.live) >> j & 1]
    starts = coefficients[::-1].copy()
    starts[:, dead] = 77.0
    _best(counts, words, betas=starts, origins=[2, 1, 0])
    for word, row, found in zip(words, coefficients, begun, strict=True):
        live = [j for j in range(8) if word >> j & 1 and j not in dead]
        assert found == row[live].tolist()


def test_lists_beyond_one_word_of_cells() -> None:
    rng = np.random.default_rng(3)
    cells = (rng.random((700, 4)) < 0.3) @ (1 << np.arange(4))
    counts = np.bincount(cells, minlength=16)
    counts[0] = 0
    space = hierarchical_space(4)
    ranking = rank(CaptureHistories(tuple("ABCD"), counts), space, "aic")
    position, _, dark, _ = _best(counts, space.words.tolist(), k=4, penalty=2.0)
    assert position == ranking.best()
    assert math.exp(dark) + counts.sum() == pytest.approx(ranking.totals[position], rel=1e-7)
