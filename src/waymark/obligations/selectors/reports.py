"""Reports that law demands: the list with its clock, and one of them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.cases.models import Case, NoticeTold
from waymark.obligations.models import MandatedReport, ReportState
from waymark.obligations.policies.who import visible
from waymark.people.models import Person

WORK = Permission.OBLIGATIONS_REPORT_WORK
OPEN_STATES = (ReportState.BEGUN, ReportState.PHONED)


def reports_for(user: User) -> QuerySet[MandatedReport]:
    """One's own reports: who reported is confidential, among colleagues too. The next due first."""
    rows = visible(MandatedReport.objects.filter(made_by=user).select_related("person"), to=user, permission=WORK)
    return rows.order_by("due_at", "id")


def report_for(pk: uuid.UUID, *, to: User) -> MandatedReport | None:
    return reports_for(to).filter(pk=pk).first()


def open_reports(user: User) -> QuerySet[MandatedReport]:
    return reports_for(user).filter(state__in=OPEN_STATES)


def when_told_of_duties(person: Person, *, by: User) -> NoticeTold | None:
    """When this worker last told the person what they must report."""
    cases = Case.objects.filter(agency_id=person.agency_id, person=person)
    rows = NoticeTold.objects.filter(agency_id=person.agency_id, case__in=cases, about="duties", told_by=by)
    return rows.order_by("-told_at").first()
