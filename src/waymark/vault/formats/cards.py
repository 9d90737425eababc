"""An agency's card: how one installation tells another which agency it is and which public keys it has.

A card is a signed file (`sealing.files`) of its own kind. Its parts are the agency's name, short name and kind, the moment
it was made, and the statements of all epochs, oldest first, each with the word of the epoch before to partners. The newest
key signs it, so that name and kind hang on the key whose six words are compared. A card proves nothing by itself: whoever
makes keys can make a card. It is believed when two people have read the words to each other.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from waymark.sealing.epochs import TO_PARTNERS, Statement, follows
from waymark.sealing.files import NO_KEY, NOBODY, Envelope, FileError, Kind, body_of, read, unframed
from waymark.sealing.places import framed
from waymark.sealing.signatures import is_signed_by

PURPOSE = "card of an agency"
MOST_EPOCHS = 1000
NAME, SHORT_NAME, KIND = 200, 40, 30
_FIXED = 4


@dataclass(frozen=True)
class Epoch:
    """A statement, and the word of the epoch before to partners; empty when they must compare again."""

    statement: Statement
    endorsement: bytes


@dataclass(frozen=True)
class Card:
    """What a card says of an agency."""

    agency: uuid.UUID
    name: str
    short_name: str
    kind: str
    made_at: dt.datetime
    epochs: tuple[Epoch, ...]

    @property
    def newest(self) -> Statement:
        return self.epochs[-1].statement

    def envelope(self) -> Envelope:
        """To be signed by the newest epoch's key."""
        stated = [
            framed(
                str(one.statement.number),
                one.statement.seal_public,
                one.statement.sign_public,
                one.statement.previous,
                one.endorsement,
            )
            for one in self.epochs
        ]
        made_at = self.made_at.astimezone(dt.UTC).isoformat(timespec="seconds")
        body = body_of([self.name, self.short_name, self.kind, made_at, *stated])
        newest = self.newest
        return Envelope(Kind.CARD, self.agency, newest.number, newest.digest(), NOBODY, NO_KEY, body)


def followed_to(epochs: Sequence[Epoch], number: int) -> int:
    """The newest epoch to which signatures lead from epoch `number`; `number` itself when none does."""
    stated = {one.statement.number: one for one in epochs}
    while number in stated and number + 1 in stated:
        newer = stated[number + 1]
        if not follows(stated[number].statement, newer.statement, newer.endorsement, to=TO_PARTNERS):
            break
        number += 1
    return number


def read_card(content: bytes) -> Card:
    """The card in a file. Raises FileError unless its newest key signed exactly this, and its epochs are one chain."""
    envelope = read(content)
    if envelope.kind != Kind.CARD:
        raise FileError("card.other_kind")
    parts = envelope.parts()
    # The key that signs stands in the body itself: it says that whoever made the card holds it, and no more.
    epochs = _epochs(envelope.sender, parts[_FIXED:])
    newest = epochs[-1].statement
    if (envelope.epoch, envelope.sender_print) != (newest.number, newest.digest()):
        raise FileError("file.broken")
    if not is_signed_by(newest.sign_public, envelope.signature, PURPOSE, envelope.signed):
        raise FileError("file.bad_signature")
    try:
        name, short_name, kind, made_at = (part.decode() for part in parts[:_FIXED])
        card = Card(envelope.sender, name, short_name, kind, dt.datetime.fromisoformat(made_at), epochs)
        is_one_way = card.envelope().signed == envelope.signed
    except ValueError:
        raise FileError("file.broken") from None
    if not is_one_way or not _is_plain(name, NAME) or not _is_plain(short_name, SHORT_NAME) or not _is_plain(kind, KIND):
        raise FileError("file.broken")
    return card


def _is_plain(text: str, longest: int) -> bool:
    return 0 < len(text) <= longest and text.isprintable() and text == " ".join(text.split())


def _epochs(agency: uuid.UUID, parts: Sequence[bytes]) -> tuple[Epoch, ...]:
    if not 0 < len(parts) <= MOST_EPOCHS:
        raise FileError("file.broken")
    found: list[Epoch] = []
    for part in parts:
        fields = unframed(part)
        if [len(one) for one in fields[1:4]] != [32, 32, 32] or len(fields) != 5 or len(fields[4]) not in {0, 64}:
            raise FileError("file.broken")
        if not fields[0].isdigit() or len(fields[0]) > 6:
            raise FileError("file.broken")
        statement = Statement(str(agency), int(fields[0]), fields[1], fields[2], fields[3])
        before = found[-1].statement if found else None
        if before is not None and (statement.number, statement.previous) != (before.number + 1, before.digest()):
            raise FileError("file.broken")
        found.append(Epoch(statement, fields[4]))
    if found[0].statement.number != 1:
        raise FileError("file.broken")
    return tuple(found)
