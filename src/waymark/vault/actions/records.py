"""The keys of records: made, opened, wrapped anew, kept to a few people, destroyed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.sealing.boxes import seal_to
from waymark.sealing.epochs import Earlier
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import new_key, open_field, seal_field
from waymark.sealing.signatures import is_signed_by
from waymark.vault import policies
from waymark.vault.actions.epochs import CONFIRMED, close_earlier, hold_agency, member_parts, note_seen, still_newest
from waymark.vault.actions.events import tell
from waymark.vault.models import AgencyEpoch, MemberKey, RecordKey, WrappedKey
from waymark.vault.policies import KEY_BACKUP_DAYS, Refused
from waymark.vault.selectors.keyring import OpenVault
from waymark.vault.selectors.members import active_members
from waymark.vault.selectors.records import (
    NAMED,
    RecordGone,
    RecordSecret,
    named_bound,
    unwrap,
    wrap_place,
    wraps_for,
)

AT_ONCE = 500


def _wrap(vault: OpenVault, record_key: RecordKey, value: bytes, member: uuid.UUID | None = None) -> bytes:
    return seal_field(vault.secret.wrap, value, wrap_place(record_key, member, vault.number))


@transaction.atomic
def new_record_key(*, vault: OpenVault, kind: str, record: uuid.UUID) -> RecordSecret:
    """A fresh random key for a record that is being made; part of the act that makes it.

    Raises Refused when a colleague has just started an epoch: the page is loaded again and has its keys.
    """
    hold_agency(vault.agency, shared=True)
    still_newest(vault)
    row = RecordKey.objects.create(agency_id=vault.agency, kind=kind, record=record)
    key = new_key()
    WrappedKey.objects.create(agency_id=vault.agency, record_key=row, number=vault.number, wrapped=_wrap(vault, row, key))
    return RecordSecret(vault.agency, kind, record, key)


@transaction.atomic
def open_record(*, vault: OpenVault, kind: str, record: uuid.UUID) -> RecordSecret:
    """The key of a record; under an older epoch it is wrapped anew on the way.

    Raises RecordGone for a destroyed record, CannotOpenError for one that this member may not or cannot open.
    """
    row = RecordKey.objects.filter(agency_id=vault.agency, kind=kind, record=record).first()
    if row is None:
        raise CannotOpenError
    if row.shredded_at is not None:
        raise RecordGone
    wrapped = wraps_for(vault).filter(record_key=row).first()
    if wrapped is None:
        raise CannotOpenError
    key = unwrap(vault, row, wrapped)
    if wrapped.number < vault.number:
        _rewrap(vault, row, wrapped)
    return RecordSecret(vault.agency, kind, record, key)


def _rewrap(vault: OpenVault, row: RecordKey, wrapped: WrappedKey) -> bool:
    """Put the newest epoch's wrapping around what is inside; a key kept to a named member stays closed to us."""
    place = wrap_place(row, wrapped.member_id, wrapped.number)
    inside = open_field(vault.wrapping_key(wrapped.number), bytes(wrapped.wrapped), place)
    # Only over what was read: a colleague who was quicker has wrapped it as well.
    done = WrappedKey.objects.filter(pk=wrapped.pk, number=wrapped.number)
    return bool(done.update(number=vault.number, wrapped=_wrap(vault, row, inside, wrapped.member_id)))


@transaction.atomic
def rewrap_some(*, vault: OpenVault, by: User, limit: int = AT_ONCE) -> int:
    """Wrap the next record keys under the newest epoch; returns how many are left. May be cut off and goes on from there.

    When none is left the earlier epochs' wrapping keys are thrown away, so that a wrapped key that somebody puts back from
    an old copy opens no more. That end is the act, and its event.
    """
    policies.must_open(by)
    hold_agency(vault.agency)
    still_newest(vault)
    rows = WrappedKey.objects.select_for_update(of=("self",)).filter(agency_id=vault.agency, number__lt=vault.number)
    stuck = 0
    for wrapped in rows.select_related("record_key").order_by("number", "pk")[:limit]:
        try:
            _rewrap(vault, wrapped.record_key, wrapped)
        except CannotOpenError:
            stuck += 1
    left = WrappedKey.objects.filter(agency_id=vault.agency, number__lt=vault.number).count()
    if stuck and left == stuck:
        raise Refused(
            f"{stuck} keys cannot be opened: somebody altered them, or put them back from an old copy. The rest is done."
            " Tell whoever runs this installation; the newest key backup may hold them."
        )
    if left == 0:
        _throw_away_wraps(vault, by)
    return left


