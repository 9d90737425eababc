"""Intervals that take the model as given: normal on the log scale, and profile likelihood.

Both answer "if this model were known to be right". They leave out that the model was chosen on the same data,
so after selection they are too narrow; published studies put the actual coverage of such nominal 95 % intervals
at 60 to 90 %.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.bca import holding
from hiddenpop.loglinear import LoglinearFit, fit
from hiddenpop.loglinear.existence import design
from hiddenpop.models import members
from hiddenpop.results import Interval

__all__ = ["log_normal_interval", "normal_interval", "profile_interval"]


def _critical(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 * (1.0 + level)))


def normal_interval(fitted: LoglinearFit, level: float = 0.95) -> Interval:
    """Interval from the normal distribution of the log dark figure, the model taken as given.

    Parameters
    ----------
    fitted : LoglinearFit
    level : float

    Returns
    -------
    Interval

    Notes
    -----
    The people on no list get ``dark * exp(+- z * se)``. *Direction of bias*: too narrow after model selection.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> interval = normal_interval(fit(table, "[1,2,3]"))
    >>> round(interval.low), round(interval.high)
    (374, 447)
    """
    reach = math.exp(_critical(level) * fitted.log_dark_se)
    return Interval(
        fitted.observed + fitted.dark / reach,
        fitted.observed + fitted.dark * reach,
        level,
        f"normal on the log scale, model {fitted.model} taken as given",
    )


def log_normal_interval(observed: int, estimate: float, standard_error: float, level: float, method: str) -> Interval:
    """Interval for a total whose excess over the observed people is taken as log-normal.

    It never reaches below the observed people, unlike estimate plus or minus two standard errors.

    References
    ----------
    Chao, A. (1987). Estimating the population size for capture-recapture data with unequal catchability.
    Biometrics 43, 783-791.
    """
    hidden = estimate - observed
    if hidden <= 0:
        return Interval(estimate, estimate, level, method)
    reach = math.exp(_critical(level) * math.sqrt(math.log1p((standard_error / hidden) ** 2)))
    low, high = holding(observed + hidden / reach, observed + hidden * reach, estimate, observed)
    return Interval(low, high, level, method)


def profile_interval(histories: CaptureHistories, model: str, level: float = 0.95) -> Interval:
    """Profile-likelihood interval of the total under one model.

    Parameters
    ----------
    histories : CaptureHistories
    model : str
    level : float

    Returns
    -------
    Interval
        ``high`` is infinite when the likelihood stays above its threshold for ever.

    Raises
    ------
    hiddenpop.results.Refusal
        When the model has no maximum on this table.

    Notes
    -----
    All totals whose likelihood, maximized over the other parameters, lies within half a chi-squared quantile of
    the maximum. Unlike the normal interval it leans to the side on which the data say less. *Direction of
    bias*: too narrow after model selection.

    References
    ----------
    Cormack, R. M. (1992). Interval estimation for mark-recapture studies of closed populations. Biometrics 48,
    567-576.
    """
    fitted = fit(histories, model)
    codes = [code for code in members(model, histories.k) if _margin(histories, code) > 0]
    cells = np.flatnonzero(fitted.fitted[1:] > 0) + 1
    matrix = design(cells.tolist(), codes)[:, 1:]
    counts = histories.counts[cells].astype(float)
    start = np.array([fitted.coefficients[_name(code, histories.k)] for code in codes])
    best = _value(matrix, counts, start[0], start[1:])
    threshold = 0.5 * _critical(level) ** 2

    def excess(log_dark: float) -> float:
        return _maximize(matrix, counts, log_dark, start[1:]) - best - threshold

    def end(direction: float) -> float:
        from scipy.optimize import brentq

        step = max(fitted.log_dark_se, 0.1)
        near, far = start[0], start[0] + direction * step
        while excess(far) < 0:
            if abs(far - start[0]) > 40.0:
                return direction * math.inf
            near, far = far, far + direction * step
            step *= 1.6
        return float(brentq(excess, near, far, xtol=1e-10))

    low = histories.n + math.exp(end(-1.0))
    top = end(1.0)
    return Interval(
        low,
        math.inf if math.isinf(top) else histories.n + math.exp(top),
        level,
        f"profile likelihood, model {fitted.model} taken as given",
    )


def _margin(histories: CaptureHistories, code: int) -> int:
    cells = np.arange(1 << histories.k)
    return int(histories.counts[cells & code == code].sum())


def _name(code: int, k: int) -> str:
    from hiddenpop.models import format_model

    return format_model([code], k)[1:-1] if code else "0"


def _value(matrix: NDArray[np.float64], counts: NDArray[np.float64], offset: float, beta: NDArray[np.float64]) -> float:
    eta = offset + matrix @ beta
    return float(np.sum(np.exp(eta) - counts * eta))


def _maximize(matrix: NDArray[np.float64], counts: NDArray[np.float64], offset: float, start: NDArray[np.float64]) -> float:
    """Minus the log-likelihood, minimized over all coefficients but the intercept, which is held at `offset`."""
    beta = start.copy()
    value = _value(matrix, counts, offset, beta)
    for _ in range(200):
        means = np.exp(offset + matrix @ beta)
        slope = matrix.T @ (counts - means)
        step = np.linalg.solve(matrix.T @ (means[:, None] * matrix), slope)
        decrement = float(step @ slope)
        length = 1.0
        while True:
            trial = _value(matrix, counts, offset, beta + length * step)
            if trial <= value or length < 1e-9:
                break
            length *= 0.5
        beta, value = beta + length * step, min(trial, value)
        if decrement < 1e-10:
            break
    return value
