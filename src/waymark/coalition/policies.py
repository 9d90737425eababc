"""Who may do what to the region."""

from __future__ import annotations

from waymark.access.permissions import Permission, permissions_of
from waymark.accounts.models import User


class Refused(Exception):
    """Someone may not do this now; the text says why."""


def may_edit_notices(by: User) -> bool:
    return by.is_active and Permission.REGION_NOTICE_EDIT in permissions_of(by.role)


def must_edit_notices(by: User) -> None:
    if not may_edit_notices(by):
        raise Refused("Your role does not write notices.")
