"""Desks for the tests of diversion; unlocking runs at the least cost that it accepts."""

from __future__ import annotations

import pytest
from tests.waymark.diversion.desks import Desks, desks

from waymark.sealing import passphrases
from waymark.vault import policies


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


@pytest.fixture
def four(db: None) -> Desks:
    return desks()
