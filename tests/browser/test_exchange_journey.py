"""An agency alone at its screens: takes a card in, compares words, saves a package as a file, takes the receipt, recalls;
and takes the other off its list, which a running release forbids.

One browser and one server are the agency's; the other installation is a second database, worked without a browser.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from tests.browser import test_vault_journey as vaults
from tests.browser.looking import looked_at
from tests.browser.test_vault_journey import House
from tests.factories.accounts import UserFactory, the_office
from tests.factories.consent import signed_release
from tests.factories.exchange import Installation, another_in, installation, takes
from tests.factories.people import opened_case
from tests.factories.vault import PASSPHRASE, Person, let_in
from tests.plugins.database import TestCluster

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind
from waymark.disclosures.actions import make_receipt_file, open_packet
from waymark.disclosures.models import CarriedFile
from waymark.sealing.words import words_between
from waymark.vault.selectors.keyring import newest_statement

pytestmark = pytest.mark.browser
house = vaults.house


@dataclass(frozen=True)
class Both:
    """The installation that the browser sees, and the other one."""

    harbor: Installation
    landing: Installation


@pytest.fixture
def both(test_cluster: TestCluster, committed_db: str) -> Iterator[Both]:
    administrator = UserFactory(agency=the_office(), role=Role.ADMINISTRATOR.value)
    kind = AgencyKind.VICTIM_SERVICES
    harbor = another_in(test_cluster, committed_db, administrator, "Harbor House (invented)", kind)
    landing = installation(test_cluster, "Landing House (invented)", AgencyKind.HOUSING)
    landing.take_card(harbor.card())
    yield Both(harbor, landing)
    test_cluster.drop(landing.name)


def at_desk(house: House, person: Person) -> Page:
    """A browser in which a person is signed in and has unlocked the vault."""
    page = house.page_for(person.user)
    house.go(page, "/vault/unlock/")
    page.get_by_label("Vault passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Unlock").click()
    expect(page.get_by_role("button", name="Lock")).to_be_visible()
    return page


def chosen(page: Page, label: str, content: bytes) -> None:
    """Choose a file and take it in."""
    page.get_by_label(label).set_input_files(
        {"name": "theirs.waymark", "mimeType": "application/octet-stream", "buffer": content}
    )
    page.get_by_role("button", name="Take it in").click()


def saved(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("button", name=button).click()
    assert re.fullmatch(r"[a-z]+-[0-9a-f]{8}\.waymark", download.value.suggested_filename)
    return Path(download.value.path()).read_bytes()


def introduced(house: House, both: Both) -> tuple[Page, Page]:
    """The administrator takes the card in; the officer types the six words that the other side reads."""
    page = house.page_for(both.harbor.administrator)
    house.go(page, "/agencies/")
    page.get_by_role("link", name="Take in the card").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Take in a card")
    chosen(page, "Their card", b"no card at all")
    expect(page.locator("#errors")).to_contain_text("This is no file of Waymark")
    looked_at(page, "exchange-card-refused")
    chosen(page, "Their card", both.landing.card())
    expect(page.get_by_role("heading", level=1)).to_have_text("Landing House (invented)")
    expect(page.locator("#main")).to_contain_text("It runs its own Waymark")
    looked_at(page, "exchange-agency-elsewhere")

    officer = at_desk(house, both.harbor.member)
    house.go(officer, "/vault/agencies/")
    officer.get_by_role("link", name=re.compile("Compare words.*Landing House")).click()
    with both.harbor.here() as vault:
        theirs = newest_statement(both.landing.agency.pk)
        assert theirs is not None
        words = words_between(vault.statement.digest(), theirs.digest())
    officer.get_by_label("The six words that you hear").fill(words)
    officer.get_by_role("button", name="The words are the same").click()
    expect(officer.get_by_role("status")).to_contain_text("Your agency can seal packets to Landing House")
    both.landing.compare(both.harbor.agency)
    return page, officer


def far_agency(house: House, page: Page, state: str) -> None:
    """From the list of agencies, narrowed to a state, to the other installation's."""
    house.go(page, "/agencies/")
    page.get_by_role("group", name="State").get_by_role("link", name=state).click()
    expect(page.locator(".rows li.row")).to_have_count(1)
    expect(page.locator(".rows")).to_contain_text(state)
    page.get_by_role("link", name="Landing House (invented)").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Landing House (invented)")


