"""How a session knows who it belongs to, and how long ago that was proved.

A password alone opens nothing: it makes a *pending* sign-in, which lives for minutes and reaches the second step only.
A session is *whole* when two factors were given, or a passkey that checked its owner (by finger, face or PIN), which is two
in one. A sensitive act asks for a *fresh* proof. All of it is in the session, which the server keeps; the browser holds an
opaque number.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import MutableMapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from django.utils import timezone

PROOF = "proof"
PENDING = "pending_sign_in"
STEP_UP_FOR = dt.timedelta(minutes=10)
PENDING_FOR = dt.timedelta(minutes=10)

Session = MutableMapping[str, Any]


@dataclass(frozen=True)
class Proof:
    """What was proved in this session. `began_at` and `proved_at` are seconds since 1970; `through` is an agency's id."""

    session: str
    began_at: float
    proved_at: float
    factors: tuple[str, ...]
    device: str = ""
    through: str = ""


@dataclass(frozen=True)
class Pending:
    """A sign-in that waits for its second step: the first factor fitted. `stamp` changes with the user's password."""

    user: str
    at: float
    factor: str
    stamp: str
    next: str = ""
    through: str = ""


def _now() -> float:
    return timezone.now().timestamp()


def is_whole(factors: tuple[str, ...]) -> bool:
    """Two different factors, or a passkey, which is something one has and something one is or knows."""
    return "passkey" in factors or len(set(factors)) >= 2


def set_proof(session: Session, *, factors: tuple[str, ...], device: str = "", through: str = "") -> Proof:
    """Write down that the session's person has just proved who they are. Raises ValueError when the factors are too few."""
    if not is_whole(factors):
        raise ValueError("One factor makes no sign-in.")
    proof = Proof(str(uuid.uuid4()), _now(), _now(), factors, device, through)
    session[PROOF] = asdict(proof)
    return proof


def renew_proof(session: Session) -> None:
    """The person has proved it once more in the same session."""
    proof = proof_of(session)
    if proof is None:
        raise ValueError("Only a whole session can be proved again.")
    session[PROOF] = asdict(replace(proof, proved_at=_now()))


def proof_of(session: Session | None) -> Proof | None:
    """The proof of a whole session; None for a visitor's, and for one that somebody signed in by a shorter way."""
    found = session.get(PROOF) if session is not None else None
    if not isinstance(found, dict):
        return None
    try:
        proof = Proof(**{**found, "factors": tuple(found["factors"])})
    except (KeyError, TypeError):
        return None
    return proof if is_whole(proof.factors) else None


def is_fresh(proof: Proof | None) -> bool:
    """True when the proof is young enough for a sensitive act; a clock that was set back makes it old."""
    return proof is not None and 0 <= _now() - proof.proved_at <= STEP_UP_FOR.total_seconds()


def set_pending(session: Session, *, user: object, factor: str, stamp: str, next_page: str = "", through: str = "") -> None:
    """Remember that the first factor fitted."""
    session[PENDING] = asdict(Pending(str(user), _now(), factor, stamp, next_page, through))


def pending_of(session: Session | None) -> Pending | None:
    """The sign-in that waits for its second step, or None when there is none or it has waited too long."""
    found = session.get(PENDING) if session is not None else None
    if not isinstance(found, dict):
        return None
    try:
        pending = Pending(**found)
    except TypeError:
        return None
    return pending if 0 <= _now() - pending.at <= PENDING_FOR.total_seconds() else None


def drop_pending(session: Session) -> None:
    session.pop(PENDING, None)
