"""A lawyer's office clears a record in a real browser: questions, answers, draft, paper, service, order, confirmation."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import compare_words
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, Person, founder_of, let_in
from tests.plugins.tagged import read_tagged

from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house


def step(page: Page, label: str, *, day: str = "", is_signed: bool = False) -> None:
    """One step from the case's page and back to it."""
    page.get_by_role("link", name=label, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(label)
    if day:
        page.locator("#id_happened_on").fill(day)
    if is_signed:
        page.get_by_label("The petitioner has signed the petition").check()
    page.get_by_role("button", name="Write it down").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Relief ")


def the_court_carries_it_out(house: House, court: Person) -> None:
    """At a browser of the court: the order waits with its clock; one press answers, bad input keeps what was typed."""
    page = house.page_for(court.user)
    house.go(page, "/")
    page.get_by_role("link", name="order to seal is not taken up").click()
    page.get_by_role("link", name="Legal Aid (invented)").click()
    expect(page.get_by_text("It is sealed. It holds:")).to_be_visible()
    looked_at(page, "order-came", only_here=True)
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("button", name="Take it up").click()
    expect(page.get_by_text("None has this case number or reference.")).to_be_visible()
    expect(page.locator(".facts").first).to_contain_text("Seal until")
    looked_at(page, "order-taken-up")
    page.get_by_role("link", name="Our rows are sealed").click()
    page.locator("#id_on").fill("yesterweek")
    page.get_by_role("button", name="Answer: they are sealed").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.locator("#id_on")).to_have_value("yesterweek")
    looked_at(page, "order-answer")
    page.locator("#id_on").fill("today")
    page.get_by_role("button", name="Answer: they are sealed").click()
    expect(page.get_by_role("status")).to_contain_text("has it")
    house.go(page, "/diversion/orders/")
    expect(page.locator(".rows")).to_contain_text("Answered: sealed on")
    looked_at(page, "order-list", only_here=True)


def test_from_a_question_to_a_sealed_record(house: House, tmp_path: Path) -> None:
    founder = founder_of(AgencyFactory(name="Legal Aid (invented)", kind=AgencyKind.LEGAL_AID))
    lawyer = let_in(founder, display_name="Lee Invented")
    opened_case(lawyer, name="Rosa Invented")
    court = founder_of(AgencyFactory(name="Superior Court (invented)", kind=AgencyKind.COURT), display_name="Jo Invented")
    compare_words(founder, court)
    page = house.page_for(lawyer.user)
    house.go(page, "/relief/")
    expect(page.get_by_text("No relief case is open.")).to_be_visible()
    looked_at(page, "relief-empty")
    page.get_by_role("link", name="Unlock your vault").click()
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    page.get_by_role("link", name="Ask for a person").click()
    page.get_by_label("Name, code, phone or e-mail").fill("Rosa")
    page.get_by_role("button", name="Look up").click()
    page.get_by_role("link", name="Rosa Invented").click()
    page.get_by_label("Section").fill("653.22 pc")
    page.locator("#id_entry_on").fill("someday")
    page.get_by_role("button", name="Keep it and see what the rules say").click()
    expect(page.locator("#errors")).to_be_visible()
    expect(page.get_by_label("Section")).to_have_value("653.22 pc")
    looked_at(page, "relief-questions")
    page.locator("#id_entry_on").fill("May 3, 2018")
    page.get_by_role("button", name="Keep it and see what the rules say").click()
    expect(page.get_by_text("Conviction, PC 653.22, May 3, 2018")).to_be_visible()
    expect(page.get_by_text("Not legal advice. Rule version").first).to_be_visible()
    expect(page.locator(".rows").first).to_contain_text("May be worth asking a lawyer")
    looked_at(page, "relief-answers")

    page.get_by_role("link", name="Draft the petition").click()
    page.get_by_label("Under which section").select_option("PC 236.14")
    page.get_by_label("Attorney", exact=True).fill("Lee Invented")
    page.get_by_label("Declaration, in the person’s own words").fill("I was told what to do.")
    looked_at(page, "relief-draft")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("I was told what to do.")).to_be_visible()
    with page.expect_download() as taken:
        page.get_by_role("button", name="Take the draft as PDF").click()
    taken.value.save_as(tmp_path / "draft.pdf")
    assert "I was told what to do." in read_tagged((tmp_path / "draft.pdf").read_bytes()).text

    step(page, "The attorney has reviewed it")
    step(page, "It was served", day="today", is_signed=True)
    expect(page.get_by_text("The prosecutor answers a petition to vacate")).to_be_visible()
    looked_at(page, "relief-served")
    step(page, "The attorney has filed it", day="today")
    step(page, "The judge ordered relief", day="today")
    page.get_by_role("link", name="Name an agency that holds rows").click()
    page.get_by_label("Or another agency").fill("Invented Records Bureau")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="What they confirmed").click()
    page.locator("#id_sealed_on").fill("today")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#holders-title + .rows")).to_contain_text("Sealed since")
    page.get_by_role("link", name="Name an agency that holds rows").click()
    page.get_by_label("Member of the coalition").select_option(label="Superior Court (invented)")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Tell them to seal").click()
    page.get_by_role("button", name="Send it").click()
    expect(page.get_by_role("status")).to_contain_text("Sent to Superior Court")
    the_court_carries_it_out(house, court)
    page.reload()
    expect(page.get_by_text("Answered by packet on")).to_be_visible()
    looked_at(page, "relief-ordered")
    step(page, "Every agency has confirmed")
    expect(page.locator(".record-head")).to_contain_text("Sealed everywhere")
    house.go(page, "/relief/counts/")
    expect(page.get_by_text("Held back is not zero.")).to_be_visible()
    looked_at(page, "relief-counts")
    house.go(page, "/relief/?state=confirmed")
    expect(page.locator(".rows")).to_contain_text("Rosa Invented")
    looked_at(page, "relief-list")
