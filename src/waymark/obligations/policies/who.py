"""Who may see and do these things: advocates of the agency, as far as the person is open to them.

Three things hang on the member and not on the role: who answers courts, who has which duty to report, who is the reporter.
The database asks the same (migrations/sql/obligations.sql).
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from waymark.access.permissions import Permission, Role
from waymark.accounts.models import Membership, User
from waymark.obligations.models import Incident, LegalProcess, MandatedReport
from waymark.people.policies import Refused, holds, visible_of

Row = TypeVar("Row", bound=Model)
DUTY_FIELDS = {
    MandatedReport.Duty.CHILD_ABUSE.value: "reports_child_abuse",
    MandatedReport.Duty.ELDER_ABUSE.value: "reports_elder_abuse",
    MandatedReport.Duty.INJURIES.value: "reports_injuries",
}


def must(by: User, permission: Permission) -> uuid.UUID:
    """The agency for which `by` may do this. Raises Refused."""
    if by.acting is None or not holds(by, permission):
        raise Refused("Your role does not include this.")
    agency: uuid.UUID = by.acting.agency_id
    return agency


def visible(queryset: QuerySet[Row], *, to: User, permission: Permission) -> QuerySet[Row]:
    """What belongs to people who are open to `to`, for whoever holds the permission of the page."""
    return visible_of(queryset, to=to) if holds(to, permission) else queryset.none()


def visible_incidents(queryset: QuerySet[Incident], *, to: User) -> QuerySet[Incident]:
    """The agency's own incidents, for whoever keeps them."""
    if to.acting is None or not holds(to, Permission.OBLIGATIONS_INCIDENT_KEEP):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def answers_courts(by: User) -> bool:
    """Whether `by` is named, since today or before, to answer courts for the agency."""
    since = by.acting.answers_law_on if by.acting is not None else None
    return since is not None and since <= timezone.localdate() and holds(by, Permission.OBLIGATIONS_PROCESS_WORK)


def who_answers_courts(agency: uuid.UUID) -> QuerySet[Membership]:
    """Everybody who is named to answer courts; every advocate where nobody is, so that a paper never waits unseen."""
    members = Membership.objects.filter(agency_id=agency, state="active", role=Role.ADVOCATE).select_related("user")
    named = members.filter(answers_law_on__lte=timezone.localdate())
    return named if named.exists() else members


def may_approve(by: User, asked_by: uuid.UUID | None) -> bool:
    """Whoever answers courts, but never what they asked for themselves."""
    return answers_courts(by) and by.pk != asked_by


def duties_of(by: User) -> list[str]:
    """Which reports the law demands of this member today: said yes, with a ground, since a day that has come."""
    place = by.acting
    if place is None or not place.reporting_basis or place.reporting_since_on is None:
        return []
    if place.reporting_since_on > timezone.localdate() or not holds(by, Permission.OBLIGATIONS_REPORT_WORK):
        return []
    return [duty for duty, name in DUTY_FIELDS.items() if getattr(place, name) == "yes"]


def may_be_told_of(user: User, arguments: Mapping[str, Any]) -> bool:
    """Whether somebody may be told that a process is there: only who could open its page."""
    rows = LegalProcess.objects.filter(pk=arguments["pk"])
    return visible(rows, to=user, permission=Permission.OBLIGATIONS_PROCESS_VIEW).exists()
