"""Sizes from network reports: basic, adjusted and generalized."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from hiddenpop.randomness import Random, generator
from hiddenpop.results import Estimate, Interval, refusal
from hiddenpop.scale_up.reports import NetworkReports, rescaled_weights

__all__ = ["adjusted", "generalized", "scale_up", "visibility"]

_BASIC = (
    "Everybody knows who among their contacts belongs to the hidden group.",
    "Members of the hidden group are known by as many people as anybody else.",
    "Known groups are mixed into networks as the hidden group is.",
)
_TOO_LOW = (
    "Too low when membership is kept secret or when hidden people have fewer contacts than others, which is the "
    "rule for stigmatized groups; too high when outsiders are counted in."
)
_FEW_REPORTS = 20


def scale_up(
    reports: NetworkReports,
    *,
    estimator: Literal["ratio-of-sums", "mean-of-ratios"] = "ratio-of-sums",
    level: float = 0.95,
    replicates: int = 1000,
    rng: Random = None,
    period: str | None = None,
) -> Estimate:
    """Estimate the size of the hidden population by basic network scale-up.

    Parameters
    ----------
    reports : NetworkReports
    estimator : {"ratio-of-sums", "mean-of-ratios"}
        Weighted hidden contacts over weighted network sizes (Killworth and others 1998), or the weighted mean of
        each respondent's own ratio, which drops respondents with no known contact, is noisier, and is too high
        where network sizes are told from few contacts (one divides by a guess).
    level : float
        Nominal level of the interval.
    replicates : int
        Rescaled bootstrap samples of primary sampling units within strata.
    rng : seed or numpy.random.Generator, optional
    period : str, optional

    Returns
    -------
    Estimate
        In people. ``observed`` is 0: the survey knows of nobody in person. ``details`` holds the mean network
        size and, by group, how well known sizes are predicted when left out.

    Notes
    -----
    Bias: see ``Estimate.bias``; :func:`generalized` removes the part that comes from visibility. Missing answers
    count as "nobody", which lowers whichever side they fall on.

    References
    ----------
    Killworth, P. D. and others (1998). Estimation of seroprevalence, rape, and homelessness in the United States
    using a social network approach. Evaluation Review 22, 289-308.

    Examples
    --------
    >>> import numpy as np
    >>> reports = NetworkReports.simple(
    ...     np.array([[2.0, 1], [0, 3], [1, 2]]), np.array([100.0, 200]), np.array([1.0, 0, 2]), 10_000)
    >>> scale_up(reports, rng=np.random.default_rng(1)).estimate
    100.0
    """
    method = f"scale-up {estimator}"
    hidden, degrees = reports.hidden_known, reports.degrees
    if (hidden * reports.weights).sum() == 0:
        reason = "No respondent knows anybody in the hidden group; the survey only shows that the group is rare."
        return refusal(method, 0, reason, level=level, period=period)
    if (degrees * reports.weights).sum() == 0:
        reason = "No respondent knows anybody in the known groups, so network sizes cannot be told."
        return refusal(method, 0, reason, level=level, period=period)
    top, bottom = _terms(reports, estimator)
    value, draws = _ratio_draws(reports, top, bottom, replicates, rng)
    warnings = _warnings(reports)
    if estimator == "mean-of-ratios" and np.any(degrees == 0):
        warnings += (f"{int((degrees == 0).sum())} respondents know nobody in the known groups and are left out.",)
    return Estimate(
        method,
        value * reports.population,
        _quantiles(draws * reports.population, value * reports.population, level, replicates),
        level,
        assumptions=_BASIC,
        bias=_TOO_LOW,
        period=period,
        warnings=warnings,
        details={
            "respondents": reports.n,
            "hidden_contacts": float(hidden.sum()),
            "mean_network_size": float(np.average(degrees, weights=reports.weights)),
            "standard_error": float(draws.std(ddof=1) * reports.population),
            "known_groups_predicted": _held_out(reports),
        },
    )


def _terms(reports: NetworkReports, estimator: str) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    hidden, degrees = reports.hidden_known, reports.degrees
    if estimator == "ratio-of-sums":
        return hidden, degrees
    if estimator == "mean-of-ratios":
        someone = degrees > 0
        return np.divide(hidden, degrees, out=np.zeros_like(hidden), where=someone), someone.astype(np.float64)
    raise ValueError(f"there is no estimator {estimator!r}; use 'ratio-of-sums' or 'mean-of-ratios'")


def _ratio_draws(
    reports: NetworkReports,
    top: NDArray[np.float64],
    bottom: NDArray[np.float64],
    replicates: int,
    rng: Random,
) -> tuple[float, NDArray[np.float64]]:
    """Weighted ratio and its bootstrap draws; sums are taken once per unit, replicates are two dot products."""
    unit, multipliers = rescaled_weights(reports.clusters, reports.strata, replicates, rng)
    tops = np.bincount(unit, weights=top * reports.weights)
    bottoms = np.bincount(unit, weights=bottom * reports.weights)
    below = multipliers @ bottoms
    kept = below > 0
    return float(tops.sum() / bottoms.sum()), (multipliers @ tops)[kept] / below[kept]


def _quantiles(draws: NDArray[np.float64], value: float, level: float, replicates: int) -> Interval:
    low, high = (float(q) for q in np.quantile(draws, [(1 - level) / 2, (1 + level) / 2]))
    return Interval(min(low, value), max(high, value), level, f"rescaled bootstrap, {replicates} replicates")


def _warnings(reports: NetworkReports) -> tuple[str, ...]:
    warnings = []
    people = float(reports.hidden_known.sum())
    if people < _FEW_REPORTS:
        warnings.append(f"Only {people:.0f} contacts in the hidden group were reported; the size rests on them.")
    if reports.missing:
        warnings.append(f"{reports.missing} answers are missing and count as nobody.")
    if reports.top_code is not None:
        cut = int((np.nan_to_num(reports.known) > reports.top_code).sum())
        cut += int((np.nan_to_num(reports.hidden) > reports.top_code).sum())
        if cut:
            warnings.append(f"{cut} answers above {reports.top_code:.0f} are read as {reports.top_code:.0f}.")
    return tuple(warnings)


def _held_out(reports: NetworkReports) -> list[list[float]]:
    """True size and size predicted from the other known groups, one pair a group: a check on the assumptions."""
    capped = reports.capped(reports.known)
    totals = reports.weights @ capped
    pairs = []
    for g, size in enumerate(reports.sizes):
        rest = float(totals.sum() - totals[g])
        predicted = float(totals[g] * (reports.sizes.sum() - size) / rest) if rest > 0 else float("nan")
        pairs.append([float(size), predicted])
    return pairs


def adjusted(
    basic: Estimate,
    *,
    frame_ratio: float = 1.0,
    degree_ratio: float = 1.0,
    true_positive_rate: float = 1.0,
    precision: float = 1.0,
) -> Estimate:
    """Correct a basic estimate by factors known from elsewhere.

    Parameters
    ----------
    basic : Estimate
        From :func:`scale_up`.
    frame_ratio : float
        Mean network of people in the survey's frame, counting contacts in the frame, over that of everybody.
    degree_ratio : float
        Mean network of hidden people over that of the frame; below 1 for most stigmatized groups.
    true_positive_rate : float
        Share of contacts with hidden people that respondents know to be such, 0 to 1.
    precision : float
        Share of reported hidden contacts who are in the hidden group, 0 to 1.

    Returns
    -------
    Estimate
        ``basic * precision / (frame_ratio * degree_ratio * true_positive_rate)``; the interval is scaled alike
        and does not hold the uncertainty of the factors.

    References
    ----------
    Feehan, D. M. and Salganik, M. J. (2016). Generalizing the network scale-up method. Sociological Methodology
    46, 153-186 (equation 23).

    Examples
    --------
    >>> from hiddenpop.results import Estimate
    >>> adjusted(Estimate("scale-up", 100.0), degree_ratio=0.5).estimate
    200.0
    """
    factors = {
        "frame_ratio": frame_ratio,
        "degree_ratio": degree_ratio,
        "true_positive_rate": true_positive_rate,
        "precision": precision,
    }
    for name, value in factors.items():
        if not 0.0 < value < float("inf"):
            raise ValueError(f"{name} must be a positive number; got {value}")
    for name in ("true_positive_rate", "precision"):
        if factors[name] > 1.0:
            raise ValueError(f"{name} is a share and cannot exceed 1; got {factors[name]}")
    if basic.estimate is None:
        return basic
    factor = precision / (frame_ratio * degree_ratio * true_positive_rate)
    interval = None
    if basic.interval is not None:
        old = basic.interval
        interval = Interval(old.low * factor, old.high * factor, old.level, f"{old.method}, scaled")
    return Estimate(
        "scale-up adjusted",
        basic.estimate * factor,
        interval,
        basic.level,
        assumptions=(*basic.assumptions[:1], "The adjustment factors are right; their own error is not counted."),
        bias="As far off as the factors are: a factor 10 % too low makes the size 10 % too high.",
        period=basic.period,
        warnings=basic.warnings,
        details={**basic.details, **factors},
    )


def visibility(
    aware: NDArray[np.float64],
    group_sizes: NDArray[np.float64],
    frame_population: float,
    weights: NDArray[np.float64] | None = None,
) -> float:
    """Mean number of people in the frame who know that a hidden person is hidden.

    Parameters
    ----------
    aware : ndarray of float64, shape (m, g)
        For each sampled hidden person: how many members of each known group are aware of them.
    group_sizes : ndarray of float64, shape (g,)
        Members of each known group who are in the frame.
    frame_population : float
        People in the frame.
    weights : ndarray of float64, shape (m,), optional
        Inverse inclusion probabilities, up to a factor (1/degree for a respondent-driven sample).

    Returns
    -------
    float
        People, at least 0.

    Examples
    --------
    >>> import numpy as np
    >>> visibility(np.array([[1.0, 2], [0, 3]]), np.array([100.0, 200]), 10_000)
    100.0
    """
    weight = np.ones(aware.shape[0]) if weights is None else weights
    mean = float(weight @ aware.sum(axis=1)) / float(weight.sum())
    return mean * frame_population / float(group_sizes.sum())


def generalized(
    reports: NetworkReports,
    aware: NDArray[np.float64],
    *,
    hidden_weights: NDArray[np.float64] | None = None,
    frame_sizes: NDArray[np.float64] | None = None,
    precision: float = 1.0,
    level: float = 0.95,
    replicates: int = 1000,
    rng: Random = None,
    period: str | None = None,
) -> Estimate:
    """Estimate the size by generalized scale-up: reports about hidden people over how visible those are.

    Parameters
    ----------
    reports : NetworkReports
        Survey of the frame. Weights must add up to the frame's people (or are scaled to ``population``).
    aware : ndarray of float64, shape (m, g)
        Second survey, among hidden people: how many members of each known group are aware that they are hidden.
    hidden_weights : ndarray of float64, shape (m,), optional
        Weights of the hidden sample, up to a factor.
    frame_sizes : ndarray of float64, shape (g,), optional
        Members of each known group inside the frame; default all of them.
    precision : float
        Share of reported hidden contacts who are in the hidden group.
    level, replicates, rng, period
        As in :func:`scale_up`; the hidden sample is resampled person by person in the same replicates.

    Returns
    -------
    Estimate

    Notes
    -----
    Size = reported hidden contacts of the whole frame / mean visibility. It needs neither equal network sizes
    nor full awareness. Bias: too low when hidden people overstate who is aware of them, too high when they
    understate it; the hidden sample's own errors carry over.

    References
    ----------
    Feehan, D. M. and Salganik, M. J. (2016). Sociological Methodology 46, 153-186.

    Examples
    --------
    >>> import numpy as np
    >>> reports = NetworkReports.simple(
    ...     np.array([[2.0, 1], [0, 3], [1, 2]]), np.array([100.0, 200]), np.array([1.0, 0, 2]), 10_000)
    >>> generalized(reports, np.array([[1.0, 1], [0, 1]]), rng=np.random.default_rng(1)).estimate
    200.0
    """
    method = "scale-up generalized"
    sizes = reports.sizes if frame_sizes is None else np.asarray(frame_sizes, dtype=np.float64)
    aware = np.asarray(aware, dtype=np.float64)
    if aware.ndim != 2 or aware.shape[1] != sizes.size:
        raise ValueError(f"aware needs one column a known group ({sizes.size}); got shape {aware.shape}")
    m = aware.shape[0]
    weight = np.ones(m) if hidden_weights is None else np.asarray(hidden_weights, dtype=np.float64)
    if not 0.0 < precision <= 1.0:
        raise ValueError(f"precision is a share above 0 and at most 1; got {precision}")
    seen = visibility(aware, sizes, reports.population, weight) if m else 0.0
    if seen == 0.0:
        reason = "No sampled hidden person says that anybody is aware of them; visibility cannot be told."
        return refusal(method, 0, reason, level=level, period=period)
    hidden = reports.hidden_known
    if (hidden * reports.weights).sum() == 0:
        reason = "No respondent knows anybody in the hidden group; the survey only shows that the group is rare."
        return refusal(method, 0, reason, level=level, period=period)
    random = generator(rng)
    mean, draws = _ratio_draws(reports, hidden, np.ones(reports.n), replicates, random)
    counts = random.multinomial(m, np.full(m, 1.0 / m), size=draws.size) * weight
    known = counts @ aware.sum(axis=1) / np.maximum(counts.sum(axis=1), np.finfo(float).tiny)
    visible = known * reports.population / float(sizes.sum())
    kept = visible > 0
    frame = reports.population * precision
    value = mean * frame / seen
    details: dict[str, Any] = {
        "respondents": reports.n,
        "hidden_respondents": m,
        "visibility": seen,
        "replicates_without_visibility": int((~kept).sum()),
    }
    warnings = _warnings(reports)
    if m < 50:
        warnings += (f"Visibility rests on {m} hidden people.",)
    return Estimate(
        method,
        value,
        _quantiles(draws[kept] * frame / visible[kept], value, level, replicates),
        level,
        assumptions=(
            "Hidden people know how many members of the known groups are aware of them.",
            "The known groups, taken together, are as aware of hidden people as the whole frame is.",
            "The hidden sample, with its weights, represents the hidden population.",
        ),
        bias="Too low when hidden people overstate who is aware of them, too high when they understate it.",
        period=period,
        warnings=warnings,
        details=details,
    )
