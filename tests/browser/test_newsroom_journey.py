"""A release from its draft to everybody's screen: two people, a partner, a council that objects and is passed in the open.

Then every public page once: axe finds no fault, nothing sticks out of a phone, no cookie, within the budget, by keyboard.
"""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect
from tests.browser.looking import DESK, PHONE, looked_at
from tests.factories.accounts import AgencyFactory, UserFactory, the_office
from tests.factories.council import aged, two_seated
from tests.factories.newsroom import released
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.coalition.models import Region
from waymark.council.models import CouncilReview

pytestmark = pytest.mark.browser

BUDGET = 40 * 1024
OBJECTION = "Whoever calls at night may not be alone in the room (invented)."
REASON = "The council was asked and its ten days passed; families have to know the number before the weekend."
LOADED = """async () => {
  const parts = [...document.querySelectorAll('link[rel=stylesheet], link[rel=icon]')].map(each => each.href)
  return Promise.all([location.href, ...parts].map(async each => (await fetch(each)).text()))
}"""
PAGES = (
    "/",
    "/news/",
    "/news/search/",
    "/results/",
    "/what-we-know/",
    "/council/",
    "/figures/",
    "/figures/study_prevalence/",
    "/who-we-are/",
    "/take-part/",
    "/take-part/volunteer/",
    "/take-part/speaker/",
    "/take-part/prevention/",
)


@dataclass(frozen=True)
class World:
    server: Server
    writer: User
    second: User
    partner: Agency
    officer: User
    council: tuple[User, User]


@pytest.fixture
def world(test_cluster: TestCluster, committed_db: str) -> Iterator[World]:
    the_office()
    Region.objects.create(pk=1, name="Rivermont Together", counties=["Rivermont County"], host_name="Invented Foundation")
    partner = AgencyFactory(name="Lantern House (invented)", short_name="Lantern House", kind=AgencyKind.VICTIM_SERVICES)
    people = (
        UserFactory(display_name="Ana Invented"),
        UserFactory(display_name="Cora Invented", role=Role.COORDINATOR.value),
        UserFactory(display_name="Ola Invented", role=Role.OFFICER.value, agency=partner),
    )
    council = two_seated()
    call_command("load_figures", stdout=io.StringIO())
    with serving(test_cluster, committed_db) as server:
        yield World(server, people[0], people[1], partner, people[2], council)


@pytest.fixture
def desk(world: World, open_phone: Callable[..., Page]) -> Callable[..., Page]:
    """A browser in which a person is signed in, on the list of releases or on another page."""

    def at(user: User, path: str = "/newsroom/items/", heading: str = "News") -> Page:
        client = SiteClient("staff")
        client.force_login(user)
        page = open_phone(viewport=DESK)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": world.server.staff_url}])
        page.goto(f"{world.server.staff_url}{path}")
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
        return page

    return at


def press(at: Locator, key: str = "Enter") -> None:
    """What a person without a mouse does: the thing takes the focus, and a key."""
    expect(at).to_be_visible()
    at.focus()
    at.press(key)


def council_objects(world: World, desk: Callable[..., Page]) -> None:
    """One seat objects and is asked for its reason, the other endorses: together that is the council's objection."""
    for user, answer in zip(world.council, ("Object", "Endorse it"), strict=True):
        page = desk(user, "/council/", "The survivor council")
        press(page.get_by_role("link", name="Reviews that are open"))
        expect(page.get_by_role("heading", level=1)).to_contain_text("Council reviews")
        press(page.get_by_role("link", name="Call this number (invented)"))
        expect(page.get_by_role("region", name="What would go public")).to_contain_text("It answers at night.")
        press(page.get_by_role("link", name="Answer for your seat"))
        press(page.get_by_label(answer, exact=True), "Space")
        press(page.get_by_role("button", name="Say this"))
        if answer == "Object":
            expect(page.get_by_role("alert")).to_contain_text("Say what should be different")
            expect(page.get_by_label(answer, exact=True)).to_be_checked()
            page.get_by_role("textbox", name="Reason").focus()
            page.keyboard.type(OBJECTION)
            press(page.get_by_role("button", name="Say this"))
        expect(page.get_by_role("status")).to_contain_text("Your seat has spoken")
        expect(page.get_by_role("region", name="What the seats say")).to_contain_text(OBJECTION)
        looked_at(page, f"staff-council-{answer.split()[0].lower()}")
        page.context.close()


