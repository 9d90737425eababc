"""Quarters as pages and files show them: what was let out, what could be, and the table for the federal measures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from waymark.accounts.models import User
from waymark.newsroom.formats.results import NUMBER, WORDS, read_result
from waymark.newsroom.models import PressItem
from waymark.operations import policies
from waymark.operations.formats.federal_measures import federal_measures
from waymark.operations.formats.quarterly import (
    ALL,
    HIDDEN,
    NOT_COUNTED,
    SUM_OVER_AGENCIES,
    Counted,
    days_of,
    is_ripe,
    quarter_of,
)
from waymark.operations.models import Operation, OutcomeCount, QuarterlyFile, ServiceCount, ServiceTotal
from waymark.operations.models.counts import Part

SHOWN = 12
HEADING = ("quarter", "program", "measure", "our measure", "of whom", "agency", "count", "note")


@dataclass(frozen=True)
class QuarterShown:
    """A quarter that is over: whether it may be given, whether it was, and by whom of the agencies for victims."""

    year: int
    quarter: int
    is_ripe: bool
    made: QuarterlyFile | None
    gave: tuple[str, ...]
    own_given: bool

    @property
    def label(self) -> str:
        first, last = days_of(self.year, self.quarter)
        return f"{first:%B} to {last:%B} {self.year}"


def quarters_for(user: User, *, on: dt.date) -> list[QuarterShown]:
    """The last three years of quarters that are over, the newest first."""
    year, quarter = quarter_of(on)
    made = {(row.year, row.quarter): row for row in QuarterlyFile.objects.select_related("given_by__agency")}
    gave: dict[tuple[int, int], set[str]] = {}
    own = set()
    for row in ServiceTotal.objects.select_related("agency"):
        gave.setdefault((row.year, row.quarter), set()).add(row.agency.name)
        if user.acting is not None and row.agency_id == user.acting.agency_id:
            own.add((row.year, row.quarter))
    found = []
    for _ in range(SHOWN):
        year, quarter = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
        key = (year, quarter)
        names = tuple(sorted(gave.get(key, ())))
        found.append(QuarterShown(year, quarter, is_ripe(year, quarter, on=on), made.get(key), names, key in own))
    return found


def counts_of(year: int, quarter: int) -> list[Counted]:
    """Every outcome of operations that ended in a quarter. Without exact days an operation belongs to none."""
    first, last = days_of(year, quarter)
    rows = OutcomeCount.objects.filter(operation__ends_on__range=(first, last))
    return [Counted(str(row.operation_id), row.measure, row.side, row.value) for row in rows.order_by("pk")]


def published_of(year: int, quarter: int) -> tuple[dict[tuple[str, str, str], int], set[tuple[str, str]]]:
    """What releases show of a quarter's operations as numbers, and which small counts they tell in words."""
    first, last = days_of(year, quarter)
    operations = Operation.objects.filter(ends_on__range=(first, last)).values("pk")
    labels = {label: code for code, label in Part.choices}
    numbers: dict[tuple[str, str, str], int] = {}
    quoted: set[tuple[str, str]] = set()
    for item in PressItem.objects.filter(operation__in=operations, state=PressItem.State.RELEASED):
        result = read_result(item.result)
        for line in result.lines if result is not None else ():
            parts = line.label.split(" · ")[1:]
            if line.shown == WORDS:
                quoted.add((line.measure, str(item.operation)))
            elif line.shown == NUMBER and line.value is not None and all(part in labels for part in parts):
                numbers[line.measure, str(item.operation), labels[parts[0]] if parts else ALL] = line.value
    return numbers, quoted


def own_counts_of(user: User, year: int, quarter: int) -> dict[str, list[int | None]]:
    """The acting agency's own numbers of a quarter by kind; the row wall shows no others."""
    first, last = days_of(year, quarter)
    found: dict[str, list[int | None]] = {kind: [] for kind in ServiceCount.Kind.values}
    if user.acting is not None and policies.counts_services(user):
        rows = ServiceCount.objects.filter(agency=user.acting.agency_id, operation__ends_on__range=(first, last))
        for row in rows:
            found[row.kind].append(row.value)
    return found


def table_of(file: QuarterlyFile) -> Iterable[tuple[object, ...]]:
    """The lines of the quarterly CSV: enforcement as it was frozen, then what agencies for victims have given."""
    names = federal_measures()
    quarter = f"{file.year} Q{file.quarter}"
    sides: Mapping[str, str] = {**dict(Part.choices), ALL: "All"}
    for row in file.rows:
        asked = names.enforcement.measures.get(row["measure"], "")
        yield (
            quarter,
            names.enforcement.name,
            asked,
            row["measure"],
            sides[row["side"]],
            "all that took part",
            row["value"],
            f"{row['note']}. {SUM_OVER_AGENCIES}" if row["note"] else SUM_OVER_AGENCIES,
        )
    totals = ServiceTotal.objects.filter(year=file.year, quarter=file.quarter).select_related("agency")
    for total in totals.order_by("agency__name", "kind"):
        note = "" if total.value is not None else HIDDEN if total.is_counted else NOT_COUNTED
        asked = names.services.measures[total.kind]
        yield quarter, names.services.name, asked, total.kind, "All", total.agency.name, total.value, note
