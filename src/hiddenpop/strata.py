"""Subgroups whose estimates borrow from each other and add up to the total.

A subgroup's own table is small and its own estimate wild. Here every subgroup's ratio of unseen to seen people
is pulled towards the common one, the more so the less the subgroup says (partial pooling), and the unseen are
then shared out so that the subgroups add up to the published total.

Small groups and small places can give people away. No subgroup is estimated for a site or an area below a
county, none of fewer than 100 estimated people is shown, and when one is withheld others are too, until
neither it nor the withheld together can be found by subtraction.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from hiddenpop.histories import CaptureHistories
from hiddenpop.loglinear import fit
from hiddenpop.loglinear.tables import PreparedTable
from hiddenpop.models import parse_model, single_model
from hiddenpop.randomness import Random, generator
from hiddenpop.results import Estimate, Interval, Refusal, refusal

__all__ = ["KINDS", "MINIMUM_PEOPLE", "StrataEstimates", "by_stratum"]

#: What a subgroup may be. Anything else is refused until somebody decides that it gives nobody away.
KINDS = frozenset(
    {
        "age",
        "county",
        "encampment",
        "exploitation",
        "gender",
        "lgbtq",
        "minors",
        "region",
        "sex and labor",
        "state",
        "year",
    }
)
#: A subgroup of fewer estimated people than this is not shown.
MINIMUM_PEOPLE = 100
_PLACE = re.compile(
    r"\b(site|shelter|facility|hospital|clinic|school|church|motel|hotel|precinct|district|neighbou?rhood|block|"
    r"street|avenue|tract|zip|zip\s?code|postal|parcel|camp)\b|\b\d{5}(-\d{4})?\b|\b\d{11}\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class StrataEstimates:
    """Estimates of subgroups, with the total they add up to.

    Parameters
    ----------
    kind : str
        What the subgroups are.
    total : Estimate
        The total, as it was given.
    estimates : mapping of str to Estimate
        By subgroup; a withheld one carries its reason and no number.
    pooling : float
        How far subgroups were pulled together on average: 0 not at all, 1 entirely.
    spread : float
        Standard deviation between subgroups of the log ratio of unseen to seen people.
    warnings : tuple of str
    """

    kind: str
    total: Estimate
    estimates: Mapping[str, Estimate]
    pooling: float
    spread: float
    warnings: tuple[str, ...]


def by_stratum(
    histories: CaptureHistories,
    total: Estimate,
    *,
    kind: str,
    model: str | None = None,
    replicates: int = 200,
    rng: Random = None,
) -> StrataEstimates:
    """Share out a total over subgroups with partial pooling.

    Parameters
    ----------
    histories : CaptureHistories
        With strata.
    total : Estimate
        The total, from any method; the subgroups add up to it.
    kind : str
        What the subgroups are, one of :data:`KINDS`.
    model : str, optional
        Log-linear model used inside every subgroup. Default: the total's model, or the best of those it averages,
        else independence.
    replicates : int
        Poisson bootstrap samples of the stratified table.
    rng : seed or numpy.random.Generator, optional

    Returns
    -------
    StrataEstimates

    Raises
    ------
    Refusal
        For a site or an area below a county, a kind nobody has decided on, a table without strata or a total
        that was itself refused.

    Notes
    -----
    The log ratios of unseen to seen are taken to be normal around a common value; their spread is estimated by
    Paule and Mandel's method. Subgroups in which the model has no maximum take the common value. The interval
    joins the bootstrap of the shares with the total's own interval, as if the two were independent, so it is
    somewhat too wide. Bias: a subgroup that really differs is pulled towards the others.

    References
    ----------
    Paule, R. C. and Mandel, J. (1982). Consensus values and weighting factors. Journal of Research of the
    National Bureau of Standards 87, 377-385.

    Examples
    --------
    >>> import numpy as np
    >>> women, men = np.array([0, 60, 50, 20]), np.array([0, 40, 50, 15])
    >>> table = CaptureHistories(("A", "B"), women + men, strata={"women": women, "men": men})
    >>> whole = Estimate("two lists", 525.0, observed=235)
    >>> parts = by_stratum(table, whole, kind="gender", rng=np.random.default_rng(1))
    >>> round(sum(part.estimate for part in parts.estimates.values()), 6)
    525.0
    """
    strata = _admitted(histories, total, kind)
    if total.estimate is None:
        raise Refusal("The total has no estimate, so it cannot be shared out.")
    names = list(strata)
    chosen = _model(histories, total, model)
    seen = np.array([int(strata[name].sum()) for name in names], dtype=np.float64)
    ratios, variances = _ratios(histories, [strata[name] for name in names], chosen)
    if not np.any(np.isfinite(ratios)):
        raise Refusal(f"Model {chosen} has a maximum in none of the subgroups; their tables are too thin.")
    pulled, pooling, spread = _pool(ratios, variances, seen)
    shares = _shares(seen, pulled)
    dark = total.estimate - histories.n
    people = seen + dark * shares
    drawn = _bootstrap(histories, strata, chosen, total, replicates, generator(rng))

    withheld = _withheld(dict(zip(names, people.tolist(), strict=True)))
    estimates = {}
    for position, name in enumerate(names):
        observed = int(seen[position])
        note: tuple[str, ...] = ()
        if not np.isfinite(ratios[position]):
            note = ("The model has no maximum in this subgroup alone; its ratio is that of the others.",)
        if name in withheld:
            estimates[name] = refusal(
                f"{total.method}, subgroup", observed, withheld[name], level=total.level, period=total.period
            )
            continue
        value = float(people[position])
        edge = (1 - total.level) / 2
        low, high = (float(q) for q in np.quantile(drawn[:, position], [edge, 1 - edge]))
        estimates[name] = Estimate(
            f"{total.method}, subgroup",
            value,
            Interval(
                max(float(observed), min(low, value)),
                max(high, value),
                total.level,
                f"Poisson bootstrap, {replicates} replicates, with the total's interval",
            ),
            total.level,
            chosen,
            observed=observed,
            assumptions=(
                *total.assumptions,
                "Subgroups differ in their ratio of unseen people like draws around a common one.",
            ),
            bias=f"{total.bias} A subgroup that really differs is pulled towards the others.".strip(),
            period=total.period,
            warnings=note,
            details={"own_log_ratio": float(ratios[position]), "pooled_log_ratio": float(pulled[position])},
        )
    warnings = tuple(f"{name}: {reason}" for name, reason in withheld.items())
    return StrataEstimates(kind, total, estimates, pooling, spread, warnings)


def _admitted(histories: CaptureHistories, total: Estimate, kind: str) -> dict[str, NDArray[np.int64]]:
    if not histories.strata:
        raise Refusal("The table has no subgroups.")
    word = kind.strip().lower()
    if _PLACE.search(word):
        raise Refusal(
            f"No estimate is made by {kind}: a number for a site or an area below a county can lead to the people "
            "behind it. Use county or region."
        )
    if word not in KINDS:
        raise Refusal(f"Subgroups by {kind!r} have not been decided on; possible are {', '.join(sorted(KINDS))}.")
    if word != "encampment":
        for name in histories.strata:
            # A number of five digits is a ZIP code; a year has four.
            if _PLACE.search(name):
                raise Refusal(f"Subgroup {name!r} looks like a site or an area below a county; none is estimated.")
    if total.estimate is None:
        raise Refusal(f"The total was refused, so nothing can be shared out: {total.refused}")
    return {name: np.asarray(counts) for name, counts in histories.strata.items()}


def _model(histories: CaptureHistories, total: Estimate, model: str | None) -> str:
    if model is not None:
        parse_model(model, histories.k)
        return model
    best: Any = total.details.get("best_models") or ({},)
    for candidate in (total.model, best[0].get("model")):
        try:
            parse_model(candidate or "", histories.k)
        except ValueError:
            continue
        return str(candidate)
    return "[" + ",".join(str(i + 1) for i in range(histories.k)) + "]"


def _ratios(
    histories: CaptureHistories, tables: list[NDArray[np.int64]], model: str
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Log ratio of unseen to seen people and its variance by subgroup; nan and infinity where there is none."""
    ratios = np.full(len(tables), np.nan)
    variances = np.full(len(tables), np.inf)
    for position, counts in enumerate(tables):
        if counts.sum() == 0:
            continue
        try:
            fitted = fit(CaptureHistories(histories.list_names, counts), model)
        except Refusal:
            continue
        if math.isfinite(fitted.log_dark_se) and fitted.dark > 0:
            ratios[position] = math.log(fitted.dark) - math.log(counts.sum())
            variances[position] = fitted.log_dark_se**2
    return ratios, variances


