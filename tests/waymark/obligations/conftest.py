"""A desk for the tests of cases; unlocking runs at the least cost that it accepts."""

from __future__ import annotations

import pytest
from tests.waymark.cases.desks import Desk, desk_in

from waymark.sealing import passphrases
from waymark.vault import policies


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


@pytest.fixture
def desk(db: None) -> Desk:
    return desk_in()
