"""How staff's changes to the directory are made: one transaction, a known author, and documents that are fresh at commit.

The author is told to the database for this transaction only; its triggers write it into the history. The public sees the
work ("steward"), never the person.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction

from waymark.audit.actions import Actor, record
from waymark.directory.selectors.freshness import refresh

ACTOR_LIMIT = 64


@contextmanager
def directory_change(*, by: Actor | str, verb: str, kind: str, about: object = "") -> Iterator[None]:
    """Everything inside is one change by one author, told by one event about the row `about` of `kind`.

    `by` is a user, or the name of a system job such as "import".
    """
    actor = by if isinstance(by, str) else f"staff:{by.pk}"
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('waymark.actor', true), set_config('waymark.actor', %s, true)", [actor])
            before = cursor.fetchone()[0] or ""
        yield
        refresh()
        record(verb=verb, by=f"system:{by}"[:ACTOR_LIMIT] if isinstance(by, str) else by, kind=kind, about=about)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('waymark.actor', %s, true)", [before])
