"""Founding an agency's vault, letting members in, and the printed kit."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.sealing import recovery
from waymark.sealing.boxes import BoxKey
from waymark.sealing.epochs import NOTHING_BEFORE, EpochSecret, Statement
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.words import are_same_words, words_of_member
from waymark.vault import policies
from waymark.vault.actions.epochs import (
    KIT,
    KIT_READER,
    confirm,
    hold_agency,
    kit_parts,
    note_seen,
    seal_epoch,
    seal_epoch_to_kit,
    start_epoch,
    still_newest,
    write_epoch,
)
from waymark.vault.actions.events import tell
from waymark.vault.models import AgencyEpoch, EpochSeal, Kit, MemberKey, VaultMemo
from waymark.vault.policies import Refused, VaultClosed
from waymark.vault.selectors.keyring import (
    EPOCH,
    OpenVault,
    accepted_vault,
    memo_of,
    newest_statement,
    open_vault,
    read_keys,
    seal_names,
    trusted_epoch,
)
from waymark.vault.selectors.members import can_open, waiting_key, who_left

NOT_THE_WORDS = (
    "These are not the words. Ask your colleague to read them once more. If they still differ, stop: somebody may have"
    " exchanged a key. Nothing was shared. Tell the officer of your agency and whoever runs this installation."
)


@dataclass(frozen=True)
class Founded:
    """A founded vault, and the printed kit if one was chosen: shown once."""

    vault: OpenVault
    kit: str = field(default="", repr=False)


@transaction.atomic
def found_vault(*, key: BoxKey, by: User, with_kit: bool) -> Founded:
    """The agency's first epoch, sealed to its founder, and to a printed kit if the agency wants one.

    Also the way on when every key is lost: then the number goes on, and what the old keys closed stays closed.
    """
    policies.must_keep(by)
    agency = policies.agency_of(by)
    hold_agency(agency)
    newest = newest_statement(agency)
    if newest is None and memo_of(key, by, agency) is not None:
        raise VaultClosed(VaultClosed.ROLLED_BACK)
    if newest is not None and can_open(agency):
        raise Refused("Your agency's vault is founded. Ask a colleague who can open it to let you in.")
    if newest is None:
        number, previous = 1, NOTHING_BEFORE
    else:
        number, previous = newest.number + 1, newest.digest()
    secret = EpochSecret.fresh()
    statement = secret.states(str(agency), number, previous)
    write_epoch(by=by, secret=secret, statement=statement, earlier={}, reason=AgencyEpoch.Reason.FOUNDED)
    EpochSeal.objects.filter(agency_id=agency).delete()
    Kit.objects.filter(agency_id=agency).delete()
    now = timezone.now()
    member, _ = MemberKey.objects.get_or_create(agency_id=agency, user=by, defaults={"public": key.public, "asked_at": now})
    member.public, member.confirmed_at, member.confirmed_by = key.public, now, by
    confirm(member, secret)
    member.save()
    seal_epoch(member, secret, number)
    printed = _make_kit(secret, number, by) if with_kit else ""
    note_seen(key, by, statement)
    tell("vault.founded", by=by, kind="agency_epoch", about=number)
    return Founded(open_vault(own=key, by=by), printed)


def _make_kit(secret: EpochSecret, number: int, by: User) -> str:
    agency = policies.agency_of(by)
    pair, printed = BoxKey.generate(), recovery.new_printed_key()
    kit = Kit(agency_id=agency, public=pair.public, made_by=by)
    kit.by_printed = recovery.wrap(pair.export(), printed, owner=f"kit:{agency}")
    kit.confirmation = secret.sign.sign(KIT, *kit_parts(kit))
    kit.save()
    seal_epoch_to_kit(kit, secret, number)
    return printed


@transaction.atomic
def make_kit(*, vault: OpenVault, by: User) -> str:
    """A printed kit for an agency that has none."""
    policies.must_keep(by)
    hold_agency(vault.agency)
    still_newest(vault)
    if Kit.objects.filter(agency_id=vault.agency).exists():
        raise Refused("There is a printed kit. Withdraw it before you make another.")
    printed = _make_kit(vault.secret, vault.number, by)
    tell("kit.made", by=by, kind="kit", about=vault.agency)
    return printed


@transaction.atomic
def withdraw_kit(*, vault: OpenVault, by: User) -> OpenVault:
    """The paper opens nothing that is sealed from now on: its key goes, and the agency takes new keys."""
    policies.must_keep(by)
    if not Kit.objects.filter(agency_id=vault.agency).exists():
        raise Refused("There is no printed kit.")
    return start_epoch(vault=vault, by=by, reason=AgencyEpoch.Reason.KIT)


@transaction.atomic
def use_kit(*, printed: str, key: BoxKey, by: User) -> OpenVault:
    """Let oneself in by the printed kit, when no colleague can. Raises MistypedError for a slip of the hand."""
    policies.must_keep(by)
    agency = policies.agency_of(by)
    recovery.read_printed_key(printed)
    hold_agency(agency)
    kit, newest = Kit.objects.filter(agency_id=agency).first(), newest_statement(agency)
    if kit is None or newest is None:
        raise Refused("Your agency chose no printed kit, or withdrew it.")
    refused = Refused("This kit does not open the vault. If a newer kit was printed, use that.")
    seal = EpochSeal.objects.filter(agency_id=agency, number=newest.number, member__isnull=True).first()
    if seal is None:
        raise refused
    try:
        pair = BoxKey.load(recovery.unwrap(bytes(kit.by_printed), printed, owner=f"kit:{agency}"))
        names = seal_names(agency, newest.number, KIT_READER)
        secret = EpochSecret.load(pair.open(bytes(seal.box), purpose=EPOCH, bound=names))
    except CannotOpenError:
        raise refused from None
    if (secret.seal.public, secret.sign.public) != (newest.seal_public, newest.sign_public):
        raise refused
    memo = memo_of(key, by, agency)
    if memo is not None:
        trusted_epoch(read_keys(by, agency), memo)
    now = timezone.now()
    member, _ = MemberKey.objects.get_or_create(agency_id=agency, user=by, defaults={"public": key.public, "asked_at": now})
    member.public, member.confirmed_at, member.confirmed_by = key.public, now, by
    confirm(member, secret)
    member.save()
    seal_epoch(member, secret, newest.number)
    note_seen(key, by, newest)
    tell("kit.used", by=by, kind="kit", about=kit.pk)
    return open_vault(own=key, by=by)


@transaction.atomic
def confirm_member(*, vault: OpenVault, member: MemberKey, words: str, by: User) -> None:
    """Give a colleague the agency's key after the six words were compared by voice: `words` is what the colleague read out.

    The words stand for the colleague's key and the agency's together, so one reading compares both ways.
    """
    policies.must_open(by)
    hold_agency(vault.agency)
    still_newest(vault)
    fresh = waiting_key(vault.agency, member.pk)
    if fresh is None or fresh.user_id == by.pk:
        raise Refused("This colleague does not wait for a key any more.")
    if bytes(fresh.public) != bytes(member.public) or not are_same_words(
        words_of_member(vault.statement.digest(), user=str(fresh.user_id), public=bytes(fresh.public)), words
    ):
        raise Refused(NOT_THE_WORDS)
    fresh.confirmed_at, fresh.confirmed_by = timezone.now(), by
    confirm(fresh, vault.secret)
    fresh.save()
    seal_epoch(fresh, vault.secret, vault.number)
    tell("member_key.confirmed", by=by, kind="member_key", about=fresh.pk)


@transaction.atomic
def accept_agency(*, key: BoxKey, by: User, digest: str) -> OpenVault:
    """The new member says that the colleague read the same words: from now on they know the agency's key.

    `digest` is of the statement whose words stood on the page, so that keys exchanged meanwhile are not accepted.
    """
    policies.must_open(by)
    agency = policies.agency_of(by)
    if memo_of(key, by, agency) is not None:
        raise Refused("You have compared the words already.")
    newest = newest_statement(agency)
    if newest is None or newest.digest().hex() != digest:
        raise Refused("Your agency has made new keys since this page was shown. Compare the words once more.")
    accepted_vault(own=key, by=by, statement=newest)
    note_seen(key, by, newest)
    tell("agency_key.accepted", by=by, kind="agency_epoch", about=newest.number)
    return open_vault(own=key, by=by)


@transaction.atomic
def compare_again(*, key: BoxKey, by: User) -> None:
    """Forget which keys of the agency were compared, after an alarm: the words are compared anew with a colleague.

    The member's own key waits again, so that a colleague must type the words before anything opens.
    """
    policies.must_open(by)
    agency = policies.agency_of(by)
    VaultMemo.objects.filter(agency_id=agency, user=by).delete()
    member = MemberKey.objects.filter(agency_id=agency, user=by).first()
    if member is not None:
        EpochSeal.objects.filter(agency_id=agency, member=member).delete()
        member.confirmed_at, member.confirmed_by, member.confirmation = None, None, b""
        member.public, member.asked_at = key.public, timezone.now()
        member.save()
    tell("agency_key.doubted", by=by, kind="member_key", about=member.pk if member is not None else "")


def note_newest(*, key: BoxKey, by: User) -> Statement | None:
    """After unlocking: note the newest epoch that signatures lead to. Part of unlocking, so without an event of its own."""
    try:
        vault = open_vault(own=key, by=by)
    except VaultClosed:
        return None
    is_rewrapped = not any(kept.wrap for kept in vault.earlier.values())
    note_seen(key, by, vault.statement, is_rewrapped=is_rewrapped)
    return vault.statement


def renew_if_due(*, key: BoxKey, by: User) -> bool:
    """New keys at the first unlocking after somebody left: the leaver's seal goes with the old epoch."""
    try:
        vault = open_vault(own=key, by=by)
    except VaultClosed:
        return False
    if not who_left(vault.agency):
        return False
    start_epoch(vault=vault, by=by, reason=AgencyEpoch.Reason.LEFT)
    return True
