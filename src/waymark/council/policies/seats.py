"""Who keeps the council's seats and pays its time: an officer of the agency that holds it, and nobody for themselves."""

from __future__ import annotations

from django.db.models import QuerySet

from waymark.access.permissions import Permission, Role
from waymark.accounts.models import Membership, User
from waymark.council.models import Council, PaidTime, SeatHolder
from waymark.council.policies import Refused, holder_of, holds, must_hold

ONE = 1


def the_council() -> Council | None:
    """Which agency holds the council; None before the coordinator has said it."""
    return Council.objects.select_related("held_by").filter(pk=ONE).first()


def visible_holders(queryset: QuerySet[SeatHolder], *, to: User) -> QuerySet[SeatHolder]:
    """Who sits where, for whoever keeps the seats of their own agency. Row security says the same once more."""
    if to.acting is None or not holds(to, Permission.COUNCIL_SEAT_KEEP):
        return queryset.none()
    return queryset.filter(agency_id=to.acting.agency_id)


def visible_times(queryset: QuerySet[PaidTime], *, to: User) -> QuerySet[PaidTime]:
    """Time of all seats for who approves it, and one's own for who sits there."""
    if to.acting is None:
        return queryset.none()
    if holds(to, Permission.COUNCIL_TIME_APPROVE):
        return queryset.filter(agency_id=to.acting.agency_id)
    if holds(to, Permission.COUNCIL_TIME_ENTER):
        return queryset.filter(agency_id=to.acting.agency_id, holder__membership=to.acting)
    return queryset.none()


def may_name_holder(by: User) -> bool:
    return holds(by, Permission.COUNCIL_SEAT_KEEP) and by.role == Role.COORDINATOR


def must_name_holder(by: User) -> None:
    if not may_name_holder(by):
        raise Refused("The coordinator says which agency holds the council.")


def may_give_seats(by: User, council: Council | None) -> bool:
    """An officer of the agency that holds the council."""
    return (
        council is not None
        and by.acting is not None
        and holds(by, Permission.COUNCIL_SEAT_KEEP)
        and council.held_by_id == by.acting.agency_id
    )


def must_give_seats(by: User, council: Council | None) -> Membership:
    """The membership of who gives a seat. Raises Refused."""
    membership = must_hold(by, Permission.COUNCIL_SEAT_KEEP)
    if not may_give_seats(by, council):
        raise Refused("Seats are given by the agency that holds the council.")
    return membership


def may_post_rate(by: User, council: Council | None) -> bool:
    """The agency that pays posts the rate."""
    return holds(by, Permission.COUNCIL_TIME_APPROVE) and may_give_seats(by, council)


def must_post_rate(by: User, council: Council | None) -> None:
    if not may_post_rate(by, council):
        raise Refused("The agency that holds the council posts its rate.")


def must_end_seat(by: User, holder: SeatHolder) -> None:
    must_hold(by, Permission.COUNCIL_SEAT_KEEP)
    if by.acting is None or by.acting.agency_id != holder.agency_id:
        raise Refused("Seats are kept by the agency that holds the council.")


def may_pay(by: User, holder: SeatHolder) -> bool:
    """Approve and pay: somebody of the same agency, and never oneself."""
    return (
        by.acting is not None
        and holds(by, Permission.COUNCIL_TIME_APPROVE)
        and by.acting.agency_id == holder.agency_id
        and holder.membership.user_id != by.pk
    )


def must_pay(by: User, holder: SeatHolder) -> None:
    if not may_pay(by, holder):
        raise Refused("Somebody else of the agency that holds the council approves and pays this.")


def must_sit(by: User) -> SeatHolder:
    """How `by` sits on the council. Raises Refused."""
    holder = holder_of(by)
    if holder is None:
        raise Refused("You do not sit on the council today.")
    return holder