def _pool(
    ratios: NDArray[np.float64], variances: NDArray[np.float64], seen: NDArray[np.float64]
) -> tuple[NDArray[np.float64], float, float]:
    """Pull log ratios towards their common mean; returns them, the mean pull and the spread between groups."""
    known = np.isfinite(ratios)
    value, variance = ratios[known], variances[known]
    if value.size < 2:
        return np.full(ratios.size, value[0]), 1.0, 0.0

    def surplus(between: float) -> float:
        weight = 1.0 / (variance + between)
        mean = float(np.sum(weight * value) / weight.sum())
        return float(np.sum(weight * (value - mean) ** 2)) - (value.size - 1)

    between = 0.0
    if surplus(0.0) > 0.0:
        high = 1.0
        while surplus(high) > 0.0:
            high *= 4.0
        between = float(brentq(surplus, 0.0, high))
    weight = 1.0 / (variance + between)
    mean = float(np.sum(weight * value) / weight.sum())
    pull = np.ones(ratios.size)
    pull[known] = variance / (variance + between)
    pulled = np.where(known, np.where(known, ratios, 0.0) * (1.0 - pull) + mean * pull, mean)
    return pulled, float(np.average(pull, weights=seen)), math.sqrt(between)


def _shares(seen: NDArray[np.float64], pulled: NDArray[np.float64]) -> NDArray[np.float64]:
    mass: NDArray[np.float64] = seen * np.exp(pulled - pulled.max())
    return mass / float(mass.sum())


