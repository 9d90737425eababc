"""The auditor: what an attentive reader can work out from what is published.

It sees only what the public sees. For every hidden count it finds the smallest and the largest value that fit all
published sums, in this table and in the others of the same period, and refuses when the two are closer than the
threshold. Counts that nobody published but that follow by subtraction (everyone minus women; everyone minus one agency)
are bounded in the same way.

What it does not do: it does not model a reader who knows the algorithm and reasons about why just these cells were
chosen, nor one who knows some hidden counts from the inside (an agency knows its own).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from smallcells.bounds import intervals
from smallcells.policy import BadTable, Policy
from smallcells.systems import Groups, System, known_counts, part_marks, system_of
from smallcells.tables import HIDDEN, Key, SafeTable, Table, describe_key


@dataclass(frozen=True)
class Finding:
    """One count that readers can work out too closely.

    Parameters
    ----------
    cell : str
        Which count, in words.
    low, high : float
        The interval that the published sums leave, in people.
    reason : str
        A sentence for the person who has to fix the table.
    """

    cell: str
    low: float
    high: float
    reason: str


@dataclass(frozen=True)
class Audit:
    """The auditor's verdict.

    Parameters
    ----------
    findings : tuple of Finding
        Empty when the tables may be published.
    hidden : int
        How many hidden counts were bounded.
    narrowest : float
        The width of the narrowest interval around a hidden count (infinite when nothing is hidden).
    """

    findings: tuple[Finding, ...]
    hidden: int
    narrowest: float

    @property
    def passed(self) -> bool:
        """Whether nothing can be worked out too closely."""
        return not self.findings

    def to_json_dict(self) -> dict[str, Any]:
        """The verdict as plain values; an unlimited bound is null."""
        return {
            "passed": self.passed,
            "hidden": self.hidden,
            "narrowest": _finite(self.narrowest),
            "findings": [{"cell": f.cell, "interval": [f.low, _finite(f.high)], "reason": f.reason} for f in self.findings],
        }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def audit(
    table: SafeTable,
    *,
    others: Sequence[SafeTable] = (),
    parts: Sequence[SafeTable] = (),
    groups: Groups | None = None,
) -> Audit:
    """Bound every hidden count of a published table, and every count that follows by subtraction.

    Parameters
    ----------
    table : SafeTable
        As it would be published; its policy decides.
    others : sequence of SafeTable
        Other publications about the same people in the same period.
    parts : sequence of SafeTable
        Other publications about some of these people (women only; all agencies but one), same period.
    groups : mapping, optional
        Categories made of other categories, ``{"age": {"minor": ("0-12", "13-17")}}``.

    Returns
    -------
    Audit

    Raises
    ------
    BadTable
        The shown counts contradict each other, or the tables are about different periods.

    Examples
    --------
    >>> from smallcells import Policy, Table
    >>> table = Table.of(["age"], [["minor", "adult"]], [3, 40])
    >>> shown = table.counts.copy()
    >>> shown[0] = -1
    >>> audit(SafeTable(table.dimensions, shown, Policy())).findings[0].reason
    'age=minor is hidden, yet it is exactly 3: the published sums say so'
    """
    policy = table.policy
    same_period((table, *others, *parts))
    system = system_of((table, *others), parts=parts, groups=groups)
    shown, hidden, findings = _read((table, *others), parts, policy)
    if findings:
        return Audit(tuple(findings), len(hidden), 0.0)
    known = known_counts(system, shown)
    least = np.array([policy.least_hidden if key in hidden else 0 for key in system.keys], dtype=np.float64)
    low, high = intervals(system, known, least)
    if not system.network:
        exact_low, exact_high = intervals(system, known, least, integral=True)
        low, high = np.maximum(low, exact_low), np.minimum(high, exact_high)
    return _verdict(system, known, low, high, hidden, policy)


def same_period(tables: Sequence[Table | SafeTable]) -> None:
    """Refuse to add and subtract counts of different periods: the sums would mean nothing."""
    periods = sorted({table.period for table in tables if table.period is not None})
    if len(periods) > 1:
        listed = ", ".join(periods)
        raise BadTable(f"the tables are about different periods ({listed}): audit those of one period together")


def _read(
    tables: Sequence[SafeTable], parts: Sequence[SafeTable], policy: Policy
) -> tuple[dict[Key, int], set[Key], list[Finding]]:
    """Collect what is shown, what is hidden, and what two publications say differently."""
    shown: dict[Key, int] = {}
    hidden: set[Key] = set()
    findings: list[Finding] = []
    marked = [(table, frozenset[tuple[str, str]]()) for table in tables]
    marked += [(part, part_marks(place)[0]) for place, part in enumerate(parts)]
    for table, mark in marked:
        for position in table.positions():
            key = table.key(position) | mark
            count = int(table.shown[position])
            if count == HIDDEN:
                hidden.add(key)
            elif policy.is_small(count):
                sentence = f"{describe_key(key)} is under {policy.threshold} and shown"
                findings.append(Finding(describe_key(key), count, count, sentence))
            elif shown.setdefault(key, count) != count:
                apart = abs(shown[key] - count)
                findings.append(
                    Finding(
                        describe_key(key),
                        apart,
                        apart,
                        f"{describe_key(key)} is published as {shown[key]} and as {count}: "
                        f"the difference tells of {apart} people",
                    )
                )
    return shown, hidden, findings


def _verdict(
    system: System,
    known: NDArray[np.float64],
    low: NDArray[np.float64],
    high: NDArray[np.float64],
    hidden: set[Key],
    policy: Policy,
) -> Audit:
    findings = []
    narrowest = np.inf
    for key, count, least, most in zip(system.keys, known, low, high, strict=True):
        if key in hidden:
            width = most - least if np.isnan(count) else 0.0
            narrowest = min(narrowest, width)
            if width < policy.threshold:
                findings.append(Finding(describe_key(key), least, most, _sentence(key, least, most, "is hidden")))
        elif np.isnan(count) and gives_small_count_away(least, most, policy):
            findings.append(Finding(describe_key(key), least, most, _sentence(key, least, most, "was not published")))
    return Audit(tuple(findings), len(hidden), float(narrowest))


def gives_small_count_away(low: float, high: float, policy: Policy) -> bool:
    """Whether an interval around a count that nobody published is narrow and holds values that would be hidden."""
    return high - low < policy.threshold and low < policy.threshold and high >= policy.least_hidden


def _sentence(key: Key, low: float, high: float, state: str) -> str:
    where = f"exactly {low:g}" if low == high else f"between {low:g} and {high:g}"
    return f"{describe_key(key)} {state}, yet it is {where}: the published sums say so"
