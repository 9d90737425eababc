"""Petitions filed and relief granted: by year for the office itself, by quarter as it was let out."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from smallcells import Table, protect
from waymark.accounts.models import User
from waymark.diversion.models import ReliefTotal
from waymark.operations.formats.quarterly import days_of, is_ripe, quarter_of
from waymark.relief.formats.quarters import Counted
from waymark.relief.models import ReliefCase, State
from waymark.relief.policies import visible

GRANTED = Q(state__in=[State.ORDERED, State.CONFIRMED])
SHOWN = 8
OUTCOMES = ["granted", "not granted so far"]


@dataclass(frozen=True)
class YearCounts:
    """Petitions filed in one year. None is held back: it, or one that would give it away, is below eleven."""

    year: str
    filed: int | None
    granted: int | None
    not_granted: int | None


def counts_of(*, to: User) -> list[YearCounts]:
    """Petitions by the year of their filing and what became of them, newest first.

    One table with its totals, so that what is left over when one number is taken from another is held back as well.
    """
    granted = GRANTED
    rows = (
        visible(ReliefCase.objects.filter(filed_on__isnull=False), to=to)
        .annotate(year=ExtractYear("filed_on"))
        .values("year")
        .annotate(filed=Count("pk"), granted=Count("pk", filter=granted))
        .order_by("-year")
    )
    found = {str(row["year"]): (row["granted"], row["filed"] - row["granted"]) for row in rows}
    if not found:
        return []
    safe = protect(Table.of(["year", "outcome"], [list(found), OUTCOMES], [list(pair) for pair in found.values()]))
    return [
        YearCounts(
            year,
            safe.value(year=year),
            safe.value(year=year, outcome=OUTCOMES[0]),
            safe.value(year=year, outcome=OUTCOMES[1]),
        )
        for year in found
    ]


def counted_of(agency: uuid.UUID, year: int, quarter: int) -> Counted:
    """What the whole office did in a quarter, also for people who are not open to whoever counts: it is two numbers."""
    first, last = days_of(year, quarter)
    found = ReliefCase.objects.filter(agency_id=agency).aggregate(
        filed=Count("pk", filter=Q(filed_on__range=(first, last))),
        granted=Count("pk", filter=GRANTED & Q(decided_on__range=(first, last))),
        filed_so_far=Count("pk", filter=Q(filed_on__lte=last)),
        granted_so_far=Count("pk", filter=GRANTED & Q(decided_on__lte=last)),
    )
    return Counted(**found)


@dataclass(frozen=True)
class QuarterLine:
    """A quarter that is over, and what of it was let out."""

    year: int
    quarter: int
    is_ripe: bool
    given: ReliefTotal | None

    @property
    def code(self) -> str:
        return f"{self.year}-{self.quarter}"

    @property
    def label(self) -> str:
        first, last = days_of(self.year, self.quarter)
        return f"{first:%B} to {last:%B} {self.year}"


def quarters_of(agency: uuid.UUID, *, on: dt.date) -> list[QuarterLine]:
    """The last two years of quarters that are over, the newest first."""
    given = {(row.year, row.quarter): row for row in ReliefTotal.objects.filter(agency_id=agency)}
    year, quarter = quarter_of(on)
    found = []
    for _ in range(SHOWN):
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        found.append(QuarterLine(year, quarter, is_ripe(year, quarter, on=on), given.get((year, quarter))))
    return found