def coalition_goes_past(world: World, desk: Callable[..., Page]) -> None:
    """Not before the ten days: then the coordinator asks with a reason, and an officer of another agency decides."""
    review = CouncilReview.objects.get()
    path, title = f"/council/reviews/{review.pk}/", "Call this number (invented)"
    chair = desk(world.second, path, title)
    expect(chair.locator("#main")).to_contain_text("The council objects.")
    expect(chair.get_by_role("link", name="Ask to go past the council")).to_have_count(0)
    aged(review)
    chair.reload()
    press(chair.get_by_role("link", name="Ask to go past the council"))
    chair.get_by_label("Reason, for everybody to read").focus()
    chair.keyboard.type("Because")
    press(chair.get_by_role("button", name="Ask, and publish this reason"))
    expect(chair.get_by_label("Reason, for everybody to read")).to_have_value("Because")
    chair.get_by_label("Reason, for everybody to read").fill(REASON)
    press(chair.get_by_role("button", name="Ask, and publish this reason"))
    expect(chair.get_by_role("status")).to_contain_text("An officer of another agency decides")
    expect(chair.get_by_role("link", name="Decide whether to go past the council")).to_have_count(0)
    chair.context.close()

    second = desk(world.officer, "/council/reviews/", "Council reviews")
    press(second.get_by_role("link", name=title))
    press(second.get_by_role("link", name="Decide whether to go past the council"))
    expect(second.locator("#main")).to_contain_text(OBJECTION)
    expect(second.locator("#main")).to_contain_text(REASON)
    looked_at(second, "staff-council-decide")
    press(second.get_by_label("Go past the council, and publish the reason"), "Space")
    press(second.get_by_role("button", name="Decide"))
    expect(second.get_by_role("status")).to_contain_text("Your agency has decided")
    second.context.close()


def test_a_release_takes_two_people_and_goes_past_the_council_with_its_reason_shown(
    world: World, desk: Callable[..., Page], open_phone: Callable[..., Page]
) -> None:
    ana, cora, ola = desk(world.writer), desk(world.second), desk(world.officer)
    ana.get_by_role("link", name="Write a release").click()
    ana.get_by_label("Heading").fill("Call this number (invented)")
    ana.get_by_role("button", name="Save the draft").click()
    expect(ana.get_by_role("alert")).to_contain_text("Nothing you typed is lost")
    expect(ana.get_by_label("Heading")).to_have_value("Call this number (invented)")
    ana.get_by_label("Summary").fill("There is a new number for families.")
    ana.get_by_label("Text", exact=True).fill("It answers at night.\n\nAnybody may call.")
    ana.get_by_label("Who speaks to the media").fill("Sam Invented")
    ana.get_by_label("Their role").fill("Spokesperson")
    ana.get_by_label("Lantern House (invented)").check()
    looked_at(ana, "staff-write")
    ana.get_by_role("button", name="Save the draft").click()
    expect(ana.get_by_role("status")).to_contain_text("Nobody outside can read it")
    ana.get_by_role("link", name="See how it will read").click()
    expect(ana.get_by_role("heading", level=1)).to_contain_text("Call this number")
    looked_at(ana, "staff-preview")
    ana.go_back()
    ana.get_by_role("link", name="Send it for checking").click()
    expect(ana.locator("#main")).to_contain_text("Asked to agree: Lantern House (invented)")
    ana.get_by_role("button", name="Send it for checking").click()
    expect(ana.locator("#main")).to_contain_text("You wrote these words. Somebody else releases them.")
    expect(ana.get_by_role("link", name="Release it")).to_have_count(0)
    looked_at(ana, "staff-checking")

    ola.reload()
    ola.get_by_role("link", name="Call this number (invented)").click()
    ola.get_by_role("link", name="Answer for your agency").click()
    ola.get_by_label("Yes, we agree").check()
    ola.get_by_role("button", name="Send the answer").click()
    expect(ola.locator("#main")).to_contain_text("Agreed")

    cora.reload()
    cora.get_by_role("link", name="Call this number (invented)").click()
    cora.get_by_role("link", name="Release it").click()
    cora.get_by_role("button", name="Release it").click()
    expect(cora.get_by_role("alert")).to_contain_text("council has not endorsed these words")

    council_objects(world, desk)
    coalition_goes_past(world, desk)
    # Nothing is told of it before readers can see the release itself.
    told = open_phone(viewport=PHONE)
    told.goto(f"{world.server.news_url}/council/")
    expect(told.get_by_role("region", name="Where the coalition went past the council")).to_contain_text("Nowhere")
    cora.get_by_role("button", name="Release it").click()
    expect(cora.get_by_role("status")).to_contain_text("Released")
    expect(cora.locator("#main")).to_contain_text(REASON)
    looked_at(cora, "staff-released")

    news = open_phone(viewport=DESK)
    news.goto(f"{world.server.news_url}/news/")
    news.get_by_role("link", name="Call this number (invented)").click()
    expect(news.get_by_role("region", name="Released without the survivor council")).to_contain_text(REASON)
    expect(news.locator("#main")).to_contain_text("Invented Coalition Office, Lantern House (invented).")
    looked_at(news, "release", only_here=True)

    told.reload()
    past = told.get_by_role("region", name="Where the coalition went past the council")
    for words in ("Call this number (invented)", "The council objected.", OBJECTION, REASON, world.partner.name):
        expect(past).to_contain_text(words)
    for name in ("Juniper", "Wren"):
        expect(told.locator("#main")).not_to_contain_text(name)
    looked_at(told, "council")

    ana.reload()
    ana.get_by_role("link", name="Correct it").click()
    ana.get_by_label("Text", exact=True).fill("It answers by day.")
    ana.get_by_label("Why", exact=True).fill("Somebody called at night and nobody answered.")
    ana.get_by_label("Somebody’s safety asks for this now").check()
    looked_at(ana, "staff-correct")
    ana.get_by_role("button", name="Propose the correction").click()
    expect(ana.locator("#main")).to_contain_text("It answers by day.")
    news.reload()
    corrections = news.get_by_role("region", name="Corrections")
    expect(corrections).to_contain_text("Somebody called at night and nobody answered.")
    expect(news.locator("#main")).to_contain_text("It answers by day.")
    expect(news.locator("#main")).not_to_contain_text("It answers at night.")
    looked_at(news, "corrected", only_here=True)


