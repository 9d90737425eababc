"""Desks for the tests of diversion, founded once a module; unlocking runs at the least cost that it accepts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.plugins.database import TestCluster, pointed_at
from tests.waymark.diversion.desks import Desks, desks

from waymark.sealing import passphrases
from waymark.vault import policies


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(policies, "COST", passphrases.FLOOR)


@pytest.fixture(scope="module")
def founded(test_cluster: TestCluster, django_db_setup: None) -> Iterator[Desks]:
    """Four vaults with compared words, committed in a database of this module's own: founding them is what costs."""
    name = test_cluster.clone()
    with pytest.MonkeyPatch.context() as cheaply:
        cheaply.setattr(policies, "COST", passphrases.FLOOR)
        with pointed_at(test_cluster, name):
            yield desks()
    test_cluster.drop(name)


@pytest.fixture
def four(founded: Desks, db: None) -> Iterator[Desks]:
    """The four as they were founded: what a test writes is rolled back, and each browser has its cookies again."""
    clients = [desk.client for desk in (founded.worker, founded.judge, founded.prosecutor, founded.counsel)]
    kept = [{name: morsel.value for name, morsel in client.cookies.items()} for client in clients]
    yield founded
    for client, cookies in zip(clients, kept, strict=True):
        client.cookies.clear()
        for name, value in cookies.items():
            client.cookies[name] = value
