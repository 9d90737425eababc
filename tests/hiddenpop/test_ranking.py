"""Ranking a whole space: order, ties, codes, and the few best as a space of their own."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import slow_bic

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear.ranking import Ranking, penalty_per_parameter, rank, score
from hiddenpop.loglinear.single import fit
from hiddenpop.loglinear.tables import Fits, PreparedTable
from hiddenpop.models import hierarchical_space
from hiddenpop.results import Refusal

#: Nobody on list 3.
SILENT = CaptureHistories(("A", "B", "C"), np.array([0, 40, 30, 12, 0, 0, 0, 0]))


def _made(scores: list[float], codes: list[int] | None = None) -> Ranking:
    """A ranking with the scores one likes."""
    space = hierarchical_space(3)
    prepared = PreparedTable(space, table("hepatitis_3").counts)
    m = len(scores)
    fits = Fits(np.array(codes or [0] * m, dtype=np.int8), np.zeros(m), np.zeros(m), np.zeros((0, 8)))
    return Ranking(prepared, fits, np.arange(m), "bic", np.array(scores))


def test_the_penalty_is_two_or_the_logarithm_of_the_people() -> None:
    assert penalty_per_parameter("aic", 1000.0) == 2.0
    assert penalty_per_parameter("bic", 1000.0) == pytest.approx(math.log(1000.0))
    with pytest.raises(ValueError, match="^criterion must be 'aic' or 'bic', not 'caic'$"):
        penalty_per_parameter("caic", 10.0)


def test_the_order_is_by_score_and_ties_by_place() -> None:
    ranking = _made([5.0, 3.0, math.inf, 3.0, 9.0, 1.0, math.inf, 3.0])
    assert ranking.order().tolist() == [5, 1, 3, 7, 0, 4]
    assert ranking.best() == 5
    for top in range(1, 9):
        assert ranking.order(top).tolist() == [5, 1, 3, 7, 0, 4][:top]
    assert _made([4.0] * 8).order(3).tolist() == [0, 1, 2]
    assert _made([math.inf] * 7 + [2.0]).order(1).tolist() == [7]


def test_without_a_usable_model_there_is_no_best() -> None:
    with pytest.raises(
        Refusal, match="^No model has a maximum-likelihood estimate on this table: too few people overlap.$"
    ):
        _made([math.inf] * 8).best()
    assert _made([math.inf] * 8).order().tolist() == []


def test_codes_are_counted_whether_they_occur_or_not() -> None:
    assert _made([1.0] * 8, [0, 1, 1, 2, 0, 0, 1, 0]).code_counts() == {0: 4, 1: 3, 2: 1, 3: 0}
    assert rank(table("artificial_3"), hierarchical_space(3)).code_counts() == {0: 4, 1: 3, 2: 1, 3: 0}


@pytest.mark.parametrize("criterion", ["aic", "bic"])
def test_scores_totals_and_codes_belong_to_their_models(criterion: str) -> None:
    histories = table("hepatitis_3")
    ranking = rank(histories, hierarchical_space(3), criterion)
    assert ranking.criterion == criterion
    for at, word in enumerate(ranking.space.words):
        model = ranking.space.name(int(word))
        one = fit(histories, model)
        assert ranking.scores[at] == pytest.approx(one.bic if criterion == "bic" else one.aic, abs=1e-7)
        assert ranking.totals[at] == pytest.approx(one.total, rel=1e-8)
        assert ranking.codes[at] == 0
    if criterion == "bic":
        assert ranking.scores[0] == pytest.approx(slow_bic(histories, "[1,2,3]"), abs=1e-7)


def test_the_top_models_are_plain_records_and_ten_unless_said_otherwise() -> None:
    histories = table("kosovo_4")
    ranking = rank(histories, hierarchical_space(4), "aic")
    top = ranking.top(2)
    assert [set(entry) for entry in top] == [{"model", "aic", "estimate"}] * 2
    one = fit(histories, str(top[0]["model"]))
    assert top[0]["aic"] == pytest.approx(one.aic)
    assert top[0]["estimate"] == pytest.approx(one.total)
    assert len(ranking.top()) == 10


def test_models_that_share_a_fit_share_its_score_but_not_its_parameters() -> None:
    ranking = rank(SILENT, hierarchical_space(3))
    names = [ranking.space.name(int(word)) for word in ranking.space.words]
    one, two = names.index("[1,2,3]"), names.index("[13,2]")
    assert ranking.which[one] == ranking.which[two]
    assert ranking.scores[two] - ranking.scores[one] == pytest.approx(math.log(82))
    assert ranking.totals[one] == ranking.totals[two] == pytest.approx(42 * 52 / 12)
    assert ranking.best() == one


@pytest.mark.parametrize("criterion", ["aic", "bic"])
@pytest.mark.parametrize("count", [1, 3, 5, 200])
def test_the_best_space_holds_the_best_models_with_different_fits_in_order_of_size(criterion: str, count: int) -> None:
    ranking = rank(table("kosovo_4"), hierarchical_space(4), criterion)
    space = ranking.best_space(count)
    assert len(space) == min(count, int(np.isfinite(ranking.scores).sum()))
    assert space.k == 4
    assert space.elements.tolist() == ranking.space.elements.tolist()
    expected = {int(ranking.space.words[at]) for at in ranking.order(count)}
    assert set(space.words.tolist()) == expected
    sizes = space.sizes().tolist()
    assert sizes == sorted(sizes)
    order = [(int(word).bit_count(), int(word)) for word in space.words]
    assert order == sorted(order)


def test_the_best_space_counts_a_shared_fit_once() -> None:
    ranking = rank(SILENT, hierarchical_space(3))
    space = ranking.best_space(5)
    assert [space.name(int(word)) for word in space.words] == ["[1,2,3]"]


def test_a_score_is_made_from_the_fits_of_a_table() -> None:
    histories = table("hepatitis_3")
    space = hierarchical_space(3)
    prepared = PreparedTable(space, histories.counts)
    made = score(prepared, prepared.fit_all(space.words), np.arange(8), "aic")
    assert made.scores == pytest.approx(rank(histories, space, "aic").scores)
    assert made.table is prepared


def test_nobody_is_refused_and_a_stop_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="^Nobody is on any list.$"):
        rank(CaptureHistories(("A", "B", "C"), np.zeros(8, dtype=int)), hierarchical_space(3))

    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(Refusal, match=r"^Stopped after 8 of 8 distinct fits\.$"):
        rank(table("hepatitis_3"), hierarchical_space(3), progress=stop)
    with pytest.raises(Refusal, match=r"Run again with the same folder"):
        rank(table("hepatitis_3"), hierarchical_space(3), progress=stop, folder=tmp_path)
    with pytest.raises(ValueError, match="workers must be at least 1"):
        rank(table("hepatitis_3"), hierarchical_space(3), workers=0)


def test_coefficients_are_kept_on_request() -> None:
    assert len(rank(table("hepatitis_3"), hierarchical_space(3)).fits.coefficients) == 0
    kept = rank(table("hepatitis_3"), hierarchical_space(3), coefficients=True).fits
    assert kept.coefficients.shape == (8, 8)
    assert kept.coefficients[:, 0].tolist() == kept.log_darks.tolist()
