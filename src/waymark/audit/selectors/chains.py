"""Reading the chain: is it whole, and what is its head?

`problems_of` computes every link again in Python, from the documented bytes and not with the database's own function: a
host who replaced that function would otherwise vouch for himself. Each chain is read in a transaction of its own that acts
for the chain's agency, because row security shows no transaction more than one.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from waymark.access.context import acting_for, current_context
from waymark.audit.models import SYSTEM, Head

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GENESIS = hashlib.sha256(b"").digest()
_CHUNK = 5_000
_LINKS = """
SELECT l.sequence, e.id, e.at, e.actor, e.role, e.verb, e.object_kind, e.object_id, e.purpose, e.result, e.times, e.fields,
       l.previous, l.digest
FROM audit_link l LEFT JOIN audit_event e ON e.id = l.event_id AND e.chain = l.chain
WHERE l.chain = %s ORDER BY l.sequence
"""
_UNLINKED = """
SELECT e.id FROM audit_event e LEFT JOIN audit_link l ON l.event_id = e.id AND l.chain = e.chain
WHERE e.chain = %s AND l.event_id IS NULL ORDER BY e.id
"""


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with a chain, at a sequence number."""

    chain: uuid.UUID
    sequence: int
    what: str

    def __str__(self) -> str:
        name = "the platform's chain" if self.chain.int == 0 else f"the chain of agency {self.chain}"
        return f"{name}, number {self.sequence}: {self.what}"


def digest_of(previous: bytes, chain: uuid.UUID, row: tuple[Any, ...]) -> bytes:
    """The digest that an event must have: SHA-256 over the previous digest and its length-prefixed parts."""
    sequence, identity, at, *texts, times, fields = row[:12]
    passed = at - EPOCH
    microseconds = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    framed = bytearray(previous)
    for part in [
        str(sequence),
        str(identity),
        str(chain),
        str(microseconds),
        *texts,
        str(times),
        str(len(fields)),
        *fields,
    ]:
        encoded = part.encode()
        framed += len(encoded).to_bytes(4, "big") + encoded
    return hashlib.sha256(framed).digest()


def reading(chain: uuid.UUID) -> AbstractContextManager[None]:
    """A transaction that may read `chain`, or the one that is open when somebody reads their own."""
    return acting_for(chain, SYSTEM) if current_context() is None else nullcontext()


@contextmanager
def _one_moment() -> Iterator[None]:
    """A transaction that sees links, events and head of one moment, while others go on writing."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def head_of(chain: uuid.UUID) -> tuple[int, bytes] | None:
    """Sequence number and digest of the last link, as the database keeps them."""
    with reading(chain):
        found = Head.objects.filter(chain=chain).first()
        return (found.sequence, bytes(found.digest)) if found else None


def heads() -> dict[uuid.UUID, tuple[int, bytes]]:
    """The heads of all chains."""
    return {chain: head for chain in chains() if (head := head_of(chain))}


def chains() -> list[uuid.UUID]:
    """All chains there are; their contents stay hidden."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM audit_chains()")
        return [row[0] for row in cursor.fetchall()]


def problems_of(
    chain: uuid.UUID,
    *,
    known: tuple[int, bytes] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Problem]:
    """Everything that is wrong with a chain. `known` is a head from outside (a signed export) that it must contain."""
    with _one_moment(), reading(chain), connection.cursor() as cursor:
        yield from _broken_links(chain, known, progress)
        cursor.execute(_UNLINKED, [chain])
        for (identity,) in cursor.fetchall():
            yield Problem(chain, 0, f"the event with the id {identity} was never linked, or its link was taken away")


def _broken_links(
    chain: uuid.UUID, known: tuple[int, bytes] | None, progress: Callable[[int], None] | None
) -> Iterator[Problem]:
    head = head_of(chain)
    last, previous = 0, GENESIS
    for row in _rows(chain):
        sequence, recorded_previous, recorded = row[0], bytes(row[12]), bytes(row[13])
        if sequence != last + 1:
            missing = "is missing" if sequence == last + 2 else f"to {sequence - 1} are missing"
            yield Problem(chain, last + 1, f"deleted: this number {missing}")
        elif recorded_previous != previous:
            yield Problem(chain, sequence, "inserted or moved: it does not follow the event before it")
        if row[1] is None:
            yield Problem(chain, sequence, "deleted: the link is there, its event is not")
        elif digest_of(recorded_previous, chain, row) != recorded:
            yield Problem(chain, sequence, "edited: its content does not match its digest")
        if known is not None and sequence == known[0] and recorded != known[1]:
            yield Problem(chain, sequence, "rewritten: the exported head of this number is another")
        last, previous = sequence, recorded
        if progress and last % _CHUNK == 0:
            progress(last)
    if head is None and last:
        yield Problem(chain, last, "the chain has no head")
    elif head is not None and head != (last, previous):
        what = "truncated: the last events are missing" if head[0] > last else "the head does not match the last event"
        yield Problem(chain, last + 1, what)
    if known is not None and last < known[0]:
        yield Problem(chain, last + 1, f"truncated: an exported head tells of {known[0]} events")


def _rows(chain: uuid.UUID) -> Iterator[tuple[Any, ...]]:
    """Links with their events in their order, at constant memory: a named cursor on the driver's own connection."""
    connection.ensure_connection()
    with connection.connection.cursor(name="audit_verify") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(_LINKS, [chain])
        yield from cursor
