"""A table made ready for many fits: what is computed once, what is shared, what is settled from outside."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import reduced, slow_check, slow_fit

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import tables as module
from hiddenpop.loglinear.existence import Certificates
from hiddenpop.loglinear.kernels import EXISTS, NO_MAXIMUM, UNDECIDED
from hiddenpop.loglinear.tables import BATCH, CHUNK, Fits, PreparedTable, supersets_of
from hiddenpop.models import hierarchical_space, single_model

#: Nobody on lists 1 and 3 at once; nobody on list 3 at all.
SPARSE, SILENT = [0, 40, 30, 12, 20, 0, 9, 0], [0, 40, 30, 12, 0, 0, 0, 0]


def _bits(words: np.ndarray) -> list[int]:
    return [bit for at, word in enumerate(words.tolist()) for bit in range(64 * at, 64 * at + 64) if word >> bit % 64 & 1]


@pytest.mark.parametrize("k", [1, 3, 6, 7])
def test_supersets_of_an_element_are_the_cells_that_contain_it(k: int) -> None:
    elements = np.array([0, 1, (1 << k) - 1])
    rows = supersets_of(elements, k)
    assert rows.shape == (3, max(1, 2**k // 64))
    for code, row in zip(elements.tolist(), rows, strict=True):
        assert _bits(row) == [cell for cell in range(2**k) if cell & code == code]


def test_a_prepared_table_knows_margins_people_and_who_is_where() -> None:
    space = hierarchical_space(3)
    prepared = PreparedTable(space, np.array([99, *SPARSE[1:]]))
    assert prepared.counts.tolist() == SPARSE
    assert prepared.counts.dtype == np.float64
    assert prepared.people == 111.0
    assert prepared.sufficient.tolist() == [sum(SPARSE[t] for t in range(8) if t & s == s) for s in range(8)]
    # Dead: the pair of lists 1 and 3, and the triple.
    assert int(prepared.live) == 0b01011111
    assert _bits(prepared.occupied) == [1, 2, 3, 4, 6]
    assert prepared.log_factorials == pytest.approx(sum(math.log(math.factorial(n)) for n in SPARSE))
    assert prepared.above.tolist() == supersets_of(space.elements, 3).tolist()
    assert len(prepared.certificates) == 0


def test_what_other_tables_computed_is_taken_over() -> None:
    space = hierarchical_space(3)
    above, known = supersets_of(space.elements, 3), Certificates(3, space.elements)
    prepared = PreparedTable(space, np.array(SPARSE), above=above, certificates=known)
    assert prepared.above is above
    assert prepared.certificates is known
    counts = np.array(SPARSE, dtype=float)
    counts[0] = 5.0
    PreparedTable(space, counts)
    assert counts[0] == 5.0


def test_keys_name_the_fit_and_not_the_model() -> None:
    space = hierarchical_space(3)
    full = PreparedTable(space, np.array([0, 69, 55, 21, 63, 17, 18, 28]))
    assert full.keys(space.words) is space.words
    assert full.count_distinct() == 8
    assert PreparedTable(space, np.array(SPARSE)).count_distinct() == 8
    silent = PreparedTable(space, np.array(SILENT))
    # Lists 1 and 2 interact or not: with list 3 silent there are two fits.
    assert silent.count_distinct() == 2
    keys = {space.name(int(word)): int(key) for word, key in zip(space.words, silent.keys(space.words), strict=True)}
    assert keys["[1,2,3]"] == keys["[13,2]"] == keys["[23,1]"] == keys["[13,23]"] == space.word("[1,2,3]")
    assert keys["[12,3]"] == keys["[12,13,23]"] == space.word("[12,3]")


@pytest.mark.parametrize("name", ["artificial_3", "rome_hiv_4"])
@pytest.mark.parametrize("empty", [(), (3,), (3, 5, 7), (1, 3, 5, 7)])
def test_models_with_one_key_have_one_design(name: str, empty: tuple[int, ...]) -> None:
    histories = table(name)
    counts = np.array(histories.counts)
    counts[[cell for cell in range(1 << histories.k) if any(cell & 7 == each for each in empty)]] = 0
    histories = CaptureHistories(histories.list_names, counts)
    space = hierarchical_space(histories.k)
    prepared = PreparedTable(space, counts)
    designs: dict[int, set[tuple[tuple[int, ...], tuple[int, ...]]]] = {}
    for word, key in zip(space.words, prepared.keys(space.words), strict=True):
        codes, cells = prepared.unpack(int(word))
        designs.setdefault(int(key), set()).add((tuple(codes.tolist()), tuple(cells.tolist())))
        design, held, live = reduced(histories, space.name(int(word)))
        assert sorted(live) == sorted(codes.tolist())
        assert design.shape == (len(cells), len(codes))
        assert held.tolist() == counts[cells].tolist()
    assert all(len(each) == 1 for each in designs.values())
    assert len({next(iter(each)) for each in designs.values()}) == len(designs) == prepared.count_distinct()


def test_distinct_models_are_the_smallest_of_their_kind_in_order_of_size() -> None:
    space = hierarchical_space(3)
    words, which = PreparedTable(space, np.array(SILENT)).distinct()
    assert words.tolist() == [space.word("[1,2,3]"), space.word("[12,3]")]
    assert which.tolist() == [int("12" in space.name(int(word))) for word in space.words]
    assert which.dtype == np.int64
    full, places = PreparedTable(space, np.array([0, 69, 55, 21, 63, 17, 18, 28])).distinct()
    assert full.tolist() == space.words.tolist()
    assert places.tolist() == list(range(8))


def test_one_model_is_fitted_with_patience() -> None:
    histories = table("hepatitis_3")
    prepared = PreparedTable(hierarchical_space(3), histories.counts)
    for model in ("[1,2,3]", "[12,3]", "[12,13,23]"):
        status, value, beta = prepared.fit_word(hierarchical_space(3).word(model))
        likelihood, dark, _ = slow_fit(histories, model)
        assert status == EXISTS
        assert -value - prepared.log_factorials == pytest.approx(likelihood, abs=1e-8)
        assert beta[0] == pytest.approx(dark, abs=1e-8)
    # Patience of 500 steps, not of 6: a model without a maximum is followed far out.
    missing = PreparedTable(hierarchical_space(3), table("artificial_3").counts)
    status, _, beta = missing.fit_word(hierarchical_space(3).word("[12,3]"))
    assert status == UNDECIDED
    assert abs(beta).max() > 20


def test_a_model_is_settled_by_its_linear_program_and_the_direction_kept() -> None:
    space = hierarchical_space(3)
    prepared = PreparedTable(space, table("artificial_3").counts)
    assert prepared.settle(space.word("[13,23]")) == EXISTS
    assert len(prepared.certificates) == 0
    assert prepared.settle(space.word("[12,3]")) == NO_MAXIMUM
    assert len(prepared.certificates) == 1
    assert prepared.settle(space.word("[12,3]")) == NO_MAXIMUM
    assert len(prepared.certificates) == 1


def test_a_direction_that_could_not_be_written_down_still_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "recession_direction", lambda cells, codes, occupied: (True, None))
    prepared = PreparedTable(hierarchical_space(3), table("artificial_3").counts)
    assert prepared.settle(hierarchical_space(3).word("[12,3]")) == NO_MAXIMUM
    assert len(prepared.certificates) == 0


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(("name", "stride"), [("artificial_3", 1), ("korea_3", 1), ("rome_hiv_4", 9)])
def test_every_model_is_fitted_whatever_the_threads(name: str, stride: int, workers: int) -> None:
    histories = table(name)
    space = hierarchical_space(histories.k)
    fits = PreparedTable(space, histories.counts).fit_all(space.words, coefficients=True, workers=workers)
    assert len(fits.codes) == len(fits.values) == len(fits.log_darks) == len(fits.coefficients) == len(space)
    for at in range(0, len(space), stride):
        model = space.name(int(space.words[at]))
        code = slow_check(histories, model)
        assert fits.codes[at] == code
        assert math.isinf(fits.values[at]) == (code != 0)
        if code == 0:
            assert fits.coefficients[at, 0] == fits.log_darks[at] == pytest.approx(slow_fit(histories, model)[1], abs=1e-6)
            # Zero where the model has no live parameter.
            live = set(reduced(histories, model)[2])
            assert {int(c) for c, b in zip(space.elements, fits.coefficients[at], strict=True) if b != 0.0} == live
    bare = PreparedTable(space, histories.counts).fit_all(space.words, workers=workers)
    assert bare.coefficients.shape == (0, len(space.elements))
    assert bare.values.tolist() == fits.values.tolist()


def test_models_are_handed_out_in_growing_chunks() -> None:
    def sizes(m: int, workers: int) -> list[int]:
        parts = list(PreparedTable._chunks(m, workers))
        assert np.concatenate([*parts, np.empty(0, int)]).tolist() == list(range(m))
        return [len(part) for part in parts]

    assert sizes(0, 1) == []
    assert sizes(1, 1) == [1]
    assert sizes(256, 1) == [256]
    assert sizes(257, 1) == [256, 1]
    assert sizes(20_000, 1) == [256, 512, 1024, 2048, 4096, 4096, 4096, 3872]
    assert sizes(20_000, 2)[4:] == [4096, 8192, 3872]
    assert (CHUNK, BATCH) == (4096, 24)


def test_threads_take_pieces_of_sixty_four_and_more(monkeypatch: pytest.MonkeyPatch) -> None:
    histories = table("kosovo_4")
    space = hierarchical_space(4)
    sizes: list[int] = []

    def counted(words: np.ndarray, *rest: object) -> None:
        sizes.append(len(words))
        for place in (-4, -3, -2):
            rest[place][:] = 0  # type: ignore[index]

    monkeypatch.setattr(module, "compiled", lambda kernel: counted if kernel is module._fit_words else kernel)
    prepared = PreparedTable(space, histories.counts)
    for count, workers, pieces in ((113, 1, [113]), (113, 4, [113]), (63, 2, [63])):
        sizes.clear()
        prepared.fit_all(space.words[:count], workers=workers)
        assert sizes == pieces
    sizes.clear()
    prepared.fit_all(np.repeat(space.words, 2)[:200], workers=2)
    assert sizes == [100, 100]
    sizes.clear()
    prepared.fit_all(np.repeat(space.words, 2)[:200], workers=9)
    assert sorted(sizes) == [66, 67, 67]


def test_doubtful_models_are_settled_a_few_at_a_time_and_the_rest_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    space = hierarchical_space(4)
    counts = np.array([0, 4, 0, 0, 4, 2, 0, 0, 4, 2, 0, 3, 0, 3, 1, 5])
    prepared = PreparedTable(space, counts)
    settled: list[int] = []
    original = PreparedTable.settle

    def counted(self: PreparedTable, word: int) -> int:
        settled.append(word)
        return original(self, word)

    monkeypatch.setattr(PreparedTable, "settle", counted)
    fits = prepared.fit_all(space.words)
    histories = CaptureHistories(tuple("ABCD"), counts)
    assert [int(code) for code in fits.codes] == [slow_check(histories, space.name(int(word))) for word in space.words]
    lost = int(np.count_nonzero(fits.codes == NO_MAXIMUM))
    # The directions of the first 24 settle most of the rest.
    assert (len(settled), lost) == (28, 81)
    assert settled == sorted(settled, key=lambda word: space.words.tolist().index(word))
    assert len(prepared.certificates) == 3
    # A table of the same space needs no program any more.
    settled.clear()
    PreparedTable(space, counts, certificates=prepared.certificates).fit_all(space.words)
    assert settled == []


def _doubtful_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the kernel doubt every model; the program and the patient fit must then do the work."""

    def doubting(words: np.ndarray, *rest: object) -> None:
        codes, values, darks, betas = rest[-4:]
        codes[:], values[:], darks[:] = UNDECIDED, math.inf, math.nan  # type: ignore[index]
        betas[:] = 5.0  # type: ignore[index]

    monkeypatch.setattr(module, "compiled", lambda kernel: doubting if kernel is module._fit_words else kernel)


