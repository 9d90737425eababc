"""Who may do what to the region."""

from __future__ import annotations

import base64

from django.utils.crypto import constant_time_compare, salted_hmac

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import User
from waymark.accounts.policies import Refused


def may_edit_notices(by: User) -> bool:
    return by.is_active and Permission.REGION_NOTICE_EDIT in permissions_of(by.role)


def must_edit_notices(by: User) -> None:
    if not may_edit_notices(by):
        raise Refused("Your role does not write notices.")


def may_set_up(by: User) -> bool:
    return by.is_active and Permission.REGION_SET_UP in permissions_of(by.role)


def must_set_up(by: User) -> None:
    if not may_set_up(by):
        raise Refused("Your role does not set up the region.")


def set_up_code() -> str:
    """The code that opens the first page of a new installation. Only whoever starts the program reads it.

    It is made from the installation's secret, so that it needs no row, is the same after a restart, and opens nothing once
    there is a coordinator.
    """
    digest = salted_hmac("waymark.coalition.set_up", "first coordinator", algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()[:16].lower()
    return "-".join(letters[start : start + 4] for start in range(0, 16, 4))


def is_set_up_code(text: str) -> bool:
    """True for the code, typed in any case, with or without its hyphens."""
    plain = "".join(sign for sign in text.lower() if sign.isalnum())
    return constant_time_compare(plain, set_up_code().replace("-", ""))
