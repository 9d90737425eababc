"""What a person remembers of a vault, written for themselves alone: which keys of their agency they have compared, and
when.

A thief who can write to the database can put old rows back or make an agency's keys himself; nobody but the member can
write this note, so an agency whose keys are older or others than the member has seen is noticed before anything is
sealed to them. The key of the note comes from the member's private key by HKDF and is used for nothing else.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from waymark.sealing.boxes import BoxKey
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import open_field, seal_field
from waymark.sealing.places import Place

PLACE = ("vault_vaultmemo", "sealed")


@dataclass(frozen=True)
class Memo:
    """The newest epoch that a member has seen: its number, the digest of its statement (hex), and when (seconds).

    `is_rewrapped`: no record key was left under an older epoch, so that no older wrapping key may turn up again.
    """

    number: int
    digest: str
    seen_at: int
    is_rewrapped: bool = False


def _key(owner: BoxKey) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"waymark memo 1").derive(owner.export())


def write_memo(owner: BoxKey, memo: Memo, *, user: str, agency: str) -> bytes:
    """The memo, sealed for its writer."""
    return seal_field(_key(owner), json.dumps(asdict(memo)).encode(), Place(*PLACE, user, agency))


def read_memo(owner: BoxKey, sealed: bytes, *, user: str, agency: str) -> Memo:
    """The memo, or CannotOpenError when this person did not write it."""
    try:
        return Memo(**json.loads(open_field(_key(owner), sealed, Place(*PLACE, user, agency))))
    except (TypeError, ValueError):
        raise CannotOpenError from None
