"""Does a model have a maximum on this table, and can its parameters be told apart?

On sparse tables most hierarchical models have no maximum-likelihood estimate: the likelihood keeps growing as
some parameters run to infinity, and software that does not look reports whatever number it stopped at. Two
questions are asked of every model, after parameters of empty margins have been set to minus infinity and their
cells removed:

* *existence* (Fienberg and Rinaldo): is there a direction of the parameters that lowers no empty cell, moves no
  occupied one and lifts some empty cell? Then there is no maximum. The question depends only on which cells are
  occupied, so one answer serves every table with the same support.
* *identifiability*: has the design full column rank on the cells that are kept? The kept cells with the empty
  set form a down-closed family F and the parameters lie in it. Restricted to F the design of all of F is
  triangular with unit diagonal, and dropping the row of the unobserved cell leaves exactly one dependency, the
  alternating vector, in which every member of F takes part. So the rank falls short exactly when every member of
  F is a parameter, that is when there is one parameter more than there are cells.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

__all__ = ["Certificates", "design", "pack_cells", "recession_direction"]


def design(cells: Sequence[int], codes: Sequence[int]) -> NDArray[np.float64]:
    """Design matrix, shape (cells, parameters): 1 where the cell contains the parameter."""
    cell = np.asarray(cells, dtype=np.int64)[:, None]
    code = np.asarray(codes, dtype=np.int64)[None, :]
    contains: NDArray[np.float64] = ((cell & code) == code).astype(np.float64)
    return contains


def recession_direction(
    cells: Sequence[int], codes: Sequence[int], occupied: NDArray[np.bool_]
) -> tuple[bool, NDArray[np.int64] | None]:
    """Look for a direction along which the likelihood never stops growing.

    Parameters
    ----------
    cells : sequence of int
        Set codes of the kept cells.
    codes : sequence of int
        Set codes of the live parameters.
    occupied : ndarray of bool, shape (len(cells),)
        Which kept cells hold people.

    Returns
    -------
    found : bool
        True when the maximum does not exist.
    direction : ndarray of int64 or None
        Whole-number coefficients of such a direction, checked exactly; None when there is none, or when the
        solver's answer could not be rounded to whole numbers (`found` still holds).

    Notes
    -----
    The first program maximizes the summed lift of the empty cells, each between 0 and 1. By scaling, its
    optimum is 0 or at least 1, so no tolerance decides. The second looks for a direction with few parameters of
    low order, which then settles many other models without a program of their own.

    References
    ----------
    Fienberg, S. E. and Rinaldo, A. (2012). Maximum likelihood estimation in log-linear models. Annals of
    Statistics 40, 996-1023.
    """
    if occupied.all():
        return False, None
    from scipy.optimize import linprog

    matrix = design(cells, codes)
    fixed, free = matrix[occupied], matrix[~occupied]
    lift = free.sum(axis=0)
    first = linprog(
        -lift,
        A_ub=np.vstack([free, -free]),
        b_ub=np.concatenate([np.ones(len(free)), np.zeros(len(free))]),
        A_eq=fixed,
        b_eq=np.zeros(len(fixed)),
        bounds=(None, None),
        method="highs",
    )
    if first.status != 0 or first.fun is None:
        raise RuntimeError(f"the linear program of the existence check failed: {first.message}")
    if -first.fun < 0.5:
        return False, None
    weight = np.array([4.0 ** int(code).bit_count() for code in codes])
    second = linprog(
        np.concatenate([weight, weight]),
        A_ub=np.vstack([np.hstack([-free, free]), np.concatenate([-lift, lift])[None, :]]),
        b_ub=np.concatenate([np.zeros(len(free)), [-1.0]]),
        A_eq=np.hstack([fixed, -fixed]),
        b_eq=np.zeros(len(fixed)),
        bounds=(0, None),
        method="highs",
    )
    if second.status != 0 or second.x is None:
        return True, None
    raw = second.x[: len(codes)] - second.x[len(codes) :]
    return True, _whole(raw, matrix, occupied)


def _whole(raw: NDArray[np.float64], matrix: NDArray[np.float64], occupied: NDArray[np.bool_]) -> NDArray[np.int64] | None:
    """Scale a direction to whole numbers and check it exactly."""
    size = np.abs(raw)
    if not size.max() > 0.0:
        return None
    scaled = raw / size[size > 1e-7 * size.max()].min()
    for factor in (1, 2, 3, 4, 6, 12):
        whole: NDArray[np.int64] = np.rint(scaled * factor).astype(np.int64)
        if np.abs(scaled * factor - whole).max() < 1e-6:
            moved = matrix.astype(np.int64) @ whole
            if not moved[occupied].any() and (moved[~occupied] >= 0).all() and moved.any():
                return whole
    return None


def pack_cells(cells: Sequence[int] | NDArray[np.int64], k: int) -> NDArray[np.uint64]:
    """Set of cells as words of 64 bits, shape (max(1, 2**k / 64),)."""
    words = np.zeros(max(1, (1 << k) >> 6), dtype=np.uint64)
    for cell in cells:
        words[int(cell) >> 6] |= np.uint64(1 << (int(cell) & 63))
    return words


@dataclass
class Certificates:
    """Directions of recession found so far, kept for every other model and table they settle.

    A direction with coefficients on a few parameters settles each model that contains those parameters, keeps
    a cell that the direction lifts, keeps none that it lowers and has nobody in a cell that it moves.

    Parameters
    ----------
    k : int
        Number of lists.
    elements : ndarray of int64
        Set codes of the model space.
    """

    k: int
    elements: NDArray[np.int64]
    _supports: list[int] = field(default_factory=list)
    _rises: list[NDArray[np.uint64]] = field(default_factory=list)
    _falls: list[NDArray[np.uint64]] = field(default_factory=list)
    _known: set[bytes] = field(default_factory=set)

    def __len__(self) -> int:
        return len(self._supports)

    def add(self, codes: Sequence[int], direction: NDArray[np.int64]) -> None:
        """Keep a direction given by its coefficients on `codes`."""
        position = {int(code): j for j, code in enumerate(self.elements)}
        everywhere = np.arange(1, 1 << self.k)
        moved = design(everywhere.tolist(), codes).astype(np.int64) @ direction
        support = sum(1 << position[int(code)] for code, value in zip(codes, direction, strict=True) if value)
        rises, falls = pack_cells(everywhere[moved > 0], self.k), pack_cells(everywhere[moved < 0], self.k)
        key = support.to_bytes(8, "little") + rises.tobytes() + falls.tobytes()
        if key not in self._known:
            self._known.add(key)
            self._supports.append(support)
            self._rises.append(rises)
            self._falls.append(falls)

    def packed(self) -> tuple[NDArray[np.uint64], NDArray[np.uint64], NDArray[np.uint64]]:
        """All directions as arrays for the kernels: supports, risen cells, lowered cells."""
        count, words = len(self), max(1, (1 << self.k) >> 6)
        supports = np.array(self._supports, dtype=np.uint64)
        rises = np.array(self._rises, dtype=np.uint64).reshape(count, words)
        falls = np.array(self._falls, dtype=np.uint64).reshape(count, words)
        return supports, rises, falls
