"""Run several chains until they agree, and summarize what they agree on."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import compiled, worker_count
from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.latent_class.diagnostics import effective_sample_size, split_rhat
from hiddenpop.latent_class.sampler import run_chain
from hiddenpop.randomness import Random, generator
from hiddenpop.results import Estimate, Interval, refusal

__all__ = ["latent_class"]

#: Above this the chains disagree and no number is given.
REFUSE_RHAT = 1.05
#: Below this, with enough effective draws, sampling stops.
GOAL_RHAT = 1.01
_THIN = 10
_ASSUMPTIONS = (
    "Nobody enters or leaves the population in the period.",
    "Inside each latent class lists catch people independently of each other.",
    "Capture chances and class sizes are a priori uniform; the number of people is a priori 1/N.",
    "Records of the same person are linked without error.",
)
_BIAS = (
    "Too low when there is a kind of people that no list ever reaches; the class of the hard to reach is set by "
    "the prior when few people are on one list only."
)


@dataclass
class _Chain:
    rng: np.random.Generator
    weights: NDArray[np.float64]
    rates: NDArray[np.float64]
    unseen: NDArray[np.int64]
    state: NDArray[np.float64]

    @classmethod
    def start(cls, rng: np.random.Generator, classes: int, lists: int) -> _Chain:
        """Begin far from the others: chains that start apart and end together have converged."""
        return cls(
            rng,
            rng.dirichlet(np.ones(classes)),
            rng.uniform(0.05, 0.95, size=(classes, lists)),
            np.zeros(classes, dtype=np.int64),
            np.ones(1),
        )

    def run(
        self,
        patterns: NDArray[np.int64],
        counts: NDArray[np.int64],
        prior: tuple[float, float],
        draws: int,
        thin: int,
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        kept = np.zeros(draws, dtype=np.int64)
        occupied = np.zeros(draws, dtype=np.int64)
        compiled(run_chain)(
            self.rng,
            patterns,
            counts,
            prior[0],
            prior[1],
            self.weights,
            self.rates,
            self.unseen,
            self.state,
            kept,
            occupied,
            thin,
        )
        return kept, occupied


@answers("latent-class")
def latent_class(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    rng: Random = None,
    classes: int = 10,
    chains: int = 4,
    effective_draws: int = 4000,
    round_sweeps: int = 40_000,
    max_rounds: int = 40,
    burn_in: int = 4_000,
    concentration_prior: tuple[float, float] = (0.25, 0.25),
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Estimate:
    """Estimate the total by a Dirichlet-process mixture of latent classes.

    Parameters
    ----------
    histories : CaptureHistories
        At least three lists.
    level : float
        Posterior probability of the interval (equal tails).
    rng : seed or numpy.random.Generator, optional
        Every chain gets its own stream spawned from it; the result does not depend on `workers`.
    classes : int
        Largest number of classes.
    chains : int
        Independent chains, at least 2, started apart.
    effective_draws : int
        Sampling stops when Rhat is below 1.01 and the chains are worth this many independent draws.
    round_sweeps, max_rounds, burn_in : int
        Sweeps a chain between checks, largest number of checks, sweeps thrown away first.
    concentration_prior : tuple of float
        Shape and rate of the gamma prior of the concentration.
    workers : int, optional
        Threads; default one a processor.
    progress : callable, optional
        Called with (rounds done, rounds at most).

    Returns
    -------
    Estimate
        Posterior median. Refused when Rhat stays above 1.05, or when the table has fewer than three lists.
        ``details``: ``rhat``, ``effective_sample_size``, ``sweeps``, ``classes_in_use``, ``mean``.

    Notes
    -----
    Assumes conditional independence inside classes. Bias: towards too few when some people cannot be reached by
    any list. An interrupt (Ctrl-C) keeps the rounds that are complete.

    References
    ----------
    Manrique-Vallier, D. (2016). Bayesian population size estimation using Dirichlet process mixtures.
    Biometrics 72, 1246-1254.

    Examples
    --------
    >>> from hiddenpop.histories import CaptureHistories
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [20, 30, 10])
    >>> latent_class(table).refused[:54]
    'This method needs at least 3 lists and the table has 2'
    """
    if chains < 2:
        raise ValueError("one chain cannot disagree with itself; run at least two")
    if classes < 2:
        raise ValueError("at least two classes are needed for people to differ")
    require_table(histories)
    cells = np.flatnonzero(histories.counts)
    patterns = ((cells[:, None] >> np.arange(histories.k)) & 1).astype(np.int64)
    counts = histories.counts[cells].astype(np.int64)
    runs = [_Chain.start(stream, classes, histories.k) for stream in generator(rng).spawn(chains)]
    unseen, in_use, rhat, worth, interrupted = _until_agreed(
        runs, patterns, counts, concentration_prior, burn_in, round_sweeps, max_rounds, effective_draws, workers, progress
    )
    if unseen.shape[1] == 0:
        return refusal("latent-class", histories.n, "Interrupted before the chains had run.", level=level)
    totals = unseen + histories.n
    details = {
        "rhat": rhat,
        "effective_sample_size": worth,
        "chains": chains,
        "sweeps": int(unseen.size * _THIN),
        "classes": classes,
        "classes_in_use": float(in_use.mean()),
        "mean": float(totals.mean()),
        "chain_medians": [float(value) for value in np.median(totals, axis=1)],
    }
    if not rhat <= REFUSE_RHAT:
        apart = ", ".join(f"{value:,.0f}" for value in np.median(totals, axis=1))
        reason = (
            f"The chains disagree (Rhat {rhat:.3f}, at most {REFUSE_RHAT} is accepted; medians {apart}): the table "
            "does not settle how many kinds of people there are."
        )
        return refusal(
            "latent-class",
            histories.n,
            reason,
            level=level,
            period=histories.period,
            bias=_BIAS,
            assumptions=_ASSUMPTIONS,
            details=details,
        )
    low, median, high = (float(q) for q in np.quantile(totals, [(1 - level) / 2, 0.5, (1 + level) / 2]))
    warnings = list(table_warnings(histories))
    if interrupted:
        warnings.append("Interrupted: the answer rests on the draws made until then.")
    if rhat > GOAL_RHAT or worth < effective_draws:
        warnings.append(f"The chains agree only roughly (Rhat {rhat:.3f}, {worth:.0f} effective draws).")
    if median > 0 and high > 20 * histories.n:
        warnings.append("The upper end lies more than twenty times above what was seen; the prior speaks there.")
    return Estimate(
        "latent-class",
        median,
        Interval(low, high, level, "posterior, equal tails"),
        level,
        model=f"Dirichlet process, at most {classes} classes",
        observed=histories.n,
        assumptions=_ASSUMPTIONS,
        bias=_BIAS,
        period=histories.period,
        warnings=tuple(warnings),
        details=details,
    )


def _until_agreed(
    runs: list[_Chain],
    patterns: NDArray[np.int64],
    counts: NDArray[np.int64],
    prior: tuple[float, float],
    burn_in: int,
    round_sweeps: int,
    max_rounds: int,
    effective_draws: int,
    workers: int | None,
    progress: Callable[[int, int], None] | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64], float, float, bool]:
    draws = max(8, round_sweeps // _THIN)
    unseen = np.zeros((len(runs), 0), dtype=np.int64)
    in_use = np.zeros((len(runs), 0), dtype=np.int64)
    rhat, worth, interrupted = float("inf"), 0.0, False
    with ThreadPoolExecutor(min(worker_count(workers), len(runs))) as pool:
        try:
            list(pool.map(lambda run: run.run(patterns, counts, prior, 1, max(1, burn_in)), runs))
            for done in range(1, max_rounds + 1):
                parts = list(pool.map(lambda run: run.run(patterns, counts, prior, draws, _THIN), runs))
                unseen = np.concatenate([unseen, np.stack([part[0] for part in parts])], axis=1)
                in_use = np.concatenate([in_use, np.stack([part[1] for part in parts])], axis=1)
                draws_so_far = unseen.astype(np.float64)
                rhat, worth = split_rhat(draws_so_far), effective_sample_size(draws_so_far)
                if progress is not None:
                    progress(done, max_rounds)
                if rhat < GOAL_RHAT and worth >= effective_draws:
                    break
        except KeyboardInterrupt:
            interrupted = True
    return unseen, in_use, rhat, worth, interrupted
