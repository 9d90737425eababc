"""How staff's changes to the directory are made: one transaction, a known author, and documents that are fresh at commit.

The author is told to the database for this transaction only; its triggers write it into the history. The public sees the
work ("steward"), never the person.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from django.db import connection, transaction

from waymark.directory.selectors.freshness import refresh


class Author(Protocol):
    """Whoever has an id: a signed-in user."""

    @property
    def pk(self) -> object: ...


@contextmanager
def directory_change(*, by: Author | str) -> Iterator[None]:
    """Everything inside is one change by one author; `by` is a user, or the name of a system job such as "import"."""
    actor = by if isinstance(by, str) else f"staff:{by.pk}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('waymark.actor', true), set_config('waymark.actor', %s, true)", [actor])
            before = cursor.fetchone()[0] or ""
        yield
        refresh()
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('waymark.actor', %s, true)", [before])
