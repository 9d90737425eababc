"""Who may let a colleague set up a second factor anew: an officer asks, another person of the same agency decides."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import FactorReset, Membership, User


def may_ask_reset(by: User, membership: Membership) -> bool:
    """An officer, for an active member of the agency that they act for, and never for themselves."""
    return (
        Permission.MEMBER_FACTOR_RESET in permissions_of(by.role)
        and by.acting is not None
        and by.acting.agency_id == membership.agency_id
        and membership.state == Membership.State.ACTIVE
        and membership.user_id != by.pk
    )


def may_decide_reset(by: User, reset: FactorReset) -> bool:
    """Another person of the agency who may ask too: neither who asked nor who lost the factor."""
    return reset.state == FactorReset.State.ASKED and may_ask_reset(by, reset.membership) and reset.asked_by_id != by.pk


def must_ask_reset(by: User, membership: Membership) -> None:
    if not may_ask_reset(by, membership):
        raise PermissionDenied


def must_decide_reset(by: User, reset: FactorReset) -> None:
    if not may_decide_reset(by, reset):
        raise PermissionDenied
