"""The Markov chain: Gibbs steps for classes and rates, and moves for the unseen that integrate the rates out.

The textbook sampler draws the number of unseen people given the class rates and the rates given the unseen
people. When most people are unseen the two hold each other fast and the chain crawls. Here the number of unseen
people in a class is moved with rates and class weights integrated out (they are conjugate), and the rates are
drawn afresh right afterwards, so that nothing holds it back but the data.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["run_chain"]

# Step sizes of the moves, in people, one drawn at random each time: small ones for a class of three unseen
# people, large ones for a class of thousands. No tuning phase is needed.
_STEPS = 12


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)


def _weight_terms(totals: NDArray[np.int64], alpha: float, last: int) -> float:
    """Log of the class weights' marginal likelihood under stick breaking, sticks 0 to `last`, up to a constant."""
    above = 0
    for k in range(last + 1, totals.size):
        above += totals[k]
    value = 0.0
    for k in range(last, -1, -1):
        if k < totals.size - 1:
            value += _log_beta(1.0 + totals[k], alpha + above)
        above += totals[k]
    return value


def _rate_terms(captured: NDArray[np.int64], total: int) -> float:
    """Log of one class's capture rates' marginal likelihood under uniform priors."""
    value = 0.0
    for j in range(captured.size):
        value += _log_beta(1.0 + captured[j], 1.0 + total - captured[j])
    return value


