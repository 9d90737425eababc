"""Who may do what with keys, and how long a vault stays open."""

from __future__ import annotations

import datetime as dt
import uuid

from django.conf import settings

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import User
from waymark.sealing.passphrases import STANDARD

IDLE = dt.timedelta(minutes=15)
ABSOLUTE = dt.timedelta(hours=4)
TRIES, TRIES_WINDOW = 6, dt.timedelta(minutes=15)
# How long a backup of wrapped record keys may live, and so how long after its destruction a record could be brought back.
KEY_BACKUP_DAYS: int = settings.KEY_BACKUP_DAYS
PASSPHRASE_LENGTH = 15
CASELOAD = 500
# What one guess at a passphrase costs; tests lower it to the least that unlocking accepts.
COST = STANDARD


class Refused(Exception):
    """Someone may not do this now; the text says why, in words for the person."""


class VaultClosed(Exception):
    """The agency's keys are not open for this person; `why` is one of the constants below."""

    NO_KEY, LOCKED, NOT_FOUNDED, NOT_ASKED = "no_key", "locked", "not_founded", "not_asked"
    WAITING, TO_ACCEPT, CHANGED, ROLLED_BACK = "waiting", "to_accept", "changed", "rolled_back"

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class PinRefused(Refused):
    """Nothing is sealed to an agency whose words were not compared, or whose keys are not those that were compared."""

    NOT_COMPARED = (
        "Your agency has not compared words with this agency yet. Call them on a number that you know, and compare the six"
        " words under Vault, Partner agencies. Nothing was sent."
    )
    CHANGED = (
        "The keys of this agency are not the ones whose words were compared, and nothing vouches for the change."
        " Nothing was"
        " sent. Call them on a number that you knew before, ask whether they made new keys, and compare the six words"
        " again."
    )


def agency_of(by: User) -> uuid.UUID:
    """The agency for which a person acts. Raises Refused for somebody who acts for none."""
    if by.acting is None:
        raise Refused("You act for no agency.")
    return by.acting.agency_id


def _may(by: User, permission: Permission) -> bool:
    return by.is_active and by.acting is not None and permission in permissions_of(by.role)


def may_open(by: User) -> bool:
    """Have a key, unlock, confirm a colleague, compare words with a partner."""
    return _may(by, Permission.VAULT_OPEN)


def must_open(by: User) -> None:
    if not may_open(by):
        raise Refused("Your role does not open a vault.")


def may_keep(by: User) -> bool:
    """Found the vault, choose or withdraw the printed kit, make partners compare again."""
    return may_open(by) and _may(by, Permission.VAULT_KEEP)


def must_keep(by: User) -> None:
    if not may_keep(by):
        raise Refused("Your role does not found a vault or decide on its printed kit. An officer of your agency does.")


def may_shred(by: User) -> bool:
    return _may(by, Permission.VAULT_RECORD_SHRED)


def must_shred(by: User) -> None:
    if not may_shred(by):
        raise Refused("Your role does not destroy records.")
