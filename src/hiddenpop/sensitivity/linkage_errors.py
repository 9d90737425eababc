"""Undo what imperfect linkage does to a table.

A missed match turns one person into two, who seem to be on fewer lists each: overlaps shrink, and the total
inflates by about 1/(1 - share missed). A false match does the opposite. When both shares are known, from a
clerical review or from a linkage that reports its own quality, the expected table without errors can be
recovered.
"""

from __future__ import annotations

from collections.abc import Callable
from math import comb

import numpy as np
from numpy.typing import NDArray

from hiddenpop.histories import CaptureHistories
from hiddenpop.results import Estimate, Interval

__all__ = ["linkage_corrected", "restore_links"]


def _held_together(size: int, missed: float) -> list[float]:
    """Chance that records 1..size of one person hang together when each match is lost with chance `missed`."""
    chances = [1.0, 1.0]
    for records in range(2, size + 1):
        apart = sum(
            comb(records - 1, part - 1) * chances[part] * missed ** (part * (records - part)) for part in range(1, records)
        )
        chances.append(1.0 - apart)
    return chances


def _breakage(k: int, missed: float) -> NDArray[np.float64]:
    """Expected records with history (row) made of one person with history (column), shape (2**k, 2**k)."""
    chances = _held_together(k, missed)
    cells = np.arange(1 << k)
    size = np.bitwise_count(cells).astype(np.int64)
    inside = (cells[:, None] & cells[None, :]) == cells[:, None]
    cut = np.where(inside, size[:, None] * (size[None, :] - size[:, None]), 0)
    matrix: NDArray[np.float64] = np.where(inside, np.array(chances)[size][:, None] * missed**cut, 0.0)
    matrix[0] = 0.0
    matrix[0, 0] = 1.0
    return matrix


def _separate(counts: NDArray[np.float64], k: int, false: float) -> NDArray[np.float64]:
    """Take one record out of a share `false` of all linked people, evenly among their records."""
    apart = counts.copy()
    for cell in range(1, 1 << k):
        lists = [i for i in range(k) if cell >> i & 1]
        if len(lists) < 2:
            continue
        moved = false * counts[cell]
        apart[cell] -= moved
        for i in lists:
            # Two records part in one way, more records in as many ways as there are records to take out.
            share = moved if len(lists) == 2 else moved / len(lists)
            apart[1 << i] += share
            if len(lists) > 2:
                apart[cell & ~(1 << i)] += share
    return apart


def restore_links(counts: NDArray[np.int64], missed: float, false: float = 0.0) -> NDArray[np.float64]:
    """Expected table without linkage errors.

    Parameters
    ----------
    counts : ndarray of int64, shape (2**k,)
        Observed table, cell 0 zero.
    missed : float
        Share of true matches between two records that the linkage missed, 0 to below 1.
    false : float
        Share of linked people of whom one record belongs to somebody else, 0 to below 1.

    Returns
    -------
    ndarray of float64, shape (2**k,)
        Not whole numbers; none negative.

    Raises
    ------
    ValueError
        When a share lies outside its range.

    Notes
    -----
    Every pair of a person's records is taken to lose its match independently; records joined by a chain of
    matches stay together. The expected observed table is then a triangular linear map of the true one, which is
    solved exactly; where that would ask for fewer than no people, the nearest table in likelihood is found by
    expectation-maximization.

    Examples
    --------
    >>> import numpy as np
    >>> restore_links(np.array([0, 21, 31, 9]), 0.1).round(6).tolist()
    [0.0, 20.0, 30.0, 10.0]
    """
    for name, share in (("missed", missed), ("false", false)):
        if not 0.0 <= share < 1.0:
            raise ValueError(f"the share of {name} matches lies between 0 and 1; got {share}")
    k = int(counts.size).bit_length() - 1
    observed = _separate(np.asarray(counts, dtype=np.float64), k, false)
    if missed == 0.0:
        return observed
    matrix = _breakage(k, missed)
    exact = np.asarray(np.linalg.solve(matrix, observed), dtype=np.float64)
    if exact.min() >= -1e-9:
        return np.maximum(exact, 0.0)
    # Cells that nothing was seen in and nothing can have come from stay empty.
    guess = np.asarray(np.maximum(exact, 1e-3 * (observed > 0)), dtype=np.float64)
    made = matrix.sum(axis=0)
    for _ in range(2000):
        expected = matrix @ guess
        ratio = np.divide(observed, expected, out=np.zeros_like(observed), where=expected > 0)
        guess = np.asarray(guess * (matrix.T @ ratio) / made, dtype=np.float64)
    return guess


