"""Who records operations, who counts, and who sees what and when.

Agencies of the justice side lead operations. Until an operation is over it is there for those alone who take part; after
it, for the coalition. An agency writes its own counts and no others. What an agency for victims counted it alone reads.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet

from waymark.access.permissions import Permission, Role
from waymark.accounts.models import AgencyKind, Membership, User
from waymark.accounts.policies import Refused
from waymark.accounts.policies.people import holds
from waymark.operations.models import AfterActionItem, Operation, OperationAgency, ShiftAdvocate

ADVOCATE = OperationAgency.Part.ADVOCATE
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
    """Operations that are over; of the others those that `to` has to know of.

    Before an operation is over its days are known to the few: officers of agencies in it, the member who recorded it, and
    whoever stands on the roster. Their colleagues do not find it here.
    """
    if to.acting is None or not holds(to, Permission.OPERATION_VIEW):
        return operations.none()
    over = Q(ends_on__lt=on) | Q(ends_on=None, year__lt=on.year)
    places = _places(to).filter(operation=OuterRef("pk"))
    own = Q(lead=to.acting.agency_id) | Q(Exists(places))
    few = Q(recorded_by=to.acting) | Q(Exists(rostered(to)))
    if to.role == Role.OFFICER:
        few |= own
    marked = operations.annotate(is_own=ExpressionWrapper(own, output_field=BooleanField()))
    return marked.filter(over | few)


def rostered(by: User) -> QuerySet[ShiftAdvocate]:
    """Shifts of the operation at hand in which `by` stands."""
    return ShiftAdvocate.objects.filter(advocate=by.acting, shift__operation=OuterRef("pk"))


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


def keeps_roster(by: User, operation: Operation) -> bool:
    """The officer of an agency that sends advocates says who stands by and when."""
    return (
        by.role == Role.OFFICER
        and takes_part(by, operation)
        and _places(by).filter(operation=operation, part=ADVOCATE).exists()
    )


def may_see_surge(by: User, operation: Operation) -> bool:
    """What a week may need is for the agency that leads and for those who hold advocates and beds ready."""
    if not takes_part(by, operation):
        return False
    stands = ShiftAdvocate.objects.filter(advocate=by.acting, shift__operation=operation)
    return may_keep(by, operation) or keeps_roster(by, operation) or stands.exists()


def may_draft_publication(by: User, operation: Operation, *, on: dt.date) -> bool:
    """Once it is over, the press officer of the agency that led it writes up the results."""
    return may_keep(by, operation) and holds(by, Permission.NEWSROOM_ITEM_WRITE) and operation.last_day < on


def may_give_services(by: User) -> bool:
    """An agency for victims lets its own quarterly totals out, by its officer."""
    return counts_services(by) and by.role == Role.OFFICER and holds(by, Permission.OPERATION_COUNT)


def may_make_file(by: User) -> bool:
    """The quarterly file for the federal measures: the coordinator, or an officer of an agency that leads operations."""
    return holds(by, Permission.OPERATION_VIEW) and (
        by.role == Role.COORDINATOR or (by.role == Role.OFFICER and may_record(by))
    )


def may_finish(by: User, item: AfterActionItem) -> bool:
    return by.acting is not None and (item.owner_id == by.acting.pk or may_keep(by, item.operation))


def must(may: bool, why: str, by: User) -> Membership:
    """The membership of `by` when `may`; raises Refused with `why`."""
    if not may or by.acting is None:
        raise Refused(why)
    return by.acting
