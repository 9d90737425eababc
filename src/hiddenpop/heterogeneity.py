"""Models of people who differ in how easily they are found: M0, Mt, Mh and Mth with Chao, Poisson, Darroch, Gamma.

All are Poisson regressions of the counts by history. Mt gives each list its own reach; the h models add a
column that grows with the number of lists a person is on, and its shape stands for the spread of people's
visibility. Different shapes fit alike and extrapolate apart: the span of their totals is the message.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.conditional import log_normal_interval
from hiddenpop.results import Estimate, Refusal

__all__ = ["HETEROGENEITY_MODELS", "ClosedFit", "closed_models", "heterogeneity"]

#: Names of the models, with the shape of the added column as a function of the number of lists.
HETEROGENEITY_MODELS: Mapping[str, str] = {
    "M0": "all lists reach alike, people are alike",
    "Mt": "lists differ, people are alike",
    "Mh Chao": "people differ in any way (lower bound)",
    "Mh Poisson2": "people differ, light tail",
    "Mh Darroch": "people differ, normal on the log-odds scale",
    "Mh Gamma3.5": "people differ, heavy tail",
    "Mth Chao": "lists differ and people differ in any way (lower bound)",
    "Mth Poisson2": "lists differ and people differ, light tail",
    "Mth Darroch": "lists differ and people differ, normal on the log-odds scale",
    "Mth Gamma3.5": "lists differ and people differ, heavy tail",
}


@dataclass(frozen=True)
class ClosedFit:
    """One fitted model: total, standard error, deviance, residual degrees of freedom, AIC."""

    model: str
    total: float
    standard_error: float
    deviance: float
    degrees: int
    aic: float


def _columns(model: str, k: int) -> tuple[NDArray[np.float64], int]:
    """Design of a model over the 2**k - 1 observable cells, and where Chao's columns begin (-1: none)."""
    cells = np.arange(1, 1 << k)
    size = np.bitwise_count(cells).astype(float)
    family, _, shape = model.partition(" ")
    lists = ((cells[:, None] >> np.arange(k)) & 1).astype(float) if "t" in family else size[:, None]
    base = np.column_stack([np.ones(len(cells)), lists])
    if not shape:
        return base, -1
    if shape == "Chao":
        steps = np.column_stack([np.maximum(size - j + 1, 0.0) for j in range(3, k + 1)])
        return np.column_stack([base, steps]), base.shape[1]
    extra = {
        "Poisson2": 2.0**size - 1.0,
        "Darroch": size**2 / 2.0,
        "Gamma3.5": math.log(3.5) - np.log(3.5 + size),
    }[shape]
    return np.column_stack([base, extra]), -1


