"""What visitors report, and how little a report may do.

A report is one tap and nothing else, so a script can send thousands. It may label a listing and sort it last; it never
hides one. When many listings are reported in one day, that day tells about a script and not about the listings: its
reports are kept for a steward to read but label nothing (a *mass event* freezes the labels).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Max, Min, Q, QuerySet

from waymark.directory.models import ListingReport, Service

LABEL_AT = 3
LABEL_DAYS = 60
MASS_SERVICES = 10


@dataclass(frozen=True)
class ReportLabel:
    """What a listing says about reports: the reason given most, how often, and when last."""

    reason: str
    reports: int
    last_on: dt.date

    @property
    def sorts_last(self) -> bool:
        return self.reason in {ListingReport.Reason.CLOSED, ListingReport.Reason.WRONG_NUMBER}


def open_reports() -> QuerySet[ListingReport]:
    return ListingReport.objects.filter(resolved_on=None)


def mass_days(on: dt.date) -> list[dt.date]:
    """Days on which so many listings were reported so often that a script is likelier than the truth."""
    busy = (
        ListingReport.objects.filter(reported_on__gt=on - dt.timedelta(days=LABEL_DAYS))
        .order_by()
        .values("reported_on", "service")
        .annotate(reports=Count("id"))
        .filter(reports__gte=LABEL_AT)
    )
    services_a_day: dict[dt.date, int] = {}
    for row in busy:
        services_a_day[row["reported_on"]] = services_a_day.get(row["reported_on"], 0) + 1
    return sorted(day for day, services in services_a_day.items() if services >= MASS_SERVICES)


def report_labels(
    on: dt.date, *, ids: Iterable[str | UUID] | None = None, frozen: list[dt.date] | None = None
) -> dict[UUID, ReportLabel]:
    """The label of each service (of `ids`, or of all) that has one. Two queries, whatever the size of the directory; one
    for whoever knows the `frozen` days (`mass_days`) already."""
    found = open_reports() if ids is None else open_reports().filter(service__in=list(ids))
    rows = (
        found.filter(reported_on__gt=on - dt.timedelta(days=LABEL_DAYS), reported_on__lte=on)
        .exclude(reported_on__in=mass_days(on) if frozen is None else frozen)
        .order_by()
        .values("service", "reason")
        .annotate(reports=Count("id"), last_on=Max("reported_on"))
        .filter(reports__gte=LABEL_AT)
        .order_by("service", "-reports", "reason")
    )
    labels: dict[UUID, ReportLabel] = {}
    for row in rows:
        labels.setdefault(row["service"], ReportLabel(row["reason"], row["reports"], row["last_on"]))
    return labels


def reported_services(reason: str = "") -> QuerySet[Service]:
    """Services with open reports, most reported first, with `reports`, `first_on`, `last_on`."""
    narrowed = Q(reports__isnull=False, reports__resolved_on=None)
    if reason:
        narrowed &= Q(reports__reason=reason)
    return (
        Service.objects.filter(narrowed)
        .annotate(
            report_count=Count("reports", filter=narrowed),
            first_on=Min("reports__reported_on", filter=narrowed),
            last_on=Max("reports__reported_on", filter=narrowed),
        )
        .select_related("organization")
        .order_by("-report_count", "name", "id")
    )


def reasons_of(ids: list[UUID]) -> dict[UUID, list[tuple[str, int]]]:
    """How often each reason was given for each service, in one query."""
    found: dict[UUID, list[tuple[str, int]]] = {pk: [] for pk in ids}
    rows = (
        open_reports()
        .filter(service__in=ids)
        .order_by()
        .values("service", "reason")
        .annotate(reports=Count("id"))
        .order_by("-reports", "reason")
    )
    for row in rows:
        found[row["service"]].append((ListingReport.Reason(row["reason"]).label, row["reports"]))
    return found
