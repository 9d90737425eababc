"""Two agencies exchange a packet in two real browsers: compare words, write, check, send, open, read, take back."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from tests.browser.looking import DESK, looked_at
from tests.factories.accounts import AgencyFactory
from tests.factories.disclosures import acting, compare_words, permit_of
from tests.factories.vault import PASSPHRASE, Person, founder_of
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving
from tests.plugins.staff import SiteClient

from waymark.accounts.models import Agency, AgencyKind
from waymark.disclosures.models import Permit

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class World:
    server: Server
    shelter: Person
    office: Person
    permit: Permit


def agency_of(person: Person) -> Agency:
    assert person.user.acting is not None
    return person.user.acting.agency


@pytest.fixture
def world(test_cluster: TestCluster, committed_db: str) -> Iterator[World]:
    """A shelter and a prosecutor's office with founded vaults that have compared words, and one live permit."""
    shelter = founder_of(
        AgencyFactory(name="Harbor House (invented)", kind=AgencyKind.VICTIM_SERVICES), display_name="Ola Invented"
    )
    office = founder_of(
        AgencyFactory(name="District Attorney (invented)", kind=AgencyKind.PROSECUTION), display_name="Pat Invented"
    )
    compare_words(shelter, office)
    with acting(shelter.user):
        permit = permit_of(shelter.user, agency_of(office), fields=["appointment", "language", "name_to_use", "needs"])
    with serving(test_cluster, committed_db) as server:
        yield World(server, shelter, office, permit)


@pytest.fixture
def desk(world: World, open_phone: Callable[..., Page]) -> Callable[[Person], Page]:
    """A browser in which a person is signed in and has unlocked the vault."""

    def at(person: Person) -> Page:
        client = SiteClient("staff")
        client.force_login(person.user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page = open_phone(viewport=DESK)
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": world.server.staff_url}])
        page.goto(f"{world.server.staff_url}/vault/unlock/")
        page.get_by_label("passphrase").fill(PASSPHRASE)
        page.get_by_role("button", name="Unlock").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("Vault")
        return page

    return at


def test_two_agencies_exchange_a_packet(world: World, desk: Callable[[Person], Page]) -> None:
    ola, pat = desk(world.shelter), desk(world.office)

    pat.locator("#staff-menu summary", has_text="Mail").click()
    pat.get_by_role("link", name="Mail", exact=True).click()
    expect(pat.locator("#main")).to_contain_text("No packet came in.")
    looked_at(pat, "inbox-empty")

    ola.locator("#staff-menu summary", has_text="Mail").click()
    ola.get_by_role("link", name="Mail", exact=True).click()
    ola.get_by_role("link", name="New packet").click()
    looked_at(ola, "new")
    ola.get_by_role("link", name=re.compile("District Attorney.*Housing")).click()
    ola.get_by_role("button", name="Go on and check it").click()
    expect(ola.get_by_role("alert")).to_contain_text("Fill in at least one field")
    ola.get_by_label("Name to use").fill("Robin (invented)")
    ola.get_by_label("Language and interpreter").fill("Hmong; a phone interpreter, not from this county")
    ola.get_by_label("What they ask for").fill("A room with a door that locks.\nNobody calls before noon.")
    looked_at(ola, "write")
    ola.get_by_role("button", name="Go on and check it").click()
    expect(ola.locator("#main")).to_contain_text("it has not been sent")
    looked_at(ola, "check")
    ola.get_by_role("button", name="Send it now").click()
    expect(ola.get_by_role("status")).to_contain_text("in the inbox of District Attorney (invented)")
    expect(ola.locator("#main")).to_contain_text("They have not opened it.")
    looked_at(ola, "sent")

    pat.reload()
    expect(pat.get_by_role("listitem").filter(has_text="Not opened")).to_have_count(1)
    looked_at(pat, "inbox")
    pat.get_by_role("link", name=re.compile("Harbor House")).click()
    expect(pat.locator("#main")).to_contain_text("is told that it was opened and when, not by whom")
    expect(pat.locator("#main")).not_to_contain_text("Robin (invented)")
    looked_at(pat, "sealed")
    pat.get_by_role("button", name="Open it").click()
    expect(pat.locator("#main")).to_contain_text("Robin (invented)")
    expect(pat.locator("#main")).to_contain_text("Nobody calls before noon.")
    expect(pat.get_by_role("region", name="Who did what")).to_contain_text("Pat Invented")
    looked_at(pat, "read")

    ola.reload()
    expect(ola.locator("#main")).to_contain_text("District Attorney (invented) opened it on")
    expect(ola.locator("#main")).not_to_contain_text("Pat Invented")
    ola.get_by_role("link", name="Take it back").click()
    expect(ola.locator("#main")).to_contain_text("cannot be unread")
    looked_at(ola, "take-back")
    ola.get_by_role("button", name="Take it back now").click()
    expect(ola.get_by_role("status")).to_contain_text("Its content is erased there")
    looked_at(ola, "taken-back")

    pat.reload()
    expect(pat.locator("#main")).to_contain_text("took this packet back")
    expect(pat.locator("#main")).not_to_contain_text("Robin (invented)")
    looked_at(pat, "taken-back-there")


def test_asking_for_a_call_and_thinking_better_of_it(world: World, desk: Callable[[Person], Page]) -> None:
    pat = desk(world.office)
    pat.goto(f"{world.server.staff_url}/mail/new/call/")
    pat.get_by_label("To", exact=True).select_option("Harbor House (invented)")
    pat.get_by_label("A training").check()
    pat.get_by_label("Work phone").fill("ring me")
    pat.get_by_label("Call by").fill("tomorrow")
    pat.get_by_role("button", name="Go on and check it").click()
    expect(pat.get_by_role("alert")).to_contain_text("Enter the number as it is dialed")
    expect(pat.get_by_label("Work phone")).to_have_value("ring me")
    expect(pat.get_by_label("A training")).to_be_checked()
    looked_at(pat, "call-slip")
    pat.get_by_label("Work phone").fill("916-555-0142")
    pat.get_by_role("button", name="Go on and check it").click()
    pat.get_by_role("link", name="Do not send it").click()
    expect(pat.locator("#main")).to_contain_text("never gets this packet")
    pat.get_by_role("button", name="Do not send it").click()
    expect(pat.locator("#main")).to_contain_text("It was never sent.")
    pat.get_by_role("link", name="Sent", exact=True).first.click()
    expect(pat.get_by_role("listitem").filter(has_text="Never sent")).to_have_count(1)
    looked_at(pat, "outbox")
    pat.get_by_role("searchbox").fill("nobody")
    pat.get_by_role("searchbox").press("Enter")
    expect(pat.locator("#main")).to_contain_text("Nothing matches")
