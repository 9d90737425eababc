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

from django.db.models import Subquery

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
        self, *, member: MemberKey, own: BoxKey, secret: EpochSecret, statement: Statement, earlier: Mapping[int, Earlier]
    ) -> None:
        self.agency: uuid.UUID = member.agency_id
        self.user: uuid.UUID = member.user_id
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


def memo_of(own: BoxKey, by: User, agency: uuid.UUID) -> Memo | None:
    """What this person has noted of the agency's keys. A note that is not theirs counts as keys that changed."""
    return _read_memo(own, by, agency, VaultMemo.objects.filter(agency_id=agency, user=by).values_list("sealed").first())


def _read_memo(own: BoxKey, by: User, agency: uuid.UUID, row: tuple[bytes | memoryview] | None) -> Memo | None:
    if row is None:
        return None
    try:
        return read_memo(own, bytes(row[0]), user=str(by.pk), agency=str(agency))
    except CannotOpenError:
        raise VaultClosed(VaultClosed.CHANGED) from None


def trusted_statement(agency: uuid.UUID, memo: Memo) -> Statement:
    """The newest statement, reached by signatures from the one that the member remembers."""
    statements = [row.statement() for row in AgencyKey.objects.filter(agency_id=agency, number__gte=memo.number)]
    statements.sort(key=lambda one: one.number)
    if not statements or statements[0].number != memo.number:
        raise VaultClosed(VaultClosed.ROLLED_BACK)
    known = statements[0]
    if known.digest().hex() != memo.digest:
        raise VaultClosed(VaultClosed.CHANGED)
    if len(statements) > 1:
        words = dict(
            AgencyEpoch.objects.filter(agency_id=agency, number__gt=memo.number).values_list("number", "endorsement")
        )
        for newer in statements[1:]:
            if not follows(known, newer, bytes(words.get(newer.number, b"")), to=TO_MEMBERS):
                raise VaultClosed(VaultClosed.CHANGED)
            known = newer
    return known


def open_vault(*, own: BoxKey, by: User) -> OpenVault:
    """The acting agency's keys for this member. Raises VaultClosed, which says what is missing."""
    if by.acting is None:
        raise VaultClosed(VaultClosed.LOCKED)
    agency = by.acting.agency_id
    noted = VaultMemo.objects.filter(agency_id=agency, user=by).values("sealed")
    member = MemberKey.objects.filter(agency_id=agency, user=by).annotate(noted=Subquery(noted[:1])).first()
    # Read along with the member, because every page of an open vault asks; without a member's row it is asked for alone.
    row = (member.noted,) if member is not None and member.noted is not None else None
    memo = _read_memo(own, by, agency, row) if member is not None else memo_of(own, by, agency)
    if memo is None:
        raise VaultClosed(_why_no_memo(agency, member, own))
    statement = trusted_statement(agency, memo)
    try:
        return _checked(member, own, statement, memo)
    except VaultClosed:
        # A colleague may have started an epoch between our two reads; what stands now decides.
        newer = trusted_statement(agency, memo)
        if newer == statement:
            raise
        return _checked(MemberKey.objects.filter(agency_id=agency, user=by).first(), own, newer, memo)


def _checked(member: MemberKey | None, own: BoxKey, statement: Statement, memo: Memo) -> OpenVault:
    """The vault of the newest statement, unless the member's note says that it cannot be so."""
    if member is None or bytes(member.public) != own.public:
        raise VaultClosed(VaultClosed.NOT_ASKED)
    vault = _opened(member, own, statement)
    if memo.is_rewrapped and memo.number == vault.number and any(kept.wrap for kept in vault.earlier.values()):
        raise VaultClosed(VaultClosed.ROLLED_BACK)
    return vault


def _why_no_memo(agency: uuid.UUID, member: MemberKey | None, own: BoxKey) -> str:
    newest = newest_statement(agency)
    if newest is None:
        return VaultClosed.NOT_FOUNDED
    if member is None or bytes(member.public) != own.public:
        return VaultClosed.NOT_ASKED
    if EpochSeal.objects.filter(agency_id=agency, number=newest.number, member=member).exists():
        return VaultClosed.TO_ACCEPT
    return VaultClosed.WAITING


def _opened(member: MemberKey, own: BoxKey, statement: Statement) -> OpenVault:
    """Open the seal of the newest epoch and hold what comes out against the statement."""
    agency, number = member.agency_id, statement.number
    kept = AgencyEpoch.objects.filter(agency_id=agency, number=number).values("earlier")
    row = EpochSeal.objects.filter(agency_id=agency, number=number, member=member).annotate(kept=Subquery(kept[:1])).first()
    if row is None:
        raise VaultClosed(VaultClosed.WAITING)
    try:
        raw = own.open(bytes(row.box), purpose=EPOCH, bound=seal_names(agency, number, member.user_id))
        secret = EpochSecret.load(raw)
    except CannotOpenError:
        raise VaultClosed(VaultClosed.CHANGED) from None
    if (secret.seal.public, secret.sign.public) != (statement.seal_public, statement.sign_public):
        raise VaultClosed(VaultClosed.CHANGED)
    return OpenVault(
        member=member, own=own, secret=secret, statement=statement, earlier=_earlier_of(agency, number, secret, row.kept)
    )


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


def accepted_vault(*, own: BoxKey, by: User, statement: Statement) -> OpenVault:
    """The vault of a member who has just compared the words of `statement` and has no note yet."""
    member = MemberKey.objects.filter(agency_id=statement.agency, user=by).first()
    if member is None or bytes(member.public) != own.public:
        raise VaultClosed(VaultClosed.NOT_ASKED)
    return _opened(member, own, statement)
