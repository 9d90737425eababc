"""Who a transaction acts for: the context that row security believes.

The database shows and takes rows of one agency only, the one named in the transaction's context. The context is signed with
a key that the application holds in memory and the database keeps where the application's role cannot read it: SQL that
slipped into a query can write the setting and still becomes nobody. It is local to the transaction, bound to its backend
and to its begin, so that nothing of it is left on a pooled connection.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection, connections, transaction

SETTING = "waymark.context"
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
BLOCK = 64
KEY_SQL = """
WITH fresh (inner_pad, outer_pad) AS (VALUES (%s::bytea, %s::bytea)),
kept AS (SELECT k.id, k.inner_pad FROM access.context_key k ORDER BY k.id DESC LIMIT 1),
gone AS (
    DELETE FROM access.context_key k USING fresh
    WHERE k.id NOT IN (SELECT id FROM kept) AND k.inner_pad <> fresh.inner_pad
    AND fresh.inner_pad NOT IN (SELECT inner_pad FROM kept)
)
INSERT INTO access.context_key (inner_pad, outer_pad)
SELECT inner_pad, outer_pad FROM fresh WHERE inner_pad NOT IN (SELECT inner_pad FROM kept)
ON CONFLICT (inner_pad) DO NOTHING
"""


@dataclass(frozen=True)
class Context:
    """The agency and the user that the running transaction acts for."""

    agency: uuid.UUID
    user: uuid.UUID


class ContextRefused(Exception):
    """A transaction acts for one agency and one user from its begin to its end."""


_current: ContextVar[Context | None] = ContextVar("waymark_context", default=None)


def current_context() -> Context | None:
    """What this thread's transaction acts for, or None."""
    return _current.get()


@contextmanager
def acting_for(agency: uuid.UUID, user: uuid.UUID) -> Iterator[None]:
    """One transaction that acts for `agency` by `user`; it commits at the end, and an exception rolls it back.

    Inside another transaction it is a part of it. Raises ContextRefused when that one acts for somebody else already.
    """
    wanted = Context(agency, user)
    before = _current.get()
    if before is not None:
        if before != wanted:
            raise ContextRefused("This transaction acts for somebody else already.")
        with transaction.atomic():
            yield
        return
    is_part = connection.in_atomic_block
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid(), transaction_timestamp()")
            pid, begun_at = cursor.fetchone()
            cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, token(wanted, pid, begun_at)])
        mark = _current.set(wanted)
        try:
            yield
        finally:
            _current.reset(mark)
            if is_part:
                _forget()


def _forget() -> None:
    """Leave nothing in a transaction that goes on around ours; one that has failed takes its settings with it.

    Our own transaction keeps its context until it has committed: deferred triggers look at it then.
    """
    if connection.in_atomic_block and not connection.needs_rollback:
        from psycopg.pq import TransactionStatus

        if connection.connection.info.transaction_status == TransactionStatus.INTRANS:
            with connection.cursor() as cursor:
                cursor.execute("SELECT set_config(%s, '', true)", [SETTING])


def token(context: Context, pid: int, begun_at: dt.datetime) -> str:
    """The signed text for one transaction of one backend."""
    passed = begun_at - EPOCH
    microseconds = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    message = f"{context.agency}|{context.user}|{pid}|{microseconds}"
    return f"{message}|{hmac.new(_key(), message.encode(), hashlib.sha256).hexdigest()}"


def _key() -> bytes:
    key: bytes = settings.CONTEXT_KEY
    return key


def key_statement() -> tuple[str, list[bytes]]:
    """SQL and parameters by which the owner puts the key where the functions find it; the last two keys are good."""
    padded = _key().ljust(BLOCK, b"\0")
    inner, outer = (bytes(byte ^ pad for byte in padded) for pad in (0x36, 0x5C))
    return KEY_SQL, [inner, outer]


def install_key(*, using: str = "default", **_: Any) -> None:
    """After a migrate by the owner: put the key into the database. The application's role may not, and need not."""
    with transaction.atomic(using=using), connections[using].cursor() as cursor:
        cursor.execute("SELECT pg_has_role(relowner, 'MEMBER') FROM pg_class WHERE oid = to_regclass('access.context_key')")
        if cursor.fetchone() == (True,):
            cursor.execute(*key_statement())