def run_chain(
    rng: np.random.Generator,
    patterns: NDArray[np.int64],
    counts: NDArray[np.int64],
    shape: float,
    rate: float,
    weights: NDArray[np.float64],
    rates: NDArray[np.float64],
    unseen: NDArray[np.int64],
    state: NDArray[np.float64],
    kept: NDArray[np.int64],
    occupied: NDArray[np.int64],
    thin: int,
) -> None:
    """Run the chain for ``kept.size * thin`` sweeps and continue from the state that was passed in.

    Parameters
    ----------
    rng : numpy.random.Generator
    patterns : ndarray of int64, shape (m, lists)
        Observed histories, 0 or 1.
    counts : ndarray of int64, shape (m,)
        People with each history.
    shape, rate : float
        Gamma prior of the concentration.
    weights : ndarray of float64, shape (classes,)
        Class weights; updated in place.
    rates : ndarray of float64, shape (classes, lists)
        Chance that a member of the class is on the list; updated in place.
    unseen : ndarray of int64, shape (classes,)
        People on no list, by class; updated in place.
    state : ndarray of float64, shape (1,)
        Concentration; updated in place.
    kept, occupied : ndarray of int64, shape (draws,)
        Filled with the number of unseen people and of classes in use.
    thin : int
        Sweeps a kept draw.
    """
    classes, lists = rates.shape
    alpha = state[0]
    n = 0
    for m in range(counts.size):
        n += counts[m]
    chance = np.empty(classes)
    totals = np.zeros(classes, dtype=np.int64)
    captured = np.zeros((classes, lists), dtype=np.int64)
    for draw in range(kept.size):
        for _ in range(thin):
            # Classes of the people who were seen.
            captured[:] = 0
            for k in range(classes):
                totals[k] = unseen[k]
            for m in range(counts.size):
                everything = 0.0
                for k in range(classes):
                    p = weights[k]
                    for j in range(lists):
                        p *= rates[k, j] if patterns[m, j] == 1 else 1.0 - rates[k, j]
                    chance[k] = p
                    everything += p
                left = counts[m]
                for k in range(classes):
                    if left == 0:
                        break
                    if k == classes - 1 or chance[k] >= everything:
                        members = left
                    elif chance[k] <= 0.0:
                        members = 0
                    else:
                        members = rng.binomial(left, chance[k] / everything)
                    everything -= chance[k]
                    left -= members
                    totals[k] += members
                    for j in range(lists):
                        captured[k, j] += patterns[m, j] * members

            # The unseen, class by class, with rates and weights integrated out.
            hidden = 0
            for k in range(classes):
                hidden += unseen[k]
            for k in range(classes):
                # Later classes are mostly empty; whether to try one must not depend on the state.
                if k > 2 and rng.random() > 0.25:
                    continue
                stick = _weight_terms(totals, alpha, k)
                own = _rate_terms(captured[k], totals[k])
                for _move in range(2):
                    spread = 2.0 ** (rng.random() * _STEPS)
                    step = round(rng.normal() * spread)
                    if step == 0 or unseen[k] + step < 0:
                        continue
                    totals[k] += step
                    new_stick = _weight_terms(totals, alpha, k)
                    new_own = _rate_terms(captured[k], totals[k])
                    gain = new_stick - stick + new_own - own
                    gain += math.lgamma(n + hidden + step) - math.lgamma(n + hidden)
                    gain -= math.lgamma(unseen[k] + step + 1.0) - math.lgamma(unseen[k] + 1.0)
                    if gain >= 0.0 or rng.random() < math.exp(gain):
                        unseen[k] += step
                        hidden += step
                        stick = new_stick
                        own = new_own
                    else:
                        totals[k] -= step

            # Neighbors in the stick trade places, so that large classes come first.
            for k in range(classes - 1):
                if totals[k] == totals[k + 1]:
                    continue
                # The sticks below see only the sum of the two; theirs cancel.
                above = 0
                for later in range(k + 2, classes):
                    above += totals[later]
                first, second = totals[k], totals[k + 1]
                gain = _log_beta(1.0 + second, alpha + above + first) - _log_beta(1.0 + first, alpha + above + second)
                if k + 1 < classes - 1:
                    gain += _log_beta(1.0 + first, alpha + above) - _log_beta(1.0 + second, alpha + above)
                if gain >= 0.0 or rng.random() < math.exp(gain):
                    totals[k], totals[k + 1] = second, first
                    unseen[k], unseen[k + 1] = unseen[k + 1], unseen[k]
                    for j in range(lists):
                        captured[k, j], captured[k + 1, j] = captured[k + 1, j], captured[k, j]

            # The concentration, with the weights integrated out.
            other = alpha * math.exp(rng.normal())
            gain = (shape + classes - 1.0) * (math.log(other) - math.log(alpha)) - rate * (other - alpha)
            gain += _weight_terms(totals, other, classes - 1) - _weight_terms(totals, alpha, classes - 1)
            if gain >= 0.0 or rng.random() < math.exp(gain):
                alpha = other

            # Weights, rates and the unseen's number given everything else.
            after = n + hidden
            rest = 1.0
            log_rest = 0.0
            for k in range(classes):
                after -= totals[k]
                if k < classes - 1:
                    # Two gamma draws instead of a beta: the log of what is left must not underflow.
                    taken = rng.gamma(1.0 + totals[k], 1.0)
                    remaining = max(rng.gamma(alpha + after, 1.0), 1e-300)
                    weights[k] = rest * taken / (taken + remaining)
                    log_rest += math.log(remaining) - math.log(taken + remaining)
                    rest = math.exp(log_rest)
                else:
                    weights[k] = rest
                for j in range(lists):
                    rates[k, j] = rng.beta(1.0 + captured[k, j], 1.0 + totals[k] - captured[k, j])

            missed = 0.0
            for k in range(classes):
                p = weights[k]
                for j in range(lists):
                    p *= 1.0 - rates[k, j]
                chance[k] = p
                missed += p
            seen = max(1.0 - missed, 1e-12)
            # Negative binomial as a gamma mixture of Poissons.
            hidden = rng.poisson(rng.gamma(float(n), (1.0 - seen) / seen))
            left = hidden
            for k in range(classes):
                if left == 0:
                    unseen[k] = 0
                    continue
                if k == classes - 1 or chance[k] >= missed:
                    unseen[k] = left
                elif chance[k] <= 0.0:
                    unseen[k] = 0
                else:
                    unseen[k] = rng.binomial(left, chance[k] / missed)
                left -= unseen[k]
                missed -= chance[k]
        kept[draw] = hidden
        used = 0
        for k in range(classes):
            if totals[k] > 0:
                used += 1
        occupied[draw] = used
    state[0] = alpha
