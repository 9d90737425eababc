"""Reads about staff and their tries to sign in."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from waymark.access.permissions import Role
from waymark.accounts.models import SignInAttempt, User

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
    return User.objects.filter(role=Role.COORDINATOR).exists()


def staff_named(email: str) -> User | None:
    return User.objects.filter(email=email.strip().lower()).first()