@pytest.mark.parametrize("coefficients", [True, False])
def test_a_doubtful_model_with_a_maximum_is_fitted_to_the_end(monkeypatch: pytest.MonkeyPatch, coefficients: bool) -> None:
    histories = table("artificial_3")
    space = hierarchical_space(3)
    plain = PreparedTable(space, histories.counts).fit_all(space.words, coefficients=coefficients)
    prepared = PreparedTable(space, histories.counts)
    _doubtful_once(monkeypatch)
    words = np.array([word for word, code in zip(space.words, plain.codes, strict=True) if code < 2], dtype=np.uint64)
    kept = np.flatnonzero(plain.codes < 2)
    fits = prepared.fit_all(words, coefficients=coefficients)
    assert fits.codes.tolist() == plain.codes[kept].tolist()
    assert fits.values == pytest.approx(plain.values[kept])
    usable = fits.codes == EXISTS
    assert fits.log_darks[usable] == pytest.approx(plain.log_darks[kept][usable])
    assert len(fits.coefficients) == (len(words) if coefficients else 0)
    if coefficients:
        assert fits.coefficients[usable] == pytest.approx(plain.coefficients[kept][usable], abs=1e-6)


def test_a_maximum_out_of_reach_is_an_error_and_never_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    histories = table("artificial_3")
    prepared = PreparedTable(hierarchical_space(3), histories.counts)
    _doubtful_once(monkeypatch)
    monkeypatch.setattr(PreparedTable, "fit_word", lambda self, word: (UNDECIDED, 1.0, np.zeros(4)))
    word = hierarchical_space(3).word("[13,23]")
    with pytest.raises(ArithmeticError, match=r"^model \[13,23\] has a maximum that could not be reached$"):
        prepared.fit_all(np.array([word], dtype=np.uint64))


def test_nothing_to_fit_is_no_fits() -> None:
    space = single_model("[12,3]", 3)
    fits = PreparedTable(space, table("korea_3").counts).fit_all(space.words[:0])
    assert isinstance(fits, Fits)
    assert len(fits.codes) == 0
