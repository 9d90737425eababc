"""Whose chain somebody reads, and how much one person may take out in an hour.

An officer reads their own agency's chain, an administrator the platform's; the database has the same rule
(migrations/sql/links.sql). The limits are far above a day's work and far below what a stolen session would carry away.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Protocol

from waymark.access.permissions import Permission, permissions_of
from waymark.audit.models import PLATFORM

# How often one person may do in an hour what takes content out. An app adds the verb of its own reads here.
HOURLY = {
    "address.read": 20,
    "audit.exported": 10,
    "case.read": 200,
    "contact.shown": 120,
    "letter.tried": 20,
    "own_record.copied": 20,
    "own_record.list_printed": 20,
    "packet.opened": 60,
    "packet.read": 120,
    "person.read": 200,
    "report.opened": 240,
    "report.read": 480,
}
WINDOW = dt.timedelta(hours=1)


class TooMany(Exception):
    """Somebody has read as much as one person may in an hour; from `again_at` on they may go on."""

    def __init__(self, verb: str, again_at: dt.datetime) -> None:
        super().__init__(verb)
        self.verb, self.again_at = verb, again_at


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
