"""Two agencies that have compared words, each with an advocate at a browser in which the vault is open, and somebody whom
the first serves.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from tests.factories.disclosures import compare_words
from tests.factories.people import opened_case
from tests.waymark.cases.conftest import cheap
from tests.waymark.cases.desks import Desk, desk_in

from waymark.accounts.models import AgencyKind
from waymark.people.models import Person

__all__ = ["cheap"]


@dataclass
class Two:
    """`here` gives, `there` gets; `person` is whom `here` serves."""

    here: Desk
    there: Desk
    person: Person

    @property
    def by(self) -> Any:
        return self.here.user


def two_agencies(kind: str = AgencyKind.HOUSING) -> Two:
    here, there = desk_in(), desk_in("Landing House (invented)", "Cy Invented", kind=kind)
    compare_words(here.person, there.person)
    case = opened_case(
        here.person,
        name="Marisol Invented",
        age_band="25-59",
        facts={"languages": "Mam, Spanish", "born": "1990-02-03"},
        asked_for="A room",
    )
    return Two(here, there, case.person)


@pytest.fixture
def two(db: None) -> Two:
    return two_agencies()
