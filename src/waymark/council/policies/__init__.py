"""Who may see, ask and answer what of the council. The only place where that is decided."""

from __future__ import annotations

from django.utils import timezone

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import Membership, User
from waymark.accounts.policies import Refused as RefusedHere
from waymark.council.models import Seat, SeatHolder


class Refused(RefusedHere):
    """Someone may not do this now; the text says why, in words for them."""


def holds(by: User, permission: Permission) -> bool:
    """Whether `by` is active, acts for an agency, and the role there holds `permission`."""
    return by.is_active and by.acting is not None and permission in permissions_of(by.role)


def must_hold(by: User, permission: Permission) -> Membership:
    """The membership under which `by` acts. Raises Refused when its role lacks `permission`."""
    if by.acting is None or not holds(by, permission):
        raise Refused("Your role does not include this.")
    return by.acting


def holder_of(by: User) -> SeatHolder | None:
    """How `by` sits on the council today, or None. The role alone is no seat."""
    if by.acting is None or not holds(by, Permission.COUNCIL_REVIEW_ANSWER):
        return None
    found = SeatHolder.objects.filter(agency_id=by.acting.agency_id, membership=by.acting).select_related("seat")
    today = timezone.localdate()
    return next((each for each in found.order_by("-seat__starts_on") if each.seat.is_filled(today)), None)


def seat_of(by: User) -> Seat | None:
    """The seat on which `by` sits today, or None."""
    holder = holder_of(by)
    return holder.seat if holder is not None else None
