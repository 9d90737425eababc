"""The printed key: 160 random bits that a person can read from paper and type, with a check against slips.

Crockford's base 32 has no letters that look alike (I, L, O, U); groups of four; the last group is a check, so that a
wrong character is said before anything is tried. 160 random bits need no slow hash: HKDF makes the wrapping key.
"""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from waymark.sealing.errors import CannotOpenError
from waymark.sealing.places import framed

VERSION = b"\x01"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOK_ALIKE = str.maketrans({"I": "1", "L": "1", "O": "0"})
_BYTES = 20
_CHECK = 4
_NONCE, _TAG = 12, 16


class MistypedError(ValueError):
    """The text is no printed key; the message says what to look at."""


def _encode(raw: bytes, length: int) -> str:
    number = int.from_bytes(raw, "big")
    return "".join(_ALPHABET[(number >> (5 * place)) & 31] for place in reversed(range(length)))


def _check(raw: bytes) -> str:
    return _encode(hashlib.sha256(b"waymark printed key 1" + raw).digest()[:3], _CHECK)[-_CHECK:]


def new_printed_key() -> str:
    """A fresh key as it is printed: nine groups of four."""
    raw = os.urandom(_BYTES)
    text = _encode(raw, 32) + _check(raw)
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def read_printed_key(typed: str) -> bytes:
    """The 20 bytes of a printed key as a person types it. Raises MistypedError in plain words."""
    text = "".join(character for character in typed.upper() if character.isalnum()).translate(_LOOK_ALIKE)
    if len(text) != 36:
        raise MistypedError(f"The printed key has 36 letters and digits; this has {len(text)}.")
    strange = sorted(set(text) - set(_ALPHABET))
    if strange:
        raise MistypedError(f"The printed key never holds {', '.join(strange)}.")
    number = 0
    for character in text[:32]:
        number = number << 5 | _ALPHABET.index(character)
    raw = number.to_bytes(_BYTES, "big")
    if _check(raw) != text[32:]:
        raise MistypedError("One of the groups is not as printed. Compare them one by one.")
    return raw


def wrap(secret: bytes, printed: str, *, owner: str) -> bytes:
    """Lock `secret` with a printed key for `owner`."""
    nonce = os.urandom(_NONCE)
    key = _derive(read_printed_key(printed), owner)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, secret, framed("waymark printed key 1", owner))


def unwrap(wrapped: bytes, printed: str, *, owner: str) -> bytes:
    """The secret. Raises MistypedError for a slip of the hand, CannotOpenError for another key or altered bytes."""
    key = _derive(read_printed_key(printed), owner)
    if len(wrapped) < 1 + _NONCE + _TAG or wrapped[:1] != VERSION:
        raise CannotOpenError
    try:
        return AESGCM(key).decrypt(wrapped[1 : 1 + _NONCE], wrapped[1 + _NONCE :], framed("waymark printed key 1", owner))
    except InvalidTag:
        raise CannotOpenError from None


def _derive(raw: bytes, owner: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=framed("waymark printed key 1", owner)).derive(raw)
