"""An advocate's two minutes in a real browser: unlock, open a case, write, reach the person, lock.

The intake is filled with the keyboard alone. Every page is looked at with the vault open: axe, and the width of a phone.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.test_vault_journey import House, looked_at
from tests.factories.accounts import AgencyFactory
from tests.factories.vault import PASSPHRASE, founder_of, let_in

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house


def intake_by_keyboard(page: Page) -> None:
    """Nothing but Tab, arrows, space, letters and Enter."""
    page.keyboard.press("n")
    expect(page.get_by_role("heading", level=1)).to_have_text("New case")
    page.get_by_label("Yes, they can talk").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.type("Rosa Invented")
    page.keyboard.press("Tab")
    page.keyboard.type("18")
    # Past the reason for asking.
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.type("Spanish")
    page.locator("#id_channel").select_option("call")
    page.get_by_label("Number, address or name").fill("916-555-0142")
    page.keyboard.press("Enter")


def test_from_a_locked_vault_to_a_note_and_back(house: House) -> None:
    founder = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    page = house.page_for(let_in(founder, display_name="Ada Invented").user)
    house.go(page, "/cases/")
    expect(page.get_by_text("You have no open case.")).to_be_visible()
    looked_at(page, "cases-empty")
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cases")

    intake_by_keyboard(page)
    # The days were left out: nothing is lost, and the trouble is a link away.
    expect(page.locator("#errors")).to_contain_text("Say on which days it is safe")
    expect(page.get_by_label("What should we call them?")).to_have_value("Rosa Invented")
    expect(page.get_by_label("Language they want to speak")).to_have_value("Spanish")
    looked_at(page, "intake-error")
    for day in ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"):
        page.get_by_label(day, exact=True).check()
    page.get_by_label("Code word").fill("yellow kettle")
    page.get_by_label("Where confidentiality ends").check()
    page.get_by_role("button", name="Open the case").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Case ")
    expect(page.locator(".facts-list")).to_contain_text("Rosa Invented")

    page.get_by_role("link", name="New note").click()
    page.get_by_label("Privileged talk").check()
    page.get_by_label("Note", exact=True).fill("She wants a bed for tonight.")
    looked_at(page, "note")
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
    looked_at(page, "look-up")
    house.go(page, "/cases/")
    expect(page.locator(".rows")).to_contain_text("Rosa Invented")
    looked_at(page, "cases")
    house.go(page, "/cases/team/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What the team carries")
    looked_at(page, "team")

    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Unlock the vault")
    page.goto(here)
    expect(page.get_by_text("1 note, sealed")).to_be_visible()
    expect(page.get_by_text("Rosa Invented")).to_have_count(0)
