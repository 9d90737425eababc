"""A table of counts made ready for many fits: sufficient statistics, empty margins, memory of directions.

Parameters whose margin is empty are *dead*: nobody is on all the lists they name, their coefficient is minus
infinity and the cells that contain them have a fitted count of zero. Two models with the same live parameters
and the same smallest dead ones have the same fit, so each fit is done once.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import compiled
from hiddenpop.loglinear.existence import Certificates, pack_cells, recession_direction
from hiddenpop.loglinear.kernels import (
    EXISTS,
    NO_MAXIMUM,
    UNDECIDED,
    _fit_keys,
    _fit_words,
    _newton,
    _superset_sums,
    _unpack,
)
from hiddenpop.models import ModelSpace

__all__ = ["Fits", "PreparedTable", "supersets_of"]

# Models handed to one thread at a time: small enough for progress and Ctrl-C, large enough to be worth a call.
CHUNK = 4096
# Undecided models that share a missing direction are settled together: look at a few, then try again.
BATCH = 24


@dataclass(frozen=True)
class Fits:
    """Fits of the models of one space, in its order.

    Parameters
    ----------
    codes : ndarray of int8
        0 exists and identifiable, 1 no maximum, 2 not identifiable, 3 neither.
    values : ndarray of float64
        Minus the log-likelihood without its factorials; infinite unless the code is 0.
    log_darks : ndarray of float64
        Logarithm of the expected number of people on no list; nan unless the code is 0.
    coefficients : ndarray of float64, shape (models, elements) or (0, elements)
        Live coefficients by element, 0 elsewhere, when asked for.
    """

    codes: NDArray[np.int8]
    values: NDArray[np.float64]
    log_darks: NDArray[np.float64]
    coefficients: NDArray[np.float64]


def supersets_of(elements: NDArray[np.int64], k: int) -> NDArray[np.uint64]:
    """For each element the cells that contain it, as words, shape (elements, max(1, 2**k / 64))."""
    cells = np.arange(1 << k)
    return np.array([pack_cells(cells[cells & int(code) == int(code)], k) for code in elements])


class PreparedTable:
    """Counts of one table, ready to be fitted with the models of one space.

    Parameters
    ----------
    space : ModelSpace
        The models.
    counts : array_like, shape (2**k,)
        People by history; cell 0 is ignored.
    above : ndarray of uint64, optional
        Result of :func:`supersets_of`, when many tables share a space.
    certificates : Certificates, optional
        Directions known from other tables of the same space; new ones are added to it.
    """

    def __init__(
        self,
        space: ModelSpace,
        counts: NDArray[np.int64] | NDArray[np.float64],
        *,
        above: NDArray[np.uint64] | None = None,
        certificates: Certificates | None = None,
    ) -> None:
        self.space = space
        self.counts = np.array(counts, dtype=np.float64)
        self.counts[0] = 0.0
        self.sufficient = self.counts.copy()
        compiled(_superset_sums)(self.sufficient, space.k)
        self.above = supersets_of(space.elements, space.k) if above is None else above
        self.certificates = Certificates(space.k, space.elements) if certificates is None else certificates
        alive = np.flatnonzero(self.sufficient[space.elements] > 0)
        self.live = np.uint64(sum(1 << int(j) for j in alive))
        self.occupied = pack_cells(np.flatnonzero(self.counts), space.k)

    @property
    def people(self) -> float:
        """People on at least one list."""
        return float(self.counts.sum())

    @property
    def log_factorials(self) -> float:
        """Sum of log(n!) over the cells, the part of the log-likelihood no model changes."""
        return float(sum(math.lgamma(count + 1.0) for count in self.counts))

    def keys(self, words: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Live parameters and smallest dead ones of each model: equal keys have equal fits."""
        elements = self.space.elements
        dead = [j for j in range(len(elements)) if not int(self.live) >> j & 1]
        if not dead:
            return words
        below = np.zeros(len(elements), dtype=np.uint64)
        for j in dead:
            inside = (i for i in dead if i != j and elements[i] & elements[j] == elements[i])
            below[j] = sum(1 << i for i in inside)
        keys = np.empty_like(words)
        compiled(_fit_keys)(np.ascontiguousarray(words), self.live, below, keys)
        return keys

    def count_distinct(self) -> int:
        """How many models of the space have different fits."""
        ordered = np.sort(self.keys(self.space.words))
        return int(np.count_nonzero(ordered[1:] != ordered[:-1])) + 1

    def unpack(self, word: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Live parameters and kept cells of one model, as set codes."""
        codes = np.empty(len(self.space.elements), np.int64)
        cells = np.empty(1 << self.space.k, np.int64)
        kept = np.empty(self.above.shape[1], np.uint64)
        p, m = compiled(_unpack)(
            np.uint64(word), self.live, self.space.elements, self.above, self.space.k, codes, cells, kept
        )
        return codes[:p], cells[:m]

    def fit_word(self, word: int) -> tuple[int, float, NDArray[np.float64]]:
        """Fit one model whose maximum is known to exist, with patience: code, value, coefficients."""
        codes, cells = self.unpack(word)
        beta = np.zeros(len(codes))
        width = max(1 << self.space.k, len(codes))
        status, value = compiled(_newton)(
            codes,
            len(codes),
            cells,
            len(cells),
            self.counts,
            self.sufficient,
            self.space.k,
            beta,
            False,
            math.inf,
            500,
            500,
            np.empty((5, width)),
            np.empty((len(codes), len(codes))),
        )
        return status, value, beta

    def settle(self, word: int) -> int:
        """Decide by linear program whether a model has a maximum; remember the direction if it has none."""
        codes, cells = self.unpack(word)
        found, direction = recession_direction(cells.tolist(), codes.tolist(), self.counts[cells] > 0)
        if direction is not None:
            self.certificates.add(codes.tolist(), direction)
        return NO_MAXIMUM if found else EXISTS

    def fit_all(self, words: NDArray[np.uint64], *, coefficients: bool = False, workers: int = 1) -> Fits:
        """Fit each of `words`, settling every doubtful one; nothing is skipped and nothing shared.

        Parameters
        ----------
        words : ndarray of uint64, shape (m,)
            Models, best in order of size, because directions found for small ones settle larger ones.
        coefficients : bool
            Whether to keep the coefficients.
        workers : int
            Threads.

        Returns
        -------
        Fits
        """
        m, most = len(words), len(self.space.elements)
        fits = Fits(
            np.empty(m, np.int8),
            np.empty(m),
            np.empty(m),
            np.empty((m if coefficients else 0, most)),
        )
        for part in self._chunks(m, workers):
            self._run(words, part, fits, workers)
            doubtful = part[fits.codes[part] == UNDECIDED]
            while len(doubtful):
                self._settle_some(words, doubtful[:BATCH], fits)
                rest = doubtful[BATCH:]
                if len(rest):
                    self._run(words, rest, fits, workers)
                doubtful = rest[fits.codes[rest] == UNDECIDED]
        fits.values[fits.codes != EXISTS] = math.inf
        return fits

    @staticmethod
    def _chunks(m: int, workers: int) -> Iterator[NDArray[np.int64]]:
        # The first chunks are short: they find the directions that later ones use.
        start, size = 0, 256
        while start < m:
            stop = min(m, start + size)
            yield np.arange(start, stop)
            start, size = stop, min(2 * size, CHUNK * workers)

    def _run(self, words: NDArray[np.uint64], part: NDArray[np.int64], fits: Fits, workers: int) -> None:
        supports, rises, falls = self.certificates.packed()
        kernel = compiled(_fit_words)
        most = len(self.space.elements)
        keep = len(fits.coefficients) > 0

        def run(piece: NDArray[np.int64]) -> None:
            codes = np.empty(len(piece), np.int8)
            values, darks = np.empty(len(piece)), np.empty(len(piece))
            betas = np.empty((len(piece) if keep else 0, most))
            kernel(
                words[piece],
                self.space.elements,
                self.above,
                self.live,
                self.counts,
                self.sufficient,
                self.space.k,
                self.occupied,
                supports,
                rises,
                falls,
                codes,
                values,
                darks,
                betas,
            )
            fits.codes[piece], fits.values[piece], fits.log_darks[piece] = codes, values, darks
            if keep:
                fits.coefficients[piece] = betas

        pieces = np.array_split(part, min(workers, max(1, len(part) // 64)))
        if len(pieces) == 1:
            run(part)
            return
        with ThreadPoolExecutor(len(pieces)) as pool:
            list(pool.map(run, pieces))

    def _settle_some(self, words: NDArray[np.uint64], positions: NDArray[np.int64], fits: Fits) -> None:
        for at in positions:
            code = self.settle(int(words[at]))
            fits.codes[at] = code
            if code == EXISTS:
                status, value, beta = self.fit_word(int(words[at]))
                if status != EXISTS:
                    raise ArithmeticError(
                        f"model {self.space.name(int(words[at]))} has a maximum that could not be reached"
                    )
                fits.values[at], fits.log_darks[at] = value, beta[0]
                if len(fits.coefficients):
                    mine = (int(words[at] & self.live) >> np.arange(len(self.space.elements))) & 1
                    fits.coefficients[at] = 0.0
                    fits.coefficients[at, mine == 1] = beta

    def distinct(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """Models with different fits, in order of size, and which of them each model of the space is.

        Each is the smallest model of those that share its fit.
        """
        words, which = np.unique(self.keys(self.space.words), return_inverse=True)
        order = np.lexsort((words, np.bitwise_count(words)))
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return words[order], rank[which]
