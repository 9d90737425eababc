"""Counts that may be published: petitions filed and relief granted by year, fit to leave by `smallcells`."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q
from django.db.models.functions import ExtractYear

from smallcells import Table, protect
from waymark.accounts.models import User
from waymark.relief.models import ReliefCase, State
from waymark.relief.policies import visible

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
    granted = Q(state__in=[State.ORDERED, State.CONFIRMED])
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