def _whole(counts: NDArray[np.float64], k: int) -> NDArray[np.int64]:
    """Round to whole people, keeping the sum over histories of the same length (largest remainders)."""
    whole = np.floor(counts).astype(np.int64)
    length = np.bitwise_count(np.arange(1 << k))
    for size in range(1, k + 1):
        same = np.flatnonzero(length == size)
        short = round(float(counts[same].sum())) - int(whole[same].sum())
        order = same[np.argsort(-(counts[same] - whole[same]), kind="stable")]
        whole[order[: max(short, 0)]] += 1
    return whole


def linkage_corrected(
    histories: CaptureHistories,
    estimator: Callable[[CaptureHistories], Estimate],
    *,
    missed: float,
    false: float = 0.0,
    missed_range: tuple[float, float] | None = None,
) -> Estimate:
    """Estimate the total as if no match had been missed and none made wrongly.

    Parameters
    ----------
    histories : CaptureHistories
        The table as linked.
    estimator : callable
        Takes a table, returns an :class:`~hiddenpop.results.Estimate`.
    missed : float
        Share of true matches that were missed, 0 to below 1.
    false : float
        Share of linked people with one record of somebody else.
    missed_range : tuple of float, optional
        Range in which `missed` may lie. The interval then covers the answers at both ends too.

    Returns
    -------
    Estimate
        The estimator's, for the restored table; ``details["uncorrected"]`` holds the total as linked.

    Notes
    -----
    Bias: a share that is set too high makes the total too low, by about (1 - assumed) / (1 - true), and the
    reverse. Restored counts are rounded to whole people, keeping the number of people by number of lists.

    References
    ----------
    Ding, Y. and Fienberg, S. E. (1994). Dual system estimation of census undercount in the presence of matching
    error. Survey Methodology 20, 149-158. de Wolf, P.-P., van der Laan, J. and Zult, D. (2019). Connecting
    correction methods for linkage error in capture-recapture. Journal of Official Statistics 35, 577-597.

    Examples
    --------
    >>> from hiddenpop.results import Estimate
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [310, 410, 90])
    >>> def lincoln(part):
    ...     return Estimate("two lists", part.list_totals[0] * part.list_totals[1] / part.overlap(0, 1))
    >>> answer = linkage_corrected(table, lincoln, missed=0.1)
    >>> round(answer.details["uncorrected"]), round(answer.estimate)
    (2222, 2000)
    """
    shares = [missed, *(missed_range or ())]
    if missed_range is not None and not missed_range[0] <= missed <= missed_range[1]:
        raise ValueError(f"the range {missed_range} does not hold the share {missed}")
    answers = []
    for share in shares:
        counts = _whole(restore_links(histories.counts, share, false), histories.k)
        answers.append(estimator(CaptureHistories(histories.list_names, counts, period=histories.period)))
    uncorrected = estimator(histories)
    best = answers[0]
    details = {
        **best.details,
        "missed": missed,
        "false": false,
        "uncorrected": uncorrected.estimate,
        "restored_counts": _whole(restore_links(histories.counts, missed, false), histories.k).tolist(),
    }
    note = f"Corrected for {missed:.1%} missed and {false:.1%} false matches, which are taken as known."
    if best.estimate is None:
        return Estimate(
            best.method,
            None,
            level=best.level,
            observed=best.observed,
            assumptions=best.assumptions,
            bias=best.bias,
            period=best.period,
            warnings=(*best.warnings, note),
            refused=best.refused,
            details=details,
        )
    interval = best.interval
    if missed_range is not None:
        note = f"Corrected for {missed_range[0]:.1%} to {missed_range[1]:.1%} missed and {false:.1%} false matches."
        held = [answer.interval for answer in answers if answer.interval is not None]
        if interval is not None and held:
            interval = Interval(
                min(each.low for each in held),
                max(each.high for each in held),
                interval.level,
                f"{interval.method}; union over the range of missed matches",
            )
    return Estimate(
        f"{best.method}, linkage-corrected",
        best.estimate,
        interval,
        best.level,
        best.model,
        best.criterion_name,
        best.criterion,
        best.observed,
        (*best.assumptions, "Matches are missed independently of each other and of who the person is."),
        f"{best.bias} A share of missed matches set too high makes the total too low.".strip(),
        best.period,
        (*best.warnings, note),
        details=details,
    )
