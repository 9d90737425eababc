"""What `./waymark test` hands to its many processes."""

from __future__ import annotations

import pytest
from tests.plugins.database import _place

from waymark.config.launch.testing import NOT_A_DATABASE, environment_of_tests


def test_a_run_keeps_what_it_compiles_and_reaches_no_real_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("DATABASE_OWNER_URL", "postgresql://owner@/real")
    monkeypatch.setenv("DATABASE_URL", "postgresql://app@/real")
    environment = environment_of_tests(_place(), "ci", "/usr/bin/chromium")
    assert "PYTHONDONTWRITEBYTECODE" not in environment
    assert "DATABASE_OWNER_URL" not in environment
    assert environment["DATABASE_URL"] == NOT_A_DATABASE
    assert (environment["WAYMARK_TEST_PROFILE"], environment["WAYMARK_CHROMIUM"]) == ("ci", "/usr/bin/chromium")
