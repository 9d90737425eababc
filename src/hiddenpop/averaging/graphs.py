"""Decomposable graphs on a few lists, generated: 8 on three lists, 61 on four, 822 on five, 18,154 on six.

A graph joins lists that may depend on each other directly. It is decomposable (chordal) when its vertices can
be taken away one at a time, each with its remaining neighbors all joined to each other. Along such an order the
likelihood splits: each vertex with its remaining neighbors counts once, those neighbors without it count
against. Everything that cancels, cancels in the sum, so a graph is a vector of whole numbers over sets of lists.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hiddenpop.models import format_model, generators

__all__ = ["GRAPH_LISTS", "decomposable_graphs", "graph_name"]

#: With seven lists there are 617,675 decomposable graphs; averaging stops before.
GRAPH_LISTS = 6


def _elimination(neighbors: list[int], k: int) -> list[int] | None:
    """Cliques met when simplicial vertices are taken away one by one, or None for a graph that is not chordal."""
    left = (1 << k) - 1
    cliques = []
    while left:
        for vertex in range(k):
            if not left >> vertex & 1:
                continue
            around = neighbors[vertex] & left
            if all((neighbors[w] | 1 << w) & around == around for w in range(k) if around >> w & 1):
                cliques.append(around | 1 << vertex)
                cliques.append(around)
                left &= ~(1 << vertex)
                break
        else:
            return None
    return cliques


@lru_cache(maxsize=8)
def decomposable_graphs(k: int) -> NDArray[np.int8]:
    """All decomposable graphs of `k` lists as weights over sets of lists.

    Parameters
    ----------
    k : int
        Number of lists, 2 to 6.

    Returns
    -------
    ndarray of int8, shape (graphs, 2**k)
        How often the marginal likelihood of each set of lists enters: cliques +1, separators -1, the empty set
        minus once a component.

    Raises
    ------
    ValueError
        Outside 2 to 6 lists.

    Examples
    --------
    >>> [len(decomposable_graphs(k)) for k in (2, 3, 4, 5)]
    [2, 8, 61, 822]
    """
    if not 2 <= k <= GRAPH_LISTS:
        raise ValueError(f"decomposable graphs are generated for 2 to {GRAPH_LISTS} lists, not {k}")
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    graphs = []
    for edges in range(1 << len(pairs)):
        neighbors = [0] * k
        for at, (i, j) in enumerate(pairs):
            if edges >> at & 1:
                neighbors[i] |= 1 << j
                neighbors[j] |= 1 << i
        steps = _elimination(neighbors, k)
        if steps is not None:
            weights = np.zeros(1 << k, dtype=np.int8)
            for clique, separator in zip(steps[::2], steps[1::2], strict=True):
                weights[clique] += 1
                weights[separator] -= 1
            graphs.append(weights)
    result = np.array(graphs)
    result.setflags(write=False)
    return result


def graph_name(weights: NDArray[np.int8], k: int) -> str:
    """Name of a graph by its cliques, such as ``"[12,23,4]"``."""
    return format_model(generators(np.flatnonzero(weights > 0).tolist()), k)
