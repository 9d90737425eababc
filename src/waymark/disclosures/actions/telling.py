"""The one event about each act, in the chain of the agency that acts. Nothing is told to the other agency's chain."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from waymark.accounts.models import User
from waymark.audit.actions import record, record_attempt
from waymark.disclosures.policies import Refused


def tell(verb: str, about: uuid.UUID, by: User, *, fields: Sequence[str] = (), purpose: str = "") -> None:
    """One event about a packet or a permit; `fields` are names, never values."""
    record(verb=verb, by=by, kind=verb.partition(".")[0], about=about, fields=fields, purpose=purpose)


@contextmanager
def told_if_refused(verb: str, about: uuid.UUID, by: User) -> Iterator[None]:
    """A refusal leaves nothing of the act; that somebody tried is told all the same."""
    try:
        yield
    except Refused:
        if by.acting is not None:
            record_attempt(verb=verb, by=by, kind=verb.partition(".")[0], about=about)
        raise
