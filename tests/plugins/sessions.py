"""Run by the web server's own Django, which alone has its secret: sessions for browsers."""

from __future__ import annotations

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from waymark.access.proof import set_proof
from waymark.accounts.actions.sessions import BACKEND
from waymark.accounts.models import User
from waymark.accounts.models.sessions import SessionStore


def make(email: str, count: int) -> None:
    """Print the keys of `count` sessions."""
    user = User.objects.get(email=email)
    for _ in range(count):
        store = SessionStore()
        store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
        store[HASH_SESSION_KEY] = user.get_session_auth_hash()
        set_proof(store, factors=("password", "app"), device="Test computer")
        store.create()
        print(store.session_key)
