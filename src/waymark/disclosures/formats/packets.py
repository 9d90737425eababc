"""A packet as bytes: what is sealed, what is signed, and how a recipient tells that nothing was changed.

Content is a JSON object of field codes and texts, filled up with spaces to a step of 1 KiB, so that its size tells little.
The vault seals it for one agency and signs header and content with the sender's key; under another header it does not open.
Nothing in here knows a table: the same bytes are good in a file between two installations.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from waymark.disclosures.formats.kinds import KINDS
from waymark.sealing.places import framed

STEP = 1024
LARGEST = 64 * 1024


class PacketError(ValueError):
    """The packet is not what its header says; the message never holds content."""


@dataclass(frozen=True)
class Header:
    """What stands outside of the sealed part. It names agencies, fields and times, and no person."""

    id: uuid.UUID
    sender: uuid.UUID
    recipient: uuid.UUID
    permit: uuid.UUID | None
    kind: str
    purpose: str
    fields: tuple[str, ...]
    expires_at: dt.datetime

    def parts(self) -> tuple[str, ...]:
        """The header as texts in a fixed order, the same on every machine: the vault seals and signs them too."""
        return (
            str(self.id),
            str(self.sender),
            str(self.recipient),
            str(self.permit or ""),
            self.kind,
            self.purpose,
            self.expires_at.astimezone(dt.UTC).isoformat(timespec="microseconds"),
            str(len(self.fields)),
            *self.fields,
        )


def packet_of_page(agency: uuid.UUID, page: uuid.UUID) -> uuid.UUID:
    """The id of the packet that an agency writes on a page. It has the agency in it, so that an id sent by somebody who
    guesses never meets another agency's packet.
    """
    digest = hashlib.sha256(framed("waymark packet of a page 1", agency.bytes, page.bytes)).digest()
    return uuid.UUID(bytes=digest[:16], version=4)


def write_content(kind: str, values: Mapping[str, str], carried: Mapping[str, str] | None = None) -> bytes:
    """The bytes to seal: the fields, and what comes along with them without being one (`carried`).

    Raises PacketError for a field or an answer that the kind does not have, or an empty packet.
    """
    known = KINDS.get(kind)
    if known is None:
        raise PacketError("This kind of packet does not exist.")
    if not values:
        raise PacketError("A packet says something.")
    for code, text in values.items():
        question = known.question(code)
        if question is None:
            raise PacketError("This kind of packet has no such field.")
        if not text or len(text) > question.limit:
            raise PacketError("A field is empty or too long.")
        if not question.takes(text):
            raise PacketError("This answer is not on the list, or is not written as it has to be.")
    for code, text in (carried or {}).items():
        along = known.carried(code)
        if along is None or not text or len(text) > along.limit:
            raise PacketError("What comes along with a packet is empty, too long, or nothing that comes with this kind.")
    whole = dict(sorted({**values, **(carried or {})}.items()))
    plain = json.dumps(whole, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > LARGEST:
        raise PacketError("The packet is too long.")
    return plain.ljust(-(-len(plain) // STEP) * STEP)


def read_content(header: Header, plain: bytes) -> dict[str, str]:
    """The fields of opened bytes, in the kind's order, and after them what came along.

    Raises PacketError unless the fields are exactly those of the header.
    """
    try:
        values = json.loads(plain)
    except ValueError:
        raise PacketError("The content cannot be read.") from None
    if not isinstance(values, dict) or not all(isinstance(text, str) for text in values.values()):
        raise PacketError("The content cannot be read.")
    known = KINDS.get(header.kind)
    along = [question.code for question in known.carries] if known else []
    if set(values) - set(along) != set(header.fields) or len(set(header.fields)) != len(header.fields):
        raise PacketError("The content holds other fields than the packet says.")
    order = [*(question.code for question in known.questions), *along] if known else sorted(values)
    if set(values) - set(order):
        raise PacketError("The content holds a field that this kind does not have.")
    if known and not all(question.takes(values[question.code]) for question in known.questions if question.code in values):
        raise PacketError("The content holds words where a number, a day or an answer from a list belongs.")
    return {code: values[code] for code in order if code in values}
