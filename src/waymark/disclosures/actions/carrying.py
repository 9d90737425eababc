"""Packets between two installations: making files, and taking them in.

Nothing in a file is believed because it is there. First its signature is held against the newest key that was compared with
the sending agency, then it is looked at what the file says, then the database decides by the same rules as between two
agencies of one installation. Every making and every taking in is an event; a file that is refused is an attempt.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import Agency, User
from waymark.disclosures import policies
from waymark.disclosures.actions.crossing import asked
from waymark.disclosures.actions.telling import tell, told_if_refused
from waymark.disclosures.formats.files import (
    CLOCKS_DIFFER,
    PURPOSE,
    PacketFile,
    RecallFile,
    ReceiptFile,
    read_packet_file,
    read_recall_file,
    read_receipt_file,
)
from waymark.disclosures.models import CarriedFile, InboxPacket, OutboxPacket
from waymark.sealing.files import NO_KEY, Envelope, FileError, Kind, body_of, read, write
from waymark.vault.actions import is_signed_by_agency, sign_as
from waymark.vault.selectors import OpenVault, PinState, Signature, must_be_compared, newest_print, own_prints

UNTOLD = uuid.UUID(int=0)
What = CarriedFile.What


@dataclass(frozen=True)
class TakenIn:
    """What a file was, what became of it, and the row to show: of the inbox, of the outbox, or none."""

    kind: Kind
    verdict: str
    sender: Agency
    shown: uuid.UUID | None


@transaction.atomic
def make_packet_file(*, vault: OpenVault, packet: uuid.UUID, by: User) -> bytes:
    """A packet for an agency elsewhere as a file. Its line stands in the ledger already. Raises Refused."""
    with told_if_refused("packet.file_made", packet, by):
        policies.must_send(by)
        sealed = bytes(asked("SELECT disclosures.carry_out(%s)", packet)[0][0])
        sent = OutboxPacket.objects.get(agency_id=policies.agency_of(by), pk=packet)
        recipient_print = must_be_compared(vault, sent.recipient_id).digest()
        body = PacketFile(sent.header, sent.delivered_at or sent.frozen_at, sealed).parts()
        content = _written(vault, Kind.PACKET, sent.recipient_id, body_of(body), recipient_print)
    tell("packet.file_made", packet, by, fields=sent.fields, purpose=sent.purpose)
    return content


@transaction.atomic
def make_recall_file(*, vault: OpenVault, packet: uuid.UUID, by: User) -> bytes:
    """That a packet was taken back, for an agency elsewhere. Raises Refused."""
    policies.must_send(by)
    sent = policies.visible(OutboxPacket.objects.select_related("recipient"), to=by).filter(pk=packet).first()
    if sent is None or not sent.recipient.is_elsewhere or sent.taken_back_at is None or sent.delivered_at is None:
        raise policies.Refused("packet.absent")
    body = RecallFile(sent.pk, sent.taken_back_at).parts()
    content = _written(vault, Kind.RECALL, sent.recipient_id, body_of(body))
    tell("packet.recall_made", packet, by)
    return content


@transaction.atomic
def make_receipt_file(*, vault: OpenVault, line: CarriedFile, by: User) -> bytes:
    """What became of a packet that came by file, for who sent it. Raises Refused."""
    policies.must_read(by)
    mine = policies.visible(CarriedFile.objects.all(), to=by).filter(other=line.other_id, packet=line.packet)
    came = {row.what: row.at for row in mine}
    held = policies.visible(InboxPacket.objects.all(), to=by).filter(sender=line.other_id, packet=line.packet).first()
    erased = came.get(What.RECALL)
    if erased is None and held is not None and held.sealed is None:
        erased = held.expires_at
    if not {What.PACKET, What.RECALL} & came.keys():
        raise policies.Refused("packet.absent")
    body = ReceiptFile(line.packet, came.get(What.PACKET), held.read_at if held else None, erased).parts()
    content = _written(vault, Kind.RECEIPT, line.other_id, body_of(body))
    tell("packet.receipt_made", held.pk if held else line.packet, by)
    return content


def _written(vault: OpenVault, kind: Kind, recipient: uuid.UUID, body: bytes, recipient_print: bytes = NO_KEY) -> bytes:
    envelope = Envelope(kind, vault.agency, vault.number, vault.statement.digest(), recipient, recipient_print, body)
    return write(envelope, lambda signed: sign_as(vault=vault, purpose=PURPOSE, parts=(signed,)).signature)


@transaction.atomic
def take_in_file(*, vault: OpenVault, content: bytes, by: User) -> TakenIn:
    """Take a file of another installation in. Raises Refused, in words, for everything that is not exactly right."""
    policies.must_read(by)
    with told_if_refused("packet.taken_in", UNTOLD, by):
        try:
            envelope = read(content)
            sender = _vouched(vault, envelope)
            taken = _TAKES[envelope.kind](envelope, sender, vault, by)
        except FileError as error:
            raise policies.Refused(error.code) from None
    return taken


def _vouched(vault: OpenVault, envelope: Envelope) -> Agency:
    """The agency that signed, when its words were compared and every byte is as it was signed, for us."""
    if envelope.kind == Kind.CARD:
        raise FileError("file.card")
    if envelope.sender == vault.agency:
        raise FileError("file.own")
    far = (Agency.State.ELSEWHERE, Agency.State.AWAY)
    sender = Agency.objects.filter(pk=envelope.sender, state__in=far).first()
    if sender is None:
        raise FileError("file.unknown_sender")
    if sender.state == Agency.State.AWAY and envelope.kind == Kind.PACKET:
        raise FileError("file.taken_off")
    state, number, newest = newest_print(vault, sender.pk)
    if state in {PinState.NO_KEY, PinState.NOT_COMPARED}:
        raise FileError("file.not_compared")
    if state is PinState.CHANGED:
        raise FileError("file.key_changed")
    if envelope.epoch != number:
        raise FileError("file.newer_key" if envelope.epoch > number else "file.older_key")
    if envelope.sender_print != newest:
        raise FileError("file.other_key")
    signature = Signature(envelope.epoch, envelope.signature)
    if not is_signed_by_agency(
        vault=vault, agency=sender.pk, purpose=PURPOSE, parts=(envelope.signed,), signature=signature
    ):
        raise FileError("file.bad_signature")
    if envelope.recipient != vault.agency:
        raise FileError("file.other_recipient")
    if envelope.kind == Kind.PACKET and envelope.recipient_print not in own_prints(vault):
        raise FileError("file.sealed_to_other_key")
    return sender


def _take_packet(envelope: Envelope, sender: Agency, vault: OpenVault, by: User) -> TakenIn:
    came = read_packet_file(envelope.parts(), sender=sender.pk, recipient=vault.agency)
    _must_not_be_ahead(came.made_at)
    header = came.header
    verdict = asked(
        "SELECT disclosures.carry_in(%s, %s, %s, %s, %s, %s::text[], %s, %s, %s)",
        sender.pk,
        header.id,
        header.kind,
        header.permit,
        header.purpose,
        list(header.fields),
        header.expires_at,
        came.made_at,
        came.sealed,
    )[0][0]
    row = InboxPacket.objects.get(agency_id=vault.agency, sender=sender, packet=header.id)
    tell("packet.taken_in", row.pk, by, fields=header.fields, purpose=header.purpose)
    return TakenIn(Kind.PACKET, verdict, sender, row.pk)


def _take_recall(envelope: Envelope, sender: Agency, vault: OpenVault, by: User) -> TakenIn:
    came = read_recall_file(envelope.parts())
    _must_not_be_ahead(came.taken_back_at)
    verdict = asked("SELECT disclosures.carry_recall(%s, %s, %s)", sender.pk, came.packet, came.taken_back_at)[0][0]
    if verdict == "repeated":
        raise FileError("file.repeated")
    row = InboxPacket.objects.filter(agency_id=vault.agency, sender=sender, packet=came.packet).first()
    tell("packet.recall_taken_in", row.pk if row else came.packet, by)
    return TakenIn(Kind.RECALL, verdict, sender, row.pk if row else None)


def _take_receipt(envelope: Envelope, sender: Agency, vault: OpenVault, by: User) -> TakenIn:
    came = read_receipt_file(envelope.parts())
    news = []
    for word, at in came.words():
        if at is not None:
            _must_not_be_ahead(at)
            verdict = asked("SELECT disclosures.carry_receipt(%s, %s, %s, %s)", sender.pk, came.packet, word, at)[0][0]
            news += [word] if verdict == "noted" else []
    if not news:
        raise FileError("file.repeated")
    tell("packet.receipt_taken_in", came.packet, by)
    return TakenIn(Kind.RECEIPT, news[-1], sender, came.packet)


_TAKES = {Kind.PACKET: _take_packet, Kind.RECALL: _take_recall, Kind.RECEIPT: _take_receipt}


def _must_not_be_ahead(at: dt.datetime) -> None:
    if at > timezone.now() + CLOCKS_DIFFER:
        raise FileError("file.ahead")
