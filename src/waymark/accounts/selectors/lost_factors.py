"""Requests to set up second factors anew, and for whom one may ask."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from waymark.accounts.models import FactorReset, Membership, User


def agency_of(user: User) -> uuid.UUID:
    """The agency that `user` acts for; whoever acts for none meets an agency that does not exist."""
    return user.acting.agency_id if user.acting else uuid.UUID(int=0)


def resets_for(user: User) -> QuerySet[FactorReset]:
    """Requests of the agency that `user` acts for, the open ones first, then the newest."""
    return (
        FactorReset.objects.filter(agency_id=agency_of(user))
        .exclude(membership__user_id=user.pk)
        .select_related("membership__user", "asked_by", "decided_by")
        .order_by("decided_at", "-asked_at")
    )


def colleagues_of(user: User) -> QuerySet[Membership]:
    """Active members of the agency that `user` acts for, without `user`."""
    return (
        Membership.objects.filter(agency_id=agency_of(user), state=Membership.State.ACTIVE)
        .exclude(user_id=user.pk)
        .select_related("user")
        .order_by("user__display_name")
    )
