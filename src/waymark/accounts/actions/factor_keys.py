"""Secrets of second factors at rest: sealed under a key that is not in the database.

An app's secret must be readable by the server, which computes the same codes, so it cannot be hashed. It is sealed to its
user: copied into another person's row it does not open. Signing in works whoever runs the web server; the keys that open
survivors' records are others (`vault`), and no second factor ever yields them.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser

from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import open_field, seal_field
from waymark.sealing.places import Place

_owner: ContextVar[str] = ContextVar("waymark_factor_owner", default="")


def _place(owner: object, what: str) -> Place:
    return Place(table="mfa_authenticator", column=what, row=str(owner), agency="platform")


def seal_for(owner: object, text: str, *, what: str = "secret") -> str:
    """Close a secret of one user (or agency) for one purpose."""
    return base64.b64encode(seal_field(settings.FACTOR_KEY, text.encode(), _place(owner, what))).decode()


def open_for(owner: object, sealed: str, *, what: str = "secret") -> str:
    """The secret; CannotOpenError when it was closed for somebody else, for something else, or by another key."""
    try:
        raw = base64.b64decode(sealed, validate=True)
    except ValueError:
        raise CannotOpenError from None
    return open_field(settings.FACTOR_KEY, raw, _place(owner, what)).decode()


@contextmanager
def secrets_of_user(user_id: uuid.UUID) -> Iterator[None]:
    """Inside, allauth's own sealing hook knows whose secret it seals or opens; outside it refuses."""
    mark = _owner.set(str(user_id))
    try:
        yield
    finally:
        _owner.reset(mark)


class FactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What allauth asks of us: how to seal, and under which name the browser knows this site."""

    def encrypt(self, text: str) -> str:
        return seal_for(_owner.get(), text)

    def decrypt(self, encrypted_text: str) -> str:
        return open_for(_owner.get(), encrypted_text)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        # The name stands in the phone's list of passkeys, where others may look: it says nothing.
        return {"id": settings.PASSKEY_DOMAIN, "name": settings.PASSKEY_SITE_NAME}

    def get_public_key_credential_user_entity(self, user: AbstractBaseUser) -> dict[str, object]:
        entity: dict[str, object] = super().get_public_key_credential_user_entity(user)
        return entity
