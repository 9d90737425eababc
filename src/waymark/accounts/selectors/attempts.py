"""Has somebody been guessing?"""

from __future__ import annotations

from django.utils import timezone

from waymark.accounts.models import SignInAttempt
from waymark.accounts.policies.sign_in import FLOOD, LIMITS


def is_guessing(*, kind: str, account_key: str, sender_key: str) -> bool:
    """True when an account or a sender has used up the tries of the last minutes. Always the same two questions."""
    limit = LIMITS[kind]
    recent = SignInAttempt.objects.filter(tried_at__gt=timezone.now() - limit.window)
    on_account = recent.filter(account_key=account_key).count()
    by_sender = recent.filter(sender_key=sender_key).count()
    return on_account > limit.account or by_sender > limit.sender


def is_flood() -> bool:
    """True when so many tries come in that each one's own event would drown the log."""
    recent = timezone.now() - LIMITS["account"].window
    return SignInAttempt.objects.filter(tried_at__gt=recent).count() > FLOOD
