"""How often would this method's interval have held the truth on tables like this one?

A nominal 95 % is a promise about other tables. Here it is kept or broken on tables simulated from the user's
own: a population is drawn from a fitted model, whose total is known, and the method is run on its lists.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from hiddenpop.guards import require_table
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.multi_model import simulate_tables
from hiddenpop.loglinear import fit
from hiddenpop.methods import estimate
from hiddenpop.randomness import Random, generator
from hiddenpop.results import Refusal

__all__ = ["Calibration", "calibrate"]

#: Like the built-in ``map``; an executor's ``map`` spreads the tables over processes.
Mapper = Callable[[Callable[[Any], Any], Iterable[Any]], Iterable[Any]]


@dataclass(frozen=True)
class Calibration:
    """What the intervals of one method did on simulated tables.

    Attributes
    ----------
    method, model : str
        Method on trial, and model the tables were simulated from.
    truth : int
        Total of every simulated population.
    level : float
        Nominal level.
    tables, refused : int
        Tables simulated, and how many of them the method refused.
    covered, too_low, too_high : int
        Intervals that held the truth, lay wholly below it, wholly above it.
    median_estimate, median_width : float
    """

    method: str
    model: str
    truth: int
    level: float
    tables: int
    refused: int
    covered: int
    too_low: int
    too_high: int
    median_estimate: float
    median_width: float

    @property
    def answered(self) -> int:
        """Tables with an interval."""
        return self.covered + self.too_low + self.too_high

    @property
    def coverage(self) -> float:
        """Share of intervals that held the truth, nan without any."""
        return self.covered / self.answered if self.answered else math.nan

    @property
    def monte_carlo_error(self) -> float:
        """Standard error of the coverage; from Wilson's center, so that it is never 0."""
        if not self.answered:
            return math.nan
        share = (self.covered + 2.0) / (self.answered + 4.0)
        return math.sqrt(share * (1.0 - share) / (self.answered + 4.0))

    def sentence(self) -> str:
        """The finding in plain words."""
        if not self.answered:
            return f"'{self.method}' gave no interval on any of {self.tables} tables like this one."
        return (
            f"On {self.answered} simulated tables like this one, with {self.truth:,} people in truth, the nominal "
            f"{self.level:.0%} interval of '{self.method}' held the truth in {self.coverage:.0%} of cases "
            f"(+- {self.monte_carlo_error:.1%}); it lay too low in {self.too_low} and too high in {self.too_high}."
        )


def _trial(
    task: tuple[tuple[int, ...], int],
    *,
    names: tuple[str, ...],
    method: str,
    level: float,
    bootstrap: int | None,
    options: dict[str, Any],
) -> tuple[float, float, float]:
    """Estimate, low and high end on one simulated table; nan where refused or without an interval."""
    counts, seed = task
    used = [i for i in range(len(names)) if any(count and at >> i & 1 for at, count in enumerate(counts))]
    table = CaptureHistories(names, np.array(counts, dtype=np.int64))
    answer = estimate(
        table.subset(used) if len(used) < len(names) and used else table,
        method,
        level=level,
        bootstrap=bootstrap,
        rng=seed,
        **options,
    )
    if answer.estimate is None or answer.interval is None:
        return math.nan, math.nan, math.nan
    return answer.estimate, answer.interval.low, answer.interval.high


def calibrate(
    histories: CaptureHistories,
    method: str = "stepwise",
    *,
    model: str | None = None,
    level: float = 0.95,
    tables: int = 200,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Callable[[int, int], None] | None = None,
    mapper: Mapper = map,
    **options: Any,
) -> Calibration:
    """Simulate tables like this one and count how often the method's interval holds the truth.

    Parameters
    ----------
    histories : CaptureHistories
        Three lists or more.
    method : str
        A name of :data:`hiddenpop.methods.METHODS`.
    model : str, optional
        Log-linear model to simulate from; by default the one stepwise selection chooses.
    level : float
    tables : int
        Tables to simulate.
    bootstrap : int, optional
        Replicates on each table.
    rng : seed or generator
    progress : callable, optional
        Called with (done, tables); Ctrl-C returns what is done.
    mapper : callable
        ``map``, or an executor's ``map``.
    **options
        Options of the method.

    Returns
    -------
    Calibration

    Raises
    ------
    Refusal
        When the table cannot carry the model.

    Notes
    -----
    Lists that are empty on a simulated table are left out, as an analyst would. *Direction of bias*: optimistic,
    because the simulated truth is a model that the method can find.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> table = CaptureHistories.from_rows("ABC", rows, [60, 60, 60, 30, 30, 30, 15])
    >>> calibrate(table, "stepwise", tables=20, bootstrap=0, rng=1).answered
    20
    """
    require_table(histories)
    if tables < 1:
        raise ValueError(f"at least one table must be simulated; got {tables}")
    if model is None:
        chosen = estimate(histories, "stepwise", bootstrap=0)
        if chosen.model is None:
            raise Refusal(chosen.refused or "No model could be selected to simulate from.")
        model = chosen.model
    fitted = fit(histories, model)
    random = generator(rng)
    rows = simulate_tables(fitted, tables, random)
    seeds = random.integers(0, 2**63, size=tables)
    trial = partial(
        _trial,
        names=histories.list_names,
        method=method,
        level=level,
        bootstrap=bootstrap,
        options=options,
    )
    tasks = ((tuple(int(c) for c in row), int(seed)) for row, seed in zip(rows, seeds, strict=True))
    results: list[tuple[float, float, float]] = []
    try:
        for result in mapper(trial, tasks):
            results.append(result)
            if progress is not None:
                progress(len(results), tables)
    except KeyboardInterrupt:
        if not results:
            raise
    truth = round(fitted.total)
    found = np.array(results)
    given = found[np.isfinite(found[:, 1])]
    low, high = int(np.sum(given[:, 2] < truth)), int(np.sum(given[:, 1] > truth))
    return Calibration(
        method=method,
        model=fitted.model,
        truth=truth,
        level=level,
        tables=len(found),
        refused=len(found) - len(given),
        covered=len(given) - low - high,
        too_low=low,
        too_high=high,
        median_estimate=float(np.median(given[:, 0])) if len(given) else math.nan,
        median_width=float(np.median(given[:, 2] - given[:, 1])) if len(given) else math.nan,
    )
