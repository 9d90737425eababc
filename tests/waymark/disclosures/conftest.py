"""Two agencies and their people, for the tests of the slot between them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from tests.factories.disclosures import agency_with_member, with_key

from waymark.accounts.models import Agency, AgencyKind, User

Owner = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Two:
    """A shelter, a prosecutor's office across the justice wall, and a third agency that has nothing to do with them."""

    shelter: Agency
    advocate: User
    office: Agency
    prosecutor: User
    third: Agency
    stranger: User


def _two() -> Two:
    two = Two(
        *agency_with_member(),
        *agency_with_member(AgencyKind.PROSECUTION, "member"),
        *agency_with_member(AgencyKind.HOUSING, "member"),
    )
    with_key(two.advocate, two.office, two.third)
    with_key(two.prosecutor, two.shelter)
    with_key(two.stranger, two.shelter, two.office)
    return two


@pytest.fixture
def two(db: None) -> Two:
    """In the test's one transaction."""
    return _two()


@pytest.fixture
def committed_two(committed_db: str) -> Two:
    """Committed, in a database of the test's own."""
    return _two()


@dataclass(frozen=True)
class Slot:
    """What stands in the tables about a packet, seen from behind the walls."""

    state: str
    lines: list[str]
    copies: int
    content: bool
    events: list[str]


@pytest.fixture
def slot_of(owner: Owner) -> Callable[[uuid.UUID], Slot]:
    """Look at one packet as the owner: needs `committed_two`."""

    def look(packet: uuid.UUID) -> Slot:
        state = owner("SELECT state FROM disclosures_outboxpacket WHERE id = %s", (packet,))
        lines = owner("SELECT what FROM disclosures_ledgerline WHERE packet = %s ORDER BY at", (packet,))
        copies = owner("SELECT sealed IS NOT NULL FROM disclosures_inboxpacket WHERE packet = %s", (packet,))
        events = owner(
            "SELECT CASE result WHEN 'done' THEN verb ELSE verb || ' ' || result END FROM audit_event"
            " WHERE object_id = %s ORDER BY id",
            (str(packet),),
        )
        return Slot(
            state[0][0] if state else "absent",
            [what for (what,) in lines],
            len(copies),
            bool(copies and copies[0][0]),
            [verb for (verb,) in events],
        )

    return look
