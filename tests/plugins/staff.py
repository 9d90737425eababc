"""Clients of the three sites, signed in or not.

- `staff_of(role, agency=...)`: a signed-in client of the staff site whose user is `client.user`; `None` has no membership.
- `steward`, `second_steward`, `coordinator`: three of them.
- `visitor(site)`: a client without a session on one of the three sites.
CSRF is on: `client.send(url, data)` takes the token from the page that it is on, as a browser does.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from tests.factories.accounts import UserFactory

from waymark.access import proof
from waymark.access.permissions import Role
from waymark.accounts.models import User

HOSTS = {"finder": "localhost", "newsroom": "news.localhost", "staff": "staff.localhost"}
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class SiteClient(Client):
    """A client of one site, with CSRF on."""

    user: User

    def __init__(self, site: str) -> None:
        super().__init__(enforce_csrf_checks=True, headers={"host": HOSTS[site]})

    def force_login(self, user: Any, backend: str | None = None) -> None:
        """Signed in by two factors just now: a session without that proof opens nothing."""
        super().force_login(user, backend)
        prove(self)

    def send(self, url: str, data: dict[str, Any] | None = None, *, page: str = "", **extra: Any) -> Any:
        """POST a form with the token of the page it stands on (the same address unless `page` says another)."""
        found = TOKEN.search(self.get(page or url).content.decode())
        token = {"csrfmiddlewaretoken": found[1]} if found else {}
        return self.post(url, {**token, **(data or {})}, **extra)


def prove(client: Client) -> None:
    """As if the client had just given a password and a code: a whole session with a fresh proof."""
    session = client.session
    proof.set_proof(session, factors=("password", "app"), device="Test computer")
    session.save()


@pytest.fixture
def staff_of(db: None) -> Callable[..., SiteClient]:
    def make(role: str | None = Role.STEWARD.value, **fields: Any) -> SiteClient:
        client = SiteClient("staff")
        client.user = UserFactory(role=role, **fields)
        client.force_login(client.user)
        return client

    return make


@pytest.fixture
def steward(staff_of: Callable[..., SiteClient]) -> SiteClient:
    return staff_of(display_name="Ana Invented")


@pytest.fixture
def second_steward(staff_of: Callable[..., SiteClient]) -> SiteClient:
    return staff_of(display_name="Ben Invented")


@pytest.fixture
def coordinator(staff_of: Callable[..., SiteClient]) -> SiteClient:
    return staff_of(Role.COORDINATOR.value, display_name="Cora Invented")


@pytest.fixture
def visitor() -> Callable[[str], SiteClient]:
    return SiteClient