def _bootstrap(
    histories: CaptureHistories,
    strata: Mapping[str, NDArray[np.int64]],
    model: str,
    total: Estimate,
    replicates: int,
    rng: np.random.Generator,
) -> NDArray[np.float64]:
    """Draws of each subgroup's people, shape (replicates, groups)."""
    if total.estimate is None:
        raise Refusal("The total has no estimate, so it cannot be shared out.")
    observed = np.array(list(strata.values()))
    seen = observed.sum(axis=1).astype(np.float64)
    space = single_model(model, histories.k)
    darks = np.empty((replicates, len(strata)))
    _, variances = _ratios(histories, list(observed), model)
    draws = rng.poisson(observed, size=(replicates, *observed.shape))
    for r in range(replicates):
        ratios = np.full(len(strata), np.nan)
        for s, counts in enumerate(draws[r]):
            if counts.sum() > 0:
                fits = PreparedTable(space, counts).fit_all(space.words)
                if fits.codes[0] == 0:
                    ratios[s] = float(fits.log_darks[0]) - math.log(counts.sum())
        usable = np.isfinite(ratios) & np.isfinite(variances)
        if not usable.any():
            darks[r] = seen / seen.sum()
            continue
        pulled, _, _ = _pool(np.where(usable, ratios, np.nan), variances, seen)
        darks[r] = _shares(np.maximum(draws[r].sum(axis=1), 0.5), pulled)
    dark = np.full(replicates, total.estimate - histories.n)
    if total.interval is not None and total.estimate > histories.n:
        dark = _dark_draws(histories.n, total.estimate, total.interval, replicates, rng)
    people: NDArray[np.float64] = seen + dark[:, None] * darks
    return people


def _dark_draws(
    observed: int, estimate: float, interval: Interval, replicates: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Unseen people, drawn so that their quantiles are those of the total's interval (two half log-normals)."""
    reach = float(norm.ppf(0.5 + interval.level / 2))
    dark = estimate - observed
    ceiling = interval.high if math.isfinite(interval.high) else 100.0 * estimate
    down = math.log(dark / max(interval.low - observed, 1e-3 * dark)) / reach
    up = math.log(max(ceiling - observed, dark) / dark) / reach
    normal = rng.standard_normal(replicates)
    draws: NDArray[np.float64] = dark * np.exp(normal * np.where(normal < 0, down, up))
    return draws


def _withheld(people: Mapping[str, float]) -> dict[str, str]:
    """Reasons by withheld subgroup: small ones, and enough others that a subtraction from the total finds none."""
    reasons = {
        name: f"Fewer than {MINIMUM_PEOPLE} estimated people; a number could point to some of them."
        for name, value in people.items()
        if value < MINIMUM_PEOPLE
    }
    for name in sorted(people, key=lambda name: people[name]):
        if not reasons or (len(reasons) > 1 and sum(people[gone] for gone in reasons) >= MINIMUM_PEOPLE):
            break
        if name not in reasons:
            reasons[name] = "Withheld so that no withheld subgroup can be found by subtraction from the total."
    return reasons
