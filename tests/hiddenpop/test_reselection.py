"""Selecting again on other tables: order, warm starts, shared fits, empty and foreign tables."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.hiddenpop.tables import table

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import rank
from hiddenpop.loglinear import reselection as module
from hiddenpop.loglinear.kernels import EXISTS
from hiddenpop.loglinear.reselection import Reselection
from hiddenpop.loglinear.tables import PreparedTable
from hiddenpop.models import hierarchical_space, two_way_space

#: Nobody is on lists 1 and 3 at once.
SPARSE = [0, 40, 30, 12, 20, 0, 9, 0]
#: Nobody is on list 3: what it is allowed to interact with makes no difference.
SILENT = [0, 40, 30, 12, 0, 0, 0, 0]


def _histories(counts: list[int]) -> CaptureHistories:
    return CaptureHistories(("A", "B", "C"), np.array(counts))


def _again(histories: CaptureHistories, criterion: str = "bic") -> Reselection:
    return Reselection(rank(histories, hierarchical_space(histories.k), criterion, coefficients=True))


def _full(row: np.ndarray, k: int, criterion: str) -> tuple[float, set[int]]:
    """Total of the best model of one table, and the words whose score equals the best."""
    ranking = rank(CaptureHistories(tuple("ABCDE"[:k]), row), hierarchical_space(k), criterion)
    best = ranking.best()
    ties = np.flatnonzero(ranking.scores <= ranking.scores[best] + 1e-6)
    return float(ranking.totals[best]), {int(ranking.space.words[at]) for at in ties}


def test_it_starts_from_a_ranking_that_kept_its_coefficients() -> None:
    with pytest.raises(ValueError, match="^reselection starts from a ranking that kept its coefficients$"):
        Reselection(rank(table("korea_3"), hierarchical_space(3)))


def test_distinct_fits_are_tried_best_first() -> None:
    for name, criterion in (("hepatitis_3", "aic"), ("hepatitis_3", "bic"), ("kosovo_4", "bic")):
        histories = table(name)
        ranking = rank(histories, hierarchical_space(histories.k), criterion, coefficients=True)
        again = Reselection(ranking)
        by_word = dict(zip(ranking.space.words.tolist(), ranking.scores.tolist(), strict=True))
        order = [by_word[word] for word in again._words.tolist()]
        assert len(again) == len(order) == len(set(again._words.tolist()))
        assert order == sorted(order)
        # Each row of starts is the model's own.
        for word, beta in zip(again._words.tolist(), again._betas, strict=True):
            at = ranking.which[ranking.space.words.tolist().index(word)]
            assert beta.tolist() == ranking.fits.coefficients[at].tolist()


def test_models_without_a_maximum_come_last_and_give_no_start() -> None:
    histories = _histories(SPARSE)
    ranking = rank(histories, hierarchical_space(3), coefficients=True)
    again = Reselection(ranking)
    codes = dict(zip(ranking.space.words.tolist(), ranking.codes.tolist(), strict=True))
    found = [codes[word] == EXISTS for word in again._words.tolist()]
    assert found == sorted(found, reverse=True)
    assert False in found
    assert [bool(np.isfinite(beta).all()) for beta in again._betas] == found
    assert [bool(np.isnan(beta).all()) for beta in again._betas] == [not each for each in found]


def test_all_models_are_kept_beside_the_distinct_ones_in_the_same_order() -> None:
    histories = _histories(SILENT)
    ranking = rank(histories, hierarchical_space(3), coefficients=True)
    again = Reselection(ranking)
    words, origins = again._all
    assert sorted(words.tolist()) == sorted(ranking.space.words.tolist())
    assert len(again) < len(words)
    assert origins.tolist() == sorted(origins.tolist())
    keys = dict(zip(ranking.space.words.tolist(), ranking.table.keys(ranking.space.words).tolist(), strict=True))
    for word, origin in zip(words.tolist(), origins.tolist(), strict=True):
        assert keys[word] == keys[int(again._words[origin])]


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("counts", [SPARSE, [0, 69, 55, 21, 63, 17, 18, 28], [0, 5, 9, 2, 7, 1, 3, 1]])
def test_each_row_gets_the_best_model_of_its_own_ranking(counts: list[int], criterion: str) -> None:
    histories = _histories(counts)
    again = _again(histories, criterion)
    rows = np.random.default_rng(7).multinomial(histories.n, histories.counts / histories.n, size=12)
    chosen = again.select(rows, workers=1)
    for row, word, dark in zip(rows, chosen.words, chosen.darks, strict=True):
        total, ties = _full(row, 3, criterion)
        assert row.sum() + dark == pytest.approx(total, rel=1e-6) or len(ties) > 1
        prepared = PreparedTable(hierarchical_space(3), row)
        assert int(word) in set(prepared.keys(np.array(sorted(ties), dtype=np.uint64)).tolist())


def test_threads_change_nothing() -> None:
    histories = table("korea_3")
    rows = np.random.default_rng(2).multinomial(histories.n, histories.counts / histories.n, size=9)
    one, many = _again(histories).select(rows, workers=1), _again(histories).select(rows, workers=3)
    assert one.words.tolist() == many.words.tolist()
    assert one.words.dtype == np.uint64
    assert one.darks.tolist() == pytest.approx(many.darks.tolist(), rel=1e-9)
    assert _again(histories).select(rows[:1], workers=4).darks == pytest.approx(one.darks[:1])
    assert len(_again(histories).select(rows[:0]).words) == 0


def test_threads_are_as_many_as_asked_and_never_more_than_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    original = module.ThreadPoolExecutor

    def counted(threads: int) -> object:
        asked.append(threads)
        return original(threads)

    monkeypatch.setattr(module, "ThreadPoolExecutor", counted)
    histories = table("korea_3")
    rows = np.repeat(histories.counts[None, :], 3, axis=0)
    again = _again(histories)
    for workers, threads in ((1, []), (2, [2]), (9, [3])):
        asked.clear()
        again.select(rows, workers=workers)
        assert asked == threads


def test_nobody_and_no_overlap_put_no_upper_bound() -> None:
    again = _again(table("hepatitis_3"))
    chosen = again.select(np.array([[0] * 8, [0, 30, 20, 0, 10, 0, 0, 0], [5] + [0] * 7]), workers=1)
    assert chosen.words.tolist() == [0, 0, 0]
    assert chosen.darks.tolist() == [math.inf] * 3


def test_tables_with_the_same_empty_margins_share_their_models() -> None:
    histories = _histories([0, 69, 55, 21, 63, 17, 18, 28])
    again = _again(histories)
    rows = np.array([[0, 60, 50, 20, 60, 15, 20, 25], [0, 61, 50, 20, 60, 15, 20, 25], SPARSE])
    again.select(rows[:2], workers=1)
    assert len(again._spaces) == 1
    again.select(rows, workers=1)
    assert len(again._spaces) == 2
    for words, origins in again._spaces.values():
        # Distinct fits, still best first.
        assert len(set(words.tolist())) == len(words) == len(origins)
        assert origins.tolist() == sorted(origins.tolist())
    # With pairs 1-3 and the triple empty, fewer fits differ.
    sizes = sorted(len(words) for words, _ in again._spaces.values())
    assert sizes[0] <= sizes[1] == 8


def test_a_table_with_people_where_the_original_has_none_parts_models_that_shared_a_fit() -> None:
    again = _again(_histories(SILENT))
    assert len(again) < 8
    for row in ([0, 69, 55, 21, 63, 17, 18, 28], [0, 40, 30, 12, 20, 6, 9, 3], SPARSE):
        chosen = again.select(np.array([row]), workers=1)
        total, _ = _full(np.array(row), 3, "bic")
        assert sum(row) + chosen.darks[0] == pytest.approx(total, rel=1e-6)


def test_doubtful_models_are_settled_and_may_win(monkeypatch: pytest.MonkeyPatch) -> None:
    # The kernel is made to doubt everything: the answer must not change, only the way to it.
    histories = table("hepatitis_3")
    rows = np.random.default_rng(4).multinomial(histories.n, histories.counts / histories.n, size=3)
    plain = _again(histories).select(rows, workers=1)

    def doubting(words: np.ndarray, *rest: object) -> tuple[int, float, float, int]:
        undecided = rest[-1]
        undecided[: len(words)] = np.arange(len(words))  # type: ignore[index]
        return -1, math.inf, math.nan, len(words)

    again = _again(histories)
    monkeypatch.setattr(module, "compiled", lambda kernel: doubting)
    chosen = again.select(rows, workers=1)
    assert chosen.words.tolist() == plain.words.tolist()
    assert chosen.darks == pytest.approx(plain.darks, rel=1e-7)


def test_a_doubtful_model_must_beat_the_winner_and_have_a_maximum(monkeypatch: pytest.MonkeyPatch) -> None:
    histories = table("hepatitis_3")
    row = histories.counts
    space = hierarchical_space(3)
    ranking = rank(histories, space)
    constant = 2.0 * ranking.table.log_factorials
    best = float(ranking.scores[ranking.best()]) - constant

    def scripted(score: float, doubtful: list[str]) -> tuple[int, float]:
        def kernel(words: np.ndarray, *rest: object) -> tuple[int, float, float, int]:
            at = [words.tolist().index(space.word(model)) for model in doubtful]
            rest[-1][: len(at)] = at  # type: ignore[index]
            return words.tolist().index(space.word("[1,2,3]")), score, math.log(77.0), len(at)

        with monkeypatch.context() as patch:
            again = _again(histories)
            patch.setattr(module, "compiled", lambda kernel_: kernel)
            chosen = again.select(row[None, :], workers=1)
        return int(chosen.words[0]), float(chosen.darks[0])

    name = ranking.space.name(int(ranking.space.words[ranking.best()]))
    dark = float(ranking.totals[ranking.best()]) - histories.n
    kept = (space.word("[1,2,3]"), pytest.approx(77.0))
    assert scripted(best + 1.0, [name]) == (space.word(name), pytest.approx(dark, rel=1e-6))
    assert scripted(best - 1.0, [name]) == kept
    # A tie leaves the winner in its place.
    assert scripted(best + 5e-8, [name]) == kept
    assert scripted(best + 3e-7, [name]) == (space.word(name), pytest.approx(dark, rel=1e-6))
    assert scripted(best + 1.0, []) == kept
    # Among several the best counts, in whatever place.
    others = [space.name(int(word)) for word in space.words if space.name(int(word)) != name]
    assert scripted(best + 1.0, [*others[:3], name, *others[3:5]])[0] == space.word(name)


def test_two_list_models_are_reselected_too() -> None:
    histories = table("korea_3")
    ranking = rank(histories, two_way_space(3), "aic", coefficients=True)
    chosen = Reselection(ranking).select(histories.counts[None, :])
    best = ranking.best()
    assert histories.n + chosen.darks[0] == pytest.approx(ranking.totals[best], rel=1e-7)
