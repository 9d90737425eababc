"""An agreement between a shelter and a sheriff, by keyboard alone: drafted, signed, in force, and reminded of in time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
import time_machine
from playwright.sync_api import Locator, Page, expect
from tests.browser.looking import looked_at
from tests.browser.test_people_journeys import House
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import voice
from tests.plugins.database import TestCluster
from tests.plugins.server import serving

from waymark.access.permissions import Role
from waymark.accounts.models import Agency
from waymark.coalition.models import Agreement
from waymark.coalition.tasks import remind_of_reviews

pytestmark = pytest.mark.browser


@pytest.fixture
def house(test_cluster: TestCluster, committed_db: str, open_phone: Callable[..., Page]) -> Iterator[House]:
    coordinator = UserFactory(role=Role.COORDINATOR.value, display_name="Cora Invented")
    shelter = AgencyFactory(name="Lantern House", short_name="Lantern House", kind="victim_services")
    officer = UserFactory(role=Role.OFFICER.value, agency=shelter, display_name="Ona Invented")
    with serving(test_cluster, committed_db) as server:
        yield House(server, open_phone, officer, coordinator)


def press(thing: Locator) -> None:
    """By keyboard: reach it, and press Enter."""
    thing.focus()
    thing.press("Enter")


def write(page: Page, label: str, text: str) -> None:
    page.get_by_label(label, exact=True).focus()
    page.wait_for_load_state()  # before that no script listens to Control and Enter
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def title_is(page: Page, text: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


def test_from_a_draft_to_a_reminder_on_the_representative_s_page(house: House) -> None:
    sheriff: Agency = AgencyFactory(name="Rivermont Sheriff", short_name="Sheriff", kind="law_enforcement")
    sue = UserFactory(role=Role.MEMBER.value, agency=sheriff, display_name="Sue Invented")
    voice(sue.acting)
    today = dt.date.today()
    review = today + dt.timedelta(days=100)

    ona = house.page_for(house.officer)
    house.go(ona, "/agreements/")
    expect(ona.locator(".empty")).to_contain_text("No agreement yet.")
    press(ona.get_by_role("link", name="Draft an agreement"))
    title_is(ona, "Draft an agreement")
    write(ona, "Title", "Who calls whom")
    ona.keyboard.press("ControlOrMeta+Enter")
    expect(ona.get_by_role("alert")).to_contain_text("to fix. Nothing you typed is lost.")
    write(ona, "What it says", "The deputies call Lantern House before the first question.")
    write(ona, "First day (if known)", f"{today:%m/%d/%Y}")
    write(ona, "Look at it again on (if known)", f"{review:%m/%d/%Y}")
    ona.keyboard.press("ControlOrMeta+Enter")

    title_is(ona, "Whom it binds")
    for name in ("Lantern House (Victim services)", "Rivermont Sheriff (Law enforcement)"):
        ona.get_by_label(name).focus()
        ona.keyboard.press("Space")
    press(ona.get_by_role("button", name="Save"))
    title_is(ona, "Who calls whom")
    looked_at(ona, "agreement-draft")
    for party, person in (("Sheriff", "Stan Invented"), ("Lantern House", "Imogen Invented")):
        press(ona.get_by_role("link", name=f"Say who signs and approves for {party}"))
        title_is(ona, f"Who signs for {party}")
        write(ona, "Who signs (if known)", person)
        write(ona, "Office (if known)", "Head")
        if party == "Sheriff":
            write(ona, "Body that approves (if known)", "County counsel")
        ona.keyboard.press("ControlOrMeta+Enter")
        title_is(ona, "Who calls whom")
    press(ona.get_by_role("link", name="Send it out for signature"))
    press(ona.get_by_role("button", name="Send it out"))
    expect(ona.get_by_role("status")).to_contain_text("It is out for signature.")
    expect(ona.get_by_role("link", name="Record what is signed for Sheriff")).to_have_count(0)

    steve = house.page_for(sue)
    house.go(steve, "/")
    press(steve.get_by_role("link", name="“Who calls whom” waits for your agency's signature"))
    title_is(steve, "Who calls whom")
    press(steve.get_by_role("link", name="Record what is signed for Sheriff"))
    title_is(steve, "What Sheriff has signed")
    write(steve, "Stan Invented, Head: signed on (if known)", f"{today:%B} {today.day}, {today.year}")
    steve.get_by_label("Approved").focus()
    steve.keyboard.press("Space")
    write(steve, "County counsel: decided on (if known)", "today")
    looked_at(steve, "agreement-signatures")
    steve.get_by_label("County counsel: decided on (if known)", exact=True).focus()
    steve.keyboard.press("ControlOrMeta+Enter")
    expect(steve.get_by_role("status")).to_contain_text("Recorded.")

    house.go(ona, f"/agreements/{Agreement.objects.get().pk}/step/enter-force/")
    press(ona.get_by_role("button", name="Put it into force"))
    expect(ona.get_by_role("alert")).to_contain_text("Imogen Invented has not signed")
    press(ona.get_by_role("link", name="Who calls whom"))
    press(ona.get_by_role("link", name="Record what is signed for Lantern House"))
    write(ona, "Imogen Invented, Head: signed on (if known)", "today")
    ona.keyboard.press("ControlOrMeta+Enter")
    expect(ona.locator(".record-head")).to_contain_text("Everybody has signed and approved.")
    press(ona.get_by_role("link", name="Put it into force"))
    press(ona.get_by_role("button", name="Put it into force"))
    expect(ona.get_by_role("status")).to_contain_text("It is in force.")
    looked_at(ona, "agreement-in-force")

    # Ten weeks later, and once more on the same day.
    near = dt.datetime.combine(review - dt.timedelta(days=30), dt.time(15), tzinfo=dt.UTC)
    with time_machine.travel(near, tick=False):
        remind_of_reviews(timestamp=0)
        remind_of_reviews(timestamp=0)
    house.go(steve, "/notices/")
    reminder = steve.get_by_role("button", name="An agreement is due for review", exact=True)
    expect(reminder).to_have_count(1)
    press(reminder)
    title_is(steve, "Who calls whom")
    expect(steve.locator("#reminders + ul, section[aria-labelledby=reminders]").first).to_contain_text("review is coming")
