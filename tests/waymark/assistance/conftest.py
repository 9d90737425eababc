"""Unlocking runs at the least cost that it accepts."""

from __future__ import annotations

import pytest

from waymark.sealing import passphrases
from waymark.vault import policies


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)
