"""The database's functions that move a referral for two agencies, called by name. Their refusals become sentences."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from waymark.disclosures.actions.crossing import asked
from waymark.disclosures.formats.packets import PacketError
from waymark.disclosures.policies import Refused as MailRefused
from waymark.people.policies import Refused
from waymark.referrals.policies import REASONS


@contextmanager
def in_words() -> Iterator[None]:
    """A refusal of the mail slot or of a function below, as the forms of the survivor side show it."""
    try:
        yield
    except MailRefused as refused:
        raise Refused(REASONS.get(refused.code, str(refused))) from None
    except PacketError as refused:
        raise Refused(str(refused)) from None


def call(statement: str, *values: Any) -> list[tuple[Any, ...]]:
    with in_words():
        return asked(statement, *values)


def send(referral: uuid.UUID) -> str:
    """Tell the recipient that it is asked: `sent`, or `repeated`."""
    verdict: str = call("SELECT referrals.send(%s)", referral)[0][0]
    return verdict


def move(
    own: uuid.UUID, event: str, *, reason: str = "", answer: str = "", hours: int | None = None
) -> tuple[str, uuid.UUID, uuid.UUID]:
    """One event; gives the new state, the sender's id of the referral and the worker who asked."""
    state, referral, worker = call("SELECT * FROM referrals.move(%s, %s, %s, %s, %s)", own, event, reason, answer, hours)[0]
    return state, referral, worker


def arrive(digest: bytes) -> tuple[uuid.UUID | None, uuid.UUID | None, uuid.UUID | None]:
    """Somebody came with a letter: the own row, or None for a code that is not open here; the first time whom to tell."""
    own, referral, worker = call("SELECT * FROM referrals.arrive(%s)", digest)[0]
    return own, referral, worker
