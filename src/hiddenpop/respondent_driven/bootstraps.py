"""Resampling a recruitment forest: people cannot be redrawn one by one, because they came along chains.

Two published schemes. Salganik's (2006) walks on from person to person: the next respondent is drawn from those
who were recruited by somebody of the present one's group. Gile's (2011) builds a synthetic population with the
estimated degrees, groups and ties between groups and recruits from it without replacement, so that it also
shows what a sample that eats up the population does to the variance.

The kernels are plain functions, compiled on first use and drawing from the caller's generator; without the
compiler they give the same numbers.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from hiddenpop.compiling import compiled
from hiddenpop.randomness import Random, generator
from hiddenpop.respondent_driven.sample import RecruitmentSample

__all__ = ["gile_replicates", "salganik_replicates"]


def _salganik(
    rng: np.random.Generator,
    pools: NDArray[np.int64],
    sizes: NDArray[np.int64],
    trait: NDArray[np.int64],
    drawn: NDArray[np.int64],
) -> None:
    """Fill `drawn` (replicates, n) with row numbers; `pools` (2, n) holds who was recruited by each group."""
    n = drawn.shape[1]
    for b in range(drawn.shape[0]):
        group = trait[int(rng.random() * n)]
        for m in range(n):
            if sizes[group] == 0:
                group = 1 - group
            person = pools[group, int(rng.random() * sizes[group])]
            drawn[b, m] = person
            group = trait[person]


def _gile(
    rng: np.random.Generator,
    population: NDArray[np.int64],
    degrees: NDArray[np.float64],
    ties: NDArray[np.float64],
    recruits: NDArray[np.int64],
    seeds: int,
    n: int,
    total: float,
    estimates: NDArray[np.float64],
) -> None:
    """Fill `estimates` with the successive-sampling share of each synthetic sample.

    `population` (classes, 2) counts people by degree class and group, `ties` (2, 2) the estimated ties between
    groups, `recruits` the observed positive numbers of recruits.
    """
    classes = degrees.size
    traits = np.empty(n, dtype=np.int64)
    for b in range(estimates.size):
        left = population.copy()
        mass = np.zeros(2)
        for c in range(classes):
            mass[0] += left[c, 0] * degrees[c]
            mass[1] += left[c, 1] * degrees[c]
        first = mass.copy()
        counts = np.zeros((classes, 2))
        active = 0
        pending = recruits[int(rng.random() * recruits.size)]
        for m in range(n):
            if m < seeds:
                chance = mass[1] / (mass[0] + mass[1])
            else:
                while pending == 0:
                    active += 1
                    pending = recruits[int(rng.random() * recruits.size)]
                pending -= 1
                group = traits[active]
                # Ties to a group run out as its people are recruited.
                to_one = ties[group, 1] * mass[1] / first[1]
                to_zero = ties[group, 0] * mass[0] / first[0]
                if to_one + to_zero <= 0.0:
                    chance = mass[1] / (mass[0] + mass[1])
                else:
                    chance = to_one / (to_one + to_zero)
            chosen = 1 if rng.random() < chance else 0
            if mass[chosen] <= 0.5:
                chosen = 1 - chosen
            target = rng.random() * mass[chosen]
            reached = 0.0
            pick = -1
            for c in range(classes):
                if left[c, chosen] > 0:
                    pick = c
                    reached += left[c, chosen] * degrees[c]
                    if target < reached:
                        break
            left[pick, chosen] -= 1
            mass[chosen] -= degrees[pick]
            counts[pick, chosen] += 1.0
            traits[m] = chosen
        # Bisection on log t for the rate at which this sample's inclusion probabilities give `total` people.
        low, high = -40.0, 12.0
        for _ in range(64):
            middle = 0.5 * (low + high)
            rate = np.exp(middle)
            people = 0.0
            for c in range(classes):
                people += (counts[c, 0] + counts[c, 1]) / -np.expm1(-degrees[c] * rate)
            if people > total:
                low = middle
            else:
                high = middle
        rate = np.exp(0.5 * (low + high))
        with_trait = 0.0
        everybody = 0.0
        for c in range(classes):
            weight = 1.0 / -np.expm1(-degrees[c] * rate)
            with_trait += counts[c, 1] * weight
            everybody += (counts[c, 0] + counts[c, 1]) * weight
        estimates[b] = with_trait / everybody


def salganik_replicates(sample: RecruitmentSample, replicates: int, rng: Random = None) -> NDArray[np.int64]:
    """Draw Salganik's bootstrap samples.

    Parameters
    ----------
    sample : RecruitmentSample
    replicates : int
    rng : seed or numpy.random.Generator, optional

    Returns
    -------
    ndarray of int64, shape (replicates, n)
        Row numbers of the people in each replicate, in the order of the walk: person m was "recruited" by
        person m - 1.

    References
    ----------
    Salganik, M. J. (2006). Variance estimation, design effects, and sample size calculations for
    respondent-driven sampling. Journal of Urban Health 83, 98-112.
    """
    recruited = np.flatnonzero(sample.recruiter >= 0)
    by = sample.trait[sample.recruiter[recruited]]
    pools = np.zeros((2, sample.n), dtype=np.int64)
    sizes = np.zeros(2, dtype=np.int64)
    for group in (0, 1):
        members = recruited[by == bool(group)]
        pools[group, : members.size] = members
        sizes[group] = members.size
    if sizes.sum() == 0:
        raise ValueError("nobody recruited anybody; there is no chain to resample")
    drawn = np.empty((replicates, sample.n), dtype=np.int64)
    compiled(_salganik)(generator(rng), pools, sizes, sample.trait.astype(np.int64), drawn)
    return drawn


def gile_replicates(
    sample: RecruitmentSample,
    population: int,
    weights: NDArray[np.float64],
    replicates: int,
    rng: Random = None,
) -> NDArray[np.float64]:
    """Draw Gile's successive-sampling bootstrap and estimate the share in each replicate.

    Parameters
    ----------
    sample : RecruitmentSample
    population : int
        Size of the population, at least the sample.
    weights : ndarray of float64, shape (n,)
        Inverse inclusion probabilities of the respondents.
    replicates : int
    rng : seed or numpy.random.Generator, optional

    Returns
    -------
    ndarray of float64, shape (replicates,)
        Shares. The inclusion probabilities are solved anew for every replicate.

    References
    ----------
    Gile, K. J. (2011). Improved inference for respondent-driven sampling data with application to HIV
    prevalence estimation. Journal of the American Statistical Association 106, 135-146.
    """
    degrees, classes = np.unique(sample.degree, return_inverse=True)
    group = sample.trait.astype(np.int64)
    expected = np.zeros((degrees.size, 2))
    np.add.at(expected, (classes, group), weights)
    seen = np.zeros((degrees.size, 2), dtype=np.int64)
    np.add.at(seen, (classes, group), 1)
    people = _whole_people(expected * (population / expected.sum()), seen, population)

    mass = people.T.astype(np.float64) @ degrees
    referrals = sample.referrals.astype(np.float64)
    share = referrals / np.maximum(referrals.sum(axis=1, keepdims=True), 1.0)
    ties = share * mass[:, None]
    ties = 0.5 * (ties + ties.T)
    for row in (0, 1):
        # A group that recruited nobody says nothing about its contacts: assume that they mix at random.
        if ties[row].sum() == 0.0:
            ties[row] = mass
    recruits = sample.recruits[sample.recruits > 0]
    if recruits.size == 0:
        raise ValueError("nobody recruited anybody; there is no chain to resample")
    estimates = np.empty(replicates)
    compiled(_gile)(
        generator(rng), people, degrees, ties, recruits, min(sample.seeds, sample.n), sample.n, float(population), estimates
    )
    return estimates


def _whole_people(expected: NDArray[np.float64], seen: NDArray[np.int64], total: int) -> NDArray[np.int64]:
    """Round `expected` to whole people adding up to `total`, never fewer in a class than were seen."""
    people = np.maximum(np.floor(expected).astype(np.int64), seen)
    gap = total - int(people.sum())
    while gap != 0:
        step = 1 if gap > 0 else -1
        room = (expected - people) * step
        room[people + step < seen] = -np.inf
        room[(seen == 0) & (expected == 0.0)] = -np.inf
        people[np.unravel_index(int(np.argmax(room)), people.shape)] += step
        gap -= step
    return people
