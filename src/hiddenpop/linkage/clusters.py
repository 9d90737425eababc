"""Comparing filters, and joining at most one record of each list into one person."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import compiled, worker_count
from hiddenpop.linkage.encoding import Encoded

#: Candidates kept for one record against one other list; a record with more has nothing to tell them apart by.
MOST_CANDIDATES = 16


@dataclass(frozen=True, eq=False)
class Match:
    """Pairs of records that are alike, best first.

    Parameters
    ----------
    left, right : ndarray of int64, shape (pairs,)
        Record numbers over all lists, one list after the other.
    score : ndarray of float64, shape (pairs,)
        Dice coefficient of the filters, 0 to 1.
    """

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    score: NDArray[np.float64]


def _count_bits(word: Any) -> Any:
    """Set bits of a 64-bit word, by adding neighbors (a form that the compiler turns into one instruction)."""
    pairs = np.uint64(0x5555555555555555)
    nibbles = np.uint64(0x3333333333333333)
    bytes_ = np.uint64(0x0F0F0F0F0F0F0F0F)
    word = word - ((word >> np.uint64(1)) & pairs)
    word = (word & nibbles) + ((word >> np.uint64(2)) & nibbles)
    word = (word + (word >> np.uint64(4))) & bytes_
    word = word + (word >> np.uint64(8))
    word = word + (word >> np.uint64(16))
    word = word + (word >> np.uint64(32))
    return word & np.uint64(0x7F)


def _alike(
    a: NDArray[np.uint64],
    b: NDArray[np.uint64],
    size_a: NDArray[np.int64],
    size_b: NDArray[np.int64],
    threshold: float,
    found: NDArray[np.int64],
    scores: NDArray[np.float64],
    filled: NDArray[np.int64],
) -> None:
    """For each row of ``a`` keep the best rows of ``b`` whose Dice coefficient reaches the threshold."""
    most = found.shape[1]
    for i in range(a.shape[0]):
        for j in range(b.shape[0]):
            both = np.int64(0)
            for w in range(a.shape[1]):
                both += np.int64(_count_bits(a[i, w] & b[j, w]))
            sizes = size_a[i] + size_b[j]
            if 2 * both < threshold * sizes or sizes == 0:
                continue
            score = 2.0 * both / sizes
            at = filled[i]
            if at == most:
                at = 0
                for place in range(1, most):
                    if scores[i, place] < scores[i, at]:
                        at = place
                if scores[i, at] >= score:
                    continue
            else:
                filled[i] += 1
            found[i, at] = j
            scores[i, at] = score


def pairs_above(a: NDArray[np.uint64], b: NDArray[np.uint64], threshold: float, *, workers: int | None = None) -> Match:
    """All pairs of rows whose Dice coefficient reaches a threshold.

    Parameters
    ----------
    a, b : ndarray of uint64, shapes (n, words) and (m, words)
    threshold : float
        Above 0.
    workers : int, optional
        Threads; one a processor unless told.

    Returns
    -------
    Match
        For each row of ``a`` at most its 16 best; row numbers of ``a`` and ``b``.

    Examples
    --------
    >>> import numpy as np
    >>> rows = np.array([[7], [56]], dtype=np.uint64)
    >>> pairs_above(rows, rows, 0.5).score.tolist()
    [1.0, 1.0]
    """
    size_a, size_b = (np.bitwise_count(x).sum(axis=1).astype(np.int64) for x in (a, b))
    found = np.full((len(a), MOST_CANDIDATES), -1, dtype=np.int64)
    scores = np.zeros((len(a), MOST_CANDIDATES))
    filled = np.zeros(len(a), dtype=np.int64)
    kernel = compiled(_alike)
    threads = worker_count(workers)
    blocks = [s for s in np.array_split(np.arange(len(a)), 4 * threads) if s.size]

    def run(rows: NDArray[np.int64]) -> None:
        part = slice(int(rows[0]), int(rows[-1]) + 1)
        kernel(a[part], b, size_a[part], size_b, threshold, found[part], scores[part], filled[part])

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(run, blocks))
    left, place = np.nonzero(found >= 0)
    score = scores[left, place]
    right = found[left, place]
    order = np.lexsort((right, left, -score))
    return Match(left[order], right[order], score[order])


def cluster(lists: Sequence[Encoded], threshold: float, *, workers: int | None = None) -> tuple[NDArray[np.int64], Match]:
    """Join records that are one person's: best pairs first, at most one record of each list.

    Parameters
    ----------
    lists : sequence of Encoded
    threshold : float
        Dice coefficient from which two records may be joined.
    workers : int, optional

    Returns
    -------
    labels : ndarray of int64, shape (records,)
        Over all lists, one after the other; equal for the records of one person.
    match : Match
        The pairs that reached the threshold.
    """
    starts = np.cumsum([0, *(len(each.filters) for each in lists)])
    parts = []
    for i, first in enumerate(lists):
        for j in range(i + 1, len(lists)):
            part = pairs_above(first.filters, lists[j].filters, threshold, workers=workers)
            parts.append(Match(part.left + starts[i], part.right + starts[j], part.score))
    left, right, score = (
        np.concatenate([getattr(part, name) for part in parts]) if parts else np.zeros(0)
        for name in ("left", "right", "score")
    )
    order = np.lexsort((right, left, -score))
    match = Match(left[order].astype(np.int64), right[order].astype(np.int64), score[order])
    home = np.repeat(np.arange(len(lists)), np.diff(starts))
    return _joined(match, [1 << int(number) for number in home]), match


def _joined(match: Match, homes: list[int]) -> NDArray[np.int64]:
    """Union of records along the pairs, refusing to join two groups that hold records of one list."""
    parent = list(range(len(homes)))

    def root(record: int) -> int:
        while parent[record] != record:
            parent[record] = parent[parent[record]]
            record = parent[record]
        return record

    for one, two in zip(match.left.tolist(), match.right.tolist(), strict=True):
        first, second = root(one), root(two)
        if homes[first] & homes[second] == 0:
            parent[second] = first
            homes[first] |= homes[second]
    return np.array([root(record) for record in range(len(parent))], dtype=np.int64)
