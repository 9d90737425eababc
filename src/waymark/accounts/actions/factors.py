"""Second factors: setting them up, checking them, taking them away.

allauth keeps them and knows the formats (TOTP after RFC 6238, WebAuthn through fido2, recovery codes); what it leaves to a
cache or does without is here: a code is good once in all processes, a passkey whose counter runs backwards is refused, and
every change is an event.
"""

from __future__ import annotations

import contextlib
import secrets
from typing import Any

import structlog
from allauth.core.internal.cryptokit import compare_user_code
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from waymark.accounts.actions.events import tell
from waymark.accounts.actions.factor_keys import open_for, seal_for, secrets_of_user
from waymark.accounts.actions.letters import send_notice
from waymark.accounts.models import User
from waymark.accounts.selectors.factors import APP, CODES, factors_of, has_second_factor
from waymark.sealing.errors import CannotOpenError

APP_SECRET = "app_secret"  # noqa: S105 (the name of a place in the session)
WRONG_CODE = "That code does not fit. Use the newest one that your app shows; each code works once."

log = structlog.stdlib.get_logger("waymark.accounts")


def offered_app_secret(session: Any, user: User) -> str:
    """The secret that the setup page shows, the same until it is used; in the session it lies sealed."""
    sealed = session.get(APP_SECRET)
    if isinstance(sealed, str):
        with contextlib.suppress(CannotOpenError):
            return open_for(user.pk, sealed, what="offer")
    secret: str = generate_totp_secret()
    session[APP_SECRET] = seal_for(user.pk, secret, what="offer")
    return secret


def _counter_of(secret: str, code: str) -> int | None:
    """The time step whose code this is, the newest first; every candidate is compared, so that time tells nothing."""
    fitting = [
        counter
        for counter in yield_hotp_counters_from_time()
        if compare_user_code(actual=code, expected=format_hotp_value(hotp_value(secret, counter)))
    ]
    return max(fitting, default=None)


@transaction.atomic
def enroll_app(*, user: User, secret: str, code: str, through: str = "") -> Authenticator:
    """Set up the authenticator app, proved by a first code. An app that was there before is replaced.

    Raises ValidationError when the code does not fit.
    """
    counter = _counter_of(secret, code)
    if counter is None:
        raise ValidationError(WRONG_CODE)
    Authenticator.objects.filter(user_id=user.pk, type=APP).delete()
    data: dict[str, Any] = {"secret": seal_for(user.pk, secret), "last_counter": counter}
    if through:
        data["through"] = through
    made: Authenticator = Authenticator.objects.create(user_id=user.pk, type=APP, data=data)
    tell(user=user, verb="factor.added", kind="factor", about=made.pk, fields=["app"])
    send_notice(user=user, kind="factor_added")
    return made


@transaction.atomic
def check_app_code(*, user: User, code: str) -> bool:
    """True when `code` is the app's code of this half minute (or a neighbour's) and was not used before."""
    if not any(factor.type == APP for factor in factors_of(user)):
        return False
    found = Authenticator.objects.select_for_update().filter(user_id=user.pk, type=APP).first()
    if found is None:
        return False
    try:
        counter = _counter_of(open_for(user.pk, found.data["secret"]), code)
    except CannotOpenError:
        log.error("factor cannot be opened", problem="the installation's key has changed, or the row was moved")
        return False
    if counter is None or counter <= int(found.data.get("last_counter", 0)):
        return False
    found.data["last_counter"] = counter
    found.last_used_at = timezone.now()
    found.save(update_fields=["data", "last_used_at"])
    return True


@transaction.atomic
def make_recovery_codes(*, user: User) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more."""
    Authenticator.objects.filter(user_id=user.pk, type=CODES).delete()
    with secrets_of_user(user.pk):
        codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    tell(user=user, verb="recovery_codes.made", kind="factor")
    return [spaced(code) for code in codes]


def recovery_codes_of(user: User) -> list[str]:
    """The unused codes, for the page that shows them in the minutes after they were made."""
    found = Authenticator.objects.filter(user_id=user.pk, type=CODES).first()
    if found is None:
        return []
    with secrets_of_user(user.pk):
        return [spaced(code) for code in RecoveryCodes(found).get_unused_codes()]


def spaced(code: str) -> str:
    """A code as people copy it: two groups."""
    half = len(code) // 2
    return f"{code[:half]}-{code[half:]}"


@transaction.atomic
def check_recovery_code(*, user: User, code: str) -> bool:
    """True when `code` is one of the user's unused recovery codes; it is used up by this."""
    found = Authenticator.objects.filter(user_id=user.pk, type=CODES).first()
    if found is None or not code.strip():
        return False
    try:
        with secrets_of_user(user.pk):
            fits = bool(RecoveryCodes(found).validate_code(code))
    except CannotOpenError:
        return False
    if fits:
        Authenticator.objects.filter(pk=found.pk).update(last_used_at=timezone.now())
        tell(user=user, verb="recovery_code.used", kind="factor", about=found.pk)
        send_notice(user=user, kind="recovery_code_used")
    return fits


@transaction.atomic
def remove_factor(*, user: User, factor_id: int) -> None:
    """Take one's own passkey or app away. Raises ValidationError for the last one: nobody is left without a factor."""
    mine = {factor.pk: factor for factor in Authenticator.objects.select_for_update().filter(user_id=user.pk)}
    found = mine.get(factor_id)
    if found is None or found.type == CODES:
        raise ValidationError("There is no such way to sign in.")
    found.delete()
    if not has_second_factor(user):
        transaction.set_rollback(True)
        raise ValidationError("This is the only one. Add another way to sign in first, then remove this one.")
    tell(user=user, verb="factor.removed", kind="factor", about=factor_id)
    send_notice(user=user, kind="factor_removed")


def remove_all_factors(*, user: User) -> None:
    """A part of a granted reset: the person sets everything up anew."""
    Authenticator.objects.filter(user_id=user.pk).delete()


def handover_code() -> str:
    """A code that one person reads to another: no letters that look or sound alike, 50 bits."""
    letters = "BCDFGHJKLMNPQRSTVWXZ23456789"
    plain = "".join(secrets.choice(letters) for _ in range(12))
    return "-".join(plain[at : at + 4] for at in (0, 4, 8))
