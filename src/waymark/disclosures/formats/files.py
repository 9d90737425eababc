"""What a file between two installations says: a packet, that it was taken back, or what became of it.

The outer form, and the signature over all of it, are `sealing.files`. Here are the bodies, as parts in a fixed order:
texts in UTF-8, ids as 16 bytes, moments in UTC with microseconds. Whoever reads one writes it again and compares, so
that there is exactly one file for what it says. The sealed part of a packet is what would stand in the recipient's inbox.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from waymark.disclosures.formats.kinds import CALL, KINDS, PACKAGE, PERSONAL, PURPOSES
from waymark.disclosures.formats.packets import Header
from waymark.sealing.files import FileError

# A test holds the database's `goes_by_file` to it.
BY_FILE = (CALL.code, PACKAGE.code, PERSONAL.code)
PURPOSE = "file between installations"
MOST_FIELDS = 40
# Two clocks may differ; a file from further in the future was made by a wrong one, or to be replayed one day.
CLOCKS_DIFFER = dt.timedelta(hours=26)


@dataclass(frozen=True)
class PacketFile:
    """A packet on its way."""

    header: Header
    made_at: dt.datetime
    sealed: bytes = field(repr=False)

    def parts(self) -> list[str | bytes]:
        header = self.header
        return [
            header.id.bytes,
            header.permit.bytes if header.permit else b"",
            header.kind,
            header.purpose,
            moment_text(header.expires_at),
            moment_text(self.made_at),
            str(len(header.fields)),
            *header.fields,
            self.sealed,
        ]


@dataclass(frozen=True)
class RecallFile:
    """That a packet was taken back, and when."""

    packet: uuid.UUID
    taken_back_at: dt.datetime

    def parts(self) -> list[str | bytes]:
        return [self.packet.bytes, moment_text(self.taken_back_at)]


@dataclass(frozen=True)
class ReceiptFile:
    """What became of a packet at its recipient, as far as it went."""

    packet: uuid.UUID
    received_at: dt.datetime | None
    read_at: dt.datetime | None
    erased_at: dt.datetime | None

    def parts(self) -> list[str | bytes]:
        return [self.packet.bytes, *(moment_text(at) if at else "" for _, at in self.words())]

    def words(self) -> list[tuple[str, dt.datetime | None]]:
        return [("received", self.received_at), ("read", self.read_at), ("erased", self.erased_at)]


def moment_text(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def read_packet_file(parts: Sequence[bytes], *, sender: uuid.UUID, recipient: uuid.UUID) -> PacketFile:
    """The packet in a file whose signature was found good. Raises FileError."""
    if len(parts) < 9:
        raise FileError("file.broken")
    head, fields, sealed = parts[:7], parts[7:-1], parts[-1]
    kind, purpose = _text(head[2]), _text(head[3])
    if kind not in BY_FILE:
        raise FileError("file.kind")
    permit = _id(head[1]) if head[1] else None
    named = tuple(_text(one) for one in fields)
    known = {question.code for question in KINDS[kind].questions}
    if len(named) > MOST_FIELDS or len(set(named)) != len(named) or not set(named) <= known:
        raise FileError("file.broken")
    if (permit is not None) != KINDS[kind].needs_permit or (purpose in dict(PURPOSES)) != KINDS[kind].needs_permit:
        raise FileError("file.broken")
    header = Header(_id(head[0]), sender, recipient, permit, kind, purpose, named, _moment(head[4]))
    found = PacketFile(header, _moment(head[5]), sealed)
    _must_be_one_way(found.parts(), parts)
    return found


def read_recall_file(parts: Sequence[bytes]) -> RecallFile:
    if len(parts) != 2:
        raise FileError("file.broken")
    found = RecallFile(_id(parts[0]), _moment(parts[1]))
    _must_be_one_way(found.parts(), parts)
    return found


def read_receipt_file(parts: Sequence[bytes]) -> ReceiptFile:
    if len(parts) != 4:
        raise FileError("file.broken")
    received, read, erased = (_moment(part) if part else None for part in parts[1:])
    if received is None and erased is None:
        raise FileError("file.broken")
    found = ReceiptFile(_id(parts[0]), received, read, erased)
    _must_be_one_way(found.parts(), parts)
    return found


def _must_be_one_way(written: Sequence[str | bytes], parts: Sequence[bytes]) -> None:
    if [one.encode() if isinstance(one, str) else one for one in written] != list(parts):
        raise FileError("file.broken")


def _text(part: bytes) -> str:
    try:
        return part.decode()
    except UnicodeDecodeError:
        raise FileError("file.broken") from None


def _id(part: bytes) -> uuid.UUID:
    if len(part) != 16:
        raise FileError("file.broken")
    return uuid.UUID(bytes=part)


def _moment(part: bytes) -> dt.datetime:
    try:
        at = dt.datetime.fromisoformat(_text(part))
    except ValueError:
        raise FileError("file.broken") from None
    if at.tzinfo is None:
        raise FileError("file.broken")
    return at
