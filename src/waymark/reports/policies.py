"""Who may report for an agency, and how much at once. Cases and people have their own policies, which are asked, too."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import AgencyKind, User
from waymark.people.policies import Refused, agency_of, holds

Row = TypeVar("Row", bound=Model)

# Cases in one file, people in one count, rows of a sheet that one press brings in.
MOST_CASES = 2_000
MOST_PEOPLE = 20_000
AT_ONCE = 20


def must_exchange(by: User) -> uuid.UUID:
    """The agency for which `by` may bring cases in and take them out. Raises Refused."""
    if not holds(by, Permission.SHEET_EXCHANGE):
        raise Refused("Your role does not bring cases in or take them out.")
    return agency_of(by)


def must_certify(by: User) -> uuid.UUID:
    """The agency for which `by` may certify a report. Raises Refused."""
    if not holds(by, Permission.REPORT_CERTIFY):
        raise Refused("Your role does not certify reports.")
    return agency_of(by)


def visible(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """The agency's own rows."""
    if to.acting is None or not holds(to, Permission.REPORT_VIEW):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def is_victim_service_provider(by: User) -> bool:
    """Whether the agency must keep its people out of HMIS and every shared database (34 USC 12291(b)(2))."""
    return by.acting is not None and by.acting.agency.kind == AgencyKind.VICTIM_SERVICES
