"""From the first need to the paper in a real browser: intake, plan, an instrument with its alert, a safety plan printed.

What is done often (a service, a step that is done) is done with the keyboard. The paper is looked at as a finder would.
"""

from __future__ import annotations

import re
import uuid

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, founder_of, let_in

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house


def in_plan(page: Page, link: str, heading: str, words: str, button: str) -> None:
    """Follow a link of the plan, write, and come back to the plan."""
    page.get_by_role("link", name=link).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    page.locator("#id_text").fill(words)
    page.get_by_role("button", name=button).click()
    expect(page.locator(".plan")).to_contain_text(words)


def test_from_a_need_to_a_paper(house: House) -> None:
    founder = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    ada = let_in(founder, display_name="Ada Invented")
    case = opened_case(ada, name=f"Rosa {uuid.uuid4().hex[:4]} Invented")
    page = house.page_for(ada.user)
    house.go(page, f"/cases/{case.pk}/")
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator(".plan")).to_contain_text("Nothing is planned yet.")

    page.get_by_role("link", name="Add a need").click()
    page.get_by_label("About").select_option("housing")
    page.get_by_label("What they need").fill("No place after Friday")
    page.get_by_role("button", name="Add it").click()
    expect(page.locator(".plan")).to_contain_text("No place after Friday")
    in_plan(page, "Set a goal", "A goal", "A room with a lock", "Set it")
    in_plan(page, "Add a step", "A step", "Call about a room", "Add it")
    page.get_by_role("button", name=re.compile("^Done")).press("Enter")
    expect(page.locator(".plan-steps")).to_contain_text("Open it again")
    looked_at(page, "plan")

    page.get_by_role("link", name="Record a service").press("Enter")
    page.get_by_label("Service").select_option("case_work")
    page.get_by_role("button", name="Save", exact=True).press("Enter")
    expect(page.locator("main")).to_contain_text("Case work: planning, calls, forms")

    page.get_by_role("link", name="Instruments", exact=True).click()
    page.get_by_role("link", name="Ask by an instrument").click()
    page.get_by_label("PHQ-9").check()
    page.get_by_role("button", name="Begin").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("PHQ-9")
    assert "phq" not in page.url.lower()
    page.get_by_role("button", name="Finish").click()
    expect(page.locator("#errors")).to_contain_text("Choose an answer, or that they prefer not to say.")
    for number in range(1, 10):
        page.locator(f"#id_item_{number}_1").check()
    page.get_by_role("button", name="Finish").click()
    expect(page.get_by_role("alert")).to_contain_text("hurting themselves")
    expect(page.locator(".score")).to_contain_text("9 Mild")
    looked_at(page, "instrument")

    house.go(page, f"/cases/{case.pk}/safety-plan/")
    page.get_by_role("link", name="Talk it through").click()
    page.get_by_label("How I notice").fill("He goes quiet.")
    page.get_by_label("People").fill("Rosa's sister")
    page.get_by_role("button", name="Keep this version").click()
    expect(page.locator("main")).to_contain_text("He goes quiet.")
    page.get_by_role("link", name="Print it in a safe form").click()
    expect(page.get_by_label("People (holds a name of theirs)")).not_to_be_checked()
    page.get_by_label("Español").check()
    page.get_by_label("We talked about who could find it").check()
    looked_at(page, "paper-choice")
    page.get_by_role("button", name="Show the paper").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mis apuntes")
    expect(page).to_have_title("Mis apuntes")
    paper = page.locator("body").inner_text()
    assert paper.split("\n")[0] == "Mis apuntes"
    for telling in ("Rosa", "Harbor", "Waymark", "sister", case.code, case.person.code):
        assert telling not in paper
