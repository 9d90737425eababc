"""What one agency seals to another: closed to the recipient's newest key, signed by the sender's.

The recipient needs nobody unlocked to receive. A packet is bound to its sender, its recipient and the context that the mail
slot gives (packet id, permit): shown as another packet, or from another sender, it does not open. Who was never compared is
not believed: `is_sender_known` says whether our own pin vouches for the signature.

Form: version (1 byte), recipient's epoch (4), sender's epoch (4), signature (64), box.
"""

from __future__ import annotations

import struct
import uuid
from dataclasses import dataclass, field

from waymark.sealing.boxes import seal_to
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.signatures import is_signed_by
from waymark.vault.models import AgencyKey
from waymark.vault.selectors.keyring import OpenVault, Signature
from waymark.vault.selectors.partners import compared_statement, must_be_compared

VERSION = 1
_HEAD = struct.Struct(">BII64s")
PACKET = "packet"
FOREIGN = "said by an agency: "


@dataclass(frozen=True)
class OpenedPacket:
    """What was sent, and whether words were compared with who says to have sent it."""

    plaintext: bytes = field(repr=False)
    is_sender_known: bool


def _bound(sender: uuid.UUID, recipient: uuid.UUID, context: tuple[str, ...]) -> tuple[str, ...]:
    return (str(sender), str(recipient), *context)


def seal_for(*, vault: OpenVault, agency: uuid.UUID, plaintext: bytes, context: tuple[str, ...]) -> bytes:
    """Seal `plaintext` to another agency and sign it as ours. Raises PinRefused, with what to do, unless words were
    compared.

    `context` names the packet (its id, its permit): it must be given again to open. Part of the act that sends.
    """
    statement = must_be_compared(vault, agency)
    bound = _bound(vault.agency, agency, context)
    box = seal_to(statement.seal_public, plaintext, purpose=PACKET, bound=bound)
    signature = vault.sign(PACKET, *bound, str(statement.number), box)
    return _HEAD.pack(VERSION, statement.number, vault.number, signature) + box


def open_packet(*, vault: OpenVault, sealed: bytes, sender: uuid.UUID, context: tuple[str, ...]) -> OpenedPacket:
    """What an agency sealed to ours, or CannotOpenError when anything about it is not as it was sealed."""
    sealed = bytes(sealed)
    if len(sealed) < _HEAD.size:
        raise CannotOpenError
    version, to_number, from_number, signature = _HEAD.unpack(sealed[: _HEAD.size])
    if version != VERSION:
        raise CannotOpenError
    box, bound = sealed[_HEAD.size :], _bound(sender, vault.agency, context)
    plaintext = vault.open_box(to_number, box, purpose=PACKET, bound=bound)
    compared = compared_statement(vault, sender, from_number)
    if compared is not None:
        sign_public = compared.sign_public
    else:
        row = AgencyKey.objects.filter(agency_id=sender, number=from_number).first()
        if row is None:
            raise CannotOpenError
        sign_public = bytes(row.sign_public)
    if not is_signed_by(sign_public, signature, PACKET, *bound, str(to_number), box):
        raise CannotOpenError
    return OpenedPacket(plaintext, compared is not None)


def sign_as(*, vault: OpenVault, purpose: str, parts: tuple[str | bytes, ...]) -> Signature:
    """The acting agency's signature over these parts for this purpose. Purposes of other apps never meet the vault's
    own.
    """
    return Signature(vault.number, vault.sign(FOREIGN + purpose, str(vault.agency), *parts))


def is_signed_by_agency(
    *, vault: OpenVault, agency: uuid.UUID, purpose: str, parts: tuple[str | bytes, ...], signature: Signature
) -> bool:
    """True when an agency whose words we compared, or our own newest epoch, signed exactly this."""
    if agency == vault.agency:
        known = vault.statement if signature.number == vault.number else None
    else:
        known = compared_statement(vault, agency, signature.number)
    return known is not None and is_signed_by(
        known.sign_public, signature.signature, FOREIGN + purpose, str(agency), *parts
    )
