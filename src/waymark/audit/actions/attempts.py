"""Attempts that were refused or failed: told even when everything else of the request is rolled back.

They are written on a connection of their own, from a small pool of its own: a refusal ends in an exception, and a rolled
back event would be no event. Guessing must not flood the chain, so attempts are counted by actor, verb and hour, and the
chain tells the first, the tenth, the hundredth (migrations/sql/links.sql).
"""

from __future__ import annotations

from django.conf import settings
from django.db import connections, transaction

from waymark.access.context import Context
from waymark.audit.actions.events import Author, check_verb, told_by
from waymark.audit.models import Event
from waymark.audit.policies import Actor


def record_attempt(
    *,
    verb: str,
    by: Actor | str,
    role: str = "",
    kind: str = "",
    about: object = "",
    purpose: str = "",
    result: str = Event.Result.DENIED,
) -> bool:
    """Tell that `by` tried something and was refused, or failed. True when the chain got an event, False when only counted.

    `by` is a user, or `visitor:` and a keyed hash of what a stranger gave. It commits at once, whatever becomes of the
    transaction around it.
    """
    check_verb(verb)
    author = Author.of(by, role)
    mine = Context(author.chain, author.user) if author.user is not None else None
    alias = settings.AUDIT_ATTEMPTS_DATABASE
    try:
        with transaction.atomic(using=alias), connections[alias].cursor() as cursor, told_by(cursor, mine):
            cursor.execute(
                "SELECT audit_attempt(%s, %s, %s, %s, %s, %s, %s, %s)",
                [author.chain, author.actor, author.role, verb, kind, str(about), purpose, str(result)],
            )
            return bool(cursor.fetchone()[0])
    finally:
        if not connections[alias].in_atomic_block:
            # Back into the pool now, not at the end of the request.
            connections[alias].close()
