"""A person's own key: making it, opening it by passphrase or printed key, changing both, starting over.

Whoever resets a password, a passkey or a role gets nothing here: each way in needs something that only the person has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.sealing import passphrases, recovery
from waymark.sealing.boxes import BoxKey
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.passphrases import BusyError
from waymark.vault import policies
from waymark.vault.actions.events import tell, tell_failed
from waymark.vault.models import EpochSeal, MemberKey, UserKey, VaultMemo, WrappedKey
from waymark.vault.policies import PASSPHRASE_LENGTH, TRIES, TRIES_WINDOW, Refused

WRONG = "This passphrase does not open your key."
TOO_MANY = "Too many tries. Wait 15 minutes, or use your printed key then."
BUSY = "Many people unlock at this moment. Nothing was tried; press the button again."
WRONG_PRINTED = "This printed key does not open your key. If you made a newer one, use that."


@dataclass(frozen=True)
class MadeKey:
    """A fresh key and its printed twin, to be shown once."""

    key: BoxKey = field(repr=False)
    printed: str = field(repr=False)


def check_new_passphrase(passphrase: str, by: User) -> None:
    """Long, not this person's name or address. No rule about characters: they make people write it on the monitor."""
    plain = passphrases.normalized(passphrase).decode()
    if len(plain) < PASSPHRASE_LENGTH:
        raise Refused(f"Use at least {PASSPHRASE_LENGTH} characters. Four or five unrelated words are good.")
    if len(set(plain.lower())) < 5:
        raise Refused("Use more different characters. Four or five unrelated words are good.")
    known = [by.display_name.lower(), by.email.lower(), by.email.lower().partition("@")[0]]
    if any(len(word) > 3 and word in plain.lower() and len(plain) < len(word) + PASSPHRASE_LENGTH for word in known):
        raise Refused("Leave out your name and your address.")
    if by.has_usable_password() and by.check_password(passphrase):
        raise Refused("This is the password with which you sign in. The vault needs another one.")


def _lock(key: BoxKey, owner: str, passphrase: str) -> bytes:
    try:
        return passphrases.wrap(key.export(), passphrase, owner=owner, cost=policies.COST)
    except BusyError:
        raise Refused(BUSY) from None


def _own(by: User) -> UserKey:
    """The person's row, held so that two tries at once wait for each other."""
    row = UserKey.objects.select_for_update().filter(user=by).first()
    if row is None:
        raise Refused("You have no vault key yet.")
    return row


@transaction.atomic
def make_key(*, passphrase: str, by: User) -> MadeKey:
    """A person's first key pair, asked into the acting agency's vault at once."""
    policies.must_open(by)
    check_new_passphrase(passphrase, by)
    if UserKey.objects.filter(user=by).exists():
        raise Refused("You have a vault key already.")
    row = UserKey(user=by, generation=1)
    made = _fill(row, passphrase)
    row.save(force_insert=True)
    _ask(made.key, by)
    tell("vault_key.made", by=by, kind="user_key", about=row.pk)
    return made


def _fill(row: UserKey, passphrase: str) -> MadeKey:
    key, printed = BoxKey.generate(), recovery.new_printed_key()
    row.public = key.public
    row.by_passphrase = _lock(key, row.owner, passphrase)
    row.by_printed = recovery.wrap(key.export(), printed, owner=row.owner)
    row.printed_proved_at, row.tries, row.tries_since = None, 0, None
    return MadeKey(key, printed)


def _ask(key: BoxKey, by: User) -> MemberKey:
    """Put the person's public key before their colleagues. A changed key waits again, and its seals are gone."""
    agency = policies.agency_of(by)
    row = MemberKey.objects.select_for_update().filter(agency_id=agency, user=by).first()
    if row is None:
        return MemberKey.objects.create(agency_id=agency, user=by, public=key.public, asked_at=timezone.now())
    if bytes(row.public) != key.public:
        EpochSeal.objects.filter(agency_id=agency, member=row).delete()
        row.public, row.asked_at, row.confirmation = key.public, timezone.now(), b""
        row.confirmed_at, row.confirmed_by = None, None
        row.save()
    return row


@transaction.atomic
def ask_in(*, key: BoxKey, by: User) -> MemberKey:
    """Ask into the vault of another agency for which the person now acts, or again after starting over."""
    policies.must_open(by)
    row = _ask(key, by)
    tell("member_key.asked", by=by, kind="member_key", about=row.pk)
    return row


