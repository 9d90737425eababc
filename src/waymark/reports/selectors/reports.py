"""Certified reports of the agency: as a list, one, and all that stands for the same time."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from waymark.accounts.models import User
from waymark.reports.formats.counts import Published, unpacked
from waymark.reports.models import Report
from waymark.reports.policies import visible


def reports(*, to: User, template: str = "", year: str = "") -> QuerySet[Report]:
    """Certified reports, the newest quarter first, each with the number of its corrections."""
    rows = visible(Report.objects.filter(corrects__isnull=True), to=to).select_related("certified_by")
    if template:
        rows = rows.filter(template=template)
    if year.isdecimal():
        rows = rows.filter(starts_on__year=int(year))
    same = Report.objects.filter(agency_id=OuterRef("agency_id"), corrects=OuterRef("pk")).order_by()
    number = same.values("corrects").annotate(number=Count("pk")).values("number")
    rows = rows.annotate(corrected=Coalesce(Subquery(number), 0))
    return rows.order_by("-starts_on", "template", "-certified_at")


def years(*, to: User) -> list[str]:
    """The years in which there are reports."""
    return [str(day.year) for day in visible(Report.objects.all(), to=to).dates("starts_on", "year", order="DESC")]


def report_for(pk: uuid.UUID, *, to: User) -> Report | None:
    """One report, or None."""
    return visible(Report.objects.select_related("certified_by", "corrects"), to=to).filter(pk=pk).first()


def corrections_of(report: Report) -> QuerySet[Report]:
    """What was added to a report, the newest first."""
    rows = Report.objects.filter(agency_id=report.agency_id, corrects=report)
    return rows.select_related("certified_by").order_by("-certified_at")


def standing(agency: uuid.UUID, starts_on: dt.date, ends_on: dt.date, *, but: uuid.UUID | None = None) -> list[Published]:
    """Every table that an agency has published of exactly this time, whatever the template; without one report's own."""
    rows = Report.objects.filter(agency_id=agency, starts_on=starts_on, ends_on=ends_on)
    if but is not None:
        rows = rows.exclude(pk=but).exclude(corrects_id=but)
    return [one for row in rows.order_by("certified_at", "pk") for one in unpacked(row.tables)]


def report_of(agency: uuid.UUID, template: str, version: str, starts_on: dt.date) -> Report | None:
    """The report of a quarter, when it was certified."""
    rows = Report.objects.filter(agency_id=agency, template=template, version=version, starts_on=starts_on)
    return rows.filter(corrects__isnull=True).first()
