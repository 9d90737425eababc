"""Finding an exact value inside one agency without storing it: a keyed hash.

The index key is sealed like the agency's key, so the hash of a phone number tells a thief of the database nothing.
Equal values have equal hashes: that pattern remains visible and the threat model says so. Nothing works across
agencies, because each has its own key and its name goes into the hash.

Phonetic look-up keeps 20 bits only: many names share a value, so that it narrows a search and identifies nobody; what
it finds is opened and compared.
"""

from __future__ import annotations

import hashlib
import hmac

from waymark.sealing.places import framed

PHONETIC_BITS = 20


def exact_index(key: bytes, *, agency: str, kind: str, value: str) -> bytes:
    """32 bytes that are equal for equal `value` of one `kind` in one agency. The caller normalizes the value."""
    return _hash(key, "exact", agency, kind, value)


def phonetic_index(key: bytes, *, agency: str, sound: str) -> int:
    """The first 20 bits of the keyed hash of a phonetic code."""
    return int.from_bytes(_hash(key, "phonetic", agency, "name", sound)[:4], "big") >> (32 - PHONETIC_BITS)


def _hash(key: bytes, *parts: str) -> bytes:
    if len(key) != 32:
        raise ValueError("An index key has 32 bytes.")
    return hmac.new(key, framed("waymark index 1", *parts), hashlib.sha256).digest()
