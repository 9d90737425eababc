"""Counting tries, so that guessing is slow, without keeping who tried: keyed hashes that are gone after a day."""

from __future__ import annotations

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from waymark.accounts.models import SignInAttempt
from waymark.accounts.policies.sign_in import TRIES_KEPT_FOR
from waymark.accounts.selectors import attempts


def key_of(kind: str, value: str) -> str:
    """The keyed hash under which tries are counted; without our secret it cannot be compared with an address."""
    return salted_hmac(f"waymark.accounts.{kind}", value, algorithm="sha256").hexdigest()


def sender_of(request: HttpRequest) -> str:
    """The address a try came from; behind a proxy it is the one that our own proxy appended last."""
    if settings.SECURE_PROXY_SSL_HEADER:
        forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if forwarded:
            return forwarded
    return str(request.META.get("REMOTE_ADDR", ""))


def may_try(*, request: HttpRequest, kind: str, account: str) -> bool:
    """Count a try of `kind` on `account` (an address, an id) and say whether it may go on.

    The try is written before anything is looked at, so that many tries at once cannot pass below the limit.
    """
    account_key, sender_key = key_of(kind, account), key_of("sender", sender_of(request))
    now = timezone.now()
    with transaction.atomic():
        SignInAttempt.objects.filter(tried_at__lt=now - TRIES_KEPT_FOR).delete()
        SignInAttempt.objects.create(account_key=account_key, sender_key=sender_key, tried_at=now)
    return not attempts.is_guessing(kind=kind, account_key=account_key, sender_key=sender_key)


def forget_tries(*, kind: str, account: str) -> None:
    """It was the right person: the tries before were slips."""
    SignInAttempt.objects.filter(account_key=key_of(kind, account)).delete()
