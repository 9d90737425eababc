"""Who records operations, who counts, and who sees what and when.

Agencies of the justice side lead operations. Until an operation is over it is there for those alone who take part; after
it, for the coalition. An agency writes its own counts and no others. What an agency for victims counted it alone reads.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from waymark.access.permissions import Permission
from waymark.accounts.models import AgencyKind, Membership, User
from waymark.accounts.policies import Refused
from waymark.accounts.policies.people import holds
from waymark.operations.models import AfterActionItem, Operation, OperationAgency

LEADS = frozenset(
    {
        AgencyKind.FEDERAL,
        AgencyKind.LAW_ENFORCEMENT,
        AgencyKind.PAROLE,
        AgencyKind.PROBATION,
        AgencyKind.PROSECUTION,
    }
)


def visible(operations: QuerySet[Operation], *, to: User, on: dt.date) -> QuerySet[Operation]:
    """Operations that are over; of the others those in which the agency of `to` takes part."""
    if to.acting is None or not holds(to, Permission.OPERATION_VIEW):
        return operations.none()
    over = Q(ends_on__lt=on) | Q(ends_on=None, year__lt=on.year)
    own = Q(lead=to.acting.agency_id) | Q(Exists(_places(to).filter(operation=OuterRef("pk"))))
    return operations.annotate(is_own=ExpressionWrapper(own, output_field=BooleanField())).filter(over | Q(is_own=True))


def _places(by: User) -> QuerySet[OperationAgency]:
    return OperationAgency.objects.filter(agency=by.acting.agency_id) if by.acting else OperationAgency.objects.none()


def may_record(by: User) -> bool:
    """Whoever counts in an agency that leads operations records a new one."""
    return by.acting is not None and holds(by, Permission.OPERATION_COUNT) and by.acting.agency.kind in LEADS


def may_keep(by: User, operation: Operation) -> bool:
    return may_record(by) and by.acting is not None and by.acting.agency_id == operation.lead_id


def takes_part(by: User, operation: Operation) -> bool:
    if by.acting is None or not holds(by, Permission.OPERATION_COUNT):
        return False
    # What `visible` found out for this very asker is not asked again: a second question would tell that there is something.
    known: bool | None = getattr(operation, "is_own", None)
    return operation.lead_id == by.acting.agency_id or (
        _places(by).filter(operation=operation).exists() if known is None else known
    )


def counts_services(by: User) -> bool:
    """Agencies for victims count people met and what they took up; nobody else has such a number."""
    return by.acting is not None and by.acting.agency.kind == AgencyKind.VICTIM_SERVICES


def may_count(by: User, operation: Operation) -> bool:
    """Outcomes are counted by those who conducted or took part, never by advocates."""
    return takes_part(by, operation) and not counts_services(by)


def may_count_services(by: User, operation: Operation) -> bool:
    return takes_part(by, operation) and counts_services(by)


def may_finish(by: User, item: AfterActionItem) -> bool:
    return by.acting is not None and (item.owner_id == by.acting.pk or may_keep(by, item.operation))


def must(may: bool, why: str, by: User) -> Membership:
    """The membership of `by` when `may`; raises Refused with `why`."""
    if not may or by.acting is None:
        raise Refused(why)
    return by.acting
