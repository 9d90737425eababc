"""Kernels of stepwise selection: add pairs of lists while the data contradict the model without them.

From main effects on, the pair whose overlap is least likely under the current fit (the smaller Poisson tail of
the number of people on both lists) is added, if that probability is under a threshold and the larger model has
a maximum. One fit a step is all it takes.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from hiddenpop.loglinear.kernels import (
    EXISTS,
    NO_MAXIMUM,
    PATIENCE,
    UNDECIDED,
    _has_certificate,
    _newton,
    _superset_sums,
    _unpack,
)

Array = Any
Word = Any


def _log_tail(count: float, mean: float) -> float:
    """Logarithm of the smaller Poisson tail at `count`: P(X <= count) or P(X >= count)."""
    if mean <= 0.0:
        return 0.0
    log_point = count * math.log(mean) - mean - math.lgamma(count + 1.0)
    total = 1.0
    term = 1.0
    step = count
    if count < mean:
        while step > 0.0 and term > 1e-17 * total:
            term *= step / mean
            total += term
            step -= 1.0
    else:
        while term > 1e-17 * total:
            step += 1.0
            term *= mean / step
            total += term
    near = log_point + math.log(total)
    if near < -1.0:
        return near
    point = math.exp(log_point)
    return min(near, math.log(max(1.0 - point * (total - 1.0), point)))


def _is_in(word: Word, words: Array) -> bool:
    """Whether `word` is one of `words`."""
    found = False
    for other in words:
        found = found or other == word
    return found


def _stepwise_row(
    counts: Array,
    k: int,
    elements: Array,
    above: Array,
    log_threshold: float,
    supports: Array,
    rises: Array,
    falls: Array,
    allowed: Array,
    denied: Array,
) -> tuple[int, Word, float]:
    """Select stepwise on one table.

    Models in `allowed` are known to have a maximum, those in `denied` to have none.

    Returns
    -------
    status : EXISTS; NO_MAXIMUM when even main effects have none; UNDECIDED when a model must be settled first
    word : the selected model, or the one to settle
    dark : expected number of people on no list
    """
    size = 1 << k
    most = len(elements)
    codes = np.empty(most, np.int64)
    cells = np.empty(size, np.int64)
    kept = np.empty(above.shape[1], np.uint64)
    occupied = np.zeros(above.shape[1], np.uint64)
    spaces = np.empty((5, max(size, most)))
    matrix = np.empty((most, most))
    full = np.zeros(most)
    beta = np.empty(most)
    sums = np.zeros(size)
    sufficient = counts.copy()
    sufficient[0] = 0.0
    for s in range(1, size):
        if counts[s] > 0.0:
            occupied[s >> 6] |= np.uint64(1) << np.uint64(s & 63)
    _superset_sums(sufficient, k)
    live = np.uint64(0)
    for e in range(most):
        if sufficient[elements[e]] > 0.0:
            live |= np.uint64(1) << np.uint64(e)
    word = (np.uint64(1) << np.uint64(k + 1)) - np.uint64(1)
    candidate = word
    tails = np.empty(most)
    dark = math.nan
    warm = False
    while True:
        # Try the candidate; on success it becomes the model and new candidates are ranked.
        p, m = _unpack(candidate, live, elements, above, k, codes, cells, kept)
        status = UNDECIDED
        if p > m or _is_in(candidate, denied) or _has_certificate(candidate & live, kept, occupied, supports, rises, falls):
            status = NO_MAXIMUM
        else:
            j = 0
            for e in range(most):
                if candidate & live & (np.uint64(1) << np.uint64(e)):
                    beta[j] = full[e]
                    j += 1
            patience = 500 if _is_in(candidate, allowed) else PATIENCE
            status, _ = _newton(
                codes,
                p,
                cells,
                m,
                counts,
                sufficient,
                k,
                beta,
                warm,
                math.inf,
                patience + 54,
                patience,
                spaces,
                matrix,
            )
        if status == UNDECIDED:
            return UNDECIDED, candidate, math.nan
        if status == EXISTS:
            word = candidate
            warm = True
            dark = math.exp(beta[0])
            j = 0
            for e in range(most):
                full[e] = 0.0
                if word & live & (np.uint64(1) << np.uint64(e)):
                    full[e] = beta[j]
                    j += 1
            for s in range(size):
                sums[s] = 0.0
            for at in range(m):
                eta = 0.0
                for j in range(p):
                    if cells[at] & codes[j] == codes[j]:
                        eta += beta[j]
                sums[cells[at]] = math.exp(eta)
            _superset_sums(sums, k)
            for e in range(k + 1, most):
                tails[e] = 1.0
                if not word & (np.uint64(1) << np.uint64(e)):
                    tails[e] = _log_tail(sufficient[elements[e]], sums[elements[e]])
        elif not warm:
            return NO_MAXIMUM, word, math.nan
        best = -1
        least = log_threshold
        for e in range(k + 1, most):
            if tails[e] < least:
                least = tails[e]
                best = e
        if best < 0:
            return EXISTS, word, dark
        # Whether it is taken or refused, this pair is not asked for again at this step.
        tails[best] = 1.0
        candidate = word | (np.uint64(1) << np.uint64(best))


def _stepwise_rows(
    rows: Array,
    k: int,
    elements: Array,
    above: Array,
    log_threshold: float,
    supports: Array,
    rises: Array,
    falls: Array,
    statuses: Array,
    words: Array,
    darks: Array,
) -> None:
    """Select stepwise on every row of `rows`, a table each."""
    nothing = np.empty(0, np.uint64)
    for r in range(len(rows)):
        status, word, dark = _stepwise_row(
            rows[r], k, elements, above, log_threshold, supports, rises, falls, nothing, nothing
        )
        statuses[r] = status
        words[r] = word
        darks[r] = dark
