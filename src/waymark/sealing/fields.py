"""A value under a record's key: AES-256-GCM with the value's place as associated data.

Form: version (1 byte), nonce (12), ciphertext with tag. Nonces are random. A key belongs to one person or case, so
that it closes far fewer values than the 2^32 at which random 96-bit nonces stop being safe (NIST SP 800-38D, 8.3).
"""

from __future__ import annotations

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from waymark.sealing.errors import CannotOpenError
from waymark.sealing.places import Place

VERSION = b"\x01"
KEY_BYTES = 32
_NONCE = 12
_TAG = 16


def new_key() -> bytes:
    """A fresh random key of 32 bytes for one person or one case."""
    return os.urandom(KEY_BYTES)


def seal_field(key: bytes, value: bytes, place: Place) -> bytes:
    """Close `value` (any length, empty too) for `place`. Raises ValueError when the key has not 32 bytes."""
    _check(key)
    nonce = os.urandom(_NONCE)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, value, VERSION + place.bound())


def open_field(key: bytes, sealed: bytes, place: Place) -> bytes:
    """The value, or CannotOpenError when key, place or bytes are not those of sealing."""
    _check(key)
    if len(sealed) < 1 + _NONCE + _TAG or sealed[:1] != VERSION:
        raise CannotOpenError
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        return AESGCM(key).decrypt(nonce, body, VERSION + place.bound())
    except InvalidTag:
        raise CannotOpenError from None


def _check(key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise ValueError("A record's key has 32 bytes.")
