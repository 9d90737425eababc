"""Reads about staff and their tries to sign in."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, Membership, SignInAttempt, User

# Where the session keeps under which membership its user acts.
ACTING = "acting_membership"

WINDOW = dt.timedelta(minutes=15)
ACCOUNT_LIMIT = 8
SENDER_LIMIT = 60


def is_guessing(*, account_key: str, sender_key: str) -> bool:
    """True when an account or a sender has used up the tries of the last minutes.

    The limit of a sender is wide, because one office shares one address; the limit of an account holds whether or not
    the account exists, so that the answer tells nothing about it.
    """
    recent = SignInAttempt.objects.filter(tried_at__gt=timezone.now() - WINDOW)
    if recent.filter(account_key=account_key).count() > ACCOUNT_LIMIT:
        return True
    return recent.filter(sender_key=sender_key).count() > SENDER_LIMIT


def has_coordinator() -> bool:
    """True once someone may set up the region; until then the set-up code opens the first page."""
    return Membership.objects.filter(role=Role.COORDINATOR).exists()


def open_memberships_of(user: User) -> list[Membership]:
    """The memberships under which a user may act today, by the name of their agency."""
    today = timezone.localdate()
    return list(
        Membership.objects.filter(
            Q(ends_on__isnull=True) | Q(ends_on__gte=today),
            user=user,
            user__is_active=True,
            state=Membership.State.ACTIVE,
            starts_on__lte=today,
            agency__state=Agency.State.ACTIVE,
        )
        .select_related("agency")
        .order_by("agency__name", "id")
    )


def acting_membership(user: User, chosen: object) -> Membership | None:
    """The membership that the session chose, as long as it is open; otherwise the first open one, or None."""
    found = open_memberships_of(user)
    return next((membership for membership in found if str(membership.pk) == chosen), found[0] if found else None)


def staff_named(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()
