"""The three estimators of a share."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from hiddenpop.randomness import Random
from hiddenpop.respondent_driven.bootstraps import gile_replicates, salganik_replicates
from hiddenpop.respondent_driven.diagnostics import recruitment
from hiddenpop.respondent_driven.prevalence import Prevalence
from hiddenpop.respondent_driven.sample import RecruitmentSample
from hiddenpop.results import Interval

__all__ = ["inclusion_probabilities", "rds_i", "rds_ii", "successive_sampling"]

_SHARED = (
    "Respondents report their number of contacts inside the population correctly.",
    "Contacts are mutual, and recruiters choose among them at random.",
    "The population hangs together: chains can reach every part of it.",
)


def inclusion_probabilities(degree: NDArray[np.float64], population: int) -> NDArray[np.float64]:
    """Chance that each respondent was in the sample, under successive sampling.

    Parameters
    ----------
    degree : ndarray of float64, shape (n,)
        Contacts of the respondents, at least 1.
    population : int
        Size of the population, at least n.

    Returns
    -------
    ndarray of float64, shape (n,)
        Probabilities; their inverses add up to `population`.

    Raises
    ------
    ValueError
        When the population is smaller than the sample.

    Notes
    -----
    Gile's algorithm alternates between guessing the population's degrees from the probabilities and simulating
    the probabilities from the degrees. Drawing people one by one in proportion to degree is a race of
    exponential clocks, so a person of degree d is in the sample with probability 1 - exp(-d t), t the time at
    which the n-th clock rings. At the fixed point the two steps collapse to one equation,
    ``sum(1 / (1 - exp(-d_i t))) = population``, which is solved here without any simulation. The error is of
    order 1/population (0.0001 in the example of the tests); the simulated version with 500 draws an iteration
    scatters by 0.0003 from seed to seed.

    References
    ----------
    Gile, K. J. (2011). JASA 106, 135-146. Rosen, B. (1972). Asymptotic theory for successive sampling with
    varying probabilities without replacement. Annals of Mathematical Statistics 43, 373-397.

    Examples
    --------
    >>> import numpy as np
    >>> chance = inclusion_probabilities(np.array([1.0, 2.0, 4.0]), 6)
    >>> round(float((1 / chance).sum()), 6)
    6.0
    """
    degree = np.asarray(degree, dtype=np.float64)
    if population < degree.size:
        raise ValueError(f"a population of {population} cannot yield a sample of {degree.size}")
    if population == degree.size:
        return np.ones(degree.size)
    value, count = np.unique(degree, return_counts=True)

    def surplus(log_rate: float) -> float:
        return float(np.sum(count / -np.expm1(-value * np.exp(log_rate)))) - population

    low, high = -5.0, 0.0
    while surplus(low) < 0:
        low -= 5.0
    while surplus(high) > 0:
        high += 1.0
    rate = float(np.exp(brentq(surplus, low, high, xtol=1e-13)))
    return -np.expm1(-degree * rate)


def _share_i(trait: NDArray[np.bool_], degree: NDArray[np.float64], referrals: NDArray[np.float64]) -> float:
    """Salganik-Heckathorn share: how often each group recruits the other, and the groups' mean degrees."""
    if trait.all() or not trait.any():
        return float(trait[0])
    crossing = np.empty(2)
    for group in (0, 1):
        out = referrals[group].sum()
        crossing[group] = referrals[group, 1 - group] / out if out else 0.0
    mean = np.array([(trait == bool(g)).sum() / np.sum(1.0 / degree[trait == bool(g)]) for g in (0, 1)])
    flow = mean[0] * crossing[0]
    back = mean[1] * crossing[1]
    return float(flow / (flow + back)) if flow + back > 0 else float("nan")


def _share_ii(trait: NDArray[np.bool_], degree: NDArray[np.float64]) -> float:
    weight = 1.0 / degree
    return float(weight[trait].sum() / weight.sum())


