"""Writing an event. It belongs into the transaction of the act: if the event cannot be written, the act does not happen.

The lock on a chain's head is taken at commit and PostgreSQL keeps it until the commit is on the disk, so that writers of
one chain would wait for the disk one after the other. So an audited transaction commits without waiting, which lets the
next one go on, and then waits here until the disk has everything up to it, together with all the others. The act is
answered only after that: nothing that was answered can be lost (docs/adr/0303-wait-for-the-disk-after-the-lock.md).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from waymark.access.context import SETTING, Context, current_context, token
from waymark.access.permissions import Role
from waymark.audit.models import PLATFORM, SYSTEM, Event
from waymark.audit.policies import HOURLY, WINDOW, Actor, TooMany
from waymark.audit.selectors.readings import nth_newest

NOBODY = re.compile(r"(system|command|visitor|invited):\S.*")
# Whoever works at the server's command line, or a code that opened the first page: lower-case words, no person's name.
COMMAND = re.compile(r"[a-z][a-z -]*")
# The function with which we wait for the disk is new in PostgreSQL 17; before it, an audited commit waits as any other.
CAN_WAIT_LATER = 170_000
TELL = "SELECT audit_tell(%s, %s, %s, %s, %s, %s, %s, %s, %s)"
COMMIT_WITHOUT_WAITING = ", set_config('synchronous_commit', 'off', true)"
WAIT_FOR_THE_DISK = "SELECT pg_logical_emit_message(false, 'waymark.audit', '', true)"


@dataclass(frozen=True)
class Author:
    """Who an event is told of: the actor's name in the chain, role, usual chain, and the user if it is one."""

    actor: str
    role: str
    chain: uuid.UUID
    user: uuid.UUID | None

    @classmethod
    def of(cls, by: Actor | str, role: str = "") -> Author:
        """The platform's administrators tell the platform's chain, other members the chain of their agency.

        Raises ValueError for a text that names neither a user, nor a command, nor `system:`, `visitor:`, `invited:` and a
        name, and for a user who is not the one that the running transaction acts for.
        """
        context = current_context()
        if not isinstance(by, str):
            agency, role, user = by.acting.agency_id if by.acting else PLATFORM, role or by.role, by.pk
        elif NOBODY.fullmatch(by):
            return cls(by, role, PLATFORM, None)
        elif COMMAND.fullmatch(by):
            return cls(f"command:{by}", role, PLATFORM, None)
        else:
            try:
                user = uuid.UUID(by)
            except ValueError:
                raise ValueError("Say by whom: a user, a command, or system:, visitor:, invited: and a name.") from None
            agency = context.agency if context else PLATFORM
        if context is not None and context.user != user:
            raise ValueError("A person's act is told by the transaction that acts for them.")
        return cls(str(user), role, PLATFORM if role == Role.ADMINISTRATOR else agency, user)

    def context_for(self, chain: uuid.UUID) -> Context | None:
        """The signed context under which the database lets this author write to `chain`; None when it needs no other."""
        now = current_context()
        if self.user is None:
            return None if now is None and chain == PLATFORM else Context(chain, SYSTEM)
        return None if now is not None and chain in (now.agency, PLATFORM) else Context(chain, self.user)


@contextmanager
def told_by(cursor: Any, context: Context | None) -> Iterator[None]:
    """Say who writes, on this cursor's transaction, or that no member does; what was there before is there after."""
    cursor.execute("SELECT pg_backend_pid(), transaction_timestamp(), coalesce(current_setting(%s, true), '')", [SETTING])
    pid, begun_at, before = cursor.fetchone()
    cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, token(context, pid, begun_at) if context else ""])
    yield
    cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, before])


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

    `by` is a user or a user's id; where nobody is signed in, `system:`, `visitor:` or `invited:` and a name, or the words
    of a command (the platform's chain, unless `chain` says another). `about` is an id, `fields` are names; neither may hold
    content. The database refuses an event in the name of anybody but the signed context's user.
    """
    check_verb(verb)
    author = Author.of(by, role)
    chain = chain or author.chain
    waits_later = connection.pg_version >= CAN_WAIT_LATER  # type: ignore[attr-defined]
    needed = author.context_for(chain)
    # A savepoint inside a transaction would cost two round trips and protect nothing.
    with (
        transaction.atomic(savepoint=False),
        connection.cursor() as cursor,
        told_by(cursor, needed) if needed else nullcontext(),
    ):
        cursor.execute(
            TELL + (COMMIT_WITHOUT_WAITING if waits_later else ""),
            [chain, author.actor, author.role, verb, kind, str(about), purpose, str(result), list(fields)],
        )
    if waits_later:
        transaction.on_commit(wait_for_the_disk)


def must_be_within_limit(*, of: str, by: Actor) -> None:
    """Raises TooMany when `by` has done `of`, a verb, as often as one person may in an hour (policies.HOURLY).

    Belongs into the transaction that then tells: until it ends, nobody else asks the same of the same person.
    """
    limit = HOURLY.get(of)
    if limit is None:
        return
    author = Author.of(by)
    with connection.cursor() as cursor:
        # Two requests at once would both count before either has told: the second waits until the first has committed.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"audit {author.actor} {of}"])
    since = timezone.now() - WINDOW
    reached = nth_newest(chain=author.chain, actor=author.actor, verb=of, number=limit, since=since)
    if reached is not None:
        raise TooMany(of, reached + WINDOW)


def record_read(*, by: Actor, kind: str, about: object, purpose: str, fields: Sequence[str] = ()) -> None:
    """Tell that somebody read what is not their own: `kind.read`. `fields` are the names of what was read, never values.

    Raises TooMany when the verb has a limit and this person has reached it: call this before the content is shown.
    """
    must_be_within_limit(of=f"{kind}.read", by=by)
    record(verb=f"{kind}.read", by=by, kind=kind, about=about, purpose=purpose, fields=fields)


def wait_for_the_disk() -> None:
    """Return when the disk has every act that this connection can see."""
    if connection.pg_version >= CAN_WAIT_LATER:  # type: ignore[attr-defined]
        with connection.cursor() as cursor:
            cursor.execute(WAIT_FOR_THE_DISK)
