"""The publication epoch: one number that grows in the same instant as any public change becomes visible.

Whatever is remembered about public data is remembered for an epoch and asked for again when the number has moved, so a
memory is never stale. Inside a transaction nothing is remembered: its own changes have not moved the number yet.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection

from waymark.directory.selectors.freshness import refresh

Value = TypeVar("Value")

_PULSE = "SELECT epoch, EXISTS (SELECT FROM directory_stalemark WHERE service_id IS NOT NULL) FROM directory_publication"


def publication_epoch() -> int | None:
    """The epoch, with all documents fresh; None inside a transaction, where nothing may be remembered."""
    with connection.cursor() as cursor:
        cursor.execute(_PULSE)
        epoch, stale = cursor.fetchone()
    if stale:
        refresh()
        if not connection.in_atomic_block:
            return publication_epoch()
    return None if connection.in_atomic_block else int(epoch)


class Remembered(Generic[Value]):
    """Values of one kind, each for the epoch in which it was made; the oldest make room."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._values: OrderedDict[Hashable, tuple[str, int, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, epoch: int | None, make: Callable[[], Value]) -> Value:
        """The remembered value, or a fresh one."""
        if epoch is None:
            return make()
        database = str(connection.settings_dict["NAME"])
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
