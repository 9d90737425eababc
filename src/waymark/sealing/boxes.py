"""A secret for one public key: HPKE base mode (RFC 9180) with X25519, HKDF-SHA256 and ChaCha20-Poly1305.

Sealing needs the public key alone, so nobody must be unlocked to receive. HPKE's `info` carries what the box is for:
a record key cannot be passed off as an agency key, nor a packet for one agency as one for another. A box says nothing
about who sealed it; what must be known to come from somebody is signed as well (`signatures`).
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from waymark.sealing.errors import CannotOpenError
from waymark.sealing.places import framed

VERSION = b"\x01"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)
_OVERHEAD = 32 + 16


class BoxKey:
    """A private X25519 key. Its bytes leave only through `export`, for wrapping."""

    def __init__(self, private: X25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> BoxKey:
        return cls(X25519PrivateKey.generate())

    @classmethod
    def load(cls, raw: bytes) -> BoxKey:
        """From 32 private bytes. Raises ValueError otherwise."""
        return cls(X25519PrivateKey.from_private_bytes(raw))

    def export(self) -> bytes:
        """The 32 private bytes: to be wrapped at once, never stored or logged."""
        return self._private.private_bytes_raw()

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        return self._private.public_key().public_bytes_raw()

    def open(self, box: bytes, *, purpose: str, bound: tuple[str, ...] = ()) -> bytes:
        """What was sealed to this key for this purpose and these names, or CannotOpenError."""
        if len(box) < 1 + _OVERHEAD or box[:1] != VERSION:
            raise CannotOpenError
        try:
            return _SUITE.decrypt(box[1:], self._private, info=_info(purpose, bound))
        except (InvalidTag, ValueError):
            raise CannotOpenError from None

    def __repr__(self) -> str:
        return "BoxKey(…)"


def seal_to(public: bytes, secret: bytes, *, purpose: str, bound: tuple[str, ...] = ()) -> bytes:
    """Close `secret` for the holder of `public` (32 bytes). Raises ValueError for a key that is none."""
    if len(public) != 32:
        raise ValueError("A public key has 32 bytes.")
    return VERSION + _SUITE.encrypt(secret, X25519PublicKey.from_public_bytes(public), info=_info(purpose, bound))


def _info(purpose: str, bound: tuple[str, ...]) -> bytes:
    if not purpose:
        raise ValueError("A box says what it is for.")
    return framed("waymark box 1", purpose, *bound)
