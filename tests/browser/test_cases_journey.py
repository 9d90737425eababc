"""An advocate's two minutes in a real browser: unlock, write, ask for money, reach the person, look somebody up, lock.

The money takes more people: two approve, because it is above what one may, and another pays. The intake is walked in
test_sharing_journey.py. Pages that show a person are looked at with the vault open.
"""

from __future__ import annotations

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.assistance import a_fund
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, founder_of, let_in

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind, User
from waymark.assistance.models import Fund

pytestmark = pytest.mark.browser
house = vaults.house


CALL = {"channel": "call", "value": "916-555-0142", "days": [str(day) for day in range(7)]}
FUND = "Open door fund (invented)"
LANDLORD = "Mr. Landlord (invented), by check"


def ask_for_money(page: Page) -> str:
    """In the case, by who works on it; a mistake loses nothing. Gives the code under which it is decided and paid."""
    page.get_by_role("link", name="Ask for money").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Money for case")
    page.get_by_label("For what", exact=True).select_option("deposit")
    page.get_by_label("How much").fill("12.345")
    page.get_by_label("Today").check()
    page.get_by_label("For how many people").fill("2")
    page.get_by_label("A landlord").check()
    page.get_by_label("Their name, and how").fill(LANDLORD)
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#errors")).to_contain_text("Enter an amount in dollars")
    expect(page.get_by_label("How much")).to_have_value("12.345")
    expect(page.get_by_label("For what", exact=True)).to_have_value("deposit")
    expect(page.get_by_label("Today")).to_be_checked()
    expect(page.get_by_label("A landlord")).to_be_checked()
    expect(page.get_by_label("Their name, and how")).to_have_value(LANDLORD)
    looked_at(page, "money-asked")
    page.get_by_label("How much").fill("1,200.50")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#main")).to_contain_text(LANDLORD)
    page.get_by_role("link", name="Ask for a decision").click()
    page.get_by_role("button", name="Ask for a decision").click()
    expect(page.get_by_role("status")).to_contain_text("decided within 48 hours")
    return page.locator(".facts").get_by_text("Request ").inner_text().removeprefix("Request ")


def from_home(house: House, user: User, waits: str, code: str) -> Page:
    """A colleague's browser with the request open, reached by the line that waits for them."""
    page = house.page_for(user)
    house.go(page, "/")
    page.get_by_role("link", name=waits).click()
    page.get_by_role("link", name=re.compile(code)).click()
    expect(page.locator(".facts")).to_contain_text(f"Request {code}")
    return page


def approve(page: Page, then: str) -> None:
    """Without a vault: who decides sees a sum and a code, and nobody's name."""
    expect(page.locator("#main")).to_contain_text("$1,200.50")
    expect(page.locator("#main")).not_to_contain_text("Landlord (invented)")
    page.get_by_role("link", name="Decide").click()
    page.get_by_label("Approve", exact=True).check()
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("status")).to_contain_text(then)
    expect(page.get_by_role("link", name="Decide")).to_have_count(0)


def found_by_keyboard(house: House, page: Page, code: str) -> None:
    """In the list of requests, narrowed by a filter of many answers, which lies folded and says what is chosen."""
    house.go(page, "/assistance/?whose=mine")
    fold = page.locator("summary").filter(has_text="For what")
    expect(fold).to_have_text("For what: All")
    expect(page.get_by_role("link", name="Deposit", exact=True)).to_be_hidden()
    fold.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Deposit", exact=True)).to_be_visible()
    looked_at(page, "money-filter-open", only_here=True)
    for _ in ("All", "Rent", "Deposit"):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(fold).to_have_text("For what: Deposit")
    expect(page.locator(".rows")).to_contain_text(code)


def pay(page: Page) -> None:
    """To whom opens with the vault, on this page. Paid less than was set aside, the rest is in the fund again."""
    page.get_by_role("link", name="Set the money aside").click()
    page.get_by_role("button", name="Set it aside").click()
    expect(page.locator(".usa-alert--success")).to_contain_text("set aside")
    page.get_by_role("link", name="Pay", exact=True).click()
    expect(page.locator("#main")).to_contain_text("A landlord: sealed")
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.locator("#main")).to_contain_text(LANDLORD)
    page.get_by_label("How much you paid").fill("1,200")
    looked_at(page, "money-pay")
    page.get_by_role("button", name="I paid it").click()
    expect(page.get_by_role("status")).to_contain_text("Paid. Whoever asked shows it next")
    expect(page.locator("#main")).to_contain_text("$1,200. Nothing is set aside any more")
    looked_at(page, "money-paid")
    page.get_by_role("link", name="Show that it was paid").click()
    expect(page.locator(".usa-hint")).to_contain_text("so somebody else attests it")
    looked_at(page, "money-shown")
    page.get_by_role("link", name="Go back without saving").click()
    page.get_by_role("link", name=FUND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(FUND)
    expect(page.locator(".facts")).to_contain_text("$3,800 left")
    expect(page.locator("section").filter(has_text="What changed")).to_contain_text("$500")
    looked_at(page, "fund-changed")


def test_from_a_locked_vault_to_a_note_and_money_and_back(house: House) -> None:
    agency = AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES)
    founder = founder_of(agency)
    ada = let_in(founder, display_name="Ada Invented")
    payer = let_in(founder, display_name="Pia Invented")
    second = UserFactory(role=Role.OFFICER.value, agency=agency)
    with founder.acting():
        fund = a_fund(agency, founder.user, 500_000, name=FUND, cap_request=50_000, starts_on=dt.date(2020, 1, 1))
        Fund.objects.filter(pk=fund.pk).update(cap_request=100_000)
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
    code = ask_for_money(page)
    waits = "1 request for money waits for a decision"
    approve(from_home(house, founder.user, waits, code), "Waits for a second approval")
    approve(from_home(house, second, waits, code), "Approved")
    pay(from_home(house, payer.user, "1 approved request waits to be paid", code))
    found_by_keyboard(house, page, code)
    page.goto(here)
    expect(page.locator("section").filter(has_text="Money and housing")).to_contain_text("Deposit, $1,200.50")

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
