"""A signed file between two installations: what is known of it before anything inside is looked at.

    magic       10   89 57 41 59 4D 41 52 4B 0D 0A, which a transfer as text destroys
    version      1   1
    kind         1   what the file is (`Kind`)
    sender      16   the sending agency
    epoch        4   which of its keys signed
    sender's    32   digest of that epoch's statement, which names the key and every key before it
    recipient   16   the agency that it is for; zeros in a card, which is for everybody
    recipient's 32   digest of the statement that its content is sealed to; zeros where nothing is sealed
    length       4   of the body
    body             parts, each with its length in front (4 bytes), nothing after the last
    signature   64   Ed25519 over everything before it

All numbers are big-endian. There is one way to write a file, and a reader refuses every other one. A reader looks at
nothing in the body before the signature is found good: `read` takes the outer fields apart, `Envelope.parts` the body.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum

from waymark.sealing.places import framed

MAGIC = b"\x89WAYMARK\r\n"
VERSION = 1
LARGEST = 256 * 1024
NOBODY, NO_KEY = uuid.UUID(int=0), bytes(32)
_HEAD = struct.Struct(">10sBB16sI32s16s32sI")
_SIGNATURE = 64
_SIZE = 4


class Kind(IntEnum):
    """What a file is. Signed with the rest, so that a receipt is never shown as a recall."""

    CARD = 1
    PACKET = 2
    RECALL = 3
    RECEIPT = 4


class FileError(ValueError):
    """A file that is not taken; `code` says why, and nothing of the content is in it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Envelope:
    """The outer fields of a file, and the bytes that its signature covers."""

    kind: Kind
    sender: uuid.UUID
    epoch: int
    sender_print: bytes
    recipient: uuid.UUID
    recipient_print: bytes
    body: bytes = field(repr=False)
    signature: bytes = field(default=b"", repr=False)

    @property
    def signed(self) -> bytes:
        head = _HEAD.pack(
            MAGIC,
            VERSION,
            self.kind,
            self.sender.bytes,
            self.epoch,
            self.sender_print,
            self.recipient.bytes,
            self.recipient_print,
            len(self.body),
        )
        return head + self.body

    def parts(self) -> list[bytes]:
        """The body taken apart: only after the signature was found good. Raises FileError."""
        return unframed(self.body)


def write(envelope: Envelope, sign: Callable[[bytes], bytes]) -> bytes:
    """The file's bytes. `sign` gives the sending agency's signature of the bytes that it gets."""
    content = envelope.signed + sign(envelope.signed)
    if len(content) > LARGEST:
        raise FileError("file.too_large")
    return content


def read(content: bytes) -> Envelope:
    """The outer fields of a file. Raises FileError for what is no such file, is newer, cut off or too large."""
    if len(content) > LARGEST:
        raise FileError("file.too_large")
    if content[: len(MAGIC)] != MAGIC:
        raise FileError("file.not_ours")
    if len(content) <= len(MAGIC):
        raise FileError("file.broken")
    if content[len(MAGIC)] != VERSION:
        raise FileError("file.newer" if content[len(MAGIC)] > VERSION else "file.broken")
    if len(content) < _HEAD.size + _SIGNATURE:
        raise FileError("file.broken")
    _, _, kind, sender, epoch, sender_print, recipient, recipient_print, length = _HEAD.unpack(content[: _HEAD.size])
    if length != len(content) - _HEAD.size - _SIGNATURE:
        raise FileError("file.broken")
    if kind not in set(Kind):
        raise FileError("file.kind")
    return Envelope(
        Kind(kind),
        uuid.UUID(bytes=sender),
        epoch,
        sender_print,
        uuid.UUID(bytes=recipient),
        recipient_print,
        content[_HEAD.size : -_SIGNATURE],
        content[-_SIGNATURE:],
    )


def body_of(parts: Sequence[str | bytes]) -> bytes:
    return framed(*parts)


def unframed(body: bytes) -> list[bytes]:
    """The parts that `places.framed` joined. Raises FileError unless they fill the body exactly."""
    parts, at = [], 0
    while at < len(body):
        end = at + _SIZE
        size = int.from_bytes(body[at:end], "big")
        if end > len(body) or end + size > len(body):
            raise FileError("file.broken")
        parts.append(body[end : end + size])
        at = end + size
    return parts
