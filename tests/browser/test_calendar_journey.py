"""The calendar by keyboard alone: an entry is written, a program reads it, it is moved, cancelled, the program knows."""

from __future__ import annotations

import datetime as dt
import re
import urllib.error
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from playwright.sync_api import Page, expect
from tests.browser.conftest import DemoSite

pytestmark = pytest.mark.browser

COORDINATOR = "coordinator@rivermont.example"


def ask(site: DemoSite, path: str) -> Calendar | int:
    """As a calendar program does, which knows the address and nothing else."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{site.server.port}{path}", headers={"Host": urlsplit(site.server.staff_url).netloc}
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert answer.headers["Set-Cookie"] is None
            return IcsCalendarStream.calendar_from_ics(answer.read().decode())
    except urllib.error.HTTPError as refusal:
        return refusal.code


def event(site: DemoSite, path: str, title: str) -> tuple[int, str, dt.datetime]:
    calendar = ask(site, path)
    assert isinstance(calendar, Calendar)
    found = next(each for each in calendar.events if each.summary == title)
    assert isinstance(found.dtstart, dt.datetime)
    return found.sequence, str(found.status.value if found.status else ""), found.dtstart


def press_on(page: Page, role: str, name: str) -> None:
    """Go there and press it, with keys alone."""
    target = page.get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first  # type: ignore[arg-type]
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


def test_a_calendar_program_learns_of_every_change_until_the_link_is_ended(
    demo_site: DemoSite, open_phone: Callable[..., Page]
) -> None:
    site = demo_site.server.staff_url
    page = open_phone(viewport={"width": 1280, "height": 800})
    key = demo_site.server.sessions_of(COORDINATOR, 1)[0]
    page.context.add_cookies([{"name": "waymark_session", "value": key, "url": site}])

    page.goto(f"{site}/calendar/")
    expect(page.get_by_role("table")).to_be_visible()
    press_on(page, "link", "New entry")
    expect(page.get_by_role("heading", level=1)).to_have_text("New entry")
    for label, typed in (("What", "Invented lunch"), ("Day", "tomorrow"), ("From (if known)", "noon")):
        page.get_by_label(label, exact=True).focus()
        page.keyboard.press("Control+A")
        page.keyboard.type(typed)
    page.get_by_label("Whose").select_option("all")
    press_on(page, "button", "Save")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invented lunch")
    expect(page.get_by_text("12:00 PM to 1:00 PM")).to_be_visible()
    entry = page.url

    page.goto(f"{site}/calendar/links/")
    press_on(page, "button", "For everything of mine")
    expect(page.get_by_label("Link")).to_be_visible()
    path = urlsplit(page.get_by_label("Link").inner_text()).path
    assert re.fullmatch(r"/feeds/[\w-]{43}\.ics", path)
    assert event(demo_site, path, "Invented lunch")[:2] == (0, "CONFIRMED")
    assert event(demo_site, path, "Invented lunch")[2].time() == dt.time(12)

    page.goto(entry)
    press_on(page, "link", "Change it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Change the entry")
    page.get_by_label("From (if known)", exact=True).fill("1:30 pm")
    page.get_by_label("Until (if known)", exact=True).fill("")
    press_on(page, "button", "Save")
    expect(page.get_by_text("1:30 PM to 2:30 PM")).to_be_visible()
    assert event(demo_site, path, "Invented lunch")[2].time() == dt.time(13, 30)

    press_on(page, "link", "Cancel it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Cancel “Invented lunch”?")
    press_on(page, "button", "Cancel it")
    expect(page.get_by_role("heading", level=1)).to_have_text("Invented lunch")
    assert event(demo_site, path, "Invented lunch")[:2] == (2, "CANCELLED")

    page.goto(f"{site}/calendar/links/")
    press_on(page, "button", "End it")
    expect(page.get_by_text("The link has ended.")).to_be_visible()
    assert ask(demo_site, path) == 404
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(f"{site}/calendar/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
