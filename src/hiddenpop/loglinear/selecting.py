"""Kernel of repeated selection: the best of many models on one resample, without fitting most of them fully.

Every positive table with the data's sufficient statistics bounds a model's minimum from below (Poisson duality:
the minimum of ``sum(mu) - n @ log(mu)`` is at least ``sum(z - z log z)``), and one Newton step from a fit to
similar data makes such a table. So most models are shown to lose after one step, exactly, and their maximum is
shown to exist by the same table.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hiddenpop.loglinear.kernels import EXISTS, PATIENCE, UNDECIDED, _has_certificate, _newton, _unpack

Array = Any
Word = Any

# Scores closer than this are ties, and the model tried first keeps the place.
SLACK = 1e-7


def _best_word(
    words: Array,
    origins: Array,
    penalty: float,
    elements: Array,
    above: Array,
    live: Word,
    counts: Array,
    sufficient: Array,
    k: int,
    occupied: Array,
    supports: Array,
    rises: Array,
    falls: Array,
    betas: Array,
    undecided: Array,
) -> tuple[int, float, float, int]:
    """Find the model with the least ``2 * value + penalty * parameters`` among those whose maximum exists.

    Models are tried in the given order, model `at` starting from coefficients ``betas[origins[at]]`` (a fit to
    similar data; a row that starts with nan is no start). One is dropped early only when a lower bound shows
    that it cannot win.

    Returns
    -------
    position of the winner (-1: none), its score, its log dark figure, number of positions in `undecided`
    """
    size = 1 << k
    most = len(elements)
    codes = np.empty(most, np.int64)
    cells = np.empty(size, np.int64)
    kept = np.empty(above.shape[1], np.uint64)
    spaces = np.empty((5, max(size, most)))
    matrix = np.empty((most, most))
    beta = np.empty(most)
    winner = -1
    score = math.inf
    dark = math.nan
    left = 0
    for at in range(len(words)):
        word = words[at]
        p, m = _unpack(word, live, elements, above, k, codes, cells, kept)
        if p > m:
            continue
        if _has_certificate(word & live, kept, occupied, supports, rises, falls):
            continue
        origin = origins[at]
        warm = not math.isnan(betas[origin, 0])
        size_of_model = 0
        j = 0
        for e in range(most):
            bit = np.uint64(1) << np.uint64(e)
            if word & bit:
                size_of_model += 1
                if live & bit:
                    beta[j] = betas[origin, e]
                    j += 1
        cost = penalty * size_of_model
        cutoff = 0.5 * (score - cost) + SLACK
        status, value = _newton(codes, p, cells, m, counts, sufficient, k, beta, warm, cutoff, 60, PATIENCE, spaces, matrix)
        if status == UNDECIDED:
            undecided[left] = at
            left += 1
        elif status == EXISTS and 2.0 * value + cost < score - SLACK:
            winner = at
            score = 2.0 * value + cost
            dark = beta[0]
    return winner, score, dark, left
