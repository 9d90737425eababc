"""Did the chains run long enough, and did they mix? Looked at before any share is believed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hiddenpop.respondent_driven.sample import RecruitmentSample

__all__ = ["Recruitment", "recruitment"]

# Below three waves the sample still mirrors the seeds; Heckathorn (1997) asks for four to six.
_FEW_WAVES = 3
_LAST_QUARTER_DRIFT = 0.02


@dataclass(frozen=True)
class Recruitment:
    """How recruitment went.

    Parameters
    ----------
    seeds : int
    waves : int
        Longest chain, in steps from a seed.
    people_by_wave : ndarray of int64, shape (waves + 1,)
    largest_tree_share : float
        Share of the sample that descends from one seed, 0 to 1.
    homophily : float
        How much more often ties stay inside a group than random mixing would have it; 1 is none.
    degree_ratio : float
        Mean degree of people with the trait over that of the others.
    recruits_ratio : float
        Mean number of recruits of people with the trait over that of the others.
    running_share : ndarray of float64, shape (n,)
        The RDS-II share after each respondent.
    warnings : tuple of str
    """

    seeds: int
    waves: int
    people_by_wave: NDArray[np.int64]
    largest_tree_share: float
    homophily: float
    degree_ratio: float
    recruits_ratio: float
    running_share: NDArray[np.float64]
    warnings: tuple[str, ...]


def _ratio(values: NDArray[np.float64], trait: NDArray[np.bool_]) -> float:
    with_trait, without = values[trait], values[~trait]
    if with_trait.size == 0 or without.size == 0 or without.mean() == 0:
        return float("nan")
    return float(with_trait.mean() / without.mean())


def recruitment(sample: RecruitmentSample) -> Recruitment:
    """Describe recruitment and warn of what makes estimates from it doubtful.

    Parameters
    ----------
    sample : RecruitmentSample

    Returns
    -------
    Recruitment

    Notes
    -----
    A running share that still drifts, a single seed's tree that fills the sample, or strong homophily all mean
    that the interval is too narrow: the chains have not forgotten where they began.

    References
    ----------
    Gile, K. J., Johnston, L. G. and Salganik, M. J. (2015). Diagnostics for respondent-driven sampling. Journal
    of the Royal Statistical Society A 178, 241-269.

    Examples
    --------
    >>> import numpy as np
    >>> sample = RecruitmentSample(np.array([-1, 0, 0, 1]), np.array([4.0, 2, 3, 5]), np.array([1, 0, 0, 1], bool))
    >>> recruitment(sample).waves
    2
    """
    trait, weight = sample.trait, 1.0 / sample.degree
    running = np.cumsum(weight * trait) / np.cumsum(weight)
    trees = np.bincount(sample.root, minlength=sample.n)
    referrals = sample.referrals.astype(float)
    share = referrals.sum(axis=0) / max(referrals.sum(), 1.0)
    expected_inside = float(np.sum(referrals.sum(axis=1) * share))
    homophily = float(np.trace(referrals) / expected_inside) if expected_inside > 0 else float("nan")
    waves = int(sample.wave.max())
    largest = float(trees.max() / sample.n)
    drift = abs(float(running[-1] - running[(3 * sample.n) // 4 - 1])) if sample.n >= 8 else 0.0
    warnings = []
    if waves < _FEW_WAVES:
        warnings.append(f"The longest chain has {waves} steps; the sample still resembles its seeds.")
    if sample.seeds > 1 and largest > 0.5:
        warnings.append(f"{largest:.0%} of the sample descends from one seed; the interval is too narrow.")
    if drift > _LAST_QUARTER_DRIFT:
        warnings.append(
            f"The estimate moved by {drift:.1%} points over the last quarter of the sample; it has not settled."
        )
    if homophily > 1.5:
        warnings.append(
            f"People recruit their own group {homophily:.1f} times as often as chance would; chains mix slowly."
        )
    if (sample.degree == 1).mean() > 0.25:
        warnings.append("More than a quarter report a single contact; their weights dominate the estimate.")
    return Recruitment(
        sample.seeds,
        waves,
        np.bincount(sample.wave),
        largest,
        homophily,
        _ratio(sample.degree, trait),
        _ratio(sample.recruits.astype(float), trait),
        running,
        tuple(warnings),
    )
