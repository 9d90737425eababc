"""Estimates that use only how many lists people are on: Chao's lower bound and sample coverage.

People differ in how easily they are found. Those found once tell most about those never found; comparing them
with those found twice gives a bound that holds however people differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from hiddenpop.guards import answers, require_table, table_warnings
from hiddenpop.histories import CaptureHistories
from hiddenpop.intervals.conditional import log_normal_interval
from hiddenpop.intervals.resampling import bootstrap_totals
from hiddenpop.randomness import Random
from hiddenpop.results import Estimate, Refusal

__all__ = ["chao", "coverage_estimates", "frequencies", "sample_coverage"]

#: Below this share of the population's lists' reach, Chao and Tsay give a one-step bound instead.
ENOUGH_COVERAGE = 0.55


def frequencies(histories: CaptureHistories) -> NDArray[np.int64]:
    """People on exactly j lists, shape (k + 1,); entry 0 is 0."""
    sizes = np.bitwise_count(np.arange(1 << histories.k)).astype(np.int64)
    return np.bincount(sizes, weights=histories.counts, minlength=histories.k + 1).astype(np.int64)


@answers("chao")
def chao(histories: CaptureHistories, *, level: float = 0.95) -> Estimate:
    """Chao's lower bound for the total, whatever the differences between people.

    Parameters
    ----------
    histories : CaptureHistories
        Two lists or more.
    level : float

    Returns
    -------
    Estimate
        Flagged as a lower bound.

    Notes
    -----
    ``n + (k - 1)/k * f1**2 / (2 f2)`` with f1 and f2 people on exactly one and two of k lists; the factor
    belongs to a fixed number of lists and makes the bound equal to Lincoln-Petersen for two lists of equal
    size. Without it (k large) the bound of 1987 results; it is in ``details``. *Direction of bias*: downwards
    when people differ; upwards when lists repel each other.

    References
    ----------
    Chao, A. (1987). Estimating the population size for capture-recapture data with unequal catchability.
    Biometrics 43, 783-791. Rivest, L.-P. and Baillargeon, S. (2007). Applications and extensions of Chao's
    moment estimator. Biometrics 63, 999-1006.

    Examples
    --------
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [40, 40, 20])
    >>> chao(table).estimate
    180.0
    """
    require_table(histories, lists=2)
    once, twice = (int(value) for value in frequencies(histories)[1:3])
    factor = (histories.k - 1) / histories.k
    if twice == 0:
        raise Refusal("Nobody is on exactly two lists, so Chao's bound cannot be computed.")
    ratio = once / twice
    total = histories.n + factor * once * ratio / 2
    variance = twice * (factor * ratio**2 / 2 + factor**2 * ratio**3 + factor**2 * ratio**4 / 4)
    warnings = ["This is a lower bound: the true number is probably higher.", *table_warnings(histories)]
    if histories.k == 2:
        warnings.append("Two lists cannot show whether they depend on each other.")
    method = "log-normal for the people on no list"
    return Estimate(
        method="chao",
        estimate=total,
        interval=log_normal_interval(histories.n, total, math.sqrt(variance), level, method),
        level=level,
        model=None,
        observed=histories.n,
        assumptions=(
            "The population did not change over the period: nobody joined or left it.",
            "Records of the same person on different lists were matched without error.",
            "Given how easily a person is found, the lists find that person independently and about equally often.",
        ),
        bias="A lower bound: too low whenever people differ in how easily they are found.",
        period=histories.period,
        warnings=tuple(warnings),
        details={
            "on_one_list": once,
            "on_two_lists": twice,
            "standard_error": math.sqrt(variance),
            "bound_of_1987": histories.n + once * ratio / 2,
        },
    )


def coverage_estimates(counts: NDArray[np.int64] | NDArray[np.float64], k: int) -> dict[str, float]:
    """Chao and Tsay's estimates from one table: coverage, independent, full and one-step totals.

    Each pair of lists (j, l) has a coefficient of covariation ``g = N m_jl / (n_j n_l) - 1``. With C the mean
    share of a list's people who are on another list as well, and D the mean number of people on the other
    lists, ``N = D / C + sum(A_jl g_jl) / (k C)``, where A_jl counts people on j or l and on none but these,
    those on both twice. Putting g in terms of N and solving gives the full estimate. Starting from ``D / C`` and
    putting the total back into g once gives the one-step estimate, which is steadier when the coverage is low.
    """
    cells = np.arange(1 << k)
    people = np.asarray(counts, dtype=float)
    totals = np.array([people[(cells >> i) & 1 == 1].sum() for i in range(k)])
    alone = np.array([people[1 << i] for i in range(k)])
    if not totals.all():
        return dict.fromkeys(("coverage", "independent", "full", "one_step"), math.nan)
    coverage = 1.0 - float(np.mean(alone / totals))
    if coverage <= 0:
        return {"coverage": coverage, "independent": math.inf, "full": math.inf, "one_step": math.inf}
    reached = float(people.sum() - alone.sum() / k)
    independent = reached / coverage
    weighted = shift = 0.0
    for i in range(k):
        for j in range(i + 1, k):
            both = (1 << i) | (1 << j)
            weight = float(alone[i] + alone[j] + 2.0 * people[both]) / (k * coverage)
            slope = float(people[cells & both == both].sum()) / float(totals[i] * totals[j])
            weighted += weight * slope
            shift += weight
    first = independent - shift + weighted * independent
    full = (independent - shift) / (1.0 - weighted) if weighted < 1.0 else math.inf
    return {
        "coverage": coverage,
        "independent": independent,
        "full": full,
        "one_step": independent - shift + weighted * first,
    }


def _covered_total(counts: NDArray[np.int64], k: int, one_step: bool) -> float:
    total = coverage_estimates(counts, k)["one_step" if one_step else "full"]
    return math.inf if math.isnan(total) else max(total, float(counts.sum()))


@answers("sample-coverage")
def sample_coverage(
    histories: CaptureHistories,
    *,
    level: float = 0.95,
    bootstrap: int | None = None,
    rng: Random = None,
    progress: Callable[[int, int], None] | None = None,
) -> Estimate:
    """Sample-coverage estimate of Chao and Tsay, which lets every pair of lists depend on each other.

    Parameters
    ----------
    histories : CaptureHistories
        Three lists or more.
    level : float
    bootstrap : int, optional
        Replicates for the standard error, 500 by default; 0 for no interval.
    rng : seed or generator
    progress : callable, optional

    Returns
    -------
    Estimate
        The one-step estimate, flagged as a bound, when the estimated coverage is below 55 %.

    Notes
    -----
    *Direction of bias*: where lists depend positively and the coverage is low, both versions are too low.

    References
    ----------
    Chao, A. and Tsay, P. K. (1998). A sample coverage approach to multiple-system estimation with application
    to census undercount. JASA 93, 283-293. Chao, A., Tsay, P. K., Lin, S.-H., Shau, W.-Y. and Chao, D.-Y.
    (2001). The applications of capture-recapture models to epidemiological data. Statistics in Medicine 20,
    3123-3157.

    Examples
    --------
    >>> rows = [(1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0), (1, 0, 1), (0, 1, 1), (1, 1, 1)]
    >>> hepatitis = CaptureHistories.from_rows("PQE", rows, [69, 55, 63, 21, 17, 18, 28])
    >>> round(sample_coverage(hepatitis, bootstrap=0).estimate)
    508
    """
    require_table(histories)
    parts = coverage_estimates(histories.counts, histories.k)
    one_step = not (parts["coverage"] >= ENOUGH_COVERAGE and math.isfinite(parts["full"]))
    total = parts["one_step" if one_step else "full"]
    if not math.isfinite(total) or total < histories.n:
        raise Refusal(
            f"The lists overlap too little (sample coverage {max(parts['coverage'], 0.0):.0%}): the sample-coverage "
            f"method gives no possible total."
        )
    warnings = list(table_warnings(histories))
    if one_step:
        warnings.append(
            f"The estimated sample coverage is {parts['coverage']:.0%}, below {ENOUGH_COVERAGE:.0%}; the one-step "
            f"estimate is given, which is a lower bound when the lists depend positively."
        )
    replicates = 500 if bootstrap is None else bootstrap
    interval = None
    details: dict[str, object] = {**parts, "one_step_used": one_step}
    if replicates:
        run = bootstrap_totals(
            histories,
            lambda rows: np.array([_covered_total(row, histories.k, one_step) for row in rows]),
            replicates,
            rng=rng,
            progress=progress,
        )
        finite = run.totals[np.isfinite(run.totals)]
        if len(finite) < 0.9 * len(run.totals):
            warnings.append("More than a tenth of the resamples give no possible total; no interval is given.")
        elif len(finite) > 1:
            error = float(np.std(finite, ddof=1))
            details["standard_error"] = error
            method = f"log-normal, standard error from {len(run.totals)} resamples"
            interval = log_normal_interval(histories.n, total, error, level, method)
    else:
        warnings.append("No interval: ask for a bootstrap.")
    return Estimate(
        method="sample-coverage",
        estimate=total,
        interval=interval,
        level=level,
        observed=histories.n,
        assumptions=(
            "The population did not change over the period: nobody joined or left it.",
            "Records of the same person on different lists were matched without error.",
            "Lists depend on each other in pairs; dependence among three or more adds up from the pairs.",
        ),
        bias="Too low when lists depend positively and the coverage is low; too high when matches were missed.",
        period=histories.period,
        warnings=tuple(warnings),
        details=details,
    )
