"""Two agencies and their people, for the tests of the slot between them."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import override_settings
from tests.factories.disclosures import agency_with_member, with_key
from tests.factories.exchange import Installation, another_in, installation, introduce
from tests.plugins.database import TestCluster

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


Pair = tuple[Installation, Installation]
numbers = itertools.count(2)


@pytest.fixture(scope="session")
def two_installations(test_cluster: TestCluster, django_db_setup: None, django_db_blocker: Any) -> Pair:
    """Two databases, each an installation of one agency; they have introduced themselves."""
    with django_db_blocker.unblock():
        harbor = installation(test_cluster, "Harbor House (invented)")
        landing = installation(test_cluster, "Landing House (invented)", AgencyKind.HOUSING)
        introduce(harbor, landing)
        return harbor, landing


@pytest.fixture
def pair(two_installations: Pair, django_db_blocker: Any) -> Iterator[Pair]:
    """The two; tests send packets of their own and change nobody's keys."""
    with django_db_blocker.unblock(), override_settings(AUDIT_ATTEMPTS_DATABASE="attempts"):
        yield two_installations


@pytest.fixture
def fresh(pair: Pair) -> Pair:
    """Two agencies that know nothing of each other, in the same two databases."""
    return another_pair(pair)


def another_pair(pair: Pair, kind: str = AgencyKind.HOUSING) -> Pair:
    """One more agency in each."""
    number, kinds = next(numbers), (AgencyKind.VICTIM_SERVICES, kind)
    harbor, landing = (
        another_in(one.cluster, one.name, one.administrator, f"{one.agency.short_name} {number} (invented)", of_kind)
        for one, of_kind in zip(pair, kinds, strict=True)
    )
    return harbor, landing
