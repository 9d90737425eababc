"""New passwords. Each ends the person's sessions, is an event, and sends a neutral letter."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from waymark.accounts.actions.attempts import forget_tries
from waymark.accounts.actions.events import tell
from waymark.accounts.actions.letters import send_notice
from waymark.accounts.actions.sessions import end_sessions
from waymark.accounts.models import User


def _set(user: User, password: str, by: str, keep: str = "") -> None:
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    end_sessions(user=user, by=by, keep=keep)


@transaction.atomic
def set_password(*, user: User, password: str, by: str) -> None:
    """From the command line of the server: a new password; every open session of the user ends."""
    if not by:
        raise ValidationError("Say who changes this password.")
    _set(user, password, by)
    tell(user=user, verb="password.set", by=by)


@transaction.atomic
def change_own_password(*, user: User, password: str, keep: str) -> None:
    """The person's own change; the session that asks goes on, all others end."""
    _set(user, password, str(user.pk), keep)
    tell(user=user, verb="password.changed")
    send_notice(user=user, kind="password_changed")


@transaction.atomic
def reset_own_password(*, user: User, password: str) -> None:
    """By a link from the mail. It signs nobody in, and touches no second factor."""
    _set(user, password, str(user.pk))
    forget_tries(kind="account", account=user.email)
    tell(user=user, verb="password.reset")
    send_notice(user=user, kind="password_changed")
