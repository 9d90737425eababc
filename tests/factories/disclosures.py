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
from tests.factories.vault import Person

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.disclosures.models import OutboxPacket, Permit
from waymark.sealing.words import words_between
from waymark.vault.actions.partners import pin_partner
from waymark.vault.models import AgencyKey, Pin
from waymark.vault.selectors.keyring import newest_statement

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


def with_key(user: User, *partners: Agency, number: int = 1) -> None:
    """Public keys for the user's agency, and a pin for each partner: enough for the crossing, which opens nothing."""
    assert user.acting is not None
    own = user.acting.agency_id
    with acting(user):
        AgencyKey.objects.create(
            agency_id=own, number=number, seal_public=os.urandom(32), sign_public=os.urandom(32), previous=bytes(32)
        )
        for partner in partners:
            pin(user, partner)


def pin(user: User, partner: Agency) -> None:
    """A pin as the crossing looks for it; its signature is nobody's."""
    assert user.acting is not None
    Pin.objects.create(
        agency_id=user.acting.agency_id,
        partner=partner,
        number=1,
        digest=bytes(32),
        compared_at=timezone.now(),
        compared_by=user,
        signature=bytes(64),
    )


def compare_words(one: Person, other: Person) -> None:
    """Two people with open vaults read the six words to each other; both agencies remember the other's key."""
    for here, there in ((one, other), (other, one)):
        compare_words_with(here, there.user.acting.agency_id)  # type: ignore[union-attr]


def compare_words_with(here: Person, partner: uuid.UUID) -> None:
    """Somebody with an open vault types the six words as the partner would read them."""
    with here.acting():
        vault, statement = here.vault(), newest_statement(partner)
        assert statement is not None
        words = words_between(vault.statement.digest(), statement.digest())
        pin_partner(vault=vault, partner=partner, words=words, by=here.user)


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
