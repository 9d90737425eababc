"""From a meeting to what was promised, by keyboard alone: call, object, ask again, agree, promise, see it in a calendar."""

from __future__ import annotations

import datetime as dt
import re
import urllib.request
from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from playwright.sync_api import Page, expect
from tests.browser.conftest import DemoSite

pytestmark = pytest.mark.browser

CHAIR, OTHER = "officer@lantern-house.example", "officer@district-attorney.example"
GROUP = "Housing and first nights"
DESK = {"width": 1280, "height": 800}


def press(page: Page, role: str, name: str) -> None:
    """Go there and press it, with keys alone."""
    target = page.get_by_role(role, name=re.compile(f"^{re.escape(name)}")).first  # type: ignore[arg-type]
    target.focus()
    expect(target).to_be_focused()
    page.keyboard.press("Enter")


def fill(page: Page, label: str, words: str) -> None:
    """Type into a field, over what stands there."""
    page.get_by_label(label, exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(words)


def choose(page: Page, label: str) -> None:
    """Choose a radio button with the space bar."""
    target = page.get_by_role("radio", name=re.compile(f"^{re.escape(label)}"))
    target.focus()
    page.keyboard.press("Space")
    expect(target).to_be_checked()


def on(page: Page, title: str) -> None:
    """The next page is there."""
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def calendar_of(site: DemoSite, path: str) -> Calendar:
    """As a calendar program reads it, which knows the address and nothing else."""
    host = urlsplit(site.server.staff_url).netloc
    request = urllib.request.Request(f"http://127.0.0.1:{site.server.port}{path}", headers={"Host": host})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return IcsCalendarStream.calendar_from_ics(answer.read().decode())


def test_from_a_meeting_to_a_promise_in_the_calendar(demo_site: DemoSite, open_phone: Callable[..., Page]) -> None:
    site = demo_site.server.staff_url

    def signed_in(email: str) -> Page:
        page = open_phone(viewport=DESK)
        key = demo_site.server.sessions_of(email, 1)[0]
        page.context.add_cookies([{"name": "waymark_session", "value": key, "url": site}])
        return page

    ola, pat = signed_in(CHAIR), signed_in(OTHER)

    ola.goto(f"{site}/meetings/")
    press(ola, "link", "Call a meeting")
    on(ola, "Call a meeting")
    ola.get_by_label("Who meets").select_option(label=GROUP)
    for label, words in (("Title", "Journey meeting"), ("Day", "tomorrow"), ("From", "10 am"), ("Until", "11 am")):
        fill(ola, label, words)
    press(ola, "button", "Call the meeting")
    on(ola, "Journey meeting")
    meeting = ola.url
    press(ola, "link", "New item")
    fill(ola, "What it is about", "A shared van")
    press(ola, "button", "Save")
    on(ola, "Journey meeting")
    expect(ola.locator(".agenda")).to_contain_text("A shared van")

    press(ola, "link", "New decision")
    on(ola, "New decision")
    choose(ola, "Consent")
    press(ola, "button", "Go on")
    on(ola, f"Consent: {GROUP}")
    fill(ola, "Title", "One van for all")
    fill(ola, "What is asked", "We share one van. The key hangs at the shelter.")
    press(ola, "button", "Save the draft")
    on(ola, "One van for all")
    press(ola, "link", "Open it")
    on(ola, "Open the decision")
    press(ola, "button", "Open it now")
    on(ola, "One van for all")
    decision = ola.url

    pat.goto(decision)
    choose(pat, "Objection")
    press(pat, "button", "Answer")
    expect(pat.get_by_role("alert")).to_contain_text("An objection needs a reason")
    fill(pat, "Why (if known)", "Police must not know where the shelter is.")
    press(pat, "button", "Answer")
    expect(pat.get_by_text("1 objection not met")).to_be_visible()

    ola.reload()
    press(ola, "link", "Change the text and ask again")
    on(ola, "Change the text and ask again")
    fill(ola, "The new text", "We share one van. The key hangs at the library.")
    press(ola, "button", "Begin the new round")
    expect(ola.get_by_text("Round 2", exact=True)).to_be_visible()
    pat.goto(decision)
    choose(pat, "Consent")
    press(pat, "button", "Answer")
    expect(pat.get_by_role("status")).to_contain_text("Your answer is noted")
    ola.reload()
    press(ola, "link", "Close it early")
    on(ola, "Close it now?")
    press(ola, "button", "Close it now")
    on(ola, "One van for all")
    press(ola, "link", "Write the outcome")
    on(ola, "Write the outcome")
    expect(ola.get_by_text("From what was said follows: Agreed.")).to_be_visible()
    fill(ola, "The outcome in words", "One van, with its key at the library.")
    press(ola, "button", "End the decision")
    expect(ola.get_by_role("heading", name="Outcome: Agreed")).to_be_visible()

    press(ola, "link", "New action item")
    on(ola, "New action item")
    due = dt.date.today() + dt.timedelta(days=6)
    fill(ola, "What is to be done", "Hang up the key")
    fill(ola, "Until", str(due))
    press(ola, "button", "Save")
    on(ola, "One van for all")
    expect(ola.get_by_role("link", name="Hang up the key")).to_be_visible()

    ola.goto(f"{site}/calendar/links/")
    press(ola, "button", "For everything of mine")
    expect(ola.get_by_label("Link")).to_be_visible()
    feed = urlsplit(ola.get_by_label("Link").inner_text()).path
    events = {each.summary: each for each in calendar_of(demo_site, feed).events}
    met = events["Journey meeting"]
    assert isinstance(met.dtstart, dt.datetime)
    assert (met.dtstart.hour, met.sequence) == (10, 0)
    assert [each.dtstart for each in calendar_of(demo_site, feed).events if each.dtstart == due]

    ola.goto(f"{site}/action-items/mine/")
    done = ola.locator(".row", has_text="Hang up the key").get_by_role("button")
    done.focus()
    ola.keyboard.press("Enter")
    expect(ola.get_by_role("status")).to_contain_text("is done")
    expect(ola.get_by_role("region", name="Settled in the last two weeks")).to_contain_text("Hang up the key")
    ola.goto(meeting)
    press(ola, "link", "Cancel it")
    on(ola, "Cancel “Journey meeting”?")
    press(ola, "button", "Cancel the meeting")
    expect(ola.get_by_text("This meeting was cancelled on")).to_be_visible()
    after = {each.uid: each for each in calendar_of(demo_site, feed).events}
    assert str(after[met.uid].status.value if after[met.uid].status else "") == "CANCELLED"
    assert after[met.uid].sequence == 1
    for page, path in ((ola, urlsplit(meeting).path), (pat, urlsplit(decision).path)):
        page.set_viewport_size({"width": 360, "height": 740})
        page.goto(f"{site}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
