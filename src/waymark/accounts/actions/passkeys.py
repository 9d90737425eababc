"""Passkeys (WebAuthn): the browser proves that it holds a key and has checked its owner by finger, face or PIN.

A passkey is bound to our address by the browser, so a look-alike page gets nothing from it. User verification is demanded
every time; that makes it two factors in one. The challenge is in the session and good for one answer.
"""

from __future__ import annotations

import json
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from waymark.accounts.actions.events import tell, tell_failed_proof
from waymark.accounts.actions.letters import send_notice
from waymark.accounts.models import User
from waymark.accounts.policies.sign_in import PASSKEYS_A_PERSON
from waymark.accounts.selectors.factors import PASSKEY, factors_of

NOT_ADDED = "This passkey could not be added. Try again, or choose the authenticator app."


def begin_enrollment(user: User) -> str:
    """What the browser needs to make a passkey for `user`, as JSON; the challenge goes into the session."""
    return json.dumps(auth.begin_registration(user, passwordless=True))


def begin_check(user: User | None = None) -> str:
    """What the browser needs to use a passkey, as JSON; without a user any passkey of this site will do."""
    return json.dumps(auth.begin_authentication(user))


def _read(credential: str) -> dict[str, Any]:
    found = json.loads(credential)
    if not isinstance(found, dict):
        raise ValidationError(NOT_ADDED)
    return found


def _is_ours(request: HttpRequest, origin: object) -> bool:
    """The browser says on which page the key was used; only this very one counts, no subdomain."""
    return origin == f"{request.scheme}://{request.get_host()}"


@transaction.atomic
def enroll_passkey(*, request: HttpRequest, user: User, name: str, credential: str, through: str = "") -> Authenticator:
    """Add the passkey that the browser has just made. Raises ValidationError when it does not prove itself."""
    if Authenticator.objects.filter(user_id=user.pk, type=PASSKEY).count() >= PASSKEYS_A_PERSON:
        raise ValidationError("Ten passkeys are enough. Remove one that you no longer use.")
    try:
        read = _read(credential)
        parsed = auth.parse_registration_response(read)
        if not _is_ours(request, parsed.response.client_data.origin):
            raise ValidationError(NOT_ADDED)
        made_by = auth.complete_registration(read)
    except Exception as wrong:
        # Whatever a browser (or somebody else) sent here, it is either a good passkey or none.
        auth.clear_state()
        raise ValidationError(NOT_ADDED) from wrong
    data: dict[str, Any] = {"name": name.strip()[:40] or "Passkey", "credential": read, "sign_count": made_by.counter}
    if through:
        data["through"] = through
    made: Authenticator = Authenticator.objects.create(user_id=user.pk, type=PASSKEY, data=data)
    tell(user=user, verb="factor.added", kind="factor", about=made.pk, fields=["passkey"])
    send_notice(user=user, kind="factor_added")
    return made


def check_passkey(*, request: HttpRequest, credential: str, user: User | None = None) -> User | None:
    """The active user whose passkey this is, or None and never a reason. With `user`, only that user's will do."""
    try:
        read = _read(credential)
        parsed = auth.parse_authentication_response(read)
        if not _is_ours(request, parsed.response.client_data.origin):
            return None
        owner = user if user is not None else auth.extract_user_from_response(read)
        if not isinstance(owner, User) or not owner.is_active:
            return None
        found = auth.complete_authentication(owner, read)
        counter = parsed.response.authenticator_data.counter
    except Exception:
        # As above: bytes from outside are a good answer or none.
        return None
    finally:
        # One challenge, one answer: a wrong one uses it up too.
        auth.clear_state()
    return owner if _is_used(owner, found.pk, counter) else None


@transaction.atomic
def _is_used(owner: User, factor_id: int, counter: int) -> bool:
    """Write down the use. A counter that does not grow means a copied key; synced passkeys always say 0."""
    if factor_id not in {factor.pk for factor in factors_of(owner)}:
        return False
    found = Authenticator.objects.select_for_update().get(pk=factor_id)
    before = int(found.data.get("sign_count", 0))
    if (counter or before) and counter <= before:
        tell_failed_proof(user=owner, verb="passkey.refused")
        return False
    found.data["sign_count"] = counter
    found.last_used_at = timezone.now()
    found.save(update_fields=["data", "last_used_at"])
    return True
