"""Beginning a session, proving once more who one is, and ending sessions: one's own, or all of somebody's at once."""

from __future__ import annotations

import uuid

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest

from waymark.access import proof
from waymark.accounts.actions.events import tell
from waymark.accounts.formats.devices import device_word
from waymark.accounts.models import Session, User

BACKEND = "django.contrib.auth.backends.ModelBackend"


@transaction.atomic
def begin_session(*, request: HttpRequest, user: User, factors: tuple[str, ...], through: str = "") -> None:
    """Sign the user in, with a new session id. `factors` are the ones that were just given: two, or a passkey.

    Raises ValueError for fewer: no other way into the staff site exists, whatever page a user comes from.
    """
    if not proof.is_whole(factors):
        raise ValueError("One factor makes no sign-in.")
    # What a visitor's session held (a challenge, a pending sign-in) does not come along.
    request.session.flush()
    login(request, user, backend=BACKEND)
    proof.set_proof(
        request.session, factors=factors, device=device_word(request.headers.get("User-Agent", "")), through=through
    )
    tell(user=user, verb="session.begun", kind="session", about=request.session[proof.PROOF]["session"], fields=factors)


@transaction.atomic
def prove_again(*, request: HttpRequest, user: User, factor: str) -> None:
    """Step-up: the person of this session has just given a passkey or a code once more. The session gets a new key."""
    proof.renew_proof(request.session)
    request.session.cycle_key()
    tell(user=user, verb="session.proved", kind="session", about=request.session[proof.PROOF]["session"], fields=[factor])


def end_sessions(*, user: User, by: str, keep: str = "") -> int:
    """End every open session of `user` at once, but the one with the public id `keep`; gives how many.

    A part of other acts (suspending, ending, a new password), each of which records its own event; so this records none.
    """
    if not by:
        raise ValueError("Say who ends these sessions.")
    found = Session.objects.filter(user=user)
    if keep:
        found = found.exclude(id=keep)
    return found.delete()[0]


@transaction.atomic
def end_own_session(*, user: User, session_id: uuid.UUID) -> bool:
    """End one of one's own sessions; False when there is no such session of this user."""
    if not Session.objects.filter(user=user, id=session_id).delete()[0]:
        return False
    tell(user=user, verb="session.ended", kind="session", about=session_id)
    return True


@transaction.atomic
def end_own_other_sessions(*, user: User, keep: str) -> int:
    """End all of one's own sessions but the one that asks."""
    ended = end_sessions(user=user, by=str(user.pk), keep=keep)
    if ended:
        tell(user=user, verb="sessions.ended")
    return ended


@transaction.atomic
def tell_sign_out(*, user: User, session_id: str) -> None:
    """Write down that somebody signed out; the session itself goes with the request."""
    tell(user=user, verb="session.ended", kind="session", about=session_id)
