"""The unlocked key between two pages: in the session, closed with a secret that only the browser's cookie carries.

The session's row in the database holds bytes that open with that cookie alone; the cookie opens nothing without the
row. Both limits stand inside the closed bytes, so that nobody lengthens them by writing to the database.
"""

from __future__ import annotations

import base64
import binascii
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from waymark.sealing.boxes import BoxKey
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import open_field, seal_field
from waymark.sealing.places import Place
from waymark.vault.policies import ABSOLUTE, IDLE, VaultClosed
from waymark.vault.selectors.keyring import OpenVault, open_vault

ENTRY = "vault"
SECRET_BYTES = 32
CACHED = "_waymark_vault"


@dataclass(frozen=True)
class Unlocked:
    """What the session keeps: the person's private key, since when, and a printed key or kit until it has been proved."""

    user: uuid.UUID
    key: BoxKey = field(repr=False)
    opened_at: int
    seen_at: int
    printed: str = field(default="", repr=False)
    is_kit: bool = False

    def locks_at(self) -> int:
        """The second at which the vault locks when nothing more is done."""
        return min(self.seen_at + int(IDLE.total_seconds()), self.opened_at + int(ABSOLUTE.total_seconds()))


def cookie_name() -> str:
    """With https the name itself makes the browser refuse a cookie of another host, path or scheme."""
    return "__Host-waymark_vault" if settings.SESSION_COOKIE_SECURE else "waymark_vault"


def closing_key(secret: bytes) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"waymark unlocked session 1").derive(secret)


def _place(user: object) -> Place:
    return Place("session", ENTRY, str(user), "own")


def close_up(unlocked: Unlocked, secret: bytes) -> str:
    """The text that the session keeps."""
    content = {
        "key": base64.b64encode(unlocked.key.export()).decode(),
        "opened_at": unlocked.opened_at,
        "seen_at": unlocked.seen_at,
        "printed": unlocked.printed,
        "is_kit": unlocked.is_kit,
    }
    sealed = seal_field(closing_key(secret), json.dumps(content).encode(), _place(unlocked.user))
    return base64.b64encode(sealed).decode()


def secret_in(request: HttpRequest) -> bytes | None:
    """What the browser's cookie carries, or None."""
    try:
        secret = base64.urlsafe_b64decode(request.COOKIES.get(cookie_name(), ""))
    except (binascii.Error, ValueError):
        return None
    return secret if len(secret) == SECRET_BYTES else None


def unlocked_in(request: HttpRequest) -> Unlocked | None:
    """The signed-in person's key while the vault is open in this browser. Past a limit the closed bytes are dropped too."""
    known: Unlocked | None = getattr(request, CACHED, None)
    if known is None:
        known = _read(request)
        setattr(request, CACHED, known)
    if known is not None and time.time() >= known.locks_at():
        forget_in(request)
        return None
    return known


def forget_in(request: HttpRequest) -> None:
    """Drop the closed bytes from the session."""
    request.session.pop(ENTRY, None)
    setattr(request, CACHED, None)


def _read(request: HttpRequest) -> Unlocked | None:
    user: Any = getattr(request, "user", None)
    closed = request.session.get(ENTRY) if hasattr(request, "session") else None
    secret = secret_in(request)
    if user is None or not user.is_authenticated or not isinstance(closed, str) or secret is None:
        return None
    try:
        content = json.loads(open_field(closing_key(secret), base64.b64decode(closed), _place(user.pk)))
    except (CannotOpenError, binascii.Error, ValueError):
        return None
    return Unlocked(
        user=user.pk,
        key=BoxKey.load(base64.b64decode(content["key"])),
        opened_at=content["opened_at"],
        seen_at=content["seen_at"],
        printed=content["printed"],
        is_kit=content["is_kit"],
    )


def opened_in(request: HttpRequest) -> OpenVault:
    """The acting agency's keys, open in this browser. Raises VaultClosed, which says what is missing."""
    unlocked = unlocked_in(request)
    if unlocked is None:
        raise VaultClosed(VaultClosed.LOCKED)
    kept: OpenVault | None = getattr(request, f"{CACHED}_keys", None)
    if kept is None or kept.own is not unlocked.key:
        kept = open_vault(own=unlocked.key, by=request.user)  # type: ignore[arg-type]
        setattr(request, f"{CACHED}_keys", kept)
    return kept


def vault_in(request: HttpRequest) -> OpenVault | None:
    """The open vault, or None when it is locked or not there yet: for pages that show what stands in the open as well."""
    try:
        return opened_in(request)
    except VaultClosed:
        return None


def unlock_url(back: str) -> str:
    """Where the vault is opened; the person comes back to `back`."""
    return f"{reverse('vault:unlock')}?{urlencode({'next': back})}"
