"""What a program is measured by, each defined once: the same words stand on the page, beside the number.

The definitions are those of the treatment courts' core measures (NRAC, 2006) and of diversion (NIC and NAPSA, Measuring for
Results), without sobriety. Completion counts everybody who started, also who left in the first week: a rate of those who
stayed says nothing of a program.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

RETENTION_DAYS = (30, 90, 180)
GRADUATED, LEFT, STILL_IN = "Graduated", "Ended another way", "Still in"
OUTCOMES = (GRADUATED, LEFT, STILL_IN)


@dataclass(frozen=True)
class Way:
    """One person's way: counted once, by the first time that they started. `first_left_on` is no graduation."""

    came_on: dt.date
    decided_on: dt.date | None
    started_on: dt.date
    first_session_on: dt.date | None
    first_left_on: dt.date | None
    graduated_on: dt.date | None
    is_still_in: bool
    authority: str

    @property
    def outcome(self) -> str:
        if self.graduated_on is not None:
            return GRADUATED
        return STILL_IN if self.is_still_in else LEFT


@dataclass(frozen=True)
class Measure:
    """A number with its definition and with how many people it is of; `value` is None where nobody can be counted yet."""

    name: str
    definition: str
    value: float | None
    unit: str
    of: int

    @property
    def said(self) -> str:
        if self.value is None:
            return "Nobody to count yet"
        if self.unit == "%":
            return f"{self.value:.0f} %"
        return f"{self.value:g} {self.unit}"


def measures(ways: Sequence[Way], *, on: dt.date) -> list[Measure]:
    """Every measure of a program on a day."""
    decided = [(way.decided_on - way.came_on).days for way in ways if way.decided_on is not None]
    begun = [
        (way.first_session_on - way.decided_on).days
        for way in ways
        if way.first_session_on is not None and way.decided_on is not None
    ]
    ended = [way for way in ways if not way.is_still_in]
    graduates = [way for way in ways if way.graduated_on is not None]
    took = [(way.graduated_on - way.started_on).days for way in graduates if way.graduated_on is not None]
    found = [
        _middle(
            "From referral to decision",
            "Days from the referral until the last party had agreed; the middle value.",
            decided,
        ),
        _middle(
            "From decision to the first session",
            "Days from the last party's agreement to the first session that somebody came to; the middle value.",
            begun,
        ),
    ]
    for days in RETENTION_DAYS:
        long_ago = [way for way in ways if way.started_on + dt.timedelta(days=days) <= on]
        stayed = [way for way in long_ago if not _left_within(way, days)]
        found.append(
            _share(
                f"Still in, or graduated, after {days} days",
                f"Of all who started at least {days} days ago, those who had not ended another way by then.",
                len(stayed),
                len(long_ago),
            )
        )
    found += [
        _share("Completion of all who started", "Graduates of everybody who ever started.", len(graduates), len(ways)),
        _share("Completion of all who ended", "Graduates of everybody who is not in any more.", len(graduates), len(ended)),
        _middle("Time to graduation", "Days from the start to graduation; the middle value.", took),
    ]
    return found


def _left_within(way: Way, days: int) -> bool:
    return way.first_left_on is not None and way.first_left_on < way.started_on + dt.timedelta(days=days)


def _middle(name: str, definition: str, values: list[int]) -> Measure:
    return Measure(name, definition, float(median(values)) if values else None, "days", len(values))


def _share(name: str, definition: str, part: int, whole: int) -> Measure:
    return Measure(name, definition, 100 * part / whole if whole else None, "%", whole)


@dataclass(frozen=True)
class Group:
    """People of one group by what became of them; None is held back, because it or a neighbor is below eleven."""

    name: str
    started: int | None
    outcomes: tuple[int | None, ...]

    @property
    def cells(self) -> tuple[tuple[str, int | None], ...]:
        return tuple(zip(OUTCOMES, self.outcomes, strict=True))


def groups(ways: Iterable[Way], by: str) -> list[Group]:
    """Ways by the year of the start (`year`) or by the law (`authority`), as they may leave the agency."""
    from smallcells import Table, protect

    counted: dict[str, dict[str, int]] = {}
    for way in ways:
        name = str(way.started_on.year) if by == "year" else way.authority
        of_group = counted.setdefault(name, dict.fromkeys(OUTCOMES, 0))
        of_group[way.outcome] += 1
    if not counted:
        return []
    names = sorted(counted)
    safe = protect(Table.of([by, "outcome"], [names, list(OUTCOMES)], [list(counted[name].values()) for name in names]))
    return [
        Group(
            name,
            safe.value(**{by: name}),
            tuple(safe.value(**{by: name, "outcome": outcome}) for outcome in OUTCOMES),
        )
        for name in names
    ]


BAR_ROOM, BAR_LEFT, ROW, HELD_BACK = 330, 170, 26, 10


@dataclass(frozen=True)
class Bar:
    """A bar of the chart; what is held back is a dashed box as wide as all that it may be."""

    label: str
    said: str
    y: int
    width: int
    is_held_back: bool

    @property
    def text_y(self) -> int:
        return self.y + 14

    @property
    def said_x(self) -> int:
        return BAR_LEFT + self.width + 8


def entrants_beside_graduates(years: Sequence[Group]) -> list[Bar]:
    """Two bars a year from zero: who started, and who of them has graduated."""
    pairs = [
        (f"{group.name}, {what}", number)
        for group in years
        for what, number in (("started", group.started), ("graduated", group.outcomes[0]))
    ]
    largest = max([HELD_BACK, *(number for _, number in pairs if number is not None)])
    return [
        Bar(
            label,
            "fewer than 11, or held back" if number is None else str(number),
            8 + place * ROW,
            round(BAR_ROOM * (HELD_BACK if number is None else number) / largest),
            number is None,
        )
        for place, (label, number) in enumerate(pairs)
    ]
