"""Random draws come from a generator that the caller names, so that every run can be repeated."""

from __future__ import annotations

import numpy as np

__all__ = ["DEFAULT_SEED", "Random", "generator"]

#: Used when the caller names none: the same call gives the same answer.
DEFAULT_SEED = 20130

#: A seed, a generator, or nothing.
Random = int | np.random.Generator | np.random.SeedSequence | None


def generator(rng: Random = None) -> np.random.Generator:
    """Return a NumPy generator for a seed, a seed sequence, a generator (itself) or None (the default seed).

    Examples
    --------
    >>> bool(generator(7).random() == generator(7).random())
    True
    """
    if isinstance(rng, np.random.Generator):
        return rng
    return np.random.default_rng(DEFAULT_SEED if rng is None else rng)
