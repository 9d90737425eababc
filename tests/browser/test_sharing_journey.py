"""A survivor is asked in Spanish, signs, and stops it again; the other agency reads and then sees that it is gone.

Two browsers, two agencies. The survivor's own screen, the paper, the preview, the reading and the end are looked at by axe
and at the width of a phone.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.test_mail_journey import look
from tests.browser.test_vault_journey import House
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import compare_words
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, Person, founder_of, let_in

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind

pytestmark = pytest.mark.browser
house = vaults.house


def at_desk(house: House, person: Person, path: str) -> Page:
    page = house.page_for(person.user)
    house.go(page, "/vault/unlock/?next=" + path)
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("button", name="Lock")).to_be_visible()
    return page


def asked_in_spanish(page: Page) -> None:
    """Worker and survivor go through the three steps; a mistake loses nothing."""
    page.get_by_role("link", name="Ask them about sharing").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Before you ask")
    look(page, "sharing-before")
    page.get_by_label("Yes, they can talk freely").check()
    page.get_by_label("Español").check()
    page.get_by_label("An interpreters' phone service").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_contain_text("Write the interpreter’s number")
    page.get_by_label("Interpreter’s number").fill("4711")
    page.get_by_label("The interpreter is no child").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("What would be shared")
    page.get_by_label("With which agency").select_option("Landing House (invented)")
    page.get_by_label("What for").select_option("housing")
    page.get_by_label("Name to use").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.locator("#errors")).to_be_visible()
    look(page, "sharing-terms")
    expect(page.get_by_label("Name to use")).to_be_checked()
    page.get_by_label("Languages").check()
    page.get_by_label("Ask there without their name").check()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("¿Quiere que compartamos esto con Landing House (invented)?")
    look(page, "sharing-their-own-screen")
    boxes = [page.get_by_role("button", name=name, exact=True).bounding_box() for name in ANSWERS]
    sizes = {(round(box["width"]), round(box["height"])) for box in boxes if box is not None}
    assert len(sizes) == 1, f"to refuse is as big as to agree: {sizes}"
    page.get_by_role("button", name="Sí, compartir solo esto").click()


ANSWERS = ("No compartir", "Hoy no", "Sí, compartir solo esto")


def signed_on_paper(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Print, read, sign")
    look(page, "sharing-sign")
    page.get_by_role("link", name="Show the paper to print").click()
    expect(page.get_by_text("Yo lo decido. Nadie me presiona.")).to_be_visible()
    assert "Marisol" not in page.content()
    look(page, "sharing-paper")
    page.get_by_role("link", name="Go back to sign").click()
    page.get_by_label("Signed on paper, which we keep").check()
    page.get_by_label("Where the paper is").fill("Cabinet 2, folder 9")
    page.get_by_label("I was there when they signed").check()
    page.get_by_role("button", name="It is signed: begin to share").click()
    expect(page.get_by_role("status")).to_contain_text("You can send to Landing House (invented) now")


def test_asked_in_spanish_signed_sent_read_and_stopped(house: House) -> None:
    founder = founder_of(AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES))
    there = founder_of(AgencyFactory(name="Landing House (invented)", kind=AgencyKind.HOUSING))
    ada = let_in(founder, display_name="Ada Invented")
    cy = let_in(there, Role.MEMBER, display_name="Cy Invented")
    compare_words(ada, cy)
    person = opened_case(ada, name="Marisol Invented", facts={"languages": "Mam"}, age_band="25-59").person

    page = at_desk(house, ada, f"/sharing/people/{person.pk}/")
    house.go(page, f"/sharing/people/{person.pk}/")
    expect(page.get_by_text("They share nothing.")).to_be_visible()
    look(page, "sharing-empty")
    asked_in_spanish(page)
    signed_on_paper(page)
    page.get_by_role("link", name="Look at it and send").click()
    expect(page.get_by_text("Marisol Invented")).to_be_visible()
    look(page, "sharing-preview")
    page.get_by_role("button", name="Send to Landing House (invented) now").click()
    expect(page.get_by_role("status")).to_contain_text("in the inbox of Landing House (invented)")

    reader = at_desk(house, cy, "/mail/")
    house.go(reader, "/mail/")
    reader.get_by_role("link", name=re.compile("Harbor House")).click()
    reader.get_by_role("button", name="Open it").click()
    expect(reader.locator("#main")).to_contain_text("Marisol Invented")
    look(reader, "sharing-read-there")

    page.reload()
    expect(page.locator("#main")).to_contain_text("They looked at it")
    expect(page.get_by_role("heading", name="¿Dejar de compartir con Landing House (invented)?")).to_be_visible()
    look(page, "sharing-release")
    page.get_by_role("button", name="Dejar de compartir ahora").click()
    expect(page.get_by_role("status")).to_contain_text("was told, without your story")
    house.go(page, f"/sharing/people/{person.pk}/")
    expect(page.get_by_role("table")).to_contain_text("Landing House (invented)")
    look(page, "sharing-ledger")

    reader.reload()
    expect(reader.locator("#main")).to_contain_text("took this packet back")
    expect(reader.locator("#main")).not_to_contain_text("Marisol")
