"""Two advocates in two real browsers: a case needs a bed, who has room, a referral without a name, connected, closed.

Every page is looked at with the vault open: axe, and the width of a phone.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.test_vault_journey import House, looked_at
from tests.factories.accounts import AgencyFactory
from tests.factories.directory import ServiceFactory
from tests.factories.disclosures import compare_words
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, Person, founder_of, let_in

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house


def unlocked(house: House, person: Person, path: str) -> Page:
    page = house.page_for(person.user)
    house.go(page, "/vault/unlock/")
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Vault")
    house.go(page, path)
    return page


def test_from_a_need_to_a_closed_referral(house: House) -> None:
    harbor = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    homes = founder_of(AgencyFactory(name="Hope Homes (invented)", kind=AgencyKind.HOUSING))
    ada, hal = let_in(harbor, display_name="Ada Invented"), let_in(homes, display_name="Hal Invented")
    compare_words(ada, hal)
    ServiceFactory(name="Rooms for a night (invented)")
    case = opened_case(ada, name="Rosa Invented")

    theirs = unlocked(house, hal, "/referrals/inbox/")
    expect(theirs.get_by_text("Nobody asks anything of your agency now.")).to_be_visible()
    looked_at(theirs, "referrals-inbox-empty")
    theirs.get_by_role("link", name="for which listed services your agency answers").click()
    theirs.get_by_role("link", name="Add a service").first.click()
    looked_at(theirs, "referrals-desk-add")
    theirs.get_by_role("button", name=re.compile("We answer for it.*Rooms for a night")).click()
    expect(theirs.locator(".rows")).to_contain_text("Rooms for a night")

    # Who has room: the least revealing way is marked, and one press away from the case.
    hers = unlocked(house, ada, f"/cases/{case.pk}/")
    hers.get_by_role("link", name="Refer to another agency").click()
    expect(hers.locator(".is-first")).to_contain_text("Question about room")
    looked_at(hers, "referrals-choose")
    hers.locator(".is-first").get_by_role("link", name="Question about room").click()
    hers.get_by_role("button", name="Ask them").click()
    expect(hers.locator("#errors")).to_contain_text("Choose at least one provider")
    hers.get_by_label("What for").select_option("safe-tonight")
    hers.get_by_label("How many people").select_option("3")
    hers.get_by_label("Spanish").check()
    hers.get_by_label("Tonight").check()
    hers.get_by_label("Rooms for a night (invented), Hope Homes (invented)").check()
    looked_at(hers, "referrals-ask-room")
    hers.get_by_role("button", name="Ask them").click()
    expect(hers.locator(".rows")).to_contain_text("An answer is due by")

    # Two presses: read, yes.
    house.go(theirs, "/referrals/inbox/")
    theirs.get_by_role("link", name=re.compile("Rooms for a night")).click()
    looked_at(theirs, "referrals-sealed")
    theirs.get_by_role("button", name="Read it").click()
    expect(theirs.locator(".facts-list")).to_contain_text("3 people")
    expect(theirs.locator("#main")).not_to_contain_text("Rosa")
    looked_at(theirs, "referrals-question")
    theirs.get_by_role("button", name="Yes, there is room").click()
    expect(theirs.get_by_role("status")).to_contain_text("Answered")
    hers.reload()
    expect(hers.locator(".rows")).to_contain_text("Yes, there is room")
    looked_at(hers, "referrals-board")

    # A referral without a name, on from the answer.
    hers.get_by_role("link", name=re.compile("Rooms for a night")).click()
    looked_at(hers, "referrals-answered")
    hers.get_by_role("link", name="Go on: refer without a name").click()
    expect(hers.locator(".is-first")).to_contain_text("Referral without a name")
    hers.locator(".is-first").get_by_role("link", name="Referral without a name").click()
    hers.get_by_label("A safe place tonight").check()
    hers.get_by_label("How many people").select_option("3")
    hers.get_by_label("Today").check()
    hers.get_by_label("Rooms for a night (invented), Hope Homes (invented)").check()
    hers.get_by_label("Your work phone").fill("916-555-0142")
    looked_at(hers, "referrals-opaque")
    hers.get_by_role("button", name="Send it").click()
    expect(hers.locator("#main")).to_contain_text("An answer is due by")
    expect(hers.locator("#main")).to_contain_text("Rosa Invented")

    house.go(theirs, "/referrals/inbox/?state=waits")
    expect(theirs.locator(".rows li")).to_have_count(1)
    looked_at(theirs, "referrals-inbox")
    theirs.get_by_role("link", name=re.compile("Rooms for a night")).click()
    theirs.get_by_role("button", name="Read it").click()
    expect(theirs.locator(".facts-list")).to_contain_text("916-555-0142")
    expect(theirs.locator("#main")).not_to_contain_text("Rosa")
    theirs.get_by_role("button", name="Accept").click()
    expect(theirs.get_by_role("status")).to_contain_text("Accepted")
    theirs.get_by_role("button", name="They are connected").click()
    expect(theirs.get_by_role("status")).to_contain_text("Connected")
    looked_at(theirs, "referrals-connected")

    hers.reload()
    expect(hers.locator(".facts")).to_contain_text("Connected")
    looked_at(hers, "referrals-detail")
    hers.get_by_role("link", name="Close it").click()
    looked_at(hers, "referrals-close")
    hers.get_by_role("button", name="Close it").click()
    expect(hers.locator(".facts")).to_contain_text("Closed")
    theirs.reload()
    expect(theirs.locator(".facts")).to_contain_text("Closed")
    house.go(theirs, "/referrals/arrived/")
    theirs.get_by_label("Code on the letter").fill("nothing")
    theirs.get_by_role("button", name="They came").click()
    expect(theirs.locator("#errors")).to_contain_text("No letter with this code")
    looked_at(theirs, "referrals-arrived")
