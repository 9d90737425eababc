"""The publication epoch: one number that grows in the same instant as any public change becomes visible.

Whatever is remembered about public data is remembered for an epoch and asked for again when the number has moved, so a
memory is never stale. Inside a transaction nothing is remembered: its own changes have not moved the number yet.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from contextlib import suppress
from typing import Any, Generic, TypeVar

import psycopg
from django.db import connection

from waymark.directory.selectors.freshness import refresh

Value = TypeVar("Value")

_PULSE = "SELECT epoch, EXISTS (SELECT FROM directory_stalemark WHERE service_id IS NOT NULL) FROM directory_publication"


class _Asker(threading.local):
    """A connection of the thread's own that asks for the number and nothing else.

    The question is asked for every remembered page, and taking a connection from the pool and giving it back costs several
    times what the question costs. One more connection a thread is the price.
    """

    def __init__(self) -> None:
        self.line: psycopg.Connection[Any] | None = None

    def ask(self) -> tuple[int, bool]:
        if self.line is None:
            self.line = psycopg.connect(
                **{**connection.get_connection_params(), "autocommit": True, "prepare_threshold": 2},
            )
        try:
            epoch, stale = self.line.execute(_PULSE).fetchone() or (0, True)
        except psycopg.Error:
            self.hang_up()
            raise
        return int(epoch), bool(stale)

    def hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


_asker = _Asker()


def _has_asker() -> bool:
    """Only the web server, which pools its connections, has askers."""
    return "pool" in connection.settings_dict["OPTIONS"] and not connection.in_atomic_block


def _pulse() -> tuple[int, bool]:
    """The epoch and whether documents are stale."""
    if _has_asker():
        with suppress(psycopg.Error):
            return _asker.ask()
    with connection.cursor() as cursor:
        cursor.execute(_PULSE)
        epoch, stale = cursor.fetchone()
    return int(epoch), bool(stale)


def publication_epoch() -> int | None:
    """The epoch, with all documents fresh; None inside a transaction, where nothing may be remembered."""
    epoch, stale = _pulse()
    if stale:
        refresh()
        if not connection.in_atomic_block:
            return publication_epoch()
    return None if connection.in_atomic_block else epoch


def standing_epoch() -> int | None:
    """The epoch, if all documents are fresh and something may be remembered; this asks and does nothing.

    It is asked where no page is made and no trouble is answered, so a database that does not answer is no epoch either.
    """
    try:
        epoch, stale = _asker.ask() if _has_asker() else _pulse()
    except psycopg.Error:
        return None
    return None if stale or connection.in_atomic_block else epoch


def database_name() -> str:
    """Memories are of one database: the tests have several."""
    return str(connection.settings_dict["NAME"])


_SECRET = secrets.token_bytes(32)


def sealed(*parts: object) -> bytes:
    """A key that does not tell what it was made of: a memory must not keep what a person typed."""
    return hashlib.blake2b(repr(parts).encode(), key=_SECRET, digest_size=16).digest()


class Remembered(Generic[Value]):
    """Values of one kind, each for the epoch in which it was made; the oldest make room."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._values: OrderedDict[Hashable, tuple[str, int, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def peek(self, key: Hashable, epoch: int) -> Value | None:
        """The remembered value, or None."""
        known = self._values.get(key)
        return known[2] if known is not None and known[:2] == (database_name(), epoch) else None

    def get(self, key: Hashable, epoch: int | None, make: Callable[[], Value]) -> Value:
        """The remembered value, or a fresh one."""
        if epoch is None:
            return make()
        database = database_name()
        with self._lock:
            known = self._values.get(key)
            if known is not None and known[0] == database and known[1] == epoch:
                self._values.move_to_end(key)
                return known[2]
        value = make()
        with self._lock:
            self._values[key] = (database, epoch, value)
            self._values.move_to_end(key)
            while len(self._values) > self.size:
                self._values.popitem(last=False)
        return value
