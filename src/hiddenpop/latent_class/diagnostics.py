"""Do the chains agree, and how many independent draws are they worth?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri
from scipy.stats import rankdata

__all__ = ["effective_sample_size", "split_rhat"]


def _halves(chains: NDArray[np.float64]) -> NDArray[np.float64]:
    half = chains.shape[1] // 2
    return np.concatenate([chains[:, :half], chains[:, -half:]])


def _normal_scores(chains: NDArray[np.float64]) -> NDArray[np.float64]:
    scores: NDArray[np.float64] = ndtri((rankdata(chains).reshape(chains.shape) - 0.375) / (chains.size + 0.25))
    return scores


def _rhat(chains: NDArray[np.float64]) -> float:
    draws = chains.shape[1]
    within = float(chains.var(axis=1, ddof=1).mean())
    between = float(draws * chains.mean(axis=1).var(ddof=1))
    if within == 0.0:
        return 1.0 if between == 0.0 else float("inf")
    return float(np.sqrt(((draws - 1) / draws * within + between / draws) / within))


def split_rhat(chains: NDArray[np.float64]) -> float:
    """Rank-normalized split Rhat, the larger of the plain and the folded one.

    Parameters
    ----------
    chains : ndarray of float64, shape (chains, draws)
        At least four draws a chain.

    Returns
    -------
    float
        1 when chains are indistinguishable; above 1.05 they disagree.

    References
    ----------
    Vehtari, A. and others (2021). Rank-normalization, folding, and localization: an improved Rhat. Bayesian
    Analysis 16, 667-718.

    Examples
    --------
    >>> import numpy as np
    >>> draws = np.random.default_rng(1).normal(size=(4, 1000))
    >>> split_rhat(draws) < 1.01, split_rhat(draws + np.arange(4)[:, None]) > 1.05
    (True, True)
    """
    halves = _halves(np.asarray(chains, dtype=np.float64))
    if halves.shape[1] < 2:
        raise ValueError("Rhat needs at least four draws a chain")
    folded = np.abs(halves - np.median(halves))
    return max(_rhat(_normal_scores(halves)), _rhat(_normal_scores(folded)))


def effective_sample_size(chains: NDArray[np.float64]) -> float:
    """Bulk effective sample size: how many independent draws the chains are worth.

    Parameters
    ----------
    chains : ndarray of float64, shape (chains, draws)

    Returns
    -------
    float
        At most ``chains.size * log10(chains.size)``.

    Notes
    -----
    Autocorrelations of the rank-normalized split chains, summed by Geyer's initial monotone sequence.

    Examples
    --------
    >>> import numpy as np
    >>> 3000 < effective_sample_size(np.random.default_rng(1).normal(size=(4, 1000))) < 5000
    True
    """
    scores = _normal_scores(_halves(np.asarray(chains, dtype=np.float64)))
    number, draws = scores.shape
    if draws < 4:
        raise ValueError("an effective sample size needs at least eight draws a chain")
    centered = scores - scores.mean(axis=1, keepdims=True)
    spectrum = np.fft.rfft(centered, 2 * draws, axis=1)
    covariance = np.fft.irfft(spectrum * np.conj(spectrum), axis=1)[:, :draws].mean(axis=0) / draws
    within = covariance[0] * draws / (draws - 1)
    total = within * (draws - 1) / draws + (scores.mean(axis=1).var(ddof=1) if number > 1 else 0.0)
    if total == 0.0:
        return float(scores.size)
    correlation = 1.0 - (within - covariance * draws / (draws - 1)) / total
    correlation[0] = 1.0
    pairs = correlation[0 : draws - draws % 2 : 2] + correlation[1:draws:2]
    negative = np.flatnonzero(pairs < 0)
    pairs = np.minimum.accumulate(pairs[: negative[0]] if negative.size else pairs)
    time = max(2.0 * float(pairs.sum()) - 1.0, 1.0 / np.log10(scores.size))
    return float(scores.size / time)
