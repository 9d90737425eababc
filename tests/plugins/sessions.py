"""Sessions for browsers, as two factors would have begun them."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from waymark.access.proof import set_proof
from waymark.accounts.actions.sessions import BACKEND
from waymark.accounts.models import User
from waymark.accounts.models.sessions import SessionStore


def make(email: str, count: int) -> list[str]:
    """The keys of `count` new sessions."""
    user = User.objects.get(email=email)
    keys = []
    for _ in range(count):
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        set_proof(store, factors=("password", "app"), device="Test computer")
        store.create()
        keys.append(str(store.session_key))
    return keys
