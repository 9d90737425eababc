"""The signed export of heads: small enough to mail, print or hand to another agency every day.

Whoever keeps one can show later that the chain up to that day was not rewritten, even by the person who runs the database.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import date

from waymark.sealing.signatures import SigningKey, is_signed_by

PURPOSE = "audit heads"


class HeadsError(ValueError):
    """The text is no export of heads, or its signature does not hold."""


def write_heads(heads: dict[uuid.UUID, tuple[int, bytes]], *, on: date, key: SigningKey) -> str:
    """JSON text: day, heads by chain, public key, signature over the canonical rest."""
    listed = {str(chain): [sequence, digest.hex()] for chain, (sequence, digest) in sorted(heads.items())}
    body: dict[str, object] = {"day": on.isoformat(), "heads": listed, "public_key": key.public.hex()}
    signed = {**body, "signature": key.sign(PURPOSE, _canonical(body)).hex()}
    return json.dumps(signed, indent=2) + "\n"


def read_heads(text: str, *, public_key: bytes | None = None) -> dict[uuid.UUID, tuple[int, bytes]]:
    """The heads of an export whose signature holds (by `public_key`, where the caller knows it). Raises HeadsError."""
    try:
        value = json.loads(text)
        signature = bytes.fromhex(value.pop("signature"))
        signer = bytes.fromhex(value["public_key"])
        heads = {
            uuid.UUID(chain): (int(number), bytes.fromhex(digest)) for chain, (number, digest) in value["heads"].items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        raise HeadsError("this is no export of audit heads.") from None
    if public_key is not None and signer != public_key:
        raise HeadsError("the export was signed by another key.")
    if not is_signed_by(signer, signature, PURPOSE, _canonical(value)):
        raise HeadsError("the signature does not hold: the file was changed.")
    return heads


def _canonical(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
