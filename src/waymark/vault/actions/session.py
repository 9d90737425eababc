"""Keeping a vault open between two pages, and closing it."""

from __future__ import annotations

import base64
import dataclasses
import os
import time

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from waymark.sealing.boxes import BoxKey
from waymark.vault.selectors.session import (
    CACHED,
    ENTRY,
    SECRET_BYTES,
    Unlocked,
    close_up,
    cookie_name,
    forget_in,
    secret_in,
    unlocked_in,
)

# The idle limit is counted from a moment that is written at most this often: each writing costs a row.
TOUCH_EVERY = 30


def keep_open(
    request: HttpRequest, response: HttpResponseBase, key: BoxKey, *, printed: str = "", is_kit: bool = False
) -> None:
    """Leave the vault open in this browser: closed bytes to the session, a fresh secret to the cookie.

    The session gets a new key: one that was taken from the browser before never sees the vault open.
    """
    request.session.cycle_key()
    now = int(time.time())
    secret = os.urandom(SECRET_BYTES)
    unlocked = Unlocked(request.user.pk, key, now, now, printed, is_kit)  # type: ignore[arg-type]
    request.session[ENTRY] = close_up(unlocked, secret)
    setattr(request, CACHED, unlocked)
    response.set_cookie(
        cookie_name(),
        base64.urlsafe_b64encode(secret).decode(),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )


def put_anew(request: HttpRequest, unlocked: Unlocked) -> None:
    """Write changed content under the same secret."""
    secret = secret_in(request)
    if secret is not None:
        request.session[ENTRY] = close_up(unlocked, secret)
        setattr(request, CACHED, unlocked)


def show_once(request: HttpRequest, printed: str) -> None:
    """Keep a printed kit for the page that shows it, until it is proved."""
    unlocked = unlocked_in(request)
    if unlocked is not None:
        put_anew(request, dataclasses.replace(unlocked, printed=printed, is_kit=True))


def touch(request: HttpRequest) -> None:
    """A page was shown: the idle limit starts again."""
    unlocked = unlocked_in(request)
    now = int(time.time())
    if unlocked is not None and now - unlocked.seen_at >= TOUCH_EVERY:
        put_anew(request, dataclasses.replace(unlocked, seen_at=now))


def forget_printed(request: HttpRequest) -> None:
    """The printed key was proved: it is not shown again."""
    unlocked = unlocked_in(request)
    if unlocked is not None:
        put_anew(request, dataclasses.replace(unlocked, printed="", is_kit=False))


def close(request: HttpRequest, response: HttpResponseBase) -> None:
    """Lock: the bytes leave the session, the secret leaves the browser."""
    forget_in(request)
    response.delete_cookie(cookie_name(), path="/", samesite="Strict")
