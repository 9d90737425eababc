"""Networks of people: recruitment through coupons, and surveys of who knows whom."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.respondent_driven.sample import RecruitmentSample
from hiddenpop.scale_up.reports import NetworkReports

__all__ = ["RecruitmentWorld", "ScaleUpWorld", "recruitment_world", "scale_up_world"]


@dataclass(frozen=True, eq=False)
class RecruitmentWorld:
    """A sample and the share it should find.

    Parameters
    ----------
    sample : RecruitmentSample
    prevalence : float
        True share with the trait, 0 to 1.
    population : int
    """

    sample: RecruitmentSample
    prevalence: float
    population: int


def recruitment_world(
    population: int,
    prevalence: float,
    respondents: int,
    rng: np.random.Generator,
    *,
    mean_degree: float = 8.0,
    activity: float = 1.0,
    homophily: float = 1.0,
    seeds: int = 10,
    coupons: int = 2,
) -> RecruitmentWorld:
    """Build a network and recruit through it.

    Parameters
    ----------
    population : int
        People in the hidden population.
    prevalence : float
        Share with the trait.
    respondents : int
        Size of the sample, at most the population.
    rng : numpy.random.Generator
    mean_degree : float
        Mean number of contacts.
    activity : float
        Mean contacts of people with the trait over those of the others.
    homophily : float
        Chance of a tie inside a group over that of a tie across, per pair; 1 is none.
    seeds, coupons : int
        People found otherwise, chosen by degree, and recruits each respondent may bring.

    Returns
    -------
    RecruitmentWorld

    Notes
    -----
    Ties are Poisson between pairs of people with expected numbers set by activity and homophily (a stochastic
    block model). When all chains die, a new seed is taken, as field teams do.

    Examples
    --------
    >>> import numpy as np
    >>> recruitment_world(300, 0.2, 100, np.random.default_rng(1)).sample.n
    100
    """
    if not 0 < respondents <= population or not 0.0 < prevalence < 1.0:
        raise ValueError("a sample needs respondents from the population and a share strictly between 0 and 1")
    trait = np.zeros(population, dtype=np.bool_)
    trait[: round(prevalence * population)] = True
    neighbors = _network(trait, mean_degree, activity, homophily, rng)
    degree = np.array([len(people) for people in neighbors], dtype=np.float64)

    chosen: list[int] = []
    recruiter: list[int] = []
    place: dict[int, int] = {}

    def add(person: int, by: int) -> None:
        place[person] = len(chosen)
        chosen.append(person)
        recruiter.append(by)

    def add_seed() -> None:
        left = np.array([person for person in range(population) if person not in place])
        mass = np.maximum(degree[left], 1e-9)
        add(int(rng.choice(left, p=mass / mass.sum())), -1)

    for _ in range(min(seeds, respondents)):
        add_seed()
    turn = 0
    while len(chosen) < respondents:
        if turn == len(chosen):
            add_seed()
            continue
        free = [person for person in neighbors[chosen[turn]] if person not in place]
        rng.shuffle(free)
        for person in free[: min(coupons, respondents - len(chosen))]:
            add(person, turn)
        turn += 1
    rows = np.array(chosen)
    sample = RecruitmentSample(np.array(recruiter), np.maximum(degree[rows], 1.0), trait[rows])
    return RecruitmentWorld(sample, float(trait.mean()), population)


def _network(
    trait: NDArray[np.bool_], mean_degree: float, activity: float, homophily: float, rng: np.random.Generator
) -> list[list[int]]:
    """Neighbors of each person: a block model with the wanted mean degree."""
    population = trait.size
    pull = np.where(trait, activity, 1.0)
    neighbors: list[set[int]] = [set() for _ in range(population)]
    groups = [np.flatnonzero(~trait), np.flatnonzero(trait)]
    mass = np.array([pull[group].sum() for group in groups])
    affinity = np.array([[homophily, 1.0], [1.0, homophily]])
    flow = affinity * np.outer(mass, mass)
    flow *= population * mean_degree / flow.sum()
    for a in (0, 1):
        for b in (a, 1 - a) if a == 0 else (a,):
            expected = flow[a, b] / 2.0 if a == b else flow[a, b]
            ties = int(rng.poisson(expected))
            for one, other in zip(rng.choice(groups[a], ties), rng.choice(groups[b], ties), strict=True):
                if one != other:
                    neighbors[one].add(int(other))
                    neighbors[other].add(int(one))
    return [sorted(people) for people in neighbors]


@dataclass(frozen=True, eq=False)
class ScaleUpWorld:
    """Two surveys and the size they should find.

    Parameters
    ----------
    reports : NetworkReports
        Survey of the general population.
    aware : ndarray of float64, shape (m, g)
        Survey of hidden people: members of each known group who are aware of them.
    hidden : int
        True size of the hidden population.
    """

    reports: NetworkReports
    aware: NDArray[np.float64]
    hidden: int


def scale_up_world(
    population: int,
    hidden: int,
    respondents: int,
    rng: np.random.Generator,
    *,
    sizes: tuple[int, ...] = (2000, 5000, 8000, 12000),
    mean_degree: float = 200.0,
    spread: float = 0.5,
    degree_ratio: float = 1.0,
    awareness: float = 1.0,
    clusters: int = 50,
    hidden_respondents: int = 200,
) -> ScaleUpWorld:
    """Draw a scale-up survey and a survey among hidden people.

    Parameters
    ----------
    population, hidden, respondents : int
    rng : numpy.random.Generator
    sizes : tuple of int
        Known groups.
    mean_degree, spread : float
        Mean of network sizes and standard deviation of their logarithm.
    degree_ratio : float
        Network size of hidden people over that of others: the basic estimate is too low by this factor.
    awareness : float
        Share of contacts who know that a hidden person is hidden: a second factor.
    clusters, hidden_respondents : int

    Returns
    -------
    ScaleUpWorld

    Notes
    -----
    Reports are Poisson given network sizes.

    Examples
    --------
    >>> import numpy as np
    >>> scale_up_world(1_000_000, 5000, 100, np.random.default_rng(1)).aware.shape
    (200, 4)
    """
    groups = np.array(sizes, dtype=np.float64)
    degree = rng.lognormal(np.log(mean_degree) - spread**2 / 2, spread, respondents)
    known = rng.poisson(degree[:, None] * groups / population).astype(np.float64)
    seen = rng.poisson(degree * hidden * degree_ratio * awareness / population).astype(np.float64)
    unit = np.sort(rng.integers(0, clusters, respondents))
    reports = NetworkReports(
        known, groups, seen, float(population), np.ones(respondents), unit, np.zeros(respondents, np.int64), None
    )
    own = rng.lognormal(np.log(mean_degree * degree_ratio) - spread**2 / 2, spread, hidden_respondents)
    aware = rng.poisson(own[:, None] * awareness * groups / population).astype(np.float64)
    return ScaleUpWorld(reports, aware, hidden)
