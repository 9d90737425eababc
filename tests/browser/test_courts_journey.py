"""A subpoena comes, and nothing leaves; a judge orders, another person approves, the ledger has its line, and she reads it.

Two people in two browsers with the vault open; the file of the person is made before, by the real action.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.obligations import answering
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, Person, founder_of, let_in

from waymark.accounts.models import AgencyKind
from waymark.consent.models import Disclosure

pytestmark = pytest.mark.browser
house = vaults.house


def at_a_desk(house: House, member: Person) -> Page:
    page = house.page_for(member.user, accept_downloads=True)
    house.go(page, "/vault/unlock/")
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Unlock")
    return page


def lines_of(member: Person) -> list[tuple[str, list[str]]]:
    with member.acting():
        return [(line.basis, line.fields) for line in Disclosure.objects.order_by("at")]


def test_from_a_subpoena_to_what_she_reads_of_it(house: House) -> None:
    founder = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    ada, ann = let_in(founder, display_name="Ada Invented"), let_in(founder, display_name="Ann Swers")
    answering(ann.user)
    case = opened_case(ada, name="Rosa Invented", facts={"code_word": "yellow kettle"})
    page = at_a_desk(house, ada)

    house.go(page, "/obligations/door/")
    expect(page.get_by_text("You do not have to hand over anything now.").first).to_be_visible()
    expect(page.get_by_text("Ann Swers")).to_be_visible()
    looked_at(page, "door")
    house.go(page, f"/people/{case.person_id}/")
    page.get_by_role("link", name="Law and their own record").click()
    page.get_by_role("link", name="A paper came").click()
    page.get_by_label("Subpoena").check()
    page.get_by_label("Who sent or brought it").fill("A lawyer (invented)")
    page.get_by_label("It came on").fill("the day after never")
    page.get_by_role("button", name="Write it down").click()
    expect(page.locator("#errors")).to_contain_text("Enter a day")
    expect(page.get_by_label("Who sent or brought it")).to_have_value("A lawyer (invented)")
    page.get_by_label("It came on").fill("today")
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_text("nothing was released")).to_be_visible()
    expect(page.get_by_role("link", name="Ask for what the order names")).to_have_count(0)
    looked_at(page, "subpoena")
    here = page.url
    assert lines_of(ada) == []

    page.get_by_role("link", name="Tell them, or say why not").click()
    page.get_by_label("I told them").check()
    page.get_by_label("How, or why not").fill("On the phone, at the agreed hour.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("On the phone, at the agreed hour.")).to_be_visible()
    page.get_by_role("link", name="A judge has ordered it").click()
    page.get_by_label("In a few words").fill("Judge Invented, after a hearing.")
    page.get_by_role("button", name="A judge has ordered it").click()
    page.get_by_role("link", name="Ask for what the order names").click()
    expect(page.get_by_label("Name to use")).not_to_be_checked()
    looked_at(page, "what-the-order-names")
    page.get_by_label("Name to use").check()
    page.get_by_label("The order’s own words").or_(page.get_by_label("The order's own words")).fill("The name in use.")
    page.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_text("Waits for whoever answers courts")).to_be_visible()
    expect(page.get_by_role("link", name="Answer it")).to_have_count(0)

    other = at_a_desk(house, ann)
    house.go(other, "/")
    other.get_by_role("link", name=re.compile("request under an order waits")).click()
    other.locator(".rows").get_by_role("link", name="Subpoena").click()
    other.get_by_role("link", name="Answer it").click()
    expect(other.get_by_text("The order says")).to_contain_text("The name in use.")
    looked_at(other, "approve")
    other.get_by_label("I have the order before me").check()
    other.get_by_role("button", name="Answer", exact=True).click()
    expect(other.get_by_text("Nothing has left yet")).to_be_visible()
    assert lines_of(ada) == []

    page.goto(here)
    page.get_by_role("link", name="Make the paper for the court").click()
    expect(page.get_by_text("The ledger gets its line first")).to_be_visible()
    with page.expect_download() as given:
        page.get_by_role("button", name="Write the ledger and make the paper").click()
    assert given.value.suggested_filename == "notes.pdf"
    assert lines_of(ada) == [("compelled", ["person.name"])]
    page.goto(here)
    expect(page.get_by_text("Handed over", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Make the paper for the court")).to_have_count(0)
    looked_at(page, "handed-over")

    page.get_by_role("link", name="Law and their own record").click()
    page.get_by_role("link", name="Who has seen their record").click()
    expect(page.get_by_text("yellow kettle")).to_be_visible()
    looked_at(page, "who-has-seen-ask")
    page.get_by_label("Español").check()
    page.get_by_label("I know that it is them").check()
    page.get_by_label("They said that they can talk freely now").check()
    page.get_by_role("button", name="Show it to them").click()
    expect(page.get_by_role("heading", name="Quién recibió algo sobre usted")).to_be_visible()
    expect(page.get_by_text("Un tribunal")).to_be_visible()
    expect(page.get_by_text("porque un juez lo ordenó")).to_be_visible()
    expect(page.locator("main").get_by_text("Rosa Invented")).to_have_count(0)
    looked_at(page, "who-has-seen")