def _one_sided(sample: RecruitmentSample) -> str | None:
    if sample.trait.all() or not sample.trait.any():
        return (
            f"All {sample.n} respondents {'have' if sample.trait.all() else 'lack'} the trait: a share of exactly "
            "0 or 1 has no honest interval here."
        )
    if sample.seeds == sample.n:
        return "Nobody recruited anybody, so this is not a respondent-driven sample."
    return None


def _refuse(method: str, sample: RecruitmentSample, reason: str, level: float, period: str | None) -> Prevalence:
    return Prevalence(method, None, level=level, observed=sample.n, period=period, warnings=sample.warnings, refused=reason)


def _walked(sample: RecruitmentSample, replicates: int, rng: Random, method: str) -> NDArray[np.float64]:
    shares = np.empty(replicates)
    for b, rows in enumerate(salganik_replicates(sample, replicates, rng)):
        trait, degree = sample.trait[rows], sample.degree[rows]
        if method == "rds-ii":
            shares[b] = _share_ii(trait, degree)
        else:
            steps = trait[:-1].astype(np.int64) * 2 + trait[1:]
            shares[b] = _share_i(trait, degree, np.bincount(steps, minlength=4).reshape(2, 2).astype(float))
    return shares[np.isfinite(shares)]


def _finish(
    method: str,
    share: float,
    shares: NDArray[np.float64],
    sample: RecruitmentSample,
    level: float,
    bias: str,
    how: str,
    period: str | None,
    population: int | None,
    extra: tuple[str, ...] = (),
    symmetric: bool = False,
) -> Prevalence:
    error = float(shares.std(ddof=1))
    if symmetric:
        reach = float(norm.ppf(0.5 + level / 2)) * error
        low, high = share - reach, share + reach
    else:
        low, high = (float(q) for q in np.quantile(shares, [(1 - level) / 2, (1 + level) / 2]))
    interval = Interval(max(0.0, min(low, share)), min(1.0, max(high, share)), level, how)
    details: dict[str, Any] = {
        "standard_error": error,
        "replicates": int(shares.size),
        "share_in_sample": float(sample.trait.mean()),
        "population": population,
    }
    if population is not None:
        details["people_with_trait"] = share * population
    return Prevalence(
        method,
        share,
        interval,
        level,
        sample.n,
        _SHARED + extra,
        bias,
        period,
        sample.warnings + recruitment(sample).warnings,
        details=details,
    )


def _resampled(
    method: str, share: float, sample: RecruitmentSample, replicates: int, rng: Random, level: float, bias: str,
    period: str | None,
) -> Prevalence:  # fmt: skip
    """An answer whose interval comes from Salganik's bootstrap, which draws as if with replacement."""
    extra = ("The sample is a small part of the population (drawn as if with replacement).",)
    shares, how = _walked(sample, replicates, rng, method), f"Salganik bootstrap, {replicates} replicates"
    return _finish(method, share, shares, sample, level, bias, how, period, None, extra)


def rds_i(
    sample: RecruitmentSample,
    *,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Random = None,
    period: str | None = None,
) -> Prevalence:
    """Estimate a share from who recruits whom (Salganik-Heckathorn, RDS-I).

    Parameters
    ----------
    sample : RecruitmentSample
    level : float
        Nominal level of the interval.
    replicates : int
        Salganik bootstrap samples.
    rng : seed or numpy.random.Generator, optional
    period : str, optional
        When the sample was taken.

    Returns
    -------
    Prevalence

    Notes
    -----
    Assumes sampling with replacement from an undirected network. Bias: upward when people with the trait are
    recruited preferentially or report too few contacts; any direction when the sample is a large part of the
    population.

    References
    ----------
    Salganik, M. J. and Heckathorn, D. D. (2004). Sampling and estimation in hidden populations using
    respondent-driven sampling. Sociological Methodology 34, 193-239.

    Examples
    --------
    >>> import numpy as np
    >>> sample = RecruitmentSample(np.array([-1, 0, 0, 1, 2, 3]), np.full(6, 2.0), np.array([1, 0, 1, 1, 0, 0], bool))
    >>> round(rds_i(sample, rng=np.random.default_rng(1)).estimate, 4)
    0.5714
    """
    reason = _one_sided(sample)
    share = float("nan") if reason else _share_i(sample.trait, sample.degree, sample.referrals.astype(float))
    if reason is None and not np.isfinite(share):
        reason = "The two groups never recruited each other; their ratio cannot be read from the chains."
    if reason:
        return _refuse("rds-i", sample, reason, level, period)
    bias = (
        "Too high when people with the trait are recruited first or under-report their contacts; too low in the "
        "opposite cases."
    )
    return _resampled("rds-i", share, sample, replicates, rng, level, bias, period)


