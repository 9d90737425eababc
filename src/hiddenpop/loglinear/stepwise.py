"""Stepwise selection of two-list interactions, on one table or on many resamples of it."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import compiled, worker_count
from hiddenpop.loglinear.existence import Certificates
from hiddenpop.loglinear.kernels import EXISTS, NO_MAXIMUM, UNDECIDED
from hiddenpop.loglinear.stepping import _stepwise_row, _stepwise_rows
from hiddenpop.loglinear.tables import PreparedTable, supersets_of
from hiddenpop.models import ModelSpace, two_way_elements

__all__ = ["STEPWISE_LISTS", "Steps", "Stepwise"]

#: Intercept, lists and pairs must fit one 64-bit word.
STEPWISE_LISTS = 10


@dataclass(frozen=True, eq=False)
class Steps:
    """Selected models of several tables.

    Attributes
    ----------
    words : ndarray of uint64, shape (tables,)
        Selected model of each table.
    darks : ndarray of float64, shape (tables,)
        People on no list; infinite where not even main effects have a maximum.
    """

    words: NDArray[np.uint64]
    darks: NDArray[np.float64]


class Stepwise:
    """Stepwise selection for tables of `k` lists; remembers directions of recession between tables.

    Parameters
    ----------
    k : int
        Number of lists, 2 to 10.
    threshold : float
        A pair enters only if the smaller Poisson tail of its overlap lies below this.
    """

    def __init__(self, k: int, threshold: float = 0.02) -> None:
        if not 2 <= k <= STEPWISE_LISTS:
            raise ValueError(f"stepwise selection takes 2 to {STEPWISE_LISTS} lists, not {k}")
        if not 0.0 < threshold < 1.0:
            raise ValueError(f"the threshold must lie strictly between 0 and 1; got {threshold}")
        self.threshold = threshold
        elements = two_way_elements(k)
        main = np.array([(1 << (k + 1)) - 1], dtype=np.uint64)
        self.space = ModelSpace(k, elements, main)
        self._above = supersets_of(elements, k)
        self._certificates = Certificates(k, elements)

    def select(self, rows: NDArray[np.int64] | NDArray[np.float64], *, workers: int | None = None) -> Steps:
        """Select on each row of `rows`, shape (tables, 2**k)."""
        tables = np.ascontiguousarray(rows, dtype=np.float64)
        count = len(tables)
        statuses = np.empty(count, np.int8)
        words, darks = np.empty(count, np.uint64), np.empty(count)
        packed = self._certificates.packed()

        def run(part: slice) -> None:
            compiled(_stepwise_rows)(
                tables[part],
                self.space.k,
                self.space.elements,
                self._above,
                math.log(self.threshold),
                *packed,
                statuses[part],
                words[part],
                darks[part],
            )

        pieces = min(worker_count(workers), max(1, count // 16))
        edges = np.linspace(0, count, pieces + 1).astype(int)
        parts = [slice(start, stop) for start, stop in pairwise(edges)]
        if pieces == 1:
            run(parts[0])
        else:
            with ThreadPoolExecutor(pieces) as pool:
                list(pool.map(run, parts))
        for at in np.flatnonzero(statuses == UNDECIDED):
            statuses[at], words[at], darks[at] = self._with_programs(tables[at])
        darks[statuses == NO_MAXIMUM] = math.inf
        return Steps(words, darks)

    def _with_programs(self, counts: NDArray[np.float64]) -> tuple[int, int, float]:
        """Select on one table, settling each doubtful candidate by linear program."""
        table = PreparedTable(self.space, counts, above=self._above, certificates=self._certificates)
        allowed: list[int] = []
        denied: list[int] = []
        while True:
            status, word, dark = compiled(_stepwise_row)(
                counts,
                self.space.k,
                self.space.elements,
                self._above,
                math.log(self.threshold),
                *self._certificates.packed(),
                np.array(allowed, dtype=np.uint64),
                np.array(denied, dtype=np.uint64),
            )
            if status != UNDECIDED:
                return int(status), int(word), float(dark)
            if int(word) in allowed:
                raise ArithmeticError(f"{self.space.name(int(word))} has a maximum that could not be reached")
            verdict = table.settle(int(word))
            (allowed if verdict == EXISTS else denied).append(int(word))
