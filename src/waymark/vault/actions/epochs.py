"""Writing an epoch: its statement, its seals, and every signature that the new key must repeat.

Whatever an agency once decided (who is a member, which partner was compared, that there is a kit) is signed by the newest
epoch. A new epoch repeats only what the last one really signed, so a row that somebody wrote by hand is not carried on.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Mapping

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from waymark.accounts.models import Membership, User
from waymark.sealing.boxes import BoxKey, seal_to
from waymark.sealing.epochs import TO_MEMBERS, TO_PARTNERS, Earlier, EpochSecret, Statement, pack_earlier
from waymark.sealing.fields import seal_field
from waymark.sealing.memos import Memo, write_memo
from waymark.sealing.signatures import is_signed_by
from waymark.vault import policies
from waymark.vault.actions.events import tell
from waymark.vault.models import AgencyEpoch, AgencyKey, EpochSeal, Kit, MemberKey, Pin, VaultMemo, WrappedKey
from waymark.vault.policies import Refused, VaultClosed
from waymark.vault.selectors.keyring import EPOCH, OpenVault, earlier_place, newest_statement, open_vault, seal_names
from waymark.vault.selectors.members import active_members
from waymark.vault.selectors.partners import PINNED, pin_parts

CONFIRMED, KIT = "member confirmed", "printed kit"
KIT_READER = "kit"


def member_parts(member: MemberKey) -> tuple[str | bytes, ...]:
    """What a confirmation signs."""
    return (str(member.agency_id), str(member.user_id), bytes(member.public))


def kit_parts(kit: Kit) -> tuple[str | bytes, ...]:
    return (str(kit.agency_id), bytes(kit.public))


def hold_agency(agency: uuid.UUID, *, shared: bool = False) -> None:
    """Whoever changes an agency's keys waits for whoever does so already; those who only use them (`shared`) go
    together.
    """
    lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {lock}(hashtextextended(%s, 0))", [f"vault {agency}"])


def still_newest(vault: OpenVault) -> None:
    """Raises when a colleague has started another epoch since this vault was opened."""
    newest = newest_statement(vault.agency)
    if newest is None or newest.digest() != vault.statement.digest():
        raise Refused("A colleague has just made new keys. Reload the page and do this again.")


def write_epoch(
    *,
    by: User,
    secret: EpochSecret,
    statement: Statement,
    earlier: Mapping[int, Earlier],
    reason: str,
    to_members: bytes = b"",
    to_partners: bytes = b"",
) -> None:
    """The public statement and the inner row of an epoch."""
    agency, number = uuid.UUID(statement.agency), statement.number
    AgencyKey.objects.create(
        agency_id=agency,
        number=number,
        seal_public=statement.seal_public,
        sign_public=statement.sign_public,
        previous=statement.previous,
        endorsement=to_partners,
    )
    sealed = close_earlier(statement.agency, number, secret, earlier) if earlier else b""
    AgencyEpoch.objects.create(
        agency_id=agency, number=number, endorsement=to_members, earlier=sealed, reason=reason, made_by=by
    )


def close_earlier(agency: str, number: int, secret: EpochSecret, earlier: Mapping[int, Earlier]) -> bytes:
    """Earlier epochs' keys, closed under this one."""
    return seal_field(secret.wrap, pack_earlier(earlier), earlier_place(agency, number))


def seal_epoch(member: MemberKey, secret: EpochSecret, number: int) -> None:
    """Give one member the epoch's secret."""
    box = seal_to(
        bytes(member.public), secret.export(), purpose=EPOCH, bound=seal_names(member.agency_id, number, member.user_id)
    )
    EpochSeal.objects.update_or_create(agency_id=member.agency_id, number=number, member=member, defaults={"box": box})


def seal_epoch_to_kit(kit: Kit, secret: EpochSecret, number: int) -> None:
    box = seal_to(bytes(kit.public), secret.export(), purpose=EPOCH, bound=seal_names(kit.agency_id, number, KIT_READER))
    EpochSeal.objects.update_or_create(agency_id=kit.agency_id, number=number, member=None, defaults={"box": box})


def note_seen(own: BoxKey, by: User, statement: Statement, *, is_rewrapped: bool = False) -> None:
    """The member's own note of the newest epoch."""
    memo = Memo(statement.number, statement.digest().hex(), int(time.time()), is_rewrapped)
    sealed = write_memo(own, memo, user=str(by.pk), agency=statement.agency)
    VaultMemo.objects.update_or_create(agency_id=statement.agency, user=by, defaults={"sealed": sealed})


