"""Whose chain somebody reads: an officer their own agency's, an administrator the platform's.

The database has the same rule (migrations/sql/links.sql).
"""

from __future__ import annotations

import uuid
from typing import Any, Protocol

from waymark.access.permissions import Permission, permissions_of
from waymark.audit.models import PLATFORM


class Actor(Protocol):
    """A user, as far as the audit needs one: who it is, and the membership under which they act."""

    pk: Any
    acting: Any

    @property
    def role(self) -> str: ...


def chain_read_by(by: Actor, permission: Permission) -> uuid.UUID | None:
    """The chain that `permission` opens to `by`; None when they do not hold it or act for no agency."""
    if by.acting is None or permission not in permissions_of(by.role):
        return None
    if permission is Permission.AUDIT_PLATFORM_VIEW:
        return PLATFORM
    return uuid.UUID(str(by.acting.agency_id)) if permission is Permission.AUDIT_AGENCY_VIEW else None
