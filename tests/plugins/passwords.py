"""Cheap passwords: checking one costs a hundred megabytes and a fifth of a second in real life, and tests check hundreds.

What stays in another process (the servers that tests start) keeps the real price, and so does a test that asks for
`costly_passwords`.
"""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher

CHEAP = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
COSTLY = {name: getattr(Argon2PasswordHasher, name) for name in CHEAP}


def pytest_configure() -> None:
    for name, cost in CHEAP.items():
        setattr(Argon2PasswordHasher, name, cost)


@pytest.fixture
def costly_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords at their real price."""
    for name, cost in COSTLY.items():
        monkeypatch.setattr(Argon2PasswordHasher, name, cost)