def _throw_away_wraps(vault: OpenVault, by: User) -> None:
    kept = {number: Earlier(keys.seal, None) for number, keys in vault.earlier.items()}
    sealed = close_earlier(str(vault.agency), vault.number, vault.secret, kept) if kept else b""
    epoch = AgencyEpoch.objects.filter(agency_id=vault.agency, number=vault.number, rewrapped_at__isnull=True)
    if epoch.update(earlier=sealed, rewrapped_at=timezone.now()):
        vault.earlier = kept
        note_seen(vault.own, by, vault.statement, is_rewrapped=True)
        tell("record_keys.rewrapped", by=by, kind="agency_epoch", about=vault.number)


@transaction.atomic
def restrict_record(*, vault: OpenVault, kind: str, record: uuid.UUID, to: Iterable[uuid.UUID], by: User) -> None:
    """Keep a record to named colleagues (user ids): nobody else in the agency can open it, not with any page or query.

    Who restricts must be able to open it; naming others later is the same act again.
    """
    policies.must_open(by)
    hold_agency(vault.agency)
    still_newest(vault)
    secret = open_record(vault=vault, kind=kind, record=record)
    row = RecordKey.objects.get(agency_id=vault.agency, kind=kind, record=record)
    wanted = set(to)
    if not wanted:
        raise Refused("Name at least one person who can open it.")
    active = active_members(vault.agency)
    members = list(MemberKey.objects.filter(agency_id=vault.agency, user_id__in=wanted & active))
    good = [
        member
        for member in members
        if is_signed_by(vault.secret.sign.public, bytes(member.confirmation), CONFIRMED, *member_parts(member))
    ]
    if {member.user_id for member in good} != wanted:
        raise Refused("One of these people cannot open the vault. Confirm their key first, or leave them out.")
    WrappedKey.objects.filter(agency_id=vault.agency, record_key=row).delete()
    for member in good:
        box = seal_to(bytes(member.public), secret.key, purpose=NAMED, bound=named_bound(row, member.user_id))
        WrappedKey.objects.create(
            agency_id=vault.agency,
            record_key=row,
            member=member,
            number=vault.number,
            wrapped=_wrap(vault, row, box, member.pk),
        )
    row.is_restricted = True
    row.save(update_fields=["is_restricted"])
    tell("record_key.restricted", by=by, kind=kind, about=record)


@transaction.atomic
def lift_restriction(*, vault: OpenVault, kind: str, record: uuid.UUID, by: User) -> None:
    """Give a restricted record back to the whole agency; only a named member can."""
    policies.must_open(by)
    hold_agency(vault.agency)
    still_newest(vault)
    secret = open_record(vault=vault, kind=kind, record=record)
    row = RecordKey.objects.get(agency_id=vault.agency, kind=kind, record=record)
    if not row.is_restricted:
        raise Refused("This record is not restricted.")
    WrappedKey.objects.filter(agency_id=vault.agency, record_key=row).delete()
    WrappedKey.objects.create(
        agency_id=vault.agency, record_key=row, number=vault.number, wrapped=_wrap(vault, row, secret.key)
    )
    row.is_restricted = False
    row.save(update_fields=["is_restricted"])
    tell("record_key.released", by=by, kind=kind, about=record)


@transaction.atomic
def shred_record(*, agency: uuid.UUID, kind: str, record: uuid.UUID, by: User) -> RecordKey:
    """Destroy a record by destroying its key. Needs no open vault: destroying must be possible when reading is not.

    Returns the tombstone, whose `gone_on` is the first day on which no backup of ours opens the record.
    """
    policies.must_shred(by)
    row = RecordKey.objects.select_for_update().filter(agency_id=agency, kind=kind, record=record).first()
    if row is None:
        raise Refused("There is no such record.")
    if row.shredded_at is not None:
        raise RecordGone
    WrappedKey.objects.filter(agency_id=agency, record_key=row).delete()
    now = timezone.now()
    row.shredded_at, row.shredded_by = now, by
    row.gone_on = timezone.localdate(now) + dt.timedelta(days=KEY_BACKUP_DAYS + 1)
    row.save(update_fields=["shredded_at", "shredded_by", "gone_on"])
    tell("record.shredded", by=by, kind=kind, about=record)
    return row
