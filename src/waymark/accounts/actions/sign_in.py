"""The first step: does the password fit the address? Never a reason, and the same work for every address."""

from __future__ import annotations

from django.contrib.auth import authenticate
from django.http import HttpRequest

from waymark.accounts.actions.attempts import forget_tries, may_try
from waymark.accounts.actions.events import tell_failed_sign_in
from waymark.accounts.models import User


def check_sign_in(*, request: HttpRequest, email: str, password: str) -> User | None:
    """The user when address and password fit and nobody has been guessing; otherwise None.

    An unknown address costs one password hash like a known one, so that the time tells nothing.
    """
    account = email.strip().lower()
    if not may_try(request=request, kind="account", account=account):
        tell_failed_sign_in(account=account, was_slowed=True)
        return None
    user = authenticate(request, username=account, password=password)
    if not isinstance(user, User):
        tell_failed_sign_in(account=account, was_slowed=False)
        return None
    forget_tries(kind="account", account=account)
    return user
