"""An agency's keys, opened for one member and one request.

Nothing in the database is believed because it is there. A member remembers an epoch (`sealing.memos`); from it
signatures lead to the newest statement, and the keys that the member's own key opens must be the ones that this
statement names. So a row that somebody put in, put back or exchanged ends here, before anything is read with it or
sealed to it.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NoReturn

from django.db.models import Case, OuterRef, Subquery, When

from waymark.accounts.models import User
from waymark.sealing import lookup
from waymark.sealing.boxes import BoxKey
from waymark.sealing.epochs import TO_MEMBERS, Earlier, EpochSecret, Statement, follows, unpack_earlier
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import open_field
from waymark.sealing.memos import Memo, read_memo
from waymark.sealing.places import Place
from waymark.vault.models import AgencyEpoch, AgencyKey, EpochSeal, MemberKey, VaultMemo
from waymark.vault.policies import VaultClosed

EPOCH = "agency epoch"


@dataclass(frozen=True)
class Signature:
    """An agency's signature and the epoch whose key made it."""

    number: int
    signature: bytes


class OpenVault:
    """What one member holds while the vault is open. It cannot be stored: it does not pickle and does not print."""

    def __init__(
        self,
        *,
        reading: Reading,
        member: uuid.UUID,
        own: BoxKey,
        secret: EpochSecret,
        statement: Statement,
        earlier: Mapping[int, Earlier],
    ) -> None:
        self.agency = reading.agency
        self.user = reading.user
        self.member = member
        self.statement = statement
        self.own = own
        self.secret = secret
        self.earlier = dict(earlier)

    @property
    def number(self) -> int:
        """The number of the newest epoch."""
        return self.statement.number

    def wrapping_key(self, number: int) -> bytes:
        """The key that wraps record keys in an epoch. CannotOpenError for one that is over and done."""
        if number == self.number:
            return self.secret.wrap
        kept = self.earlier.get(number)
        if kept is None or kept.wrap is None:
            raise CannotOpenError
        return kept.wrap

    def open_box(self, number: int, box: bytes, *, purpose: str, bound: tuple[str, ...]) -> bytes:
        """What was sealed to the agency in an epoch, or CannotOpenError."""
        if number == self.number:
            return self.secret.seal.open(box, purpose=purpose, bound=bound)
        if number not in self.earlier:
            raise CannotOpenError
        return self.earlier[number].seal.open(box, purpose=purpose, bound=bound)

    def sign(self, purpose: str, *parts: str | bytes) -> bytes:
        return self.secret.sign.sign(purpose, *parts)

    def index(self, kind: str, value: str) -> bytes:
        """The look-up value of an exact code, phone or e-mail; equal inside this agency alone."""
        return lookup.exact_index(self.secret.index, agency=str(self.agency), kind=kind, value=value)

    def sound_index(self, sound: str) -> int:
        """Twenty bits of a phonetic code; what is found is opened and compared."""
        return lookup.phonetic_index(self.secret.index, agency=str(self.agency), sound=sound)

    def __repr__(self) -> str:
        return "OpenVault(…)"

    def __reduce__(self) -> NoReturn:
        raise TypeError("An open vault is not stored.")


def seal_names(agency: object, number: int, reader: object) -> tuple[str, ...]:
    """What the box of an epoch's secret is bound to."""
    return (str(agency), str(number), str(reader))


def newest_statement(agency: uuid.UUID) -> Statement | None:
    """The newest statement of an agency as the database tells it."""
    row = AgencyKey.objects.filter(agency_id=agency).order_by("-number").first()
    return row.statement() if row is not None else None


def has_vaults() -> bool:
    """Whether any agency has a vault, and so keys that a backup must hold."""
    return AgencyKey.objects.exists()


@dataclass(frozen=True)
class Epoch:
    """One epoch as the database tells it. `box` and `earlier` are read of the newest alone, where they open something."""

    statement: Statement
    endorsement: bytes
    box: bytes | None = None
    earlier: bytes = b""


@dataclass(frozen=True)
class Reading:
    """What the database says of an agency's keys to one member: one question, and so one moment."""

    agency: uuid.UUID
    user: uuid.UUID
    epochs: tuple[Epoch, ...] = ()
    member: uuid.UUID | None = None
    public: bytes = b""
    memo: bytes | None = None


def read_keys(by: User, agency: uuid.UUID) -> Reading:
    """Every page of an open vault asks this, so it is one question. Statements are short, and there is one a departure."""
    epoch = AgencyEpoch.objects.filter(agency_id=agency, number=OuterRef("number"))
    seal = EpochSeal.objects.filter(agency_id=agency, number=OuterRef("number"), member__agency_id=agency, member__user=by)
    newest = Subquery(AgencyKey.objects.filter(agency_id=agency).order_by("-number").values("number")[:1])
    member = MemberKey.objects.filter(agency_id=agency, user=by)
    rows = list(
        AgencyKey.objects.filter(agency_id=agency)
        .order_by("number")
        .annotate(
            word=Subquery(epoch.values("endorsement")[:1]),
            box=Case(When(number=newest, then=Subquery(seal.values("box")[:1]))),
            earlier=Case(When(number=newest, then=Subquery(epoch.values("earlier")[:1]))),
            member=Subquery(member.values("pk")[:1]),
            public=Subquery(member.values("public")[:1]),
            memo=Subquery(VaultMemo.objects.filter(agency_id=agency, user=by).values("sealed")[:1]),
        )
    )
    if not rows:
        # No keys at all: then there is a note of keys that somebody took away, or nothing was founded yet.
        return Reading(agency, by.pk, memo=_sealed_memo(by, agency))
    epochs = (Epoch(row.statement(), _bytes(row.word), _or_none(row.box), _bytes(row.earlier)) for row in rows)
    said = rows[0]
    return Reading(agency, by.pk, tuple(epochs), said.member, _bytes(said.public), _or_none(said.memo))


