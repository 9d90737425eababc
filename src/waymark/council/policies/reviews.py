"""Who sees a review, who answers it, and who may go past the council."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from waymark.access.permissions import Permission, Role
from waymark.accounts.models import Membership, User
from waymark.council.models import CouncilReview, GatedType, Seat
from waymark.council.policies import Refused, holds, must_hold, seat_of

# An override that is asked for waits for an officer of another agency than the one that asks.
WAITS_FOR_A_SECOND = Q(state__in=CouncilReview.OPEN, override_asked_by__isnull=False)


def visible(queryset: QuerySet[CouncilReview], *, to: User) -> QuerySet[CouncilReview]:
    """All reviews for the seated and for the coordinator; otherwise what one's own agency asked, or may confirm."""
    if to.acting is None or not holds(to, Permission.COUNCIL_VIEW):
        return queryset.none()
    if to.role == Role.COORDINATOR or seat_of(to) is not None:
        return queryset
    if to.role == Role.COUNCIL:
        return queryset.none()
    own = Q(requested_for_id=to.acting.agency_id)
    if holds(to, Permission.COUNCIL_OVERRIDE_CONFIRM):
        own |= WAITS_FOR_A_SECOND | Q(override_confirmed_for_id=to.acting.agency_id)
    return queryset.filter(own)


def must_request(by: User, kind: GatedType) -> Membership:
    """The membership for which the council is asked. Raises Refused."""
    membership = must_hold(by, Permission.COUNCIL_REVIEW_REQUEST)
    if not kind.is_gated:
        raise Refused(f"{kind.name} do not wait for the council: {kind.why}")
    return membership


def may_go_on(by: User, review: CouncilReview) -> bool:
    """Send the changed thing again, or take the question back: the agency that asked, or the coordinator."""
    return (
        review.is_open
        and by.acting is not None
        and holds(by, Permission.COUNCIL_REVIEW_REQUEST)
        and (by.role == Role.COORDINATOR or by.acting.agency_id == review.requested_for_id)
    )


def must_go_on(by: User, review: CouncilReview) -> None:
    if not may_go_on(by, review):
        raise Refused("Only the agency that asked the council, or the coordinator, goes on with this.")


def may_speak(by: User, review: CouncilReview) -> bool:
    return review.is_open and seat_of(by) is not None


def must_speak(by: User, review: CouncilReview) -> Seat:
    """The seat for which `by` speaks. Raises Refused when there is none, or when the review is over."""
    seat = seat_of(by)
    if seat is None:
        raise Refused("Only who sits on the council answers.")
    if not review.is_open:
        raise Refused("This review is over. Nothing was changed now.")
    return seat


def may_ask_override(by: User, review: CouncilReview, *, at: dt.datetime) -> bool:
    """The coordinator, once the council's days are over and nobody has asked yet."""
    return (
        review.is_open
        and review.override_asked_by_id is None
        and at >= review.due_at
        and holds(by, Permission.COUNCIL_OVERRIDE_ASK)
    )


def must_ask_override(by: User, review: CouncilReview, *, at: dt.datetime) -> None:
    must_hold(by, Permission.COUNCIL_OVERRIDE_ASK)
    if review.is_open and at < review.due_at:
        raise Refused("The council still has time. Nobody goes past it before its days are over.")
    if not may_ask_override(by, review, at=at):
        raise Refused("This is settled, or somebody has asked for it already.")


def may_take_back_override(by: User, review: CouncilReview) -> bool:
    return review.is_open and review.override_asked_by_id == by.pk and holds(by, Permission.COUNCIL_OVERRIDE_ASK)


def may_confirm_override(by: User, review: CouncilReview) -> bool:
    """An officer of an agency other than the one that asked the council, and not who asked for the override.

    The coordinator's own agency is out as well: the coalition's chair is two agencies, not two people of one office.
    """
    if by.acting is None or not holds(by, Permission.COUNCIL_OVERRIDE_CONFIRM) or not review.is_open:
        return False
    if review.override_asked_by_id is None or review.override_asked_by_id == by.pk:
        return False
    return by.acting.agency_id != review.requested_for_id and not by.acting.agency.is_host


def must_confirm_override(by: User, review: CouncilReview) -> Membership:
    """The membership of the second person. Raises Refused."""
    membership = must_hold(by, Permission.COUNCIL_OVERRIDE_CONFIRM)
    if not may_confirm_override(by, review):
        raise Refused("An officer of another agency than the one that asks decides this.")
    return membership
