"""Kernels that read models as words, call known directions, and fit many models, as plain functions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from tests.hiddenpop.tables import table
from tests.hiddenpop.twins import slow_fit

from hiddenpop.loglinear.kernels import EXISTS, NO_MAXIMUM, UNDECIDED, _fit_keys, _fit_words, _has_certificate, _unpack
from hiddenpop.loglinear.tables import PreparedTable, supersets_of
from hiddenpop.models import hierarchical_space, members

U = np.uint64


# --- models as words ----------------------------------------------------------------------------------------


def _split(word: int, live: int, elements: list[int], k: int) -> tuple[list[int], list[int]]:
    listed = np.array(elements)
    above = supersets_of(listed, k)
    codes, cells, kept = np.empty(len(elements), np.int64), np.empty(1 << k, np.int64), np.empty(above.shape[1], U)
    p, m = _unpack(U(word), U(live), listed, above, k, codes, cells, kept)
    assert [s for s in range(1, 1 << k) if int(kept[s >> 6]) >> (s & 63) & 1] == cells[:m].tolist()
    return codes[:p].tolist(), cells[:m].tolist()


def test_a_word_is_split_into_live_parameters_and_kept_cells() -> None:
    elements = [0, 1, 2, 4, 3, 5, 6]
    everything = 0b1111111
    assert _split(0b1111, everything, elements, 3) == ([0, 1, 2, 4], [1, 2, 3, 4, 5, 6, 7])
    assert _split(0b0011111, everything, elements, 3) == ([0, 1, 2, 4, 3], [1, 2, 3, 4, 5, 6, 7])
    # Nobody is on lists 1 and 2 at once: a model that lets them interact loses the cells that hold both.
    assert _split(0b0011111, everything & ~0b10000, elements, 3) == ([0, 1, 2, 4], [1, 2, 4, 5, 6])
    assert _split(0b0101111, everything & ~0b10000, elements, 3) == ([0, 1, 2, 4, 5], [1, 2, 3, 4, 5, 6, 7])
    # Two dead pairs.
    assert _split(0b1011111, everything & ~0b1010000, elements, 3) == ([0, 1, 2, 4], [1, 2, 4, 5])
    # A dead list takes all its cells.
    assert _split(0b1111, everything & ~0b10, elements, 3) == ([0, 2, 4], [2, 4, 6])


def test_cells_beyond_one_word_are_kept_and_lost_alike() -> None:
    codes = [0, *(1 << i for i in range(7)), 0b1000001, 0b11]
    word = (1 << len(codes)) - 1
    live = word & ~(1 << 8)
    kept = [s for s in range(1, 128) if s & 0b1000001 != 0b1000001]
    assert _split(word, live, codes, 7) == ([c for c in codes if c != 0b1000001], kept)


def test_models_with_the_same_live_parameters_and_smallest_dead_ones_have_one_key() -> None:
    # Elements 3 and 5 are dead; 5 contains 3 (its bit is in below[5]).
    below = np.array([0, 0, 0, 0, 0, 1 << 3], dtype=U)
    words = np.array([0b000111, 0b001111, 0b011111, 0b111111, 0b101111, 0b100111], dtype=U)
    keys = np.empty_like(words)
    _fit_keys(words, U(0b010111), below, keys)
    assert keys.tolist() == [0b000111, 0b001111, 0b011111, 0b011111, 0b001111, 0b100111]


# --- known directions ---------------------------------------------------------------------------------------


def _words(*values: int) -> np.ndarray:
    return np.array([values], dtype=U)


@pytest.mark.parametrize(
    ("word", "kept", "occupied", "support", "rises", "falls", "settles"),
    [
        (0b11, 0b1110, 0b0010, 0b01, 0b0100, 0b0000, True),
        # The model lacks a parameter of the direction.
        (0b10, 0b1110, 0b0010, 0b01, 0b0100, 0b0000, False),
        (0b11, 0b1110, 0b0010, 0b11, 0b0100, 0b0000, True),
        (0b01, 0b1110, 0b0010, 0b11, 0b0100, 0b0000, False),
        # It lifts no kept cell.
        (0b11, 0b1010, 0b0010, 0b01, 0b0100, 0b0000, False),
        # It lowers a kept cell; one that is not kept does not matter.
        (0b11, 0b1110, 0b0010, 0b01, 0b0100, 0b1000, False),
        (0b11, 0b0110, 0b0010, 0b01, 0b0100, 0b1000, True),
        # It lifts an occupied cell.
        (0b11, 0b1110, 0b0110, 0b01, 0b0100, 0b0000, False),
        (0b11, 0b1110, 0b0110, 0b01, 0b1100, 0b0000, False),
    ],
)
def test_a_known_direction_settles_a_model_it_fits(
    word: int, kept: int, occupied: int, support: int, rises: int, falls: int, settles: bool
) -> None:
    supports = np.array([support], dtype=U)
    given = (np.array([kept], dtype=U), np.array([occupied], dtype=U), supports, _words(rises), _words(falls))
    assert _has_certificate(U(word), *given) is settles


def test_every_known_direction_and_every_word_of_cells_is_looked_at() -> None:
    kept, occupied = np.array([0, 0b110], dtype=U), np.array([0, 0b010], dtype=U)
    none = np.zeros((2, 2), dtype=U)
    supports = np.array([0b10, 0b01], dtype=U)
    rises = np.array([[0, 0b100], [0, 0b100]], dtype=U)
    assert _has_certificate(U(0b01), kept, occupied, supports, rises, none)
    assert not _has_certificate(U(0b100), kept, occupied, supports, rises, none)
    # Lifted in one word, barred in the other, in either order.
    both = np.array([0b100, 0b100], dtype=U)
    for falls in ([[0b100, 0]], [[0, 0b100]]):
        rise = np.array([[falls[0][1], falls[0][0]]], dtype=U)
        nobody = np.zeros(2, dtype=U)
        assert not _has_certificate(U(1), both, nobody, supports[1:], rise, np.array(falls, dtype=U))
        assert _has_certificate(U(1), both, nobody, supports[1:], rise, none[:1])
    empty = np.zeros((0, 2), dtype=U)
    assert not _has_certificate(U(1), both, both, np.zeros(0, dtype=U), empty, empty)


# --- many fits ----------------------------------------------------------------------------------------------


def _fit_space(counts: np.ndarray, k: int, **known: Any) -> tuple[np.ndarray, ...]:
    space = hierarchical_space(k)
    prepared = PreparedTable(space, counts)
    m, most = len(space), len(space.elements)
    codes, values, darks, betas = np.full(m, 9, np.int8), np.zeros(m), np.zeros(m), np.full((m, most), 9.0)
    supports, rises, falls = known.get("certificates", prepared.certificates.packed())
    _fit_words(
        space.words, space.elements, prepared.above, prepared.live, prepared.counts, prepared.sufficient, k,
        prepared.occupied, supports, rises, falls, codes, values, darks, betas[: 0 if known.get("bare") else m],
    )  # fmt: skip
    return codes, values, darks, betas


def test_all_models_of_a_full_table_are_fitted_with_their_coefficients() -> None:
    histories = table("hepatitis_3")
    space = hierarchical_space(3)
    codes, values, darks, betas = _fit_space(histories.counts, 3)
    for at, word in enumerate(space.words):
        model = space.name(int(word))
        likelihood, dark, _ = slow_fit(histories, model)
        assert codes[at] == 0
        assert values[at] == pytest.approx(-likelihood - PreparedTable(space, histories.counts).log_factorials, abs=1e-8)
        assert darks[at] == betas[at, 0] == pytest.approx(dark, abs=1e-7)
        inside = members(model, 3)
        assert [e for e in range(8) if betas[at, e] != 0.0] == sorted(inside)
    bare = _fit_space(histories.counts, 3, bare=True)
    assert bare[2].tolist() == darks.tolist()
    assert (bare[3] == 9.0).all()


def test_models_of_a_sparse_table_are_coded() -> None:
    # artificial_3: lists 1 and 2 share six people, list 3 shares nobody with either.
    counts = table("artificial_3").counts
    space = hierarchical_space(3)
    codes, values, darks, betas = _fit_space(counts, 3)
    found = {space.name(int(word)): int(code) for word, code in zip(space.words, codes, strict=True)}
    assert found == {
        "[1,2,3]": EXISTS,
        "[12,3]": UNDECIDED, "[13,2]": EXISTS, "[23,1]": EXISTS, "[12,13]": UNDECIDED, "[12,23]": UNDECIDED,
        "[13,23]": EXISTS, "[12,13,23]": 2,
    }  # fmt: skip
    at = [space.name(int(word)) for word in space.words].index("[13,23]")
    # Its dead pairs have no coefficient, and are written as 0.
    assert betas[at, [5, 6]].tolist() == [0.0, 0.0]
    assert np.isfinite(betas[at]).all()
    lost = codes != EXISTS
    assert np.isnan(darks[lost]).all()
    assert np.isinf(values[codes == 2]).all()


def test_a_full_model_with_an_empty_kept_cell_is_neither() -> None:
    # Seven parameters, six of them live; nobody is on list 1 alone, so a kept cell is empty.
    for alone, code in ((0, 3), (7, 2)):
        counts = np.array([0, alone, 30, 6, 20, 0, 0, 0])
        codes, values, darks, _ = _fit_space(counts, 3)
        space = hierarchical_space(3)
        at = [space.name(int(word)) for word in space.words].index("[12,13,23]")
        assert codes[at] == code
        assert math.isinf(values[at])
        assert math.isnan(darks[at])


def test_a_known_direction_saves_the_fit() -> None:
    counts = table("artificial_3").counts
    # Up with the interaction of lists 1 and 2, down with list 2 ... as its test of existence finds.
    prepared = PreparedTable(hierarchical_space(3), counts)
    word = hierarchical_space(3).word("[12,3]")
    assert prepared.settle(word) == NO_MAXIMUM
    codes, values, darks, _ = _fit_space(counts, 3, certificates=prepared.certificates.packed())
    at = hierarchical_space(3).words.tolist().index(word)
    assert codes[at] == NO_MAXIMUM
    assert math.isinf(values[at])
    assert math.isnan(darks[at])
