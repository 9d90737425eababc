"""Who says so: Ed25519 signatures over a purpose and length-prefixed parts.

The purpose is signed with the message, so that a signed recall cannot be shown as a signed delivery.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from waymark.sealing.places import framed


class SigningKey:
    """A private Ed25519 key."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private

    @classmethod
    def generate(cls) -> SigningKey:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def load(cls, raw: bytes) -> SigningKey:
        """From 32 private bytes. Raises ValueError otherwise."""
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    def export(self) -> bytes:
        """The 32 private bytes: to be wrapped at once, never stored or logged."""
        return self._private.private_bytes_raw()

    @property
    def public(self) -> bytes:
        """The 32 public bytes."""
        return self._private.public_key().public_bytes_raw()

    def sign(self, purpose: str, *parts: str | bytes) -> bytes:
        """The signature (64 bytes) of these parts for this purpose."""
        return self._private.sign(_message(purpose, parts))

    def __repr__(self) -> str:
        return "SigningKey(…)"


def is_signed_by(public: bytes, signature: bytes, purpose: str, *parts: str | bytes) -> bool:
    """True when the holder of `public` signed exactly these parts for exactly this purpose."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, _message(purpose, parts))
    except (InvalidSignature, ValueError):
        return False
    return True


def _message(purpose: str, parts: tuple[str | bytes, ...]) -> bytes:
    if not purpose:
        raise ValueError("A signature says what it is for.")
    return framed("waymark signature 1", purpose, *parts)
