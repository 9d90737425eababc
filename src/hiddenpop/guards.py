"""What is wrong with a table before anything is estimated, in plain words.

Multiple systems estimation reads the unseen off the overlaps of lists. Overlaps that are empty, tiny or made by
referral rather than by chance carry no such information, whatever the software prints.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, cast

import numpy as np

from hiddenpop.histories import CaptureHistories
from hiddenpop.results import Estimate, Refusal, refusal

__all__ = ["SMALL_OVERLAP", "Finding", "answers", "findings", "require_table", "table_warnings"]

#: Below this many shared people a pair of lists says little; Chapman's estimator is nearly unbiased above it.
SMALL_OVERLAP = 7
#: A list that lies inside another by an accident rarer than this is taken for an extract of it.
ACCIDENT = 0.01
#: From this share of the smaller list on, an overlap looks like referral.
REFERRAL_SHARE = 0.8

Rest = ParamSpec("Rest")


@dataclass(frozen=True)
class Finding:
    """One thing the reader must know about a table.

    Attributes
    ----------
    kind : str
        ``"size"``, ``"empty-list"``, ``"full-list"``, ``"same-list"``, ``"subset-list"``, ``"no-overlap"``,
        ``"small-overlap"`` or ``"referral"``.
    fatal : bool
        Whether estimates are refused because of it.
    text : str
        One or two plain sentences.
    """

    kind: str
    fatal: bool
    text: str


def findings(histories: CaptureHistories) -> list[Finding]:
    """Examine a table: size, empty lists, duplicate and subset lists, overlaps, likely referral.

    Parameters
    ----------
    histories : CaptureHistories

    Returns
    -------
    list of Finding
        Fatal ones first.

    Examples
    --------
    >>> table = CaptureHistories.from_rows(("A", "B"), [(1, 0), (0, 1), (1, 1)], [20, 30, 3])
    >>> [finding.kind for finding in findings(table)]
    ['small-overlap']
    """
    found = [*_size(histories), *_lists(histories), *_overlaps(histories)]
    return sorted(found, key=lambda finding: not finding.fatal)


def _size(histories: CaptureHistories) -> list[Finding]:
    if histories.n == 0:
        return [Finding("size", True, "Nobody is on any list, so there is nothing to estimate from.")]
    if histories.k == 1:
        text = "One list alone cannot show how many people it misses; at least two overlapping lists are needed."
        return [Finding("size", True, text)]
    if histories.n == 1:
        return [Finding("size", True, "Only one person was seen; one person cannot show how many others there are.")]
    if histories.n < 50:
        text = f"Only {histories.n} people were seen; intervals of this size of table are rough."
        return [Finding("size", False, text)]
    return []


def _lists(histories: CaptureHistories) -> list[Finding]:
    names, totals = histories.list_names, histories.list_totals
    found = []
    for i, name in enumerate(names):
        if histories.n and totals[i] == 0:
            found.append(Finding("empty-list", True, f"List {name!r} has nobody on it; leave it out."))
        if histories.k > 1 and histories.n > 1 and totals[i] == histories.n:
            text = f"Everybody is on list {name!r}, so the other lists show nobody that it misses; leave it out."
            found.append(Finding("full-list", True, text))
    if found:
        return found
    for i in range(histories.k):
        for j in range(histories.k):
            shared = histories.overlap(i, j)
            if i == j or totals[i] == 0 or shared < totals[i]:
                continue
            if totals[i] == totals[j]:
                if i < j:
                    text = f"Lists {names[i]!r} and {names[j]!r} name exactly the same people; keep one of them."
                    found.append(Finding("same-list", True, text))
                continue
            others = histories.n - totals[i]
            elsewhere = (totals[j] - shared) / others if others else 1.0
            fatal = bool(elsewhere ** totals[i] < ACCIDENT)
            text = (
                f"Everybody on list {names[i]!r} ({totals[i]} people) is also on {names[j]!r}: it looks like an "
                f"extract of it or a referral to it, not a second look. Merge the two or leave one out."
            )
            found.append(Finding("subset-list", fatal, text))
    return found


def _overlaps(histories: CaptureHistories) -> list[Finding]:
    names, totals = histories.list_names, histories.list_totals
    pairs = [(i, j) for i in range(histories.k) for j in range(i + 1, histories.k) if totals[i] and totals[j]]
    shared = {pair: histories.overlap(*pair) for pair in pairs}
    if not pairs:
        return []
    if histories.n > 1 and max(shared.values()) == 0:
        text = "No two lists share anybody, so the number of unseen people has no upper limit."
        return [Finding("no-overlap", True, text)]
    found = []
    small = [pair for pair in pairs if shared[pair] < SMALL_OVERLAP]
    if small:
        shown = ", ".join(f"{names[i]} and {names[j]} share {shared[i, j]}" for i, j in small[:6])
        more = f", and {len(small) - 6} more" if len(small) > 6 else ""
        text = (
            f"{len(small)} of {len(pairs)} pairs of lists share fewer than {SMALL_OVERLAP} people "
            f"({shown}{more}); the estimate leans on very few people."
        )
        found.append(Finding("small-overlap", False, text))
    for i, j in pairs:
        fewer = min(totals[i], totals[j])
        if SMALL_OVERLAP <= shared[i, j] < fewer and shared[i, j] >= REFERRAL_SHARE * fewer:
            text = (
                f"Of the {fewer} people on the smaller of {names[i]!r} and {names[j]!r}, {shared[i, j]} are on both. "
                f"If one of them learns of people from the other, merge them: referral makes totals too low."
            )
            found.append(Finding("referral", False, text))
    return found


def table_warnings(histories: CaptureHistories) -> tuple[str, ...]:
    """Texts of the findings that do not forbid an estimate."""
    return tuple(finding.text for finding in findings(histories) if not finding.fatal)


def require_table(histories: CaptureHistories, *, lists: int = 3) -> None:
    """Refuse a table that no estimate can rest on.

    Raises
    ------
    Refusal
        Naming the first fatal finding, or that there are fewer than `lists` lists.
    """
    fatal = [finding for finding in findings(histories) if finding.fatal]
    if fatal:
        raise Refusal(fatal[0].text)
    if histories.k < lists:
        raise Refusal(
            f"This method needs at least {lists} lists and the table has {histories.k}. Two lists allow only "
            f"'chapman' and 'chao', which cannot tell dependence between the lists from missing people."
        )


def answers(
    method: str,
) -> Callable[
    [Callable[Concatenate[CaptureHistories, Rest], Estimate]],
    Callable[Concatenate[CaptureHistories, Rest], Estimate],
]:
    """Turn a :class:`Refusal` raised by an estimator into an answer that carries the reason."""

    def wrap(
        estimator: Callable[Concatenate[CaptureHistories, Rest], Estimate],
    ) -> Callable[Concatenate[CaptureHistories, Rest], Estimate]:
        @functools.wraps(estimator)
        def answer(histories: CaptureHistories, *args: Rest.args, **kwargs: Rest.kwargs) -> Estimate:
            try:
                return estimator(histories, *args, **kwargs)
            except Refusal as reason:
                level: Any = kwargs.get("level", 0.95)
                return refusal(
                    method,
                    histories.n,
                    str(reason),
                    level=float(level),
                    period=histories.period,
                    warnings=() if np.sum(histories.counts) == 0 else table_warnings(histories),
                )

        return cast(Callable[Concatenate[CaptureHistories, Rest], Estimate], answer)

    return wrap