def test_every_public_page_is_for_every_reader(world: World, open_phone: Callable[..., Page]) -> None:
    item = released(title="Invented news for everybody")
    news = open_phone(viewport=PHONE)
    told: list[str] = []
    news.on("request", lambda request: told.append(request.url))
    for path in (*PAGES, f"/news/{item.slug}/"):
        news.goto(f"{world.server.news_url}{path}")
        expect(news.get_by_role("heading", level=1)).to_be_visible()
        looked_at(news, re.sub(r"\W+", "-", path).strip("-") or "home", only_here=True)
        # Help stands before everything else, and is the first thing that a keyboard reaches after the way past it.
        assert news.evaluate("document.querySelector('h1, h2').textContent") == "Need help now?"
        sizes = news.evaluate(LOADED)
        assert sum(len(gzip.compress(text.encode(), 6)) for text in sizes) < BUDGET, path
    news.goto(f"{world.server.news_url}/no/such/page")
    looked_at(news, "nowhere", only_here=True)
    assert {re.sub(r"(https?://[^/]+).*", r"\1", url) for url in told} == {world.server.news_url}
    assert news.context.cookies() == []


def test_an_invitation_is_sent_with_the_keyboard_alone(world: World, open_phone: Callable[..., Page]) -> None:
    news = open_phone(viewport=PHONE)
    news.goto(f"{world.server.news_url}/take-part/speaker/")
    news.keyboard.press("Tab")
    expect(news.locator(":focus")).to_have_text("Skip to the page")
    news.get_by_label("Your name").focus()
    for text in ("Kim Invented", "Invented School", "ring me"):
        news.keyboard.type(text)
        news.keyboard.press("Tab")
    news.keyboard.press("ArrowDown")
    news.keyboard.press("Enter")
    news.get_by_role("button", name="Send my invitation").press("Enter")
    expect(news.get_by_role("alert")).to_contain_text("Enter a phone number")
    expect(news.get_by_label("Your name")).to_have_value("Kim Invented")
    looked_at(news, "speaker-error", only_here=True)
    news.get_by_label("Phone or e-mail").fill("916-555-0142")
    news.get_by_label("What it should be about").select_option("youth")
    news.get_by_role("button", name="Send my invitation").press("Enter")
    expect(news.get_by_role("heading", level=1)).to_contain_text("It is with the office")
    looked_at(news, "asked", only_here=True)
