"""The signature of the copy that a phone may keep: ECDSA on P-256, as every browser can check it.

A kept copy is replaced only by one that the same key has signed, so that whoever stands between us and a phone cannot put a
wrong number on it. The key is made at the first start and stays in the data folder; a region that runs several machines
gives them one key file.
"""

from __future__ import annotations

import os
import tempfile
from base64 import b64encode
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

SIGNED_WITH = ec.ECDSA(hashes.SHA256())


def _make(path: Path) -> None:
    """Write a new key whole or not at all; when two processes start at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    key = ec.generate_private_key(ec.SECP256R1())
    pem = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    descriptor, name = tempfile.mkstemp(dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        os.unlink(name)


@lru_cache(maxsize=4)
def signing_key(path: Path) -> ec.EllipticCurvePrivateKey:
    """The key of this installation."""
    if not path.exists():
        _make(path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{path.name} is not an elliptic-curve key.")
    return key


def public_key(path: Path) -> str:
    """The public half, as the pages carry it: SubjectPublicKeyInfo in base64."""
    der = (
        signing_key(path)
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return b64encode(der).decode()


def signed(content: bytes, path: Path) -> bytes:
    """The content with its signature in the first line."""
    r, s = decode_dss_signature(signing_key(path).sign(content, SIGNED_WITH))
    return b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")) + b"\n" + content
