"""From encoded lists to counts: the table and how good the linkage was, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.linkage.clusters import Match, cluster
from hiddenpop.linkage.decoys import Decoys
from hiddenpop.linkage.encoding import Encoded
from hiddenpop.results import Refusal

#: Halfway (in errors) between namesakes and misspelled matches on invented lists of 10,000.
THRESHOLD = 0.64


@dataclass(frozen=True)
class Linkage:
    """What leaves the linker.

    Parameters
    ----------
    histories : CaptureHistories
        The table, decoys taken out.
    missed : float or None
        Share of true matches between two records that were missed, measured on the decoys; None without decoys.
    false : float
        Estimated share of linked people with one record of somebody else.
    decoy_pairs : int
        On how many known matches ``missed`` rests.
    """

    histories: CaptureHistories
    missed: float | None
    false: float
    decoy_pairs: int

    @property
    def missed_range(self) -> tuple[float, float] | None:
        """A 95 % interval (Wilson) for ``missed``."""
        if self.missed is None:
            return None
        n, z = self.decoy_pairs, 1.959964
        middle = (self.missed + z * z / (2 * n)) / (1 + z * z / n)
        reach = z / (1 + z * z / n) * np.sqrt(self.missed * (1 - self.missed) / n + z * z / (4 * n * n))
        return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))

    def to_json_dict(self) -> dict[str, Any]:
        """Plain values for a report."""
        return {
            "lists": list(self.histories.list_names),
            "people": self.histories.n,
            "missed": self.missed,
            "missed_range": list(self.missed_range) if self.missed_range else None,
            "false": self.false,
            "decoy_pairs": self.decoy_pairs,
        }


def link(
    lists: Sequence[Encoded], *, decoys: Decoys | None = None, threshold: float = THRESHOLD,
    period: str | None = None, workers: int | None = None,
) -> Linkage:  # fmt: skip
    """Link encoded lists one to one and count capture histories.

    Parameters
    ----------
    lists : sequence of Encoded
        Two or more, made with one secret and one recipe.
    decoys : Decoys, optional
        With the decoy key: takes the decoys out and measures the share of missed matches.
    threshold : float
        Dice coefficient from which two records may be one person's.
    period : str, optional
        The window of time that the lists cover.
    workers : int, optional

    Returns
    -------
    Linkage
        Feed ``missed``, ``missed_range`` and ``false`` to :func:`hiddenpop.sensitivity.linkage_corrected`.

    Raises
    ------
    Refusal
        Fewer than two lists, or lists made with different recipes.

    Notes
    -----
    Assumes that each list names a person once. A person twice on one list counts as two, which makes totals
    too high; a missed match does the same, a false match the reverse. ``false`` is the number of chance pairs above the
    threshold, read off the pairs that one-to-one matching left over; namesakes born on one day, who look like one
    person in every list, are not in it.
    """
    if len(lists) < 2:
        raise Refusal("Linking needs at least two lists.")
    if any(each.recipe != lists[0].recipe for each in lists):
        raise Refusal("The lists were encoded with different recipes and cannot be compared.")
    labels, match = cluster(lists, threshold, workers=workers)
    sizes = [len(each.filters) for each in lists]
    home = np.repeat(np.arange(len(lists)), sizes)
    decoy = np.full(len(home), -1, dtype=np.int64)
    if decoys is not None:
        for at, (each, start) in enumerate(zip(lists, np.cumsum([0, *sizes[:-1]]), strict=True)):
            known = decoys.identities(each.name)
            decoy[start : start + sizes[at]] = [known.get(int(number), -1) for number in each.ids]
    real = decoy < 0
    seen = np.zeros(len(home), dtype=np.int64)
    np.bitwise_or.at(seen, labels[real], 1 << home[real])
    counts = np.bincount(seen, minlength=1 << len(lists))
    counts[0] = 0
    table = CaptureHistories(tuple(each.name for each in lists), counts, period=period)
    pairs, missed = _missed_decoys(decoy, labels)
    return Linkage(table, missed, _false_share(match, labels, home, len(lists)), pairs)


def _missed_decoys(decoy: NDArray[np.int64], labels: NDArray[np.int64]) -> tuple[int, float | None]:
    """Of all pairs of records that are one decoy's, how many were not joined."""
    records: dict[int, list[int]] = {}
    for place in np.flatnonzero(decoy >= 0).tolist():
        records.setdefault(int(decoy[place]), []).append(int(labels[place]))
    joined = [one == two for held in records.values() for one, two in combinations(held, 2)]
    return len(joined), (1.0 - sum(joined) / len(joined)) if joined else None


def _false_share(match: Match, labels: NDArray[np.int64], home: NDArray[np.int64], lists: int) -> float:
    """Chance pairs above the threshold that found two unmatched records, as a share of all linked people."""
    together = labels[match.left] == labels[match.right]
    linked = 0
    expected = 0.0
    for i, j in combinations(range(lists), 2):
        here = (home[match.left] == i) & (home[match.right] == j)
        joined = int((here & together).sum())
        sizes = int((home == i).sum()), int((home == j).sum())
        linked += joined
        if min(sizes):
            # What is left over are chance pairs of records of which at least one has its true partner already.
            taken = sizes[0] * sizes[1] - (sizes[0] - joined) * (sizes[1] - joined)
            rate = int((here & ~together).sum()) / taken if taken else 0.0
            expected += rate * (sizes[0] - joined) * (sizes[1] - joined)
    return min(1.0, expected / linked) if linked else 0.0


def quality(labels: NDArray[np.int64], truth: NDArray[np.int64]) -> tuple[float, float, float]:
    """Precision, recall and F1 of the joined pairs, where the truth is known.

    Parameters
    ----------
    labels, truth : ndarray of int64, shape (records,)
        Equal labels: joined; equal truth: one person.

    Examples
    --------
    >>> import numpy as np
    >>> quality(np.array([0, 0, 1, 2]), np.array([5, 5, 6, 6]))
    (1.0, 0.5, 0.6666666666666666)
    """

    def pairs(*keys: NDArray[np.int64]) -> int:
        _, sizes = np.unique(np.column_stack(keys), axis=0, return_counts=True)
        return int((sizes * (sizes - 1) // 2).sum())

    right, made, real = pairs(labels, truth), pairs(labels), pairs(truth)
    precision = right / made if made else 1.0
    recall = right / real if real else 1.0
    return precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0
