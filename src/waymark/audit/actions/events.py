"""Writing an event. It belongs into the transaction of the act: if the event cannot be written, the act does not happen.

The lock on a chain's head is taken at commit and PostgreSQL keeps it until the commit is on the disk, so that writers of
one chain would wait for the disk one after the other. So an audited transaction commits without waiting, which lets the
next one go on, and then waits here until the disk has everything up to it, together with all the others. The act is
answered only after that: nothing that was answered can be lost (docs/adr/0303-wait-for-the-disk-after-the-lock.md).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import connection, transaction

from waymark.access.context import acting_for, current_context
from waymark.audit.models import PLATFORM, SYSTEM, Event

NOBODY = re.compile(r"(system|command|visitor):\S[^|]*")
# The function with which we wait for the disk is new in PostgreSQL 17; before it, an audited commit waits as any other.
CAN_WAIT_LATER = 170_000
INSERT = (
    "INSERT INTO audit_event"
    " (chain, actor, role, verb, object_kind, object_id, purpose, result, fields, times)"
    " SELECT %s::uuid, %s, %s, %s, %s, %s, %s, %s, %s::varchar[], 1"
)
COMMIT_WITHOUT_WAITING = " FROM set_config('synchronous_commit', 'off', true)"
WAIT_FOR_THE_DISK = "SELECT pg_logical_emit_message(false, 'waymark.audit', '', true)"


class Actor(Protocol):
    """A user, as far as the audit needs one: who it is, and the membership under which they act."""

    pk: Any
    acting: Any

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class Author:
    """Who an event is told of: the actor's id and role, and the chain that such a person writes to."""

    actor: str
    role: str
    chain: uuid.UUID
    user: uuid.UUID | None

    @classmethod
    def of(cls, by: Actor | str, role: str = "") -> Author:
        """Raises ValueError for a text that names neither a user nor `system:`, `command:`, `visitor:` and a name."""
        if not isinstance(by, str):
            acting = by.acting
            return cls(str(by.pk), role or by.role, acting.agency_id if acting else PLATFORM, by.pk)
        if NOBODY.fullmatch(by):
            return cls(by, role, PLATFORM, None)
        context = current_context()
        try:
            user = uuid.UUID(by)
        except ValueError:
            raise ValueError("Say by whom: a user, or system:, command:, visitor: and a name.") from None
        return cls(str(user), role, context.agency if context else PLATFORM, user)

    def context(self, chain: uuid.UUID) -> AbstractContextManager[None]:
        """The signed context under which the database believes this author; the one that is there already, if it is."""
        if current_context() is not None:
            return nullcontext()
        if self.user is not None:
            return acting_for(self.chain, self.user)
        return nullcontext() if chain == PLATFORM else acting_for(chain, SYSTEM)


def check_verb(verb: str) -> None:
    """Raises ValueError for a verb that is not `noun.past`, so that the log reads as sentences."""
    noun, dot, past = verb.partition(".")
    if not (noun and dot and past):
        raise ValueError("An event says what was done: noun.past.")


def record(
    *,
    verb: str,
    by: Actor | str,
    role: str = "",
    chain: uuid.UUID | None = None,
    kind: str = "",
    about: object = "",
    purpose: str = "",
    result: str = Event.Result.DONE,
    fields: Sequence[str] = (),
) -> None:
    """Append one event to the chain of the agency for which `by` acts, or to `chain`.

    `by` is a user, or `system:`, `command:` or `visitor:` and a name where nobody is signed in (the platform's chain; a job
    names the agency's).
    `about` is an id, `fields` are names; neither may hold content. The database refuses an event in another's name.
    """
    check_verb(verb)
    author = Author.of(by, role)
    chain = chain or author.chain
    with author.context(chain):
        waits_later = connection.pg_version >= CAN_WAIT_LATER  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            statement = INSERT + (COMMIT_WITHOUT_WAITING if waits_later else "")
            cursor.execute(
                statement,
                [chain, author.actor, author.role, verb, kind, str(about), purpose, str(result), list(fields)],
            )
        if waits_later:
            transaction.on_commit(wait_for_the_disk)


def record_read(*, by: Actor, kind: str, about: object, purpose: str, fields: Sequence[str] = ()) -> None:
    """Tell that somebody read what is not their own: `kind.read`. `fields` are the names of what was read, never values."""
    record(verb=f"{kind}.read", by=by, kind=kind, about=about, purpose=purpose, fields=fields)


def wait_for_the_disk() -> None:
    """Return when the disk has every act that this connection can see."""
    if connection.pg_version >= CAN_WAIT_LATER:  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(WAIT_FOR_THE_DISK)