def confirm(member: MemberKey, secret: EpochSecret) -> None:
    """Sign that this key is this member's, with the epoch's key."""
    member.confirmation = secret.sign.sign(CONFIRMED, *member_parts(member))


@transaction.atomic
def start_epoch(*, vault: OpenVault, by: User, reason: str, partners_follow: bool = True) -> OpenVault:
    """New keys for the agency. Members whose confirmation is good and who are active get them; nobody else does.

    Costs one seal a member and one signature a partner, whatever the number of records. With `partners_follow` the old key
    tells partners that the new one follows; without, each of them must compare words again.
    """
    policies.must_open(by)
    if not partners_follow or reason == AgencyEpoch.Reason.KIT:
        policies.must_keep(by)
    hold_agency(vault.agency)
    still_newest(vault)
    old, agency, number = vault.secret, str(vault.agency), vault.number + 1
    secret = EpochSecret.fresh(old.index)
    statement = secret.states(agency, number, vault.statement.digest())
    earlier = {**vault.earlier, vault.number: Earlier(old.seal, old.wrap)}
    write_epoch(
        by=by,
        secret=secret,
        statement=statement,
        earlier=earlier,
        reason=reason,
        to_members=old.endorse(statement, TO_MEMBERS),
        to_partners=old.endorse(statement, TO_PARTNERS) if partners_follow else b"",
    )
    stay = _carry_members(vault, secret, number)
    if by.pk not in stay:
        raise VaultClosed(VaultClosed.CHANGED)
    _carry_kit(vault, secret, number, drop=reason == AgencyEpoch.Reason.KIT)
    _carry_pins(vault, secret)
    EpochSeal.objects.filter(agency_id=vault.agency).exclude(number=number).delete()
    note_seen(vault.own, by, statement)
    tell("agency_key.renewed", by=by, kind="agency_epoch", about=number)
    return open_vault(own=vault.own, by=by)


def _carry_members(vault: OpenVault, secret: EpochSecret, number: int) -> set[uuid.UUID]:
    """Seal to who stays; who left, and whose confirmation is not ours, waits for key from now on."""
    active = active_members(vault.agency)
    stay = set()
    for member in MemberKey.objects.filter(agency_id=vault.agency, confirmed_at__isnull=False):
        ours = is_signed_by(vault.secret.sign.public, bytes(member.confirmation), CONFIRMED, *member_parts(member))
        if ours and member.user_id in active:
            confirm(member, secret)
            seal_epoch(member, secret, number)
            stay.add(member.user_id)
        else:
            member.confirmation, member.confirmed_at, member.confirmed_by = b"", None, None
            _forget_named(member)
        member.save(update_fields=["confirmation", "confirmed_at", "confirmed_by"])
    return stay


def _forget_named(member: MemberKey) -> None:
    """Drop restricted records' keys that were sealed to who left, where another named member can still open them."""
    agency = member.agency_id
    others = WrappedKey.objects.filter(agency_id=agency, record_key=OuterRef("record_key"), member__isnull=False)
    others = others.exclude(member=member).filter(
        Exists(Membership.objects.filter(agency_id=agency, user=OuterRef("member__user"), state=Membership.State.ACTIVE))
    )
    WrappedKey.objects.filter(Exists(others), agency_id=agency, member=member).delete()


def _carry_kit(vault: OpenVault, secret: EpochSecret, number: int, *, drop: bool) -> None:
    kit = Kit.objects.filter(agency_id=vault.agency).first()
    if kit is None:
        return
    if drop or not is_signed_by(vault.secret.sign.public, bytes(kit.confirmation), KIT, *kit_parts(kit)):
        kit.delete()
        return
    kit.confirmation = secret.sign.sign(KIT, *kit_parts(kit))
    kit.save(update_fields=["confirmation"])
    seal_epoch_to_kit(kit, secret, number)


def _carry_pins(vault: OpenVault, secret: EpochSecret) -> None:
    for pin in Pin.objects.filter(agency_id=vault.agency):
        if is_signed_by(vault.secret.sign.public, bytes(pin.signature), PINNED, *pin_parts(pin)):
            pin.signature = secret.sign.sign(PINNED, *pin_parts(pin))
            pin.save(update_fields=["signature"])
        else:
            pin.delete()