def _poisson(
    matrix: NDArray[np.float64], counts: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Poisson regression by weighted least squares: coefficients, means, covariance."""
    means = counts + 0.1
    eta = np.log(means)
    previous = math.inf
    for _ in range(100):
        response = eta + (counts - means) / means
        information = matrix.T @ (means[:, None] * matrix)
        beta = np.linalg.solve(information, matrix.T @ (means * response))
        eta = matrix @ beta
        means = np.exp(eta)
        value = float(np.sum(means - counts * eta))
        if abs(previous - value) < 1e-11 * (abs(value) + 0.1):
            covariance = np.linalg.inv(matrix.T @ (means[:, None] * matrix))
            return beta.astype(np.float64), means, covariance.astype(np.float64)
        previous = value
    raise Refusal("the fit does not settle")


def _fit(histories: CaptureHistories, model: str) -> ClosedFit:
    counts = histories.counts[1:].astype(float)
    matrix, chao_at = _columns(model, histories.k)
    if matrix.shape[1] > len(counts):
        raise Refusal("there are more parameters than histories")
    try:
        beta, means, covariance = _poisson(matrix, counts)
        while chao_at >= 0 and matrix.shape[1] > chao_at and beta[chao_at:].min() < 0:
            # Chao's steps stand for a mixture, so none may be negative: drop the first that is and fit again.
            worst = chao_at + int(np.argmax(beta[chao_at:] < 0))
            matrix = np.delete(matrix, worst, axis=1)
            beta, means, covariance = _poisson(matrix, counts)
    except np.linalg.LinAlgError:
        raise Refusal("the parameters cannot be told apart") from None
    dark = math.exp(beta[0])
    held = counts > 0
    surprise = float(np.sum(counts[held] * np.log(counts[held] / means[held])))
    likelihood = float(np.sum(counts * np.log(means) - means)) - sum(math.lgamma(c + 1) for c in counts)
    return ClosedFit(
        model,
        histories.n + dark,
        math.sqrt(dark + dark**2 * covariance[0, 0]),
        2.0 * (surprise - float(np.sum(counts - means))),
        len(counts) - matrix.shape[1],
        2.0 * matrix.shape[1] - 2.0 * likelihood,
    )


def closed_models(histories: CaptureHistories) -> list[ClosedFit]:
    """Fit every model that the table can carry.

    Parameters
    ----------
    histories : CaptureHistories
        Three lists or more.

    Returns
    -------
    list of ClosedFit
        In the order of :data:`HETEROGENEITY_MODELS`; models whose fit does not settle are left out.

    References
    ----------
    Baillargeon, S. and Rivest, L.-P. (2007). Rcapture: loglinear models for capture-recapture in R. Journal of
    Statistical Software 19(5). Cormack, R. M. (1989). Log-linear models for capture-recapture. Biometrics 45,
    395-413.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> [fit.model for fit in closed_models(table)][:2]
    ['M0', 'Mt']
    """
    require_table(histories)
    fits = []
    for model in HETEROGENEITY_MODELS:
        try:
            fits.append(_fit(histories, model))
        except Refusal:
            continue
    return fits


@answers("heterogeneity")
def heterogeneity(histories: CaptureHistories, *, level: float = 0.95, model: str | None = None) -> Estimate:
    """Estimate from one of the models of people who differ: the one with the least AIC, or a named one.

    Parameters
    ----------
    histories : CaptureHistories
        Three lists or more.
    level : float
    model : str, optional
        A name of :data:`HETEROGENEITY_MODELS`.

    Returns
    -------
    Estimate
        All fits are in ``details["models"]``.

    Notes
    -----
    *Direction of bias*: the shape of people's visibility is assumed, not seen; Mt and Chao are too low when
    people differ, Darroch and Gamma can be far too high.

    References
    ----------
    As in :func:`closed_models`.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> round(heterogeneity(table, model="Mt").estimate)
    405
    """
    if model is not None and model not in HETEROGENEITY_MODELS:
        raise ValueError(f"{model!r} is not one of {', '.join(HETEROGENEITY_MODELS)}")
    fits = closed_models(histories)
    usable = [fit for fit in fits if model in (None, fit.model)]
    if not usable:
        raise Refusal(f"Model {model} cannot be fitted to this table." if model else "No model can be fitted.")
    best = min(usable, key=lambda fit: fit.aic)
    method = "log-normal for the people on no list"
    return Estimate(
        method="heterogeneity",
        estimate=best.total,
        interval=log_normal_interval(histories.n, best.total, best.standard_error, level, method),
        level=level,
        model=best.model,
        criterion_name="aic",
        criterion=best.aic,
        observed=histories.n,
        assumptions=(
            "The population did not change over the period: nobody joined or left it.",
            "Records of the same person on different lists were matched without error.",
            "Given how easily a person is found, lists find that person independently.",
            f"Shape of the differences: {HETEROGENEITY_MODELS[best.model]}.",
        ),
        bias="The shape of people's visibility is assumed; a lighter tail than the true one gives too few people.",
        period=histories.period,
        warnings=(
            *table_warnings(histories),
            "Models that fit this table alike give different totals; compare them all in the details.",
        ),
        details={
            "standard_error": best.standard_error,
            "models": [vars(fit) for fit in fits],
        },
    )
