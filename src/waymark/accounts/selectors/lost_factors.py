"""Requests to set up second factors anew, and for whom one may ask."""

from __future__ import annotations

from django.db.models import QuerySet

from waymark.accounts.models import FactorReset, Membership, User


def resets_for(user: User) -> QuerySet[FactorReset]:
    """Requests of the agency that `user` acts for, the open ones first, then the newest."""
    agency = user.acting.agency_id if user.acting else None
    return (
        FactorReset.objects.filter(agency_id=agency)
        .exclude(membership__user_id=user.pk)
        .select_related("membership__user", "asked_by", "decided_by")
        .order_by("decided_at", "-asked_at")
    )


def colleagues_of(user: User) -> QuerySet[Membership]:
    """Active members of the agency that `user` acts for, without `user`."""
    agency = user.acting.agency_id if user.acting else None
    return (
        Membership.objects.filter(agency_id=agency, state=Membership.State.ACTIVE)
        .exclude(user_id=user.pk)
        .select_related("user")
        .order_by("user__display_name")
    )
