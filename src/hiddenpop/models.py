"""The models a table can be read with: which lists may depend on which.

A hierarchical log-linear model is a family of sets of lists, closed under taking subsets: when lists 1, 2 and 3
interact, so may every pair of them. The field writes the largest sets only: ``"[123,25,34]"``. This module
enumerates all such models for up to six lists, reads and prints their names, and packs each into one 64-bit
word so that millions of them can be walked in arrays.

Two codes are used throughout. A *set code* is a bitmask of lists (bit i set = list i is in the set, 0 = the
empty set, the intercept). A *model word* is a bitmask over the positions of :attr:`ModelSpace.elements`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "EXHAUSTIVE_LISTS",
    "TWO_WAY_LISTS",
    "ModelSpace",
    "format_model",
    "generators",
    "hierarchical_space",
    "members",
    "parse_model",
    "single_model",
    "two_way_space",
]

#: Up to here every hierarchical model can be walked: 7,785,061 of them for six lists.
EXHAUSTIVE_LISTS = 6
#: Up to here every model with interactions between two lists can be walked: 2,097,152 for seven lists.
TWO_WAY_LISTS = 7


def members(model: str | Iterable[int], k: int) -> tuple[int, ...]:
    """Return the set codes of all parameters of a model, the intercept and every list included.

    Parameters
    ----------
    model : str or iterable of int
        Name such as ``"[12,3]"``, or generators as set codes.
    k : int
        Number of lists.

    Returns
    -------
    tuple of int
        Sorted by number of lists, then by code; the first is 0, the intercept.

    Examples
    --------
    >>> members("[12,3]", 3)
    (0, 1, 2, 4, 3)
    """
    tops = parse_model(model, k) if isinstance(model, str) else tuple(model)
    found = {0, *(1 << i for i in range(k))}
    for top in tops:
        part = top
        while part:
            found.add(part)
            part = (part - 1) & top
    return tuple(sorted(found, key=lambda code: (code.bit_count(), code)))


def generators(parameters: Iterable[int]) -> tuple[int, ...]:
    """Return the largest sets among `parameters`, as set codes."""
    codes = sorted(set(parameters), key=lambda code: -code.bit_count())
    tops: list[int] = []
    for code in codes:
        if not any(code & top == code for top in tops):
            tops.append(code)
    return tuple(tops)


def format_model(parameters: Iterable[int], k: int) -> str:
    """Write a model as its generators, largest first, lists numbered from 1.

    With ten lists or more the numbers inside a generator are joined by a hyphen, because ``12`` could be read
    as list twelve.

    Examples
    --------
    >>> format_model([3, 4], 3)
    '[12,3]'
    >>> format_model([6, 1], 3)
    '[23,1]'
    """
    tops = generators(parameters) or (0,)
    joint = "" if k < 10 else "-"
    names = sorted(([i + 1 for i in range(k) if (top >> i) & 1] for top in tops), key=lambda name: (-len(name), name))
    return "[" + ",".join(joint.join(map(str, name)) for name in names) + "]"


def parse_model(text: str, k: int) -> tuple[int, ...]:
    """Read a model's name into its generators, as set codes.

    Parameters
    ----------
    text : str
        For example ``"[123,25,34]"``; blanks are ignored. Lists that are not named enter as main effects.
    k : int
        Number of lists.

    Raises
    ------
    ValueError
        When the text is no model of `k` lists.

    Examples
    --------
    >>> parse_model("[12,3]", 3)
    (3, 4)
    """
    bare = re.sub(r"\s", "", text)
    if not re.fullmatch(r"\[[0-9,-]*\]", bare):
        raise ValueError(f"{text!r} is no model; write it like '[12,23,4]', lists numbered from 1")
    tops: set[int] = {1 << i for i in range(k)}
    for name in filter(None, bare[1:-1].split(",")):
        numbers = [int(part) for part in (name.split("-") if k >= 10 or "-" in name else name) if part]
        if not numbers or any(not 1 <= number <= k for number in numbers):
            raise ValueError(f"{text!r}: {name!r} names a list outside 1 to {k}")
        if len(set(numbers)) != len(numbers):
            raise ValueError(f"{text!r}: {name!r} names a list twice")
        tops.add(sum(1 << (number - 1) for number in numbers))
    return tuple(sorted(generators(tops)))


@dataclass(frozen=True, eq=False)
class ModelSpace:
    """Many models of the same lists, one 64-bit word each.

    Parameters
    ----------
    k : int
        Number of lists.
    elements : ndarray of int64, shape (e,), e <= 64
        Set codes a model may contain; position 0 is the intercept and lower sets come before higher ones.
    words : ndarray of uint64, shape (m,)
        Bit j of a word is set when the model contains ``elements[j]``; sorted by number of parameters.
    """

    k: int
    elements: NDArray[np.int64]
    words: NDArray[np.uint64]

    def __len__(self) -> int:
        return len(self.words)

    def parameters(self, word: int) -> tuple[int, ...]:
        """Set codes in a model word."""
        return tuple(int(code) for j, code in enumerate(self.elements) if (int(word) >> j) & 1)

    def name(self, word: int) -> str:
        """Name of a model word, such as ``"[12,23,4]"``."""
        return format_model(self.parameters(word), self.k)

    def word(self, model: str) -> int:
        """Word of a named model.

        Raises
        ------
        ValueError
            When the model is not of this space's kind.
        """
        position = {int(code): j for j, code in enumerate(self.elements)}
        codes = members(model, self.k)
        if any(code not in position for code in codes):
            raise ValueError(f"{model!r} holds interactions outside this space")
        return sum(1 << position[code] for code in codes)

    def sizes(self) -> NDArray[np.int64]:
        """Parameters of each model, the intercept included, shape (m,)."""
        return np.bitwise_count(self.words).astype(np.int64)

    def restricted_to(self, words: NDArray[np.uint64]) -> ModelSpace:
        """The same elements with other words."""
        return ModelSpace(self.k, self.elements, words)


def _down_sets(k: int) -> NDArray[np.uint64]:
    """All down-closed families of subsets of k lists, as bitmasks over set codes (Dedekind numbers)."""
    families = np.array([0, 1], dtype=np.uint64)
    for lists in range(k):
        # A family on one list more is a pair: the sets without the new list, and those with it, which must
        # (new list removed) be among the former.
        shift = np.uint64(1 << lists)
        parts = [outer | (families[families & ~outer == 0] << shift) for outer in families]
        families = np.concatenate(parts)
    return families


@lru_cache(maxsize=8)
def hierarchical_space(k: int) -> ModelSpace:
    """Every hierarchical model of `k` lists but the saturated one, main effects always in.

    The counts are 1, 8, 113, 6,893 and 7,785,061 for two to six lists. The saturated model is left out because
    it says nothing about the people on no list.

    Parameters
    ----------
    k : int
        Number of lists, 1 to 6.

    Raises
    ------
    ValueError
        For more lists: the next number has 19 digits.

    Examples
    --------
    >>> [len(hierarchical_space(k)) for k in (2, 3, 4, 5)]
    [1, 8, 113, 6893]
    """
    if not 1 <= k <= EXHAUSTIVE_LISTS:
        raise ValueError(f"hierarchical models can be listed for 1 to {EXHAUSTIVE_LISTS} lists, not {k}")
    elements = np.arange(1 << k, dtype=np.int64)
    inner = _down_sets(k - 1)
    below = np.uint64(sum(1 << (1 << i) for i in range(k - 1)) | 1)
    shift = np.uint64(1 << (k - 1))
    with_last = inner[inner & np.uint64(1) == 1]
    parts = [outer | (with_last[with_last & ~outer == 0] << shift) for outer in inner[inner & below == below]]
    words = np.concatenate(parts)
    saturated = np.uint64((1 << (1 << k)) - 1)
    return ModelSpace(k, elements, _by_size(words[words != saturated]))


@lru_cache(maxsize=4)
def two_way_space(k: int) -> ModelSpace:
    """Every model of `k` lists with main effects and any set of two-list interactions: 2**(k(k-1)/2) models.

    Raises
    ------
    ValueError
        For more than seven lists (268 million models with eight).

    Examples
    --------
    >>> len(two_way_space(6))
    32768
    """
    if not 1 <= k <= TWO_WAY_LISTS:
        raise ValueError(f"two-list models can be listed for 1 to {TWO_WAY_LISTS} lists, not {k}")
    elements = two_way_elements(k)
    pairs = len(elements) - 1 - k
    choices = np.arange(1 << pairs, dtype=np.uint64)
    words = (choices << np.uint64(1 + k)) | np.uint64((1 << (1 + k)) - 1)
    if k == 2:
        words = words[:1]  # with two lists the interaction makes the model saturated
    return ModelSpace(k, elements, _by_size(words))


def two_way_elements(k: int) -> NDArray[np.int64]:
    """Set codes of the intercept, the lists and the pairs of lists, in this order."""
    pairs = [(1 << i) | (1 << j) for i in range(k) for j in range(i + 1, k)]
    return np.array([0, *(1 << i for i in range(k)), *pairs], dtype=np.int64)


def single_model(model: str | Iterable[int], k: int) -> ModelSpace:
    """A space that holds one model, for any number of lists.

    Raises
    ------
    ValueError
        When the model has more than 64 parameters.

    Examples
    --------
    >>> single_model("[12,3]", 3).elements.tolist()
    [0, 1, 2, 4, 3]
    """
    codes = members(model, k)
    if len(codes) > 64:
        raise ValueError(f"a model of {len(codes)} parameters is too large; at most 64 can be fitted")
    word = np.array([(1 << len(codes)) - 1], dtype=np.uint64)
    return ModelSpace(k, np.array(codes, dtype=np.int64), word)


def _by_size(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sort by number of parameters, then by word: small models come first, ties never depend on chance."""
    order = np.lexsort((words, np.bitwise_count(words)))
    ordered = np.ascontiguousarray(words[order])
    ordered.setflags(write=False)
    return ordered
