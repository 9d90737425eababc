"""Opening a packet that came in: the sender is told before the content is shown, and every look is written down."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import must_be_within_limit, record_read
from waymark.disclosures import policies
from waymark.disclosures.actions import crossing
from waymark.disclosures.actions.telling import tell
from waymark.disclosures.actions.writing import own_copy_of
from waymark.disclosures.formats.kinds import KINDS
from waymark.disclosures.formats.packets import PacketError, read_content
from waymark.disclosures.models import InboxPacket, OutboxPacket
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import open_packet as unseal
from waymark.vault.selectors import OpenVault

OPENED = {"packet": "packet.opened", "report": "report.opened"}


@dataclass(frozen=True)
class Content:
    """What a packet says, and whether words were compared with the agency that signed it."""

    values: dict[str, str] = field(repr=False)
    is_sender_known: bool


@transaction.atomic
def open_packet(*, vault: OpenVault, packet: uuid.UUID, by: User) -> Content | None:
    """Open for the first time: the sender learns that it was opened. None when it was taken back or has expired.

    A packet that does not open as it was sealed raises Refused, and does not count as opened.
    """
    policies.must_read(by)
    act = OPENED[called(packet, by)]
    must_be_within_limit(of=act, by=by)
    found, content, is_first = _opened(vault, packet, by)
    if content is not None and is_first:
        tell(act, found.pk, by, fields=found.fields, purpose=found.purpose)
    return content


def called(packet: uuid.UUID, by: User) -> str:
    """What the log calls a packet: reports to a court are counted on their own, because a judge reads them by the list."""
    kind = policies.visible(InboxPacket.objects.all(), to=by).filter(pk=packet).values_list("kind", flat=True).first()
    return KINDS[kind].called if kind in KINDS else "packet"


@transaction.atomic
def read_packet(*, vault: OpenVault, packet: uuid.UUID, by: User) -> Content | None:
    """Look at the content of a packet that was opened before. Every look is an event."""
    found, content, _ = _opened(vault, packet, by)
    if content is not None:
        kind = KINDS[found.kind].called if found.kind in KINDS else "packet"
        record_read(by=by, kind=kind, about=found.pk, purpose=found.purpose, fields=found.fields)
    return content


def _opened(vault: OpenVault, packet: uuid.UUID, by: User) -> tuple[InboxPacket, Content | None, bool]:
    policies.must_read(by)
    mine = policies.visible(InboxPacket.objects.all(), to=by)
    found = mine.filter(pk=packet).first()
    if found is None:
        raise policies.Refused("packet.absent")
    # From here to the end of the transaction a recall waits for us: what is shown was not taken back before.
    verdict = crossing.acknowledge(found.sender_id, found.packet)
    if verdict in {"recalled", "expired"}:
        return found, None, False
    found.refresh_from_db()
    return found, _unsealed(vault, found), verdict == "read"


def _unsealed(vault: OpenVault, found: InboxPacket) -> Content:
    if found.sealed is None:
        raise policies.Refused("packet.damaged")
    try:
        sealed = bytes(found.sealed)
        opened = unseal(vault=vault, sealed=sealed, sender=found.sender_id, context=found.header.parts())
        values = read_content(found.header, opened.plaintext)
    except (CannotOpenError, PacketError):
        raise policies.Refused("packet.damaged") from None
    return Content(values, opened.is_sender_known)


def content_held(*, vault: OpenVault, packet: InboxPacket, by: User) -> Content | None:
    """What a packet says that was opened before, for an act that shows nothing of it: so it is no look, and nobody is told.

    None when it was never opened, was taken back, or has expired.
    """
    policies.must_read(by)
    found = policies.visible(InboxPacket.objects.all(), to=by).filter(pk=packet.pk).first()
    if found is None or found.sealed is None or found.read_at is None or found.taken_back_at is not None:
        return None
    return _unsealed(vault, found) if found.expires_at > timezone.now() else None


@transaction.atomic
def read_own_copy(*, vault: OpenVault, packet: OutboxPacket, by: User) -> dict[str, str]:
    """Look at what this agency sent. A look by somebody else than the writer is an event."""
    policies.must_send(by)
    try:
        values = own_copy_of(vault, packet)
    except (CannotOpenError, PacketError):
        raise policies.Refused("packet.damaged") from None
    if packet.frozen_by_id != by.pk:
        record_read(by=by, kind="packet", about=packet.pk, purpose=packet.purpose, fields=packet.fields)
    return values
