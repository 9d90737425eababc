"""A private key locked by what a person knows: Argon2id of the vault passphrase, then AES-256-GCM.

Argon2id takes 64 MiB, three passes, one lane (RFC 9106 gives the same memory for its second choice). The cost stands
in the wrapped bytes and is authenticated; a cost below the floor is refused, so that nobody can weaken a wrapped key
by editing it. At most two run at a time in a process: more would let a flood of unlocks exhaust a small server's
memory. Who waits longer than 20 seconds is asked to try again.
"""

from __future__ import annotations

import os
import struct
import threading
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from waymark.sealing.errors import CannotOpenError
from waymark.sealing.places import framed

VERSION = 1
_SALT, _NONCE, _TAG = 16, 12, 16
_HEADER = struct.Struct(">BIII")
AT_A_TIME = 2
PATIENCE = 20.0
_GATE = threading.BoundedSemaphore(AT_A_TIME)


class BusyError(Exception):
    """Too many people open their vaults at this moment; nothing was tried."""


@dataclass(frozen=True)
class Cost:
    """What one guess costs. `memory` is in KiB."""

    memory: int = 64 * 1024
    passes: int = 3
    lanes: int = 1


STANDARD = Cost()
# The least and the most that an unlock accepts from stored bytes: below is weak, above is a way to hang the server.
FLOOR = Cost(19 * 1024, 2, 1)
CEILING = Cost(256 * 1024, 10, 4)


def normalized(passphrase: str) -> bytes:
    """One form for what looks the same: NFKC, outer spaces off, inner spaces single."""
    return " ".join(unicodedata.normalize("NFKC", passphrase).split()).encode()


def wrap(secret: bytes, passphrase: str, *, owner: str, cost: Cost = STANDARD) -> bytes:
    """Lock `secret` with a passphrase for `owner` (an id that is authenticated). Raises ValueError for an empty one."""
    phrase = normalized(passphrase)
    if not phrase:
        raise ValueError("The passphrase is empty.")
    header = _HEADER.pack(VERSION, cost.memory, cost.passes, cost.lanes)
    salt, nonce = os.urandom(_SALT), os.urandom(_NONCE)
    key = _derive(phrase, salt, cost)
    return header + salt + nonce + AESGCM(key).encrypt(nonce, secret, framed("waymark passphrase 1", header, owner))


def unwrap(wrapped: bytes, passphrase: str, *, owner: str) -> bytes:
    """The secret, or CannotOpenError for a wrong passphrase, another owner, altered bytes or a cost out of bounds."""
    start = _HEADER.size
    if len(wrapped) < start + _SALT + _NONCE + _TAG:
        raise CannotOpenError
    header = wrapped[:start]
    version, *numbers = _HEADER.unpack(header)
    cost = Cost(*numbers)
    if version != VERSION or not _is_bearable(cost):
        raise CannotOpenError
    salt, nonce = wrapped[start : start + _SALT], wrapped[start + _SALT : start + _SALT + _NONCE]
    key = _derive(normalized(passphrase), salt, cost)
    try:
        body = wrapped[start + _SALT + _NONCE :]
        return AESGCM(key).decrypt(nonce, body, framed("waymark passphrase 1", header, owner))
    except InvalidTag:
        raise CannotOpenError from None


def _is_bearable(cost: Cost) -> bool:
    return (
        FLOOR.memory <= cost.memory <= CEILING.memory
        and FLOOR.passes <= cost.passes <= CEILING.passes
        and FLOOR.lanes <= cost.lanes <= CEILING.lanes
    )


def _derive(phrase: bytes, salt: bytes, cost: Cost) -> bytes:
    if not _GATE.acquire(timeout=PATIENCE):
        raise BusyError
    try:
        return Argon2id(salt=salt, length=32, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory).derive(
            phrase
        )
    finally:
        _GATE.release()
