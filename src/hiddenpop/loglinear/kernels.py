"""Numerical kernels of the Poisson log-linear fits, written for one core and for arrays of models.

A cell is a set of lists; a parameter is one too, and enters every cell that contains it. So with mu the fitted
counts, entry (s, t) of the information matrix is the sum of mu over all cells that contain both s and t: one
superset-sum transform of mu (k * 2**(k-1) additions) holds the whole matrix. Linear predictors are the
subset-sum transform of the coefficients.

Existence of the maximum is decided on the way. Let d be the Newton step at a point with fitted values mu, moved
to cells. Then z = mu * (1 + d) has exactly the sufficient statistics of the data. If every d > -1, z is
positive, and a positive table with the data's sufficient statistics is what Fienberg and Rinaldo's condition
asks for: the maximum exists. Where it does not exist some d stays at or below -1 for ever, and the model is
handed to the linear program.

These are plain functions; :func:`hiddenpop.compiling.compiled` turns them into machine code.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Array = Any
Word = Any

# Status codes of one fit, beside the Fienberg-Rinaldo codes 0 to 3.
EXISTS = 0
NO_MAXIMUM = 1
UNDECIDED = -1
BEATEN = -2

# A step that moves no cell below this is a positive table with a wide margin against rounding.
SAFE_STEP = -0.5
# Squared Newton decrement at which the next step no longer changes the digits.
TOLERANCE = 1e-9
# After this many iterations a fit whose step still sits at -1 is drifting to infinity.
PATIENCE = 6
# Added to the counts for the first weighted least-squares step, so that empty cells have a logarithm.
OFFSET = 0.1


def _superset_sums(values: Array, k: int) -> None:
    """Replace values[s] by the sum of values over all sets that contain s, in place."""
    size = 1 << k
    for i in range(k):
        bit = 1 << i
        for base in range(0, size, 2 * bit):
            for s in range(base, base + bit):
                values[s] += values[s + bit]


def _subset_sums(values: Array, k: int) -> None:
    """Replace values[s] by the sum of values over all sets contained in s, in place."""
    size = 1 << k
    for i in range(k):
        bit = 1 << i
        for base in range(0, size, 2 * bit):
            for s in range(base, base + bit):
                values[s + bit] += values[s]


def _solve(matrix: Array, right: Array, p: int) -> bool:
    """Solve ``matrix @ x = right`` for a positive definite matrix given by its upper half; x replaces right.

    Returns False when the matrix is singular to working precision. The matrix is destroyed.
    """
    for j in range(p):
        pivot = matrix[j, j]
        if not pivot > 0.0:
            return False
        for i in range(j + 1, p):
            factor = matrix[j, i] / pivot
            if factor != 0.0:
                floor = 1e-13 * matrix[i, i]
                for c in range(i, p):
                    matrix[i, c] -= factor * matrix[j, c]
                if matrix[i, i] < floor:
                    return False
                right[i] -= factor * right[j]
    for j in range(p - 1, -1, -1):
        total = right[j]
        for c in range(j + 1, p):
            total -= matrix[j, c] * right[c]
        right[j] = total / matrix[j, j]
    return True


def _information(sums: Array, codes: Array, p: int, matrix: Array) -> None:
    """Write the upper half of the information matrix from superset sums of the fitted counts."""
    for i in range(p):
        code = codes[i]
        for j in range(i, p):
            matrix[i, j] = sums[code | codes[j]]


def _first_step(
    codes: Array, p: int, cells: Array, m: int, counts: Array, k: int, beta: Array, sums: Array, matrix: Array
) -> bool:
    """Weighted least squares of the log counts: where a fit without a warm start begins."""
    size = 1 << k
    work = np.zeros(size)
    for s in range(size):
        sums[s] = 0.0
    for at in range(m):
        cell = cells[at]
        start = counts[cell] + OFFSET
        sums[cell] = start
        work[cell] = start * math.log(start) + counts[cell] - start
    _superset_sums(sums, k)
    _superset_sums(work, k)
    _information(sums, codes, p, matrix)
    for j in range(p):
        beta[j] = work[codes[j]]
    return _solve(matrix, beta, p)


def _newton(
    codes: Array,
    p: int,
    cells: Array,
    m: int,
    counts: Array,
    sufficient: Array,
    k: int,
    beta: Array,
    warm: bool,
    cutoff: float,
    iterations: int,
    patience: int,
    spaces: Array,
    matrix: Array,
) -> tuple[int, float]:
    """Fit one model to the cells that are kept.

    Parameters
    ----------
    codes : set codes of the p parameters; cells : set codes of the m kept cells
    counts, sufficient : counts by cell and their superset sums, length 2**k
    beta : the p coefficients, start (when `warm`) and result
    cutoff : stop as soon as the minimum provably exceeds this
    spaces, matrix : scratch of shape (5, 2**k) and at least (p, p)

    Returns
    -------
    status : EXISTS, UNDECIDED, or BEATEN (exists, but its minimum exceeds `cutoff`)
    value : minus the log-likelihood without its factorials
    """
    size = 1 << k
    eta = spaces[0]
    sums = spaces[1]
    move = spaces[2]
    step = spaces[3]
    means = spaces[4]
    if not warm and not _first_step(codes, p, cells, m, counts, k, beta, sums, matrix):
        return UNDECIDED, math.inf
    for s in range(size):
        eta[s] = 0.0
        move[s] = 0.0
    for j in range(p):
        eta[codes[j]] = beta[j]
    _subset_sums(eta, k)
    previous = math.inf
    length = 0.0
    for iteration in range(iterations):
        for s in range(size):
            sums[s] = 0.0
        value = 0.0
        for at in range(m):
            cell = cells[at]
            fitted = math.exp(eta[cell])
            means[cell] = fitted
            sums[cell] = fitted
            value += fitted
        for j in range(p):
            value -= beta[j] * sufficient[codes[j]]
        if not value <= previous + 1e-11 * abs(previous):
            # The last step went too far: go half of it back.
            length *= 0.5
            if length < 1e-8:
                return UNDECIDED, previous
            for s in range(size):
                eta[s] -= length * move[s]
            for j in range(p):
                beta[j] -= length * step[j]
            continue
        previous = value
        _superset_sums(sums, k)
        _information(sums, codes, p, matrix)
        for j in range(p):
            step[j] = sufficient[codes[j]] - sums[codes[j]]
            move[j] = step[j]
        if not _solve(matrix, step, p):
            return UNDECIDED, value
        decrement = 0.0
        for j in range(p):
            decrement += step[j] * move[j]
        for s in range(size):
            move[s] = 0.0
        for j in range(p):
            move[codes[j]] = step[j]
        _subset_sums(move, k)
        low = 0.0
        high = 0.0
        for at in range(m):
            low = min(low, move[cells[at]])
            high = max(high, move[cells[at]])
        if low > SAFE_STEP:
            if decrement < TOLERANCE:
                for j in range(p):
                    beta[j] += step[j]
                return EXISTS, value - 0.5 * decrement
            if cutoff < math.inf:
                # Any positive table with the right sufficient statistics bounds the minimum from below.
                bound = 0.0
                for at in range(m):
                    cell = cells[at]
                    table = means[cell] * (1.0 + move[cell])
                    bound += table * (1.0 - eta[cell] - math.log1p(move[cell]))
                if bound > cutoff:
                    return BEATEN, bound
        elif low < -0.9 and iteration >= patience and decrement < 0.5:
            return UNDECIDED, value
        length = 1.0 if high < 4.0 else 4.0 / high
        for s in range(size):
            eta[s] += length * move[s]
        for j in range(p):
            beta[j] += length * step[j]
    return UNDECIDED, previous


def _unpack(
    word: Word, live: Word, elements: Array, above: Array, k: int, codes: Array, cells: Array, kept: Array
) -> tuple[int, int]:
    """Split a model into live parameters and the cells that its dead ones leave.

    A parameter is dead when nobody is in all its lists at once: its coefficient is minus infinity and every
    cell that contains it has a fitted count of zero.
    """
    words = above.shape[1]
    size = 1 << k
    for w in range(words):
        kept[w] = np.uint64(0xFFFFFFFFFFFFFFFF)
    p = 0
    for j in range(len(elements)):
        bit = np.uint64(1) << np.uint64(j)
        if word & bit:
            if live & bit:
                codes[p] = elements[j]
                p += 1
            else:
                for w in range(words):
                    kept[w] &= ~above[j, w]
    m = 0
    for s in range(1, size):
        if (kept[s >> 6] >> np.uint64(s & 63)) & np.uint64(1):
            cells[m] = s
            m += 1
    return p, m


def _fit_keys(words: Array, live: Word, below: Array, keys: Array) -> None:
    """Write each model's live parameters and smallest dead ones; `below` holds each element's dead subsets."""
    one = np.uint64(1)
    for at in range(len(words)):
        word = words[at]
        key = word & live
        for e in range(len(below)):
            bit = one << np.uint64(e)
            if (word & bit) and not (live & bit) and not (word & below[e]):
                key |= bit
        keys[at] = key


def _has_certificate(word: Word, kept: Array, occupied: Array, supports: Array, rises: Array, falls: Array) -> bool:
    """Whether a known direction lies in the model, moves no occupied cell, lowers no kept one and lifts one."""
    for c in range(len(supports)):
        if supports[c] & ~word:
            continue
        lifted = False
        barred = False
        for w in range(len(kept)):
            lifted = lifted or (rises[c, w] & kept[w]) != 0
            barred = barred or (falls[c, w] & kept[w]) != 0 or (rises[c, w] & occupied[w]) != 0
        if lifted and not barred:
            return True
    return False


def _fit_words(
    words: Array,
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
    codes_out: Array,
    values_out: Array,
    darks_out: Array,
    betas: Array,
) -> None:
    """Fit every model of `words`; write its code, its value, its log dark figure and, if asked, coefficients.

    `betas` has one row a model and one column an element, or no rows when coefficients are not wanted.
    """
    size = 1 << k
    most = len(elements)
    codes = np.empty(most, np.int64)
    cells = np.empty(size, np.int64)
    kept = np.empty(above.shape[1], np.uint64)
    spaces = np.empty((5, max(size, most)))
    matrix = np.empty((most, most))
    beta = np.empty(most)
    for at in range(len(words)):
        word = words[at]
        p, m = _unpack(word, live, elements, above, k, codes, cells, kept)
        darks_out[at] = math.nan
        values_out[at] = math.inf
        if p > m:
            empty = False
            for c in range(m):
                empty = empty or counts[cells[c]] == 0.0
            codes_out[at] = 3 if empty else 2
            continue
        if _has_certificate(word & live, kept, occupied, supports, rises, falls):
            codes_out[at] = NO_MAXIMUM
            continue
        status, value = _newton(
            codes, p, cells, m, counts, sufficient, k, beta, False, math.inf, 60, PATIENCE, spaces, matrix
        )
        codes_out[at] = status
        values_out[at] = value
        if status == EXISTS:
            darks_out[at] = beta[0]
            if len(betas) > 0:
                j = 0
                for e in range(most):
                    bit = np.uint64(1) << np.uint64(e)
                    betas[at, e] = 0.0
                    if word & live & bit:
                        betas[at, e] = beta[j]
                        j += 1
