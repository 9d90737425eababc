"""Who may use the mail slot, and what a refusal says. The crossing itself is judged once more by the database."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import TypeVar

from django.db.models import Model, QuerySet

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import User
from waymark.disclosures.models import Permit

Row = TypeVar("Row", bound=Model)

# What the database's functions refuse, in the words of the screen.
REASONS = {
    "agency.closed": "One of the two agencies is closed. Nothing was sent.",
    "context.missing": "You act for no agency now. Nothing was sent.",
    "copy.absent": "Something is not as it should be, so nothing was changed. Tell whoever runs this installation.",
    "file.ahead": "The clock of the installation that made this file is wrong by more than a day. Tell them. Nothing was"
    " taken in.",
    "file.bad_signature": "This file was changed after it was signed, or somebody else made it. Nothing of it was taken in."
    " Call the agency on a number that you knew before.",
    "file.broken": "This file is cut off or damaged. Nothing of it was taken in. Ask for it again.",
    "file.card": "This is a card. Whoever adds agencies takes it in, under Agencies.",
    "file.expired": "This packet has reached its last day, and was not taken in. Ask for a new one.",
    "file.justice": "Nothing about a person goes to police, prosecution or a court by file, or comes from there. Nothing"
    " was sent or taken in.",
    "file.key_changed": "The keys of this agency changed, and nothing vouches for the change. Call them on a number that"
    " you knew before, and compare the six words again. Nothing was taken in.",
    "file.kind": "This kind of packet does not go by file. Nothing was sent or taken in.",
    "file.newer": "A newer version of Waymark made this file. Update this installation first. Nothing was taken in.",
    "file.newer_key": "They have made new keys since you took their card in. Ask for a new card. Nothing was taken in.",
    "file.no_packet": "This speaks of a packet that your agency did not send them. Nothing was taken in.",
    "file.not_compared": "Your agency has not compared the six words with the agency that made this file. Do that first,"
    " under Vault, Partner agencies. Nothing was taken in.",
    "file.not_ours": "This is no file of Waymark. Choose the one that they gave you: its name ends in .waymark.",
    "file.older_key": "This was signed with a key that they have replaced since. Ask them to save the file once more."
    " Nothing was taken in.",
    "file.other_key": "This was signed with a key that was never compared. Nothing of it was taken in. Call the agency on a"
    " number that you knew before.",
    "file.other_recipient": "This file is for another agency. Nothing of it was taken in. Tell who sent it to you.",
    "file.own": "Your own agency made this file. It is for the other side.",
    "file.recalled": "This packet was taken back before it came. It was not taken in, and nothing of it is kept. Delete the"
    " file.",
    "file.repeated": "This file was taken in before. It counts once, also when what it brought is gone.",
    "file.sealed_to_other_key": "This was sealed to a key that your agency does not have any more. Give them a new card and"
    " ask for the packet again. Nothing was taken in.",
    "file.taken_off": "The agency that made this file was taken off the list of this installation. Nothing of it was taken"
    " in. Whoever adds agencies can say why.",
    "file.too_large": "This file is larger than any of ours. Nothing of it was taken in.",
    "file.unknown_sender": "This installation does not know the agency that made this file. Ask for their card first."
    " Nothing was taken in.",
    "key.changed": "The key of the other agency is not the one that this packet was sealed for. Compare the six words with "
    "them again, then write a new packet. Nothing was sent.",
    "key.not_compared": "Your agency has not compared the six words with this agency yet. Nothing was sent.",
    "packet.absent": "This packet is not here.",
    "packet.damaged": "This packet does not open as it was sealed. Somebody may have changed it, or the keys of the sender "
    "changed. It was not opened, and its sender was not told. Call them on a number that you knew before.",
    "packet.expired": "This packet has reached its last day. Write a new one. Nothing was sent.",
    "packet.over": "This packet was taken back. Write a new one. Nothing was sent.",
    "permit.absent": "There is no permit for this packet. Nothing was sent.",
    "permit.expired": "The permit has ended. Nothing was sent.",
    "permit.not_started": "The permit has not begun yet. Nothing was sent.",
    "permit.other_field": "The permit does not name one of these fields. Nothing was sent.",
    "permit.other_purpose": "The permit is for another purpose. Nothing was sent.",
    "permit.other_recipient": "The permit is for another agency. Nothing was sent.",
    "permit.revoked": "The permit was revoked. Nothing was sent.",
    "report.counsel_first": "Their counsel reads a report 24 hours before court and prosecution. Nothing was sent.",
}


class Refused(Exception):
    """Someone may not do this now; the text says why, `code` names the reason."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS.get(code, "This cannot be done now. Nothing was sent."))
        self.code = code


def agency_of(by: User) -> uuid.UUID:
    """The agency for which a member acts. Raises Refused when they act for none."""
    if by.acting is None:
        raise Refused("context.missing")
    agency: uuid.UUID = by.acting.agency_id
    return agency


def visible(queryset: QuerySet[Row], *, to: User) -> QuerySet[Row]:
    """Rows of the agency for which `to` acts; row security says the same once more."""
    return queryset.filter(agency_id=to.acting.agency_id) if to.acting is not None else queryset.none()


def may_send(by: User) -> bool:
    return by.is_active and by.acting is not None and Permission.PACKET_SEND in permissions_of(by.role)


def must_send(by: User) -> None:
    if not may_send(by):
        raise Refused("packet.absent")


def may_read(by: User) -> bool:
    return by.is_active and by.acting is not None and Permission.PACKET_READ in permissions_of(by.role)


def must_read(by: User) -> None:
    if not may_read(by):
        raise Refused("packet.absent")


def permit_trouble(
    permit: Permit, *, recipient: uuid.UUID, purpose: str, fields: Collection[str], at: dt.datetime
) -> str | None:
    """Why a permit does not allow this at that moment, or None. The database judges by the same rule when it delivers."""
    if permit.revoked_at is not None:
        return "permit.revoked"
    if permit.recipient_id != recipient:
        return "permit.other_recipient"
    if permit.purpose != purpose:
        return "permit.other_purpose"
    if not fields or not set(fields) <= set(permit.fields):
        return "permit.other_field"
    if at < permit.starts_at:
        return "permit.not_started"
    return "permit.expired" if at >= permit.ends_at else None
