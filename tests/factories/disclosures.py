"""Packets and permits for tests. All are made inside the context of the sending agency (`acting`).

Invariants: a packet's purpose and recipient are its permit's; sealed bytes are random, because these tests are about the
crossing. Tests that open a packet write it with the real action.
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.disclosures.models import OutboxPacket, Permit

CALL_FIELDS = ["ask_for", "by_day", "phone", "reason"]


@contextmanager
def acting(user: User) -> Iterator[None]:
    """One transaction of `user` for the agency of theirs."""
    assert user.acting is not None
    with acting_for(user.acting.agency_id, user.pk):
        yield


def agency_with_member(kind: str = AgencyKind.VICTIM_SERVICES, role: str = Role.ADVOCATE) -> tuple[Agency, User]:
    """An agency and somebody who acts for it."""
    agency = AgencyFactory(kind=kind)
    return agency, UserFactory(role=role, agency=agency)


def permit_of(user: User, recipient: Agency, **changes: Any) -> Permit:
    """A permit that is live now, unless the changes say otherwise."""
    now = timezone.now()
    values = {
        "purpose": "housing",
        "fields": ["language", "name_to_use", "needs"],
        "starts_at": now - dt.timedelta(days=1),
        "ends_at": now + dt.timedelta(days=29),
    } | changes
    assert user.acting is not None
    return Permit.objects.create(agency_id=user.acting.agency_id, recipient=recipient, **values)


def frozen(user: User, recipient: Agency, permit: Permit | None = None, **changes: Any) -> OutboxPacket:
    """A packet that waits in the outbox of the user's agency."""
    values = {
        "id": uuid.uuid4(),
        "kind": "call" if permit is None else "personal",
        "permit": permit,
        "purpose": "" if permit is None else permit.purpose,
        "fields": CALL_FIELDS if permit is None else ["language", "needs"],
        "expires_at": timezone.now() + dt.timedelta(days=20),
        "sealed": os.urandom(1100),
        "own_copy": os.urandom(1100),
        "sealed_epoch": 1,
        "own_epoch": 1,
    } | changes
    assert user.acting is not None
    return OutboxPacket.objects.create(agency_id=user.acting.agency_id, recipient=recipient, **values)
