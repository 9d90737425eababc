"""From true counts to what may be seen: small ones hidden, audited together with all that stands for the same time.

A correction is published beside the report that it corrects, and whoever has both can subtract. So of a corrected report
only those tables are given anew whose numbers differ by nothing or by enough; of the others the old ones stand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from smallcells import HIDDEN, TOTAL, BadTable, Dimension, Policy, Refusal, SafeTable, Table, audit, protect
from smallcells.tables import Key
from waymark.reports.formats.counts.counting import NOT_REPORTED, PEOPLE, YES, CountedTable, new_category
from waymark.reports.formats.counts.templates import FunderTemplate


class Hidden(Exception):
    """Nothing can be published beside what stands for the same time without giving a small count away."""


@dataclass(frozen=True, eq=False)
class Published:
    """One table as it is seen."""

    key: str
    safe: SafeTable = field(repr=False)
    about: str = ""
    answer: str = ""
    unit: str = PEOPLE


@dataclass(frozen=True)
class Changed:
    """What a correction gives anew, and which tables stand as they were because the difference would be too small."""

    tables: list[Published] = field(repr=False)
    standing: list[str]


def protected(tables: Sequence[CountedTable], policy: Policy, *, standing: Sequence[Published] = ()) -> list[Published]:
    """Every table with its small counts hidden. `standing` is what was published of the same people and time before.

    A table for which no choice of cells is safe is hidden whole. Where others still tell of it, nothing is told at all of
    what is counted in this way. Raises Hidden when even that is not enough.
    """
    done: list[Published] = []
    refused_in: set[str] = set()
    is_few = any(one.unit == PEOPLE and policy.is_small(int(one.table.counts.flat[-1])) for one in tables)
    try:
        for one in tables:
            others = [other.safe for other in (*standing, *done) if other.unit == one.unit]
            near = _near(one.table, others)
            safe = _all_hidden(one.table, policy) if is_few else _pair(one.table, policy, near)
            if safe is None:
                try:
                    safe = protect(one.table, policy, earlier=near)
                except Refusal:
                    safe = _all_hidden(one.table, policy)
                    refused_in.add(one.unit)
            done.append(Published(one.key, safe, one.about, one.answer, one.unit))
        telling = {unit for unit in refused_in if _tells([*standing, *done], unit)}
        if telling and standing:
            # What stands cannot be taken back, so what it would tell of is not given.
            raise Hidden("what another report of this time shows tells what is hidden here")
        if telling:
            done = [replace(one, safe=_all_hidden(one.safe, policy)) if one.unit in telling else one for one in done]
        must_be_safe([*standing, *done])
    except (Refusal, BadTable) as refused:
        raise Hidden(str(refused)) from None
    return done


def _all_hidden(table: Table | SafeTable, policy: Policy) -> SafeTable:
    """Of so few people nothing is told: not who is not among them, and not which services none of them had."""
    return SafeTable(table.dimensions, np.full(table.shape, HIDDEN, dtype=np.int64), policy, table.period)


def _tells(tables: Sequence[Published], unit: str) -> bool:
    """Whether all tables of a unit together tell what one of them hides, with the sums that any of them shows."""
    first, *rest = [one.safe for one in tables if one.unit == unit]
    return not audit(first, others=rest).passed


def _pair(table: Table, policy: Policy, near: Sequence[SafeTable]) -> SafeTable | None:
    """A table of yes and no whose sum everybody sees: hidden together when one is small, for then the sum tells of both.

    Either can be anything from 1 to one less than the sum, which is wide enough from twice the threshold on. It needs no
    search, and most tables of a report are such. Where another table has more than the sum in common, the search decides.
    """
    counts = table.counts
    if counts.shape != (3,) or counts[-1] < 2 * policy.threshold:
        return None
    own = [table.key((place,)) for place in range(2)]
    if any(key in own for other in near for key in map(other.key, other.positions())):
        return None
    if any(other.shown[position] == HIDDEN for other in near for position in other.positions() if not other.key(position)):
        return None
    shown = counts.copy()
    if any(policy.is_small(int(count)) for count in counts[:2]):
        shown[:2] = HIDDEN
    return SafeTable(table.dimensions, shown, policy, table.period)


def _is_wide_pair(tables: Sequence[SafeTable]) -> bool:
    """One table of yes and no, both hidden, under a sum that is shown and large: `_pair` says why it is safe."""
    (first, *rest) = tables
    return not rest and first.shown.shape == (3,) and int(first.shown[-1]) >= 2 * first.policy.threshold


def _near(table: Table, others: Sequence[SafeTable]) -> list[SafeTable]:
    """The tables that bear on a new one: those in which a cell that they share is hidden, and one for each that is shown.

    A count that everybody sees parts the sums on both sides of it, so that nothing of the rest is needed.
    """
    mine = {table.key(position) for position in table.positions()}
    seen: set[Key] = set()
    near = []
    for other in others:
        shared = {other.key(position): int(other.shown[position]) for position in other.positions()}
        shared = {key: count for key, count in shared.items() if key in mine}
        if HIDDEN in shared.values() or shared.keys() - seen:
            near.append(other)
            seen |= {key for key, count in shared.items() if count != HIDDEN}
    return near


def must_be_safe(tables: Sequence[Published]) -> None:
    """Try to undo what is hidden, with all tables of one time at hand. Raises Hidden when that goes too far."""
    for unit in {one.unit for one in tables}:
        for together in _bound_together([one.safe for one in tables if one.unit == unit]):
            if _is_wide_pair(together):
                continue
            verdict = audit(together[0], others=together[1:])
            if not verdict.passed:
                raise Hidden(verdict.findings[0].reason)


def _bound_together(tables: Sequence[SafeTable]) -> list[list[SafeTable]]:
    """Tables in groups that share hidden cells; what is shown to everybody binds nothing together."""
    groups: list[tuple[set[Key], list[SafeTable]]] = []
    for table in tables:
        if not table.hidden_count:
            continue
        keys = {table.key(position) for position in table.positions() if table.shown[position] == HIDDEN}
        bound = [group for group in groups if group[0] & keys]
        groups = [group for group in groups if not group[0] & keys]
        merged = [each for _, members in bound for each in members]
        groups.append((keys.union(*(held for held, _ in bound)), [*merged, table]))
    return [members for _, members in groups]


def corrected(
    tables: Sequence[CountedTable], policy: Policy, *, original: Sequence[Published], standing: Sequence[Published] = ()
) -> Changed:
    """What a correction may show beside the original. Raises Hidden when that is nothing."""
    before = {one.key: one.safe for one in original}
    # The fresh counts are protected as if the original were not there; then each table is held against it.
    anew = protected(tables, policy, standing=standing)
    kept, stands = [], []
    for one in anew:
        old = before.get(one.key)
        if old is not None and np.array_equal(old.shown, one.safe.shown):
            continue
        if old is None or _may_stand_beside(old, one.safe, policy):
            kept.append(one)
        else:
            stands.append(one.key)
    return Changed(kept, stands)


def _may_stand_beside(old: SafeTable, new: SafeTable, policy: Policy) -> bool:
    """Whether a reader who subtracts learns of fewer people than the rule allows: no small difference, nothing unveiled."""
    if old.dimensions != new.dimensions:
        return False
    for was, now in zip(old.shown.flat, new.shown.flat, strict=True):
        if was == HIDDEN and now != HIDDEN:
            return False
        if HIDDEN not in (was, now) and 0 < abs(int(was) - int(now)) < policy.threshold:
            return False
    return True


def packed(tables: Iterable[Published]) -> list[dict[str, Any]]:
    """Tables as they are stored: a hidden count is None."""
    return [
        {
            "key": one.key,
            "about": one.about,
            "answer": one.answer,
            "unit": one.unit,
            "period": one.safe.period,
            "threshold": one.safe.policy.threshold,
            "dimensions": [[each.name, list(each.categories), each.total] for each in one.safe.dimensions],
            "shown": [None if count == HIDDEN else int(count) for count in one.safe.shown.flat],
        }
        for one in tables
    ]


def unpacked(stored: Iterable[Mapping[str, Any]]) -> list[Published]:
    """Tables as they were stored."""
    found = []
    for one in stored:
        dimensions = tuple(Dimension(name, tuple(categories), total) for name, categories, total in one["dimensions"])
        counts = np.array([HIDDEN if count is None else count for count in one["shown"]], dtype=np.int64)
        shape = tuple(len(dimension.labels) for dimension in dimensions)
        safe = SafeTable(dimensions, counts.reshape(shape), Policy(threshold=one["threshold"]), one["period"])
        found.append(Published(one["key"], safe, one["about"], one["answer"], one["unit"]))
    return found


@dataclass(frozen=True)
class Line:
    """One number of a report for a person to read; `count` is None where it is hidden."""

    label: str
    count: int | None
    is_total: bool = False


@dataclass(frozen=True)
class Block:
    """One table of a report under its title."""

    title: str
    lines: list[Line] = field(repr=False)


def as_lines(wanted: FunderTemplate, tables: Sequence[Published], codes: Mapping[str, str]) -> list[Block]:
    """A report as blocks of lines, in the template's order. `codes` names the funder's services."""
    blocks = []
    for asked in wanted.tables:
        own = [one for one in tables if one.key.partition(":")[0] == asked.key]
        lines: list[Line] = []
        for one in own:
            if asked.each:
                count = one.safe.value(**{f"{asked.each} {one.answer}": YES})
                lines.append(Line(_label(wanted, asked.each, one.answer, codes), count))
            else:
                lines += _lines_of(wanted, one, codes)
        if own:
            blocks.append(Block(asked.title, lines))
    return blocks


def _lines_of(wanted: FunderTemplate, one: Published, codes: Mapping[str, str]) -> list[Line]:
    (own,) = one.safe.dimensions
    answers = {new_category(one.about, answer): answer for answer in wanted.answers.get(one.about, {})}
    of_new = own.name != one.about
    lines = []
    for category in own.labels:
        count = one.safe.value(**({} if category == TOTAL else {own.name: category}))
        if category == TOTAL and not of_new:
            lines.append(Line("All", count, is_total=True))
        elif category in answers or not of_new:
            lines.append(Line(_label(wanted, one.about, answers.get(category, category), codes), count))
    return lines


def _label(wanted: FunderTemplate, about: str, answer: str, codes: Mapping[str, str]) -> str:
    if about == "service":
        return f"{answer} {codes.get(answer, '')}".strip()
    return wanted.label(about, "" if answer == NOT_REPORTED else answer)
