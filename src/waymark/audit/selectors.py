"""Reading the chain: is it whole, and what is its head?

`problems_of` computes every link again in Python, from the documented bytes and not with the database's own function: a
host who replaced that function would otherwise vouch for himself.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from waymark.audit.models import Head

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
GENESIS = hashlib.sha256(b"").digest()
_CHUNK = 5_000
_COLUMNS = "sequence, at, actor, role, verb, object_kind, object_id, purpose, result, fields, previous, digest"


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
    sequence, at, actor, role, verb, kind, identity, purpose, result, fields = row[:10]
    passed = at - EPOCH
    microseconds = (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds
    parts = [str(sequence), str(chain), str(microseconds), actor, role, verb, kind, identity, purpose, result]
    framed = bytearray(previous)
    for part in [*parts, str(len(fields)), *fields]:
        encoded = part.encode()
        framed += len(encoded).to_bytes(4, "big") + encoded
    return hashlib.sha256(framed).digest()


def heads() -> dict[uuid.UUID, tuple[int, bytes]]:
    """Sequence number and digest of the last link of each chain, as the database keeps them."""
    return {head.chain: (head.sequence, bytes(head.digest)) for head in Head.objects.all()}


def chains() -> list[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT chain FROM audit_head UNION SELECT DISTINCT chain FROM audit_event ORDER BY 1")
        return [row[0] for row in cursor.fetchall()]


def problems_of(
    chain: uuid.UUID,
    *,
    known: tuple[int, bytes] | None = None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Problem]:
    """Everything that is wrong with a chain. `known` is a head from outside (a signed export) that it must contain."""
    with transaction.atomic():
        head = heads().get(chain)
        last, previous = 0, GENESIS
        known_is_met = known is None or known[0] == 0
        for row in _rows(chain):
            sequence, recorded_previous, recorded = row[0], bytes(row[10] or b""), bytes(row[11] or b"")
            if sequence is None:
                yield Problem(chain, last + 1, "an event was never linked")
                continue
            if sequence != last + 1:
                missing = "is missing" if sequence == last + 2 else f"to {sequence - 1} are missing"
                yield Problem(chain, last + 1, f"deleted: this number {missing}")
                previous = recorded_previous
            elif recorded_previous != previous:
                yield Problem(chain, sequence, "inserted or moved: it does not follow the event before it")
            if digest_of(recorded_previous, chain, row) != recorded:
                yield Problem(chain, sequence, "edited: its content does not match its digest")
            if known is not None and sequence == known[0]:
                known_is_met = recorded == known[1]
                if not known_is_met:
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
    """Events in their order, at constant memory: a named cursor on the driver's own connection."""
    connection.ensure_connection()
    with connection.connection.cursor(name="audit_verify") as cursor:
        cursor.itersize = _CHUNK
        cursor.execute(
            f"SELECT {_COLUMNS} FROM audit_event WHERE chain = %s ORDER BY sequence NULLS LAST",  # noqa: S608
            [chain],
        )
        yield from cursor
