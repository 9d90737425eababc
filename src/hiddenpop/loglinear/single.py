"""One log-linear model on one table, in full: existence code, coefficients, fitted counts, standard error."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear.existence import design, recession_direction
from hiddenpop.loglinear.tables import PreparedTable
from hiddenpop.models import format_model, single_model
from hiddenpop.results import Refusal

__all__ = ["CODE_WORDS", "LoglinearFit", "check", "fit"]

#: What the existence and identifiability codes say.
CODE_WORDS: Mapping[int, str] = {
    0: "the maximum-likelihood estimate exists and is identifiable",
    1: "the maximum-likelihood estimate does not exist: some parameters run to infinity",
    2: "the parameters cannot be told apart: there are more of them than cells that hold information",
    3: "the maximum-likelihood estimate does not exist, and the parameters cannot be told apart",
}


@dataclass(frozen=True, eq=False)
class LoglinearFit:
    """A fitted hierarchical log-linear model.

    Attributes
    ----------
    model : str
        Name, such as ``"[12,3]"``.
    observed : int
        People on at least one list.
    dark : float
        Expected number of people on no list.
    log_dark_se : float
        Standard error of ``log(dark)``, from the inverse information.
    fitted : ndarray, shape (2**k,)
        Expected counts by cell; cell 0 holds `dark`.
    coefficients : mapping of str to float
        By set of lists, ``"0"`` for the intercept; minus infinity where nobody is on all of a set's lists.
    parameters : int
        Number of parameters, those at minus infinity included.
    log_likelihood, deviance, aic, bic : float
        `bic` counts people as its sample size.
    """

    model: str
    observed: int
    dark: float
    log_dark_se: float
    fitted: NDArray[np.float64]
    coefficients: Mapping[str, float]
    parameters: int
    log_likelihood: float
    deviance: float
    aic: float
    bic: float

    @property
    def total(self) -> float:
        """Observed people plus the expected number on no list."""
        return self.observed + self.dark

    @property
    def standard_error(self) -> float:
        """Standard error of the total: that of the expected dark figure, and its own Poisson spread."""
        return math.sqrt(self.dark + (self.dark * self.log_dark_se) ** 2)


def check(histories: CaptureHistories, model: str) -> int:
    """Existence and identifiability code of a model on a table.

    Parameters
    ----------
    histories : CaptureHistories
    model : str
        Such as ``"[12,13,23]"``.

    Returns
    -------
    int
        0 fit; 1 no maximum; 2 not identifiable; 3 both (see :data:`CODE_WORDS`).

    Notes
    -----
    Decided by linear program and by counting parameters against kept cells, without fitting anything.

    References
    ----------
    Chan, L., Silverman, B. W. and Vincent, K. (2021). Multiple systems estimation for sparse capture data:
    inferential challenges when there are nonoverlapping lists. JASA 116, 1297-1306.

    Examples
    --------
    >>> table = CaptureHistories.from_rows("ABC", [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)], [40, 30, 20, 6])
    >>> [check(table, model) for model in ("[12,13,23]", "[12,3]", "[13,23]")]
    [2, 1, 0]
    """
    space = single_model(model, histories.k)
    table = PreparedTable(space, histories.counts)
    codes, cells = table.unpack(int(space.words[0]))
    found, _ = recession_direction(cells.tolist(), codes.tolist(), table.counts[cells] > 0)
    return int(found) + 2 * int(len(codes) > len(cells))


def fit(histories: CaptureHistories, model: str) -> LoglinearFit:
    """Fit one hierarchical log-linear model by maximum likelihood, extended to empty margins.

    Parameters
    ----------
    histories : CaptureHistories
        The table; people on no list are what the fit extrapolates to.
    model : str
        Such as ``"[12,23,4]"``, lists numbered from 1.

    Returns
    -------
    LoglinearFit

    Raises
    ------
    Refusal
        When the maximum does not exist or is not identifiable.

    Notes
    -----
    Assumes a closed population, perfect matching between lists, and that lists depend on each other as the
    model says and not through their highest interaction. *Direction of bias*: dependence left out that makes
    people on one list more likely to be on another gives too few people; the reverse gives too many.

    References
    ----------
    Chan, Silverman and Vincent (2021), as in :func:`check`. Fienberg, S. E. (1972). The multiple recapture
    census for closed populations and incomplete 2**k contingency tables. Biometrika 59, 591-603.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> round(fit(table, "[1,2,3]").total)
    405
    """
    space = single_model(model, histories.k)
    table = PreparedTable(space, histories.counts)
    word = int(space.words[0])
    fits = table.fit_all(space.words, coefficients=True)
    code = int(fits.codes[0])
    name = format_model(space.parameters(word), histories.k)
    if code:
        raise Refusal(f"Model {name} cannot be used on this table: {CODE_WORDS[code]}.")
    codes, cells = table.unpack(word)
    beta = fits.coefficients[0][[int(np.flatnonzero(space.elements == value)[0]) for value in codes]]
    matrix = design(cells.tolist(), codes.tolist())
    means = np.exp(matrix @ beta)
    information = matrix.T @ (means[:, None] * matrix)
    unit = np.zeros(len(codes))
    unit[0] = 1.0
    variance = float(np.linalg.solve(information, unit)[0])
    fitted = np.zeros(1 << histories.k)
    fitted[cells] = means
    fitted[0] = math.exp(beta[0])
    held = table.counts[cells]
    likelihood = -float(fits.values[0]) - table.log_factorials
    surprise = np.where(held > 0, held * np.log(np.where(held > 0, held, 1.0) / means), 0.0)
    size = len(space.elements)
    known = dict(zip(codes.tolist(), beta.tolist(), strict=True))
    names = {0: "0"} | {int(c): format_model([int(c)], histories.k)[1:-1] for c in space.elements if c}
    return LoglinearFit(
        model=name,
        observed=histories.n,
        dark=float(fitted[0]),
        log_dark_se=math.sqrt(variance),
        fitted=fitted,
        coefficients={names[int(c)]: known.get(int(c), -math.inf) for c in space.elements},
        parameters=size,
        log_likelihood=likelihood,
        deviance=2.0 * float(np.sum(surprise - held + means)),
        aic=2.0 * size - 2.0 * likelihood,
        bic=size * math.log(histories.n) - 2.0 * likelihood,
    )
