"""A lawyer's desk for the tests of record relief; unlocking runs at the least cost that it accepts."""

from __future__ import annotations

import pytest
from tests.factories.accounts import AgencyFactory
from tests.factories.vault import founder_of, let_in
from tests.waymark.cases.conftest import cheap
from tests.waymark.cases.desks import Desk, open_desk

from waymark.accounts.models import AgencyKind

__all__ = ["cheap"]


def lawyers_desk() -> Desk:
    """An advocate of a legal aid office whose vault is open."""
    office = AgencyFactory(name="Legal Aid (invented)", kind=AgencyKind.LEGAL_AID)
    founder = founder_of(office, display_name="Ola Invented")
    return open_desk(let_in(founder, display_name="Lee Invented"), founder)


@pytest.fixture
def desk(db: None) -> Desk:
    return lawyers_desk()
