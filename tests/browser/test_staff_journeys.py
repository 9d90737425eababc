"""A steward's day in a real browser: sign in, mend, wait for a colleague, take down, keep secret, mark as checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from tests.browser.conftest import until
from tests.browser.looking import AXE, DESK, FAULTS, PHONE, RULES
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving

pytestmark = pytest.mark.browser

ANA, BEN = "ana@example.org", "ben@example.org"


@dataclass(frozen=True)
class StaffSite:
    """The staff site of the demo region, and two people who may sign in."""

    server: Server
    sessions: dict[str, list[str]]

    @property
    def url(self) -> str:
        return self.server.staff_url


@pytest.fixture(scope="module")
def staff_site(test_cluster: TestCluster, demo_region: str) -> Iterator[StaffSite]:
    name = test_cluster.clone("stewards", template=demo_region)
    with serving(test_cluster, name) as server:
        sessions = {}
        for email, who, role in ((ANA, "Ana Invented", "coordinator"), (BEN, "Ben Invented", "steward")):
            server.manage("create_staff_user", email, "--name", who, "--role", role, "--generate")
            sessions[email] = server.sessions_of(email, 20)
        yield StaffSite(server, sessions)
    test_cluster.drop(name)


def _sign_in(page: Page, site: StaffSite, email: str) -> None:
    cookie = {"name": "waymark_session", "value": site.sessions[email].pop(), "domain": "staff.localhost", "path": "/"}
    page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])
    page.goto(f"{site.url}/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Good to see you")


@pytest.fixture
def sign_in(open_phone: Callable[..., Page], staff_site: StaffSite) -> Callable[..., Page]:
    """A browser of its own in which someone has signed in."""

    def signed_in(email: str = ANA, **options: Any) -> Page:
        page = open_phone(**{"viewport": DESK, **options})
        _sign_in(page, staff_site, email)
        return page

    return signed_in


def _open_service(page: Page, site: StaffSite, name: str) -> None:
    page.goto(f"{site.url}/directory/services/")
    page.get_by_role("searchbox").fill(name)
    page.get_by_role("searchbox").press("Enter")
    page.locator(".rows").get_by_role("link", name=name, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_a_slip_in_a_form_loses_nothing(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    page = sign_in()
    _open_service(page, staff_site, "Clothes room")
    page.get_by_role("link", name="Change the text").click()
    page.get_by_label("What help it gives").fill("Warm coats and shoes. Take what you need.")
    page.get_by_label("Youngest age").fill("200")
    page.get_by_role("button", name="Save").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("1 thing to fix. Nothing you typed is lost.")
    expect(summary).to_be_focused()
    assert page.title().startswith("Error: ")
    expect(page.get_by_label("What help it gives")).to_have_value("Warm coats and shoes. Take what you need.")
    expect(page.get_by_label("Youngest age")).to_have_value("200")
    summary.get_by_role("link").click()
    expect(page.get_by_label("Youngest age")).to_be_focused()
    page.get_by_label("Youngest age").fill("16")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    expect(page.locator("#main")).to_contain_text("Warm coats and shoes.")
    history = page.get_by_role("region", name="History")
    expect(history).to_contain_text("Ana Invented")


def test_a_changed_phone_waits_for_a_second_steward(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    ana = sign_in()
    _open_service(ana, staff_site, "Dentist")
    ana.get_by_role("link", name=re.compile("Change .*555")).first.click()
    ana.get_by_label("Number", exact=True).fill("(555) 555-0188")
    ana.get_by_role("button", name="Send to a colleague to check").click()
    expect(ana.get_by_role("status").first).to_contain_text("It goes live when a colleague has checked it")
    ana.get_by_role("link", name="Look at it").click()
    expect(ana.locator("#main")).to_contain_text("A second person has to check it")
    expect(ana.get_by_role("button", name="Apply this change")).to_have_count(0)

    ben = sign_in(BEN)
    ben.locator(".home").get_by_role("link", name=re.compile("change waits|changes wait")).first.click()
    ben.get_by_role("link", name="Phone: Dentist").click()
    expect(ben.locator("td.after")).to_contain_text("(555) 555-0188")
    ben.get_by_role("button", name="Apply this change").click()
    expect(ben.get_by_role("alert")).to_contain_text("Compare it with the source")
    ben.get_by_label("I compared the new words with the source.").check()
    ben.get_by_role("button", name="Apply this change").click()
    expect(ben.get_by_role("status")).to_contain_text("Applied")

    ana.goto(staff_site.url + "/directory/phones/?q=5550188")
    expect(ana.locator(".rows")).to_contain_text("Dentist")
    # What visitors read is new in the same moment.
    visitor = ana.context.new_page()
    visitor.goto(f"{staff_site.server.url}/hsds/services?search=dentist&full=true")
    assert "(555) 555-0188" in visitor.content()


def test_a_wrong_help_line_comes_down_at_once(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    page = sign_in(BEN)
    page.goto(f"{staff_site.url}/directory/help-lines/?q=Lantern")
    page.get_by_role("link", name="Lantern line").click()
    page.get_by_role("link", name="Take it down now").click()
    expect(page.locator(".consequences")).to_contain_text("It disappears from every page at once")
    page.get_by_role("button", name="Take it down now").click()
    expect(page.get_by_role("alert")).to_contain_text("1 thing to fix")
    page.get_by_label("What is wrong").fill("It rings at a private home")
    page.get_by_role("button", name="Take it down now").click()
    expect(page.locator("#main")).to_contain_text("It rings at a private home")
    news = page.context.new_page()
    news.goto(staff_site.server.news_url)
    expect(news.locator("body")).not_to_contain_text("Lantern line")
    # The way back takes two.
    page.get_by_role("button", name="Propose it again").click()
    expect(page.locator("#main")).to_contain_text("A second person has to put it up")
    other = sign_in(ANA)
    other.goto(f"{staff_site.url}/directory/help-lines/?q=Lantern")
    other.get_by_role("link", name="Lantern line").click()
    other.get_by_label("I compared every number").check()
    other.get_by_role("button", name="Put this line up").click()
    news.reload()
    expect(news.locator("body")).to_contain_text("Lantern line")


def test_a_place_becomes_confidential(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    page = sign_in()
    page.goto(f"{staff_site.url}/directory/places/?confidential=no&kind=physical")
    page.locator(".rows .bold a").first.click()
    name = page.get_by_role("heading", level=1).inner_text()
    street = page.locator("section", has=page.locator("#addresses")).locator("li p").first.inner_text().split(",")[0]
    page.get_by_role("link", name="Make it confidential").click()
    expect(page.locator(".consequences")).to_contain_text(f"Address: {street}")
    page.get_by_role("link", name="Change nothing").click()
    expect(page.locator("#main")).to_contain_text(street)
    page.get_by_role("link", name="Make it confidential").click()
    page.get_by_role("button", name="Delete this and make it confidential").click()
    expect(page.locator("#main")).to_contain_text("This place is confidential.")
    expect(page.locator("#main")).not_to_contain_text(street)
    page.goto(f"{staff_site.url}/directory/places/?q={street}")
    expect(page.locator("#main")).not_to_contain_text(name)


def test_marking_as_checked_by_keyboard_alone(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    page = sign_in(BEN)
    page.keyboard.press("g")
    page.keyboard.press("c")
    expect(page.get_by_role("heading", level=1)).to_contain_text("To check again")
    before = int(page.locator(".count").inner_text())
    first = page.get_by_role("link", name=re.compile("Mark as checked")).first
    for _ in range(40):
        page.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    outline = first.evaluate("link => getComputedStyle(link).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2.5, "focus is always visible"
    page.keyboard.press("Enter")
    page.get_by_label("How you know").focus()
    page.keyboard.type("Called the front desk")
    page.wait_for_load_state()  # before that no script listens to keys
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Marked as checked")
    page.goto(f"{staff_site.url}/directory/to-check/")
    assert int(page.locator(".count").inner_text()) == before - 1


def test_a_draft_survives_a_crash_and_is_never_put_back_unasked(
    sign_in: Callable[..., Page], staff_site: StaffSite
) -> None:
    page = sign_in()
    _open_service(page, staff_site, "Diapers and formula")
    page.get_by_role("link", name="Change the text").click()
    field = page.get_by_label("What help it gives")
    drafts = "Object.keys(localStorage).filter((key) => key.startsWith('waymark-draft:')).length"
    stored = field.input_value()
    page.wait_for_load_state()  # before that no script keeps a draft
    field.fill("Half a sentence that took")
    until(page, drafts, 1)
    page.reload()
    expect(field).to_have_value(stored)
    expect(page.get_by_text("This browser holds text that was not saved")).to_be_visible()
    page.get_by_role("button", name="Put it back").click()
    expect(field).to_have_value("Half a sentence that took")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_have_text("Saved.")
    until(page, drafts, 0)
    # Signing out leaves nothing behind.
    page.get_by_role("link", name="Change the text").click()
    expect(field).to_be_visible()
    page.wait_for_load_state()
    field.fill("Another half")
    until(page, drafts, 1)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.evaluate("() => localStorage.length") == 0
    page.go_back()
    assert "Another half" not in page.content()


def test_the_shortcut_list_opens_on_a_question_mark_and_can_be_turned_off(
    sign_in: Callable[..., Page], staff_site: StaffSite
) -> None:
    page = sign_in(BEN)
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Go to Services")
    dialog.get_by_role("button", name="Turn shortcuts off").click()
    dialog.get_by_role("button", name="Close").click()
    page.keyboard.press("?")
    expect(dialog).to_be_hidden()
    page.goto(f"{staff_site.url}/directory/services/")
    page.keyboard.press("n")
    page.wait_for_timeout(200)
    assert page.url.endswith("/directory/services/")
    # In a field a question mark is a question mark.
    page.get_by_role("searchbox").focus()
    page.keyboard.type("?")
    expect(page.get_by_role("searchbox")).to_have_value("?")


def test_everything_works_without_script(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    page = sign_in(ANA, java_script_enabled=False, viewport=PHONE)
    page.locator("#staff-menu summary", has_text="Directory").click()
    page.get_by_role("link", name="Hours", exact=True).click()
    page.get_by_role("link", name=re.compile("Change the hours")).first.click()
    page.get_by_label("Not known, or only by appointment").check()
    page.get_by_label("In words").fill("By appointment")
    page.get_by_role("button", name="Show how people will read it").click()
    expect(page.get_by_role("status")).to_contain_text("It is not saved yet")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Hours are not known")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_an_error_page_of_a_form_has_no_accessibility_fault(sign_in: Callable[..., Page], staff_site: StaffSite) -> None:
    page = sign_in(viewport=PHONE)
    for address in ("/directory/service/new/", "/directory/help-lines/new/", "/region/notices/new/"):
        page.goto(staff_site.url + address)
        page.get_by_role("button", name=re.compile("Save|Propose")).click()
        expect(page.get_by_role("alert")).to_be_visible()
        page.evaluate(AXE)
        found = page.evaluate(FAULTS, RULES)
        assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == []
