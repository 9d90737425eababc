"""Two desks at two agencies that have compared words; unlocking runs at the least cost that it accepts."""

from __future__ import annotations

import pytest
from tests.waymark.referrals.desks import Both, both_desks

from waymark.sealing import passphrases
from waymark.vault import policies


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


@pytest.fixture
def both(db: None) -> Both:
    return both_desks()