def unlock(*, passphrase: str, by: User) -> BoxKey | None:
    """The person's key, or None for a wrong passphrase. A wrong try is counted and told; a refused one is not tried."""
    return _try(by, "vault.unlocked", lambda row: passphrases.unwrap(bytes(row.by_passphrase), passphrase, owner=row.owner))


@transaction.atomic
def _try(by: User, verb: str, opening: Callable[[UserKey], bytes]) -> BoxKey | None:
    policies.must_open(by)
    row, now = _own(by), timezone.now()
    if row.tries_since is not None and now - row.tries_since >= TRIES_WINDOW:
        row.tries, row.tries_since = 0, None
    if row.tries >= TRIES:
        raise Refused(TOO_MANY)
    try:
        key = BoxKey.load(opening(row))
    except BusyError:
        raise Refused(BUSY) from None
    except CannotOpenError:
        row.tries, row.tries_since = row.tries + 1, row.tries_since or now
        row.save(update_fields=["tries", "tries_since"])
        tell_failed(verb, by=by, kind="user_key", about=row.pk)
        return None
    row.tries, row.tries_since = 0, None
    row.save(update_fields=["tries", "tries_since"])
    tell(verb, by=by, kind="user_key", about=row.pk)
    return key


@transaction.atomic
def lock(*, by: User) -> None:
    """The person closed the vault. The session's own bytes go with `session.close`."""
    tell("vault.locked", by=by)


def recover(*, printed: str, passphrase: str, by: User) -> BoxKey | None:
    """Open by the printed key and set a new passphrase; None for another key. Raises MistypedError for a slip of the
    hand.
    """
    recovery.read_printed_key(printed)
    check_new_passphrase(passphrase, by)
    with transaction.atomic():
        key = _try(by, "printed_key.used", lambda row: recovery.unwrap(bytes(row.by_printed), printed, owner=row.owner))
        if key is not None:
            row = _own(by)
            row.by_passphrase = _lock(key, row.owner, passphrase)
            row.save(update_fields=["by_passphrase"])
        return key


@transaction.atomic
def change_passphrase(*, old: str, new: str, by: User) -> bool:
    """A new passphrase for the same key; False when the old one is wrong."""
    check_new_passphrase(new, by)
    key = _try(by, "passphrase.changed", lambda row: passphrases.unwrap(bytes(row.by_passphrase), old, owner=row.owner))
    if key is None:
        return False
    row = _own(by)
    row.by_passphrase = _lock(key, row.owner, new)
    row.save(update_fields=["by_passphrase"])
    return True


@transaction.atomic
def new_printed_key(*, key: BoxKey, by: User) -> str:
    """Another printed key for the open key; the paper from before opens nothing any more."""
    policies.must_open(by)
    row = _own(by)
    if bytes(row.public) != key.public:
        raise Refused("This is not your key any more. Lock the vault and unlock it again.")
    printed = recovery.new_printed_key()
    row.by_printed = recovery.wrap(key.export(), printed, owner=row.owner)
    row.printed_proved_at = None
    row.save(update_fields=["by_printed", "printed_proved_at"])
    tell("printed_key.made", by=by, kind="user_key", about=row.pk)
    return printed


@transaction.atomic
def prove_printed_key(*, by: User) -> None:
    """The person typed back a part of the printed key, so it is on paper."""
    row = _own(by)
    row.printed_proved_at = timezone.now()
    row.save(update_fields=["printed_proved_at"])
    tell("printed_key.proved", by=by, kind="user_key", about=row.pk)


@transaction.atomic
def start_over(*, passphrase: str, by: User) -> MadeKey:
    """A new key pair after passphrase and printed key are both lost. What was sealed to the old one alone is lost.

    The person waits for a colleague like somebody new. What was sealed to them by name goes: they could not open it again.
    """
    policies.must_open(by)
    check_new_passphrase(passphrase, by)
    row = _own(by)
    row.generation += 1
    made = _fill(row, passphrase)
    row.save()
    member = _ask(made.key, by)
    WrappedKey.objects.filter(agency_id=member.agency_id, member=member).delete()
    VaultMemo.objects.filter(agency_id=member.agency_id, user=by).delete()
    tell("vault_key.replaced", by=by, kind="user_key", about=row.pk)
    return made