def rds_ii(
    sample: RecruitmentSample,
    *,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Random = None,
    period: str | None = None,
) -> Prevalence:
    """Estimate a share with weights 1/degree (Volz-Heckathorn, RDS-II).

    Parameters
    ----------
    sample, level, replicates, rng, period
        As in :func:`rds_i`.

    Returns
    -------
    Prevalence

    Notes
    -----
    Assumes sampling with replacement. Bias: when people with the trait have more contacts, a sample that is a
    large part of the population is over-corrected and the share is too low (the tests' example: 0.164 against a
    true 0.200); :func:`successive_sampling` repairs this.

    References
    ----------
    Volz, E. and Heckathorn, D. D. (2008). Probability based estimation theory for respondent driven sampling.
    Journal of Official Statistics 24, 79-97.

    Examples
    --------
    >>> import numpy as np
    >>> sample = RecruitmentSample(np.array([-1, 0, 0, 1]), np.array([1.0, 2, 4, 4]), np.array([1, 0, 0, 1], bool))
    >>> round(rds_ii(sample, rng=np.random.default_rng(1)).estimate, 4)
    0.625
    """
    reason = _one_sided(sample)
    if reason:
        return _refuse("rds-ii", sample, reason, level, period)
    bias = (
        "Too low when people with the trait have more contacts and the sample is a large part of the population; "
        "too high when they have fewer."
    )
    share = _share_ii(sample.trait, sample.degree)
    return _resampled("rds-ii", share, sample, replicates, rng, level, bias, period)


def successive_sampling(
    sample: RecruitmentSample,
    population: int,
    *,
    level: float = 0.95,
    replicates: int = 500,
    rng: Random = None,
    period: str | None = None,
) -> Prevalence:
    """Estimate a share by successive sampling (Gile's SS) with its bootstrap.

    Parameters
    ----------
    sample : RecruitmentSample
    population : int
        Assumed size of the population, at least the sample. It is an assumption, not a result: try several.
    level, rng, period
        As in :func:`rds_i`.
    replicates : int
        Gile bootstrap samples.

    Returns
    -------
    Prevalence
        Interval: estimate plus and minus the normal quantile times the bootstrap standard error, as the method
        was published, cut at 0 and 1.

    Raises
    ------
    ValueError
        When the population is smaller than the sample.

    Notes
    -----
    Bias: an assumed population that is too small moves the share towards that of the unweighted sample, one
    that is too large towards RDS-II.

    References
    ----------
    Gile, K. J. (2011). JASA 106, 135-146.

    Examples
    --------
    >>> import numpy as np
    >>> sample = RecruitmentSample(np.array([-1, 0, 0, 1]), np.array([1.0, 2, 4, 4]), np.array([1, 0, 0, 1], bool))
    >>> round(successive_sampling(sample, 4, rng=np.random.default_rng(1)).estimate, 4)
    0.5
    """
    chance = inclusion_probabilities(sample.degree, population)
    reason = _one_sided(sample)
    if reason:
        return _refuse("ss", sample, reason, level, period)
    weights = 1.0 / chance
    share = float(weights[sample.trait].sum() / weights.sum())
    return _finish(
        "ss",
        share,
        gile_replicates(sample, population, weights, replicates, rng),
        sample,
        level,
        "A population assumed too small pulls the share towards the raw sample, one assumed too large towards "
        "RDS-II; preferential recruitment of people with the trait makes it too high.",
        f"Gile bootstrap, {replicates} replicates",
        period,
        population,
        (f"The population counts {population} people (an assumption that this method needs).",),
        symmetric=True,
    )
