"""The workplace in a real browser: the menu and the search by keyboard alone, without script, and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect
from tests.browser.conftest import DemoSite
from tests.plugins.database import ROOT

pytestmark = pytest.mark.browser

AXE = (ROOT / "frontend/node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")
FAULTS = "async tags => (await axe.run({runOnly: tags, resultTypes: ['violations']})).violations.map(each => each.id)"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 360, "height": 740}
COLE = "cole@example.org"


@pytest.fixture(scope="module")
def sessions(demo_site: DemoSite) -> list[str]:
    demo_site.server.manage("create_staff_user", COLE, "--name", "Cole Invented", "--role", "coordinator", "--generate")
    return demo_site.server.sessions_of(COLE, 6)


@pytest.fixture
def sign_in(open_phone: Callable[..., Page], demo_site: DemoSite, sessions: list[str]) -> Callable[..., Page]:
    def signed_in(**options: Any) -> Page:
        page = open_phone(**{"viewport": DESK, **options})
        cookie = {"name": "waymark_session", "value": sessions.pop(), "domain": "staff.localhost", "path": "/"}
        page.context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Strict"}])  # type: ignore[list-item]
        page.goto(f"{demo_site.server.staff_url}/")
        expect(page.get_by_role("heading", level=1)).to_contain_text("Good to see you, Cole Invented")
        return page

    return signed_in


def _tab_to(page: Page, target: Locator, *, most: int = 25) -> None:
    """Press Tab until `target` has the focus, which is then to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            break
    expect(target).to_be_focused()
    outline = target.evaluate("element => getComputedStyle(element).outlineWidth")
    assert float(outline.removesuffix("px")) >= 2.5, "focus is always visible"


def test_the_menu_and_the_search_by_keyboard_alone(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    heading = page.get_by_role("heading", level=1)
    # The first stop is the way past the menu.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    summary = page.locator("#staff-menu summary", has_text="Directory")
    _tab_to(page, summary)
    page.keyboard.press("Enter")
    services = page.locator("#staff-menu").get_by_role("link", name="Services")
    expect(services).to_be_visible()
    page.keyboard.press("Escape")
    expect(services).to_be_hidden()
    expect(summary).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, services, most=2)
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("Services")

    page.wait_for_load_state()  # before that no script listens to keys
    page.keyboard.press("Control+k")
    box = page.get_by_role("combobox", name="What do you look for?")
    expect(box).to_be_focused()
    page.keyboard.type("line")
    options = page.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    page.evaluate(AXE)
    assert page.evaluate(FAULTS, RULES) == []
    page.keyboard.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", "search-found-1")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(options.last).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()

    # Focus comes back to where it was; words are gone; what is found opens; a page without a list has "/" too.
    page.goto(page.url.replace("/directory/services/", "/your-place/"))
    expect(heading).to_be_visible()
    page.locator("main a").first.focus()
    page.keyboard.press("/")
    expect(box).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("main a").first).to_be_focused()
    page.keyboard.press("/")
    expect(box).to_have_value("")
    page.keyboard.type("no such thing at all")
    expect(page.locator("#search-dialog").get_by_role("status")).to_have_text("Nothing is found by this name.")
    box.fill("region notices")
    expect(options.first).to_contain_text(re.compile("notices", re.I))
    page.keyboard.press("Enter")
    expect(heading).to_contain_text(re.compile("notices", re.I))
    assert "q=" not in page.url


def test_search_and_menu_without_a_script(sign_in: Callable[..., Page]) -> None:
    page = sign_in(java_script_enabled=False, viewport=PHONE)
    page.locator("#staff-menu summary", has_text="Directory").click()
    page.locator("#staff-menu").get_by_role("link", name="Help lines").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Help lines")
    page.get_by_role("link", name="Search", exact=True).click()
    page.get_by_role("searchbox").fill("region notices")
    page.get_by_role("button", name="Search", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("found for “region notices”")
    assert "notices" not in page.url
    page.locator("main").get_by_role("link", name="Region notices").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile("notices", re.I))


def test_the_menu_on_a_phone(sign_in: Callable[..., Page]) -> None:
    page = sign_in(viewport=PHONE)
    menu = page.get_by_role("navigation", name="Main")
    expect(menu).to_be_hidden()
    button = page.get_by_role("button", name="Menu")
    # One row above the page: where I am, Search, Menu. Who is signed in, and the way out, are behind Menu.
    leave = page.get_by_role("button", name="Sign out")
    expect(leave).to_be_hidden()
    assert page.locator(".staff-header .bar").bounding_box()["height"] <= 60  # type: ignore[index]
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(leave).to_be_visible()
    leave.press("Escape")
    expect(leave).to_be_hidden()
    button.press("Enter")
    menu.locator("summary", has_text="Installation").click()
    expect(menu.get_by_role("link", name="Administrators")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate(AXE)
    assert page.evaluate(FAULTS, RULES) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(button).to_be_focused()
    expect(page.locator("main")).to_contain_text(re.compile("What waits for you"))


def test_a_coordinator_calls_a_meeting_by_keyboard_alone(sign_in: Callable[..., Page]) -> None:
    page = sign_in()
    heading = page.get_by_role("heading", level=1)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.type("coalition meetings")
    expect(page.get_by_role("option").first).to_contain_text("Meetings")
    page.keyboard.press("Enter")
    expect(heading).to_contain_text("Meetings")
    page.wait_for_load_state()
    page.keyboard.press("n")
    title = page.get_by_label("Title", exact=True)
    expect(title).to_be_visible()
    for label, words in (
        (title, "Invented autumn plan"),
        (page.get_by_label("Day", exact=True), "tomorrow"),
        (page.get_by_label("From", exact=True), "9am"),
        (page.get_by_label("Until", exact=True), "8am"),
        (page.get_by_role("textbox", name="Where"), "Room 2"),
    ):
        _tab_to(page, label, most=40)
        page.keyboard.type(words)
    page.wait_for_load_state()
    page.keyboard.press("Control+Enter")
    # A slip: the summary has the focus, its link leads to the field, and nothing typed is lost.
    expect(page.get_by_role("alert")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label("Until", exact=True)).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("10:30")
    expect(title).to_have_value("Invented autumn plan")
    page.keyboard.press("Control+Enter")
    expect(heading).to_contain_text("Invented autumn plan")
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.keyboard.press("h")
    expect(page.get_by_role("region", name="What is next")).to_contain_text("Invented autumn plan")
