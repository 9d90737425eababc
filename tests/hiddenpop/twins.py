"""Plain slow twins of the kernels: one model at a time, SciPy and NumPy only, written from the definitions."""

from __future__ import annotations

import math
import os

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.stats import poisson

from hiddenpop.histories import CaptureHistories
from hiddenpop.models import format_model, members

#: Thousands of fits: minutes when the kernels run as plain Python for coverage or mutation tests.
needs_compiler = pytest.mark.skipif(
    os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"), reason="takes minutes without the compiler"
)


def reduced(histories: CaptureHistories, model: str) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Design and counts after parameters of empty margins are set to minus infinity, and the live parameters."""
    codes = members(model, histories.k)
    cells = list(range(1, 1 << histories.k))
    margin = {c: sum(histories.counts[s] for s in range(1 << histories.k) if s & c == c) for c in codes}
    dead = [c for c in codes if margin[c] == 0]
    cells = [s for s in cells if not any(s & c == c for c in dead)]
    live = [c for c in codes if margin[c] > 0]
    design = np.array([[1.0 if s & c == c else 0.0 for c in live] for s in cells])
    return design.reshape(len(cells), len(live)), histories.counts[cells].astype(float), live


def slow_check(histories: CaptureHistories, model: str) -> int:
    """Fienberg and Rinaldo's condition as published: maximize s with design' z = design' n and every z >= s."""
    design, counts, live = reduced(histories, model)
    cells = len(counts)
    answer = linprog(
        np.r_[np.zeros(cells), -1.0],
        A_eq=np.c_[design.T, np.zeros(len(live))],
        b_eq=design.T @ counts,
        A_ub=np.c_[-np.eye(cells), np.ones(cells)],
        b_ub=np.zeros(cells),
        bounds=[(0, None)] * cells + [(0, None)],
        method="highs",
    )
    assert answer.status == 0
    missing = -answer.fun < 1e-7
    return int(missing) + 2 * int(np.linalg.matrix_rank(design) < len(live))


def slow_fit(histories: CaptureHistories, model: str) -> tuple[float, float, int]:
    """Log-likelihood, log dark figure and parameters by iteratively reweighted least squares."""
    design, counts, _ = reduced(histories, model)
    eta = np.log(counts + 0.1)
    beta = np.zeros(design.shape[1])
    for _ in range(200):
        means = np.exp(eta)
        root = np.sqrt(means)
        response = eta + (counts - means) / means
        fresh = np.linalg.lstsq(root[:, None] * design, root * response, rcond=None)[0]
        moved = np.abs(fresh - beta).max()
        beta = fresh
        eta = design @ beta
        if moved < 1e-11:
            break
    value = float(np.sum(counts * eta - np.exp(eta))) - sum(math.lgamma(c + 1) for c in counts)
    return value, float(beta[0]), len(members(model, histories.k))


def slow_bic(histories: CaptureHistories, model: str) -> float:
    """BIC with people as the sample size and every parameter counted."""
    value, _, size = slow_fit(histories, model)
    return size * math.log(histories.n) - 2.0 * value


def slow_stepwise(histories: CaptureHistories, threshold: float = 0.02) -> tuple[str, float]:
    """Stepwise selection as published: every candidate checked, the least Poisson tail enters."""
    k = histories.k
    pairs = [(1 << i) | (1 << j) for i in range(k) for j in range(i + 1, k)]
    chosen: list[int] = []
    while True:
        model = format_model(members([1 << i for i in range(k)] + chosen, k), k)
        _design, _, _live = reduced(histories, model)
        _, _, _ = slow_fit(histories, model)
        fitted = fitted_cells(histories, model)
        best, least = None, threshold
        for pair in pairs:
            if pair in chosen:
                continue
            mean = sum(value for cell, value in fitted.items() if cell & pair == pair)
            seen = sum(histories.counts[cell] for cell in range(1 << k) if cell & pair == pair)
            tail = min(poisson.cdf(seen, mean), poisson.sf(seen - 1, mean))
            larger = format_model(members([1 << i for i in range(k)] + chosen + [pair], k), k)
            if tail < least and slow_check(histories, larger) == 0:
                best, least = pair, tail
        if best is None:
            return model, histories.n + math.exp(slow_fit(histories, model)[1])
        chosen.append(best)


def fitted_cells(histories: CaptureHistories, model: str) -> dict[int, float]:
    """Fitted counts of the kept cells."""
    codes = members(model, histories.k)
    margin = {c: sum(histories.counts[s] for s in range(1 << histories.k) if s & c == c) for c in codes}
    cells = [s for s in range(1, 1 << histories.k) if not any(s & c == c for c in codes if margin[c] == 0)]
    design, counts, _ = reduced(histories, model)
    eta = np.log(counts + 0.1)
    for _ in range(100):
        means = np.exp(eta)
        root = np.sqrt(means)
        response = eta + (counts - means) / means
        eta = design @ np.linalg.lstsq(root[:, None] * design, root * response, rcond=None)[0]
    return dict(zip(cells, np.exp(eta).tolist(), strict=True))
