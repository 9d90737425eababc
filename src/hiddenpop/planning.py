"""Before anything is collected: how many lists, and how many people on them, are enough to see something?

Given a guess of how many people there are and what share each list reaches, these functions say how wide the
interval will be and what change between two years could be told from chance. The answers are for lists that do
not steer people to or away from each other, or for the model that is named; real lists do worse, so read them
as the least that is needed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.stats import norm

from hiddenpop.loglinear.existence import design
from hiddenpop.models import format_model, members

__all__ = ["Plan", "Requirement", "detectable_change", "expected_precision", "history_chances", "requirements"]

#: Below this many shared people an overlap carries no estimate.
MINIMUM_OVERLAP = 7


@dataclass(frozen=True)
class Plan:
    """What a set of lists can be expected to show.

    Parameters
    ----------
    population : int
        Assumed number of people.
    reach : tuple of float
        Share of them on each list.
    model : str
        Model that will be fitted.
    expected_observed : float
        People on at least one list.
    smallest_overlap : float
        Expected people shared by the two lists that share fewest.
    relative_error : float
        Standard error of the logarithm of the total.
    interval : tuple of float
        Expected interval of the total, in people.
    level : float
    warnings : tuple of str
    """

    population: int
    reach: tuple[float, ...]
    model: str
    expected_observed: float
    smallest_overlap: float
    relative_error: float
    interval: tuple[float, float]
    level: float
    warnings: tuple[str, ...]

    @property
    def width_ratio(self) -> float:
        """Upper over lower end of the expected interval."""
        return self.interval[1] / self.interval[0]


def history_chances(reach: Sequence[float], odds_ratios: dict[tuple[int, int], float] | None = None) -> NDArray[np.float64]:
    """Chance of every capture history.

    Parameters
    ----------
    reach : sequence of float
        Share of the population on each list, strictly between 0 and 1.
    odds_ratios : dict, optional
        Odds ratio between two lists (numbered from 0), given the others. Reaches are kept by iterative
        proportional fitting.

    Returns
    -------
    ndarray of float64, shape (2**k,)
        Index by bitmask; adds up to 1.

    Examples
    --------
    >>> history_chances([0.5, 0.2]).round(3).tolist()
    [0.4, 0.4, 0.1, 0.1]
    """
    if not reach or any(not 0.0 < share < 1.0 for share in reach):
        raise ValueError("every list reaches a share of the population strictly between 0 and 1")
    cells = np.arange(1 << len(reach))
    on = np.array([(cells >> i) & 1 for i in range(len(reach))], dtype=bool)
    chances = np.ones(cells.size)
    for i, share in enumerate(reach):
        chances = chances * np.where(on[i], share, 1.0 - share)
    for (i, j), ratio in (odds_ratios or {}).items():
        if not ratio > 0:
            raise ValueError("odds ratios are positive numbers")
        chances = chances * np.where(on[i] & on[j], ratio, 1.0)
    for _ in range(500 if odds_ratios else 0):
        before = chances
        for i, share in enumerate(reach):
            inside = chances[on[i]].sum()
            outside = chances[~on[i]].sum()
            chances = np.where(on[i], chances * share / inside, chances * (1.0 - share) / outside)
        if np.abs(chances - before).max() < 1e-14:
            break
    return np.asarray(chances / chances.sum(), dtype=np.float64)


def expected_precision(
    population: int,
    reach: Sequence[float],
    *,
    model: str | None = None,
    odds_ratios: dict[tuple[int, int], float] | None = None,
    level: float = 0.95,
) -> Plan:
    """Compute how precisely a population will be known from given lists.

    Parameters
    ----------
    population : int
        Assumed number of people.
    reach : sequence of float
        Share of them on each list, at least two lists.
    model : str, optional
        Model that will be fitted, such as ``"[12,3]"``; default: independent lists.
    odds_ratios : dict, optional
        True dependence between lists; see :func:`history_chances`.
    level : float

    Returns
    -------
    Plan

    Raises
    ------
    ValueError
        For fewer than two lists or a model with as many parameters as there are cells to see.

    Notes
    -----
    Large-sample variance from the Fisher information of the Poisson log-linear model at the expected counts;
    the interval is log-normal in the number of unseen people. Model choice adds uncertainty that is not counted,
    and a model without a dependence that exists is biased besides: both make real intervals wider than these.

    References
    ----------
    Cormack, R. M. and Jupp, P. E. (1991). Inference for Poisson and multinomial models for capture-recapture
    experiments. Biometrika 78, 911-916.

    Examples
    --------
    >>> plan = expected_precision(1000, [0.3, 0.3, 0.3])
    >>> round(plan.expected_observed), round(plan.relative_error, 3)
    (657, 0.04)
    """
    k = len(reach)
    if k < 2:
        raise ValueError("one list says nothing about people on none; plan for two or more")
    if population < 1:
        raise ValueError("a population has at least one person")
    fitted = model or "[" + ",".join(str(i + 1) for i in range(k)) + "]"
    codes = members(fitted, k)
    cells = np.arange(1, 1 << k)
    if len(codes) > cells.size:
        raise ValueError(f"model {fitted} has more parameters than there are histories to see")
    expected = population * history_chances(reach, odds_ratios)
    matrix = design(cells.tolist(), list(codes))
    unit = np.zeros(len(codes))
    unit[0] = 1.0
    information = matrix.T @ (expected[1:, None] * matrix)
    log_dark_variance = float(np.linalg.solve(information, unit)[0])
    dark = float(expected[0])
    observed = population - dark
    # Unseen people: parameter error and, as in Darroch's variance, the scatter of the unseen themselves.
    error = math.sqrt(dark**2 * log_dark_variance + dark)
    reach_log = float(norm.ppf(0.5 + level / 2)) * math.sqrt(math.log1p((error / dark) ** 2))
    interval = (observed + dark * math.exp(-reach_log), observed + dark * math.exp(reach_log))
    overlaps = {
        (i, j): float(expected[[cell for cell in range(1 << k) if cell >> i & 1 and cell >> j & 1]].sum())
        for i, j in combinations(range(k), 2)
    }
    thin = [pair for pair, people in overlaps.items() if people < MINIMUM_OVERLAP]
    warnings = []
    if k == 2:
        warnings.append("With two lists nothing can be checked: whether they depend on each other stays unknown.")
    if thin:
        names = ", ".join(f"{i + 1} and {j + 1}" for i, j in thin)
        warnings.append(f"Fewer than {MINIMUM_OVERLAP} shared people are expected between lists {names}.")
    if odds_ratios and model is None:
        warnings.append("The lists depend on each other but the model ignores it: the total will be biased.")
    return Plan(
        population,
        tuple(float(share) for share in reach),
        format_model(codes, k),
        observed,
        min(overlaps.values()),
        error / population,
        interval,
        level,
        tuple(warnings),
    )


@dataclass(frozen=True)
class Requirement:
    """What a number of lists would need.

    Parameters
    ----------
    lists : int
    reach : float or None
        Share of the population that each list must reach; None when even 90 % is not enough.
    people_per_list : float or None
        The same in people.
    plan : Plan or None
    """

    lists: int
    reach: float | None
    people_per_list: float | None
    plan: Plan | None


def requirements(
    population: int,
    *,
    width_ratio: float = 1.5,
    lists: Sequence[int] = (2, 3, 4, 5, 6),
    pairwise: bool = False,
    level: float = 0.95,
) -> tuple[Requirement, ...]:
    """Answer "how many lists and people do I need?".

    Parameters
    ----------
    population : int
        Assumed number of people.
    width_ratio : float
        Wanted upper over lower end of the interval, above 1.
    lists : sequence of int
        Numbers of lists to try.
    pairwise : bool
        Allow for dependence between every two lists, which needs at least three lists (and, for a maximum that
        does not hang on one cell, better four).
    level : float

    Returns
    -------
    tuple of Requirement
        Each list is taken to reach the same share.

    Examples
    --------
    >>> [(need.lists, round(need.people_per_list)) for need in requirements(1000, lists=(2, 3, 4))]
    [(2, 232), (3, 145), (4, 106)]
    """
    if width_ratio <= 1.0:
        raise ValueError("the upper end lies above the lower one: width_ratio must exceed 1")
    found = []
    for k in lists:
        model = None
        if pairwise:
            if k < 3:
                found.append(Requirement(k, None, None, None))
                continue
            model = "[" + ",".join(f"{i + 1}{j + 1}" for i, j in combinations(range(k), 2)) + "]"

        def surplus(share: float, k: int = k, model: str | None = model) -> float:
            plan = expected_precision(population, [share] * k, model=model, level=level)
            return math.log(plan.width_ratio / width_ratio)

        if surplus(0.9) > 0.0:
            found.append(Requirement(k, None, None, None))
            continue
        low = 0.45
        while surplus(low) < 0.0 and low > 1e-6:
            low /= 2.0
        share = float(brentq(surplus, low, 0.9, xtol=1e-9))
        plan = expected_precision(population, [share] * k, model=model, level=level)
        found.append(Requirement(k, share, share * population, plan))
    return tuple(found)


def detectable_change(
    population: int,
    reach: Sequence[float],
    *,
    power: float = 0.8,
    level: float = 0.95,
    model: str | None = None,
) -> tuple[float, float]:
    """Compute the smallest fall and rise between two periods that would be told from chance.

    Parameters
    ----------
    population : int
        Number of people in the first period.
    reach : sequence of float
        Share on each list, the same in both periods.
    power : float
        Wanted chance of seeing the change, strictly between 0 and 1.
    level : float
        One minus the accepted chance of seeing a change that is none (two-sided).
    model : str, optional
        As in :func:`expected_precision`.

    Returns
    -------
    fall, rise : float
        Second total over first, below and above 1. A fall of 0 means that none can be told.

    Examples
    --------
    >>> fall, rise = detectable_change(1000, [0.3, 0.3, 0.3])
    >>> round(fall, 2), round(rise, 2)
    (0.85, 1.16)
    """
    if not 0.0 < power < 1.0:
        raise ValueError(f"power lies strictly between 0 and 1; got {power}")
    first = expected_precision(population, reach, model=model, level=level).relative_error
    needed = float(norm.ppf(0.5 + level / 2)) + float(norm.ppf(power))

    def surplus(ratio: float) -> float:
        people = max(1, round(population * ratio))
        second = expected_precision(people, reach, model=model, level=level).relative_error
        return abs(math.log(ratio)) - needed * math.hypot(first, second)

    def border(side: float) -> float | None:
        low, high = 0.0, 0.05
        while surplus(math.exp(side * high)) < 0.0:
            low, high = high, high * 1.5
            if high > 8.0 or population * math.exp(side * high) < 2.0:
                return None
        for _ in range(60):
            middle = 0.5 * (low + high)
            low, high = (middle, high) if surplus(math.exp(side * middle)) < 0.0 else (low, middle)
        return math.exp(side * high)

    fall, rise = border(-1.0), border(1.0)
    return (0.0 if fall is None else fall, math.inf if rise is None else rise)
