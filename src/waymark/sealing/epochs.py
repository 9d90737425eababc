"""One agency's keys through time. Each time somebody leaves, the agency takes new keys: an epoch.

An epoch *states* its number, its two public keys and the digest of the statement before it, and the key of the epoch before
signs that statement. So whoever knows one true statement can follow to the newest, and a row that a thief put into the
database is followed by nobody. Members and partner agencies are told by two different signatures: an agency that no longer
trusts who left can keep its members together and make its partners compare words again.

An epoch's secret is 128 bytes: the private halves of X25519 and Ed25519, the key that wraps record keys, and the key of the
look-up, which alone stays the same, or nothing would be found again. Of older epochs the newest keeps what still opens
something: the private half that opens what was sealed to the agency, and the wrapping key until every record key is wrapped
anew. An old signing key is never kept: nobody can speak for an epoch that is over.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from waymark.sealing.boxes import BoxKey
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.places import framed
from waymark.sealing.signatures import SigningKey, is_signed_by

VERSION = b"\x01"
TO_MEMBERS, TO_PARTNERS = "epoch follows, to members", "epoch follows, to partners"
NOTHING_BEFORE = bytes(32)
_KEY = 32


@dataclass(frozen=True)
class Statement:
    """What an epoch says of itself in public."""

    agency: str
    number: int
    seal_public: bytes
    sign_public: bytes
    previous: bytes = NOTHING_BEFORE

    def framed(self) -> bytes:
        return framed("waymark epoch 1", self.agency, str(self.number), self.seal_public, self.sign_public, self.previous)

    def digest(self) -> bytes:
        """32 bytes that name this epoch and, through `previous`, every epoch before it."""
        return hashlib.sha256(self.framed()).digest()


@dataclass(frozen=True)
class EpochSecret:
    """The private side of an epoch. It leaves memory only through `export`, to be sealed to a member."""

    seal: BoxKey = field(repr=False)
    sign: SigningKey = field(repr=False)
    wrap: bytes = field(repr=False)
    index: bytes = field(repr=False)

    @classmethod
    def fresh(cls, index: bytes | None = None) -> EpochSecret:
        """New keys; the look-up's key is carried over where there is one."""
        return cls(BoxKey.generate(), SigningKey.generate(), os.urandom(_KEY), index or os.urandom(_KEY))

    def export(self) -> bytes:
        return VERSION + self.seal.export() + self.sign.export() + self.wrap + self.index

    @classmethod
    def load(cls, raw: bytes) -> EpochSecret:
        """From what `export` gave, or CannotOpenError."""
        if len(raw) != 1 + 4 * _KEY or raw[:1] != VERSION:
            raise CannotOpenError
        parts = [raw[1 + _KEY * place : 1 + _KEY * (place + 1)] for place in range(4)]
        return cls(BoxKey.load(parts[0]), SigningKey.load(parts[1]), parts[2], parts[3])

    def states(self, agency: str, number: int, previous: bytes = NOTHING_BEFORE) -> Statement:
        return Statement(agency, number, self.seal.public, self.sign.public, previous)

    def endorse(self, newer: Statement, to: str) -> bytes:
        """This epoch's word that `newer` follows it."""
        return self.sign.sign(to, newer.framed())


def follows(older: Statement, newer: Statement, signature: bytes, *, to: str) -> bool:
    """True when the epoch of `older` said, to these readers, that `newer` comes after it."""
    return (
        newer.agency == older.agency
        and newer.number == older.number + 1
        and newer.previous == older.digest()
        and is_signed_by(older.sign_public, signature, to, newer.framed())
    )


@dataclass(frozen=True)
class Earlier:
    """What is kept of an epoch that is over. `wrap` is None once no record key is wrapped under it."""

    seal: BoxKey = field(repr=False)
    wrap: bytes | None = field(repr=False)


def pack_earlier(kept: Mapping[int, Earlier]) -> bytes:
    """The bytes of all earlier epochs' keys, to be sealed under the newest."""
    return VERSION + b"".join(
        number.to_bytes(4, "big") + keys.seal.export() + (keys.wrap or bytes(_KEY)) for number, keys in sorted(kept.items())
    )


def unpack_earlier(raw: bytes) -> dict[int, Earlier]:
    """What `pack_earlier` packed, or CannotOpenError."""
    size = 4 + 2 * _KEY
    if raw[:1] != VERSION or (len(raw) - 1) % size:
        raise CannotOpenError
    found = {}
    for start in range(1, len(raw), size):
        number = int.from_bytes(raw[start : start + 4], "big")
        seal, wrap = raw[start + 4 : start + 4 + _KEY], raw[start + 4 + _KEY : start + size]
        found[number] = Earlier(BoxKey.load(seal), wrap if wrap != bytes(_KEY) else None)
    return found
