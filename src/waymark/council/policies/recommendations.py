"""Who writes recommendations, who supports them, and who answers."""

from __future__ import annotations

from django.db.models import QuerySet

from waymark.access.permissions import Permission, Role
from waymark.accounts.models import User
from waymark.council.models import Recommendation, Seat
from waymark.council.policies import Refused, holds, seat_of


def visible(queryset: QuerySet[Recommendation], *, to: User) -> QuerySet[Recommendation]:
    """What the council has said; what only one seat has written is the council's own to see."""
    if not holds(to, Permission.COUNCIL_VIEW):
        return queryset.none()
    return queryset if seat_of(to) is not None else queryset.filter(shown_at__isnull=False)


def must_write(by: User) -> Seat:
    """The seat that recommends. Raises Refused."""
    seat = seat_of(by) if holds(by, Permission.COUNCIL_RECOMMENDATION_WRITE) else None
    if seat is None:
        raise Refused("Only who sits on the council writes what it recommends.")
    return seat


def may_support(by: User, recommendation: Recommendation) -> bool:
    """A second seat: then it is the council's."""
    if recommendation.shown_at is not None or not holds(by, Permission.COUNCIL_RECOMMENDATION_WRITE):
        return False
    seat = seat_of(by)
    return seat is not None and seat.pk != recommendation.written_by_id


def must_support(by: User, recommendation: Recommendation) -> Seat:
    seat = must_write(by)
    if not may_support(by, recommendation):
        raise Refused("Another seat than the one that wrote it supports it, once.")
    return seat


def may_give(by: User, recommendation: Recommendation) -> bool:
    """Say whose it is to do: the coordinator."""
    return (
        recommendation.shown_at is not None
        and by.role == Role.COORDINATOR
        and holds(by, Permission.COUNCIL_RECOMMENDATION_ANSWER)
    )


def may_reply(by: User, recommendation: Recommendation) -> bool:
    """Whoever answers for the agency that owns it, or the coordinator."""
    if may_give(by, recommendation):
        return True
    return (
        recommendation.shown_at is not None
        and by.acting is not None
        and holds(by, Permission.COUNCIL_RECOMMENDATION_ANSWER)
        and recommendation.owner_id == by.acting.agency_id
    )


def must_reply(by: User, recommendation: Recommendation) -> None:
    if not may_reply(by, recommendation):
        raise Refused("The agency that owns a recommendation answers it.")
