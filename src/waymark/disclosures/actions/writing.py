"""Freezing a packet: sealed to the recipient's key, signed by the sender, and unchangeable from here on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.disclosures import policies
from waymark.disclosures.actions.telling import tell
from waymark.disclosures.formats.kinds import KINDS
from waymark.disclosures.formats.packets import Header, packet_of_page, read_content, write_content
from waymark.disclosures.models import OutboxPacket, Permit
from waymark.sealing.boxes import seal_to
from waymark.vault.actions import seal_for
from waymark.vault.selectors import OpenVault, must_be_compared

OPEN_FOR = dt.timedelta(days=30)
OWN_COPY = "packet, the sender's copy"


@transaction.atomic
def freeze_packet(
    *,
    vault: OpenVault,
    page: uuid.UUID,
    recipient: Agency,
    kind: str,
    values: Mapping[str, str],
    permit: Permit | None,
    by: User,
    lasts: dt.timedelta = OPEN_FOR,
    carried: Mapping[str, str] | None = None,
) -> OutboxPacket:
    """Write a packet that waits to be sent. `page` is where it was written: the same page twice is one packet.

    It can be opened for as long as `lasts`, and never longer than its kind or its permit. `carried` comes along sealed.

    Raises Refused, PinRefused (words were not compared with the recipient, or its key changed) or PacketError.
    """
    policies.must_send(by)
    agency = policies.agency_of(by)
    packet = packet_of_page(agency, page)
    known = policies.visible(OutboxPacket.objects.all(), to=by).filter(pk=packet).first()
    if known is not None:
        return known
    expires_at = timezone.now() + min(lasts, KINDS[kind].lasts or lasts)
    if KINDS[kind].needs_permit:
        permit = _locked(permit, recipient, values, by)
        expires_at = min(expires_at, permit.ends_at)
    header = Header(
        id=packet,
        sender=agency,
        recipient=recipient.pk,
        permit=permit.pk if permit else None,
        kind=kind,
        purpose=permit.purpose if permit else "",
        fields=tuple(sorted(values)),
        expires_at=expires_at,
    )
    plain = write_content(kind, values, carried)
    frozen = OutboxPacket.objects.create(
        id=packet,
        agency_id=agency,
        recipient=recipient,
        kind=kind,
        permit=permit,
        purpose=header.purpose,
        fields=list(header.fields),
        expires_at=expires_at,
        frozen_by=by,
        sealed_epoch=must_be_compared(vault, recipient.pk).number,
        sealed=seal_for(vault=vault, agency=recipient.pk, plaintext=plain, context=header.parts()),
        own_epoch=vault.number,
        own_copy=seal_to(vault.statement.seal_public, plain, purpose=OWN_COPY, bound=header.parts()),
    )
    tell("packet.frozen", packet, by, fields=header.fields, purpose=header.purpose)
    return frozen


def _locked(permit: Permit | None, recipient: Agency, values: Mapping[str, str], by: User) -> Permit:
    """The permit, held until this packet is written, so that closing it at the same moment finds the packet."""
    mine = policies.visible(Permit.objects.all(), to=by).select_for_update()
    found = mine.filter(pk=permit.pk).first() if permit is not None else None
    if found is None:
        raise policies.Refused("permit.absent")
    trouble = policies.permit_trouble(
        found, recipient=recipient.pk, purpose=found.purpose, fields=values, at=timezone.now()
    )
    if trouble:
        raise policies.Refused(trouble)
    return found


def own_copy_of(vault: OpenVault, packet: OutboxPacket) -> dict[str, str]:
    """What this agency wrote in a packet. Raises CannotOpenError or PacketError when the copy is not as it was."""
    plain = vault.open_box(packet.own_epoch, bytes(packet.own_copy), purpose=OWN_COPY, bound=packet.header.parts())
    return read_content(packet.header, plain)
