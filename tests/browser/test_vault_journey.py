"""A vault's first days in a real browser: set up, print, found, let a colleague in, lock, recover, new keys.

People come in with a session of their own: signing in has its own journey. Every page is held to
the rules of access and to its width on a phone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import Page, expect
from tests.browser.conftest import texts_of
from tests.browser.looking import DESK, looked_at
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.vault import PASSPHRASE, Person, founder_of
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving

from waymark.access import proof
from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.vault.actions import new_record_key

pytestmark = pytest.mark.browser

NEW = "other green patient windows"


@dataclass
class House:
    """The web server and the way in."""

    server: Server
    open_phone: Callable[..., Page]

    def page_for(self, user: User, **options: Any) -> Page:
        """A browser of its own in which `user` is signed in."""
        store = import_module(settings.SESSION_ENGINE).SessionStore()
        store[SESSION_KEY], store[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
        store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        proof.set_proof(store, factors=("password", "app"), device="Test computer")
        store.save()
        page = self.open_phone(**{"viewport": DESK, **options})
        page.context.add_cookies(
            [{"name": settings.SESSION_COOKIE_NAME, "value": store.session_key, "url": self.server.staff_url}]
        )
        return page

    def go(self, page: Page, path: str) -> None:
        page.goto(f"{self.server.staff_url}{path}")


@pytest.fixture
def house(test_cluster: TestCluster, committed_db: str, open_phone: Callable[..., Page]) -> Iterator[House]:
    """A server that shares our secret, so that it takes the sessions that are made here."""
    with serving(test_cluster, committed_db) as server:
        yield House(server, open_phone)


def set_up(house: House, page: Page, name: str = "") -> list[str]:
    """From nothing to a proved printed key; gives the printed groups."""
    house.go(page, "/vault/")
    page.get_by_role("link", name="Set up my key").click()
    if name:
        looked_at(page, f"{name}-set-up")
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_label("The same passphrase again").fill(PASSPHRASE)
    page.get_by_role("button", name="Make my key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Print your key")
    expect(page.get_by_role("button", name="Print this page")).to_be_visible()
    groups = texts_of(page.locator(".printed-key span"))
    if name:
        looked_at(page, f"{name}-printed-key")
        # A reload asks for the same groups and shows the same key: nothing is lost by a wrong press.
        page.reload()
        assert texts_of(page.locator(".printed-key span")) == groups
    page.wait_for_load_state()  # all() does not wait
    for question in page.locator("input[name^=group_]").all():
        place = int(re.sub(r"\D", "", question.get_attribute("name") or ""))
        question.fill(groups[place - 1].lower())
    page.get_by_role("button", name="I have it on paper").click()
    return groups


def test_from_founding_to_recovery(house: House) -> None:
    agency = AgencyFactory(name="Harbor House (invented)")
    officer = UserFactory(role=Role.OFFICER.value, agency=agency, display_name="Ola Invented")
    advocate = UserFactory(role=Role.ADVOCATE.value, agency=agency, display_name="Ada Invented")
    page = house.page_for(officer)
    house.go(page, "/vault/")
    looked_at(page, "no-key")
    groups = set_up(house, page, "officer")
    page.get_by_role("link", name="Found the vault").click()
    looked_at(page, "found")
    page.get_by_role("button", name="Found the vault").click()
    expect(page.locator("#errors")).to_contain_text("Choose one")
    page.get_by_label("No kit").check()
    page.get_by_label("I understand").check()
    page.get_by_role("button", name="Found the vault").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vault of Harbor House (invented)")
    expect(page.locator(".vault-time")).to_have_text("Vault open, locks in 15 min")
    looked_at(page, "vault")

    # A colleague is let in: she reads, the officer types.
    hers = house.page_for(advocate)
    set_up(house, hers)
    expect(hers.get_by_role("heading", level=1)).to_contain_text("Waiting for your agency")
    looked_at(hers, "waiting")
    words = hers.locator(".six-words").inner_text()
    house.go(page, "/vault/members/")
    looked_at(page, "members")
    page.get_by_role("link", name="Compare words and give the key").click()
    looked_at(page, "confirm")
    page.get_by_label("The six words that you hear").fill("lusab babad gutih tugad duhab mudof")
    page.get_by_role("button", name="The words are the same").click()
    expect(page.locator("#errors")).to_contain_text("These are not the words")
    assert page.get_by_label("The six words that you hear").input_value() == "lusab babad gutih tugad duhab mudof"
    page.get_by_label("The six words that you hear").fill(words)
    page.get_by_role("button", name="The words are the same").click()
    expect(page.locator(".rows")).to_contain_text("words compared by Ola Invented")
    hers.get_by_role("link", name="Look again").click()
    hers.get_by_role("button", name="My colleague said so").click()
    expect(hers.get_by_role("heading", level=1)).to_have_text("Vault of Harbor House (invented)")

    # Locking is one press, from any page; without the passphrase the paper opens.
    house.go(page, "/")
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unlock the vault")
    looked_at(page, "unlock")
    page.get_by_label("Vault passphrase").fill("what was it again")
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#errors")).to_contain_text("does not open your key")
    page.get_by_role("link", name="Use your printed key").click()
    looked_at(page, "recover")
    page.get_by_label("Your printed key").fill(" ".join(groups).lower())
    page.get_by_label("New vault passphrase").fill(NEW)
    page.get_by_label("The same passphrase again").fill(NEW)
    page.get_by_role("button", name="Open with the printed key").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Vault of Harbor House (invented)")
    expect(page.locator(".facts-list").first).to_contain_text("2 people")


def test_new_keys_are_wrapped_by_the_open_page(house: House) -> None:
    founder = founder_of(AgencyFactory(name="Harbor House (invented)"), display_name="Ola Invented")
    _records(founder, 1200)
    page = house.page_for(founder.user)
    house.go(page, "/vault/new-keys/")
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Make new keys for the agency")
    looked_at(page, "new-keys")
    page.get_by_role("button", name="Make new keys").click()
    expect(page.locator("[data-steps-left]")).to_have_text("1200")
    looked_at(page, "rewrap")
    page.get_by_role("button", name="Wrap the next ones").click()
    expect(page.locator("[data-steps-status]")).to_contain_text("Done", timeout=30_000)
    page.reload()
    expect(page.locator(".usa-alert--success").last).to_contain_text("Every record key is under the newest keys")
    for path, name in (
        ("/vault/kit/", "kit"),
        ("/vault/agencies/", "partners"),
        ("/vault/destroyed/", "destroyed"),
        ("/vault/passphrase/", "passphrase"),
        ("/vault/printed-key/new/", "printed-key-new"),
        ("/vault/start-over/", "start-over"),
    ):
        house.go(page, path)
        looked_at(page, name)


def _records(founder: Person, count: int) -> None:
    with founder.acting():
        vault = founder.vault()
        for _ in range(count):
            new_record_key(vault=vault, kind="case", record=uuid.uuid4())
