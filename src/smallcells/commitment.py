"""A commitment to a table that is never published.

The capture-history table behind an estimate says for every combination of agencies how many people they share; most of
its cells are tiny, and it is not published. What is published is a commitment: a number that fixes the table without
telling anything about it, so that an auditor who is later shown the table can check that it is the one that was used.

A plain hash would not do: a table of a few small counts can be guessed and hashed until the hash fits. The commitment
is an HMAC under a secret nonce of 32 random bytes, which is kept beside the table and shown together with it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping

from smallcells.policy import BadTable

SCHEME = "smallcells-hmac-sha256-1"
NONCE_BYTES = 32


def canonical(rows: Iterable[Mapping[str, str | int]], *, count: str = "count") -> bytes:
    """One byte string for a table of counts, whatever the order of its rows and columns.

    Parameters
    ----------
    rows : iterable of mappings
        Column name to value; ``count`` is a whole number. Rows that agree in all other columns are added up, rows that
        count nobody are left out.
    count : str
        The column that holds the counts.

    Examples
    --------
    >>> canonical([{"A": 1, "B": 0, "count": 2}, {"B": 0, "A": "1", "count": 1}])
    b'[[[["A","1"],["B","0"]],3]]'
    """
    sums: dict[tuple[tuple[str, str], ...], int] = {}
    for number, row in enumerate(rows, start=1):
        try:
            people = int(row[count])
        except (KeyError, ValueError) as error:
            raise BadTable(f"row {number}, column {count!r}: a whole number is needed") from error
        labels = tuple(sorted((name, str(value).strip()) for name, value in row.items() if name != count))
        sums[labels] = sums.get(labels, 0) + people
    filled = sorted((labels, people) for labels, people in sums.items() if people)
    return json.dumps(filled, separators=(",", ":"), ensure_ascii=True).encode("ascii")


def commit(table: bytes, nonce: bytes) -> str:
    """The commitment to a table, as hexadecimal text that may be published.

    Parameters
    ----------
    table : bytes
        As made by :func:`canonical`.
    nonce : bytes
        At least 32 bytes from a cryptographic source (``secrets.token_bytes(32)``), used for this table only and
        kept secret.

    Examples
    --------
    >>> commit(b"[]", bytes(32))[:16]
    '292323525e8c68d3'
    """
    if len(nonce) < NONCE_BYTES:
        raise ValueError(f"the nonce has {len(nonce)} bytes: {NONCE_BYTES} random bytes are needed")
    return hmac.new(nonce, SCHEME.encode("ascii") + b"\0" + table, hashlib.sha256).hexdigest()


def verify(table: bytes, nonce: bytes, commitment: str) -> bool:
    """Whether a table and its nonce are the ones that were committed to."""
    return hmac.compare_digest(commit(table, nonce), commitment.strip().lower())