def _or_none(column: bytes | memoryview | None) -> bytes | None:
    return bytes(column) if column is not None else None


def _bytes(column: bytes | memoryview | None) -> bytes:
    return _or_none(column) or b""


def memo_of(own: BoxKey, by: User, agency: uuid.UUID) -> Memo | None:
    """What this person has noted of the agency's keys. A note that is not theirs counts as keys that changed."""
    return _noted(own, Reading(agency, by.pk, memo=_sealed_memo(by, agency)))


def _sealed_memo(by: User, agency: uuid.UUID) -> bytes | None:
    return _or_none(VaultMemo.objects.filter(agency_id=agency, user=by).values_list("sealed", flat=True).first())


def _noted(own: BoxKey, reading: Reading) -> Memo | None:
    if reading.memo is None:
        return None
    try:
        return read_memo(own, reading.memo, user=str(reading.user), agency=str(reading.agency))
    except CannotOpenError:
        raise VaultClosed(VaultClosed.CHANGED) from None


def trusted_epoch(reading: Reading, memo: Memo) -> Epoch:
    """The newest epoch, reached by signatures from the one that the member remembers."""
    since = [epoch for epoch in reading.epochs if epoch.statement.number >= memo.number]
    if not since or since[0].statement.number != memo.number:
        raise VaultClosed(VaultClosed.ROLLED_BACK)
    known = since[0]
    if known.statement.digest().hex() != memo.digest:
        raise VaultClosed(VaultClosed.CHANGED)
    for newer in since[1:]:
        if not follows(known.statement, newer.statement, newer.endorsement, to=TO_MEMBERS):
            raise VaultClosed(VaultClosed.CHANGED)
        known = newer
    return known


def open_vault(*, own: BoxKey, by: User) -> OpenVault:
    """The acting agency's keys for this member. Raises VaultClosed, which says what is missing."""
    if by.acting is None:
        raise VaultClosed(VaultClosed.LOCKED)
    reading = read_keys(by, by.acting.agency_id)
    memo = _noted(own, reading)
    if memo is None:
        raise VaultClosed(_why_no_memo(reading, own))
    vault = _opened(reading, own, trusted_epoch(reading, memo))
    if memo.is_rewrapped and memo.number == vault.number and any(kept.wrap for kept in vault.earlier.values()):
        raise VaultClosed(VaultClosed.ROLLED_BACK)
    return vault


def accepted_vault(*, own: BoxKey, by: User, statement: Statement) -> OpenVault:
    """The vault of a member who has just compared the words of `statement` and has no note yet."""
    reading = read_keys(by, uuid.UUID(statement.agency))
    newest = reading.epochs[-1] if reading.epochs else None
    if newest is None or newest.statement != statement:
        raise VaultClosed(VaultClosed.CHANGED)
    return _opened(reading, own, newest)


def _why_no_memo(reading: Reading, own: BoxKey) -> str:
    if not reading.epochs:
        return VaultClosed.NOT_FOUNDED
    if reading.member is None or reading.public != own.public:
        return VaultClosed.NOT_ASKED
    return VaultClosed.WAITING if reading.epochs[-1].box is None else VaultClosed.TO_ACCEPT


def _opened(reading: Reading, own: BoxKey, epoch: Epoch) -> OpenVault:
    """Open the seal of the newest epoch and hold what comes out against its statement."""
    if reading.member is None or reading.public != own.public:
        raise VaultClosed(VaultClosed.NOT_ASKED)
    if epoch.box is None:
        raise VaultClosed(VaultClosed.WAITING)
    statement = epoch.statement
    try:
        raw = own.open(epoch.box, purpose=EPOCH, bound=seal_names(reading.agency, statement.number, reading.user))
        secret = EpochSecret.load(raw)
    except CannotOpenError:
        raise VaultClosed(VaultClosed.CHANGED) from None
    if (secret.seal.public, secret.sign.public) != (statement.seal_public, statement.sign_public):
        raise VaultClosed(VaultClosed.CHANGED)
    earlier = _earlier_of(reading.agency, statement.number, secret, epoch.earlier)
    return OpenVault(reading=reading, member=reading.member, own=own, secret=secret, statement=statement, earlier=earlier)


def earlier_place(agency: object, number: int) -> Place:
    return Place("vault_agencyepoch", "earlier", str(number), str(agency))


def _earlier_of(agency: uuid.UUID, number: int, secret: EpochSecret, sealed: bytes | None) -> dict[int, Earlier]:
    """The keys of earlier epochs, closed with a key of this one: only who holds it can have written them."""
    if not sealed:
        return {}
    try:
        return unpack_earlier(open_field(secret.wrap, bytes(sealed), earlier_place(agency, number)))
    except CannotOpenError:
        raise VaultClosed(VaultClosed.CHANGED) from None
