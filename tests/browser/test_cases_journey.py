"""An advocate's two minutes in a real browser: unlock, write, reach the person, look somebody up, lock.

The intake is walked in test_sharing_journey.py. Pages that show a person are looked at with the vault open.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, founder_of, let_in

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house


CALL = {"channel": "call", "value": "916-555-0142", "days": [str(day) for day in range(7)]}


def test_from_a_locked_vault_to_a_note_and_back(house: House) -> None:
    founder = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    ada = let_in(founder, display_name="Ada Invented")
    facts = {"languages": "Spanish", "code_word": "yellow kettle"}
    case = opened_case(ada, name="Rosa Invented", facts=facts, contact=CALL, told=("limits",), language="Spanish")
    page = house.page_for(ada.user)
    house.go(page, f"/cases/{case.pk}/")
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator(".facts-list")).to_contain_text("Rosa Invented")

    page.get_by_role("link", name="New note").click()
    page.get_by_label("Privileged talk").check()
    page.get_by_label("Note", exact=True).fill("She wants a bed for tonight.")
    page.get_by_role("button", name="Save the note").click()
    expect(page.locator(".note")).to_contain_text("She wants a bed for tonight.")
    looked_at(page, "case")
    here = page.url

    page.locator(".facts-list").get_by_role("link", name="File ").click()
    expect(page.get_by_text("Now is agreed")).to_be_visible()
    assert "555-0142" not in page.content()
    looked_at(page, "file")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("link", name="916-555-0142")).to_be_visible()
    expect(page.get_by_text("yellow kettle")).to_be_visible()
    looked_at(page, "reach")
    house.go(page, "/people/")
    page.get_by_label("Name, code, phone or e-mail").fill("Roza")
    page.get_by_role("button", name="Look up").click()
    expect(page.locator(".rows")).to_contain_text("Rosa Invented")
    assert "Roza" not in page.url
    house.go(page, "/cases/")
    expect(page.locator(".rows")).to_contain_text("Rosa Invented")
    house.go(page, "/cases/team/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the team carries")

    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unlock the vault")
    page.goto(here)
    expect(page.get_by_text("1 note, sealed")).to_be_visible()
    expect(page.get_by_text("Rosa Invented")).to_have_count(0)