def take_off(house: House, page: Page) -> None:
    """What follows is said first, and a tick is asked for: without it nothing is done."""
    far_agency(house, page, "In its own installation")
    page.get_by_role("link", name="Take it off the list").click()
    expect(page.locator("#main")).to_contain_text("No release can name it.")
    page.get_by_role("button", name="Take it off the list").click()
    expect(page.locator("#errors")).to_be_visible()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Take it off the list").click()


def off_and_on_again(house: House, both: Both, page: Page, officer: Page) -> None:
    """Nothing runs any more, so it goes; a card of theirs brings it back, and words are compared anew."""
    take_off(house, page)
    expect(page.get_by_role("status")).to_contain_text("is off the list")
    expect(page.locator("#main")).to_contain_text("It was taken off the list: nothing goes there")
    far_agency(house, page, "Taken off the list")
    expect(page.get_by_role("link", name="Take it off the list")).to_have_count(0)
    expect(page.locator(".record-actions")).to_contain_text("With a card of theirs it comes back.")
    looked_at(page, "exchange-taken-off")
    house.go(page, "/agencies/")
    page.get_by_role("link", name="Take in the card").click()
    chosen(page, "Their card", both.landing.card())
    expect(page.locator("#main")).to_contain_text("It runs its own Waymark")
    house.go(officer, "/vault/agencies/")
    expect(officer.locator(".rows li.row").filter(has_text="Landing House")).to_contain_text("Words not compared")


def test_a_package_leaves_as_a_file_is_read_elsewhere_and_recalled(house: House, both: Both) -> None:
    harbor, landing = both.harbor, both.landing
    administrator, officer = introduced(house, both)
    ada = let_in(harbor.member, display_name="Ada Invented")
    with ada.acting():
        person = opened_case(ada, name="Marisol Invented", facts={"languages": "Mam"}, age_band="25-59").person
        release = signed_release(ada, person, Agency.objects.get(pk=landing.agency.pk))

    page = at_desk(house, ada)
    house.go(page, f"/sharing/{release.pk}/send/")
    page.get_by_role("button", name="Send to Landing House (invented) now").click()
    expect(page.get_by_role("status")).to_contain_text("It stands in the ledger")
    page.get_by_role("link", name=re.compile("^Package of")).click()
    expect(page.locator("#main")).to_contain_text("Save it as a file and bring that to")
    looked_at(page, "exchange-to-save")
    taken = takes(landing, saved(page, "Save it as a file"))
    with landing.here() as vault:
        opened = open_packet(vault=vault, packet=taken.shown, by=landing.member.user)
        assert opened is not None
        assert opened.values["person.name"] == "Marisol Invented"
        receipt = make_receipt_file(vault=vault, line=CarriedFile.objects.get(what="packet"), by=landing.member.user)

    page.get_by_role("link", name="Take in their receipt").click()
    chosen(page, "Their file", receipt[:-1])
    expect(page.locator("#errors")).to_contain_text("cut off or damaged")
    looked_at(page, "exchange-receipt-damaged")
    chosen(page, "Their file", receipt)
    expect(page.get_by_role("heading", name="What they said")).to_be_visible()
    expect(page.locator("#main")).to_contain_text("They opened it")
    looked_at(page, "exchange-read-there")
    take_off(house, administrator)
    expect(administrator.get_by_role("alert")).to_contain_text("or a release under which one may go")

    house.go(page, f"/sharing/{release.pk}/")
    page.get_by_role("button", name="Dejar de compartir ahora").click()
    expect(page.get_by_role("status")).to_contain_text("a recall cannot erase it")
    page.get_by_role("link", name=re.compile("^Package of")).click()
    expect(page.locator("#main")).to_contain_text("A recall cannot erase a copy.")
    looked_at(page, "exchange-recalled")
    assert takes(landing, saved(page, "Save the recall as a file")).verdict == "recalled_after_reading"
    house.go(page, "/mail/files/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Files")
    looked_at(page, "exchange-files")
    off_and_on_again(house, both, administrator, officer)
