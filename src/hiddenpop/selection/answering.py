"""From a selected model to an answer: conditional interval, bootstrap with the selection inside, warnings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals import bca_interval, normal_interval
from hiddenpop.intervals.resampling import Refit
from hiddenpop.loglinear import LoglinearFit, PreparedTable, Ranking
from hiddenpop.loglinear.reselection import Reselection
from hiddenpop.loglinear.stepwise import Stepwise
from hiddenpop.models import single_model
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate, Interval

__all__ = ["ASSUMPTIONS", "BIAS", "Choice", "Progress", "answer", "refit_fixed", "refit_ranked", "refit_stepwise"]

Progress = Callable[[int, int], None]

ASSUMPTIONS = (
    "The population did not change over the period: nobody joined or left it.",
    "Records of the same person on different lists were matched without error.",
    "Everybody could have appeared on every list.",
    "Lists depend on each other only as the model says; the highest interaction of all lists is absent.",
)
BIAS = (
    "If people on one list are more likely to be on another (referral) and the model misses it, the total is too "
    "low; if they are less likely, too high. Missed matches make it too high."
)
_CONDITIONAL = (
    "The interval takes the selected model as known. Such intervals cover the truth less often than they say; "
    "ask for a bootstrap to bring the selection into it."
)


@dataclass(frozen=True)
class Choice:
    """A selected model with everything its answer shows."""

    method: str
    fitted: LoglinearFit
    refit: Refit
    criterion_name: str | None = None
    criterion: float | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()


def answer(
    histories: CaptureHistories,
    choice: Choice,
    *,
    level: float,
    bootstrap: int,
    rng: Random,
    progress: Progress | None,
) -> Estimate:
    """Build the answer of a selected model; `bootstrap` replicates, or 0 for the conditional interval."""
    fitted = choice.fitted
    warnings = [*table_warnings(histories), *choice.warnings]
    details: dict[str, Any] = {
        "conditional_interval": normal_interval(fitted, level),
        "standard_error": fitted.standard_error,
        "parameters": fitted.parameters,
        "deviance": fitted.deviance,
        "coefficients": dict(fitted.coefficients),
        **choice.details,
    }
    interval: Interval = details["conditional_interval"]
    try:
        if bootstrap:
            interval, extra, notes = bca_interval(
                histories, fitted.total, choice.refit, replicates=bootstrap, level=level, rng=rng, progress=progress
            )
            details.update(extra)
            warnings.extend(notes)
        else:
            warnings.append(_CONDITIONAL)
    except KeyboardInterrupt:
        # The model is selected and fitted: that much is done.
        warnings.append(f"The bootstrap was stopped before the first of its parts was done. {_CONDITIONAL}")
    return Estimate(
        method=choice.method,
        estimate=fitted.total,
        interval=interval,
        level=level,
        model=fitted.model,
        criterion_name=choice.criterion_name,
        criterion=choice.criterion,
        observed=histories.n,
        assumptions=ASSUMPTIONS,
        bias=BIAS,
        period=histories.period,
        warnings=tuple(warnings),
        details=details,
    )


def refit_ranked(ranking: Ranking) -> Refit:
    """Selection by the ranking's criterion, repeated on many tables; the ranking must hold coefficients."""
    again = Reselection(ranking)

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        totals: NDArray[np.float64] = rows.sum(axis=1) + again.select(rows).darks
        return totals

    return refit


def refit_stepwise(k: int, threshold: float = 0.02) -> Refit:
    """Stepwise selection, repeated on many tables."""
    stepper = Stepwise(k, threshold)

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        totals: NDArray[np.float64] = rows.sum(axis=1) + stepper.select(rows).darks
        return totals

    return refit


def refit_fixed(model: str, k: int) -> Refit:
    """One model, fitted to many tables."""
    space = single_model(model, k)

    def refit(rows: NDArray[np.int64]) -> NDArray[np.float64]:
        totals = np.empty(len(rows))
        table: PreparedTable | None = None
        for at, row in enumerate(rows):
            table = PreparedTable(
                space,
                row,
                above=None if table is None else table.above,
                certificates=None if table is None else table.certificates,
            )
            fits = table.fit_all(space.words)
            totals[at] = row.sum() + math.exp(fits.log_darks[0]) if fits.codes[0] == 0 else math.inf
        return totals

    return refit
