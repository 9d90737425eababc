"""An operation from its plan to the public page, by browser: roster, counts, embargo, release, results, a correction.

The long one, by night, types in every operation that the sources have published.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone
from playwright.sync_api import Page, expect
from tests.browser.looking import PHONE, looked_at
from tests.factories.accounts import AgencyFactory, UserFactory, the_office
from tests.factories.disclosures import acting
from tests.plugins.database import TestCluster
from tests.plugins.server import Server, serving
from tests.plugins.staff import SiteClient
from tests.waymark.operations.sources import (
    SOURCES,
    endorse_all,
    enter,
    enter_total,
    must_be_as_published,
    release,
    the_people,
)

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind, User
from waymark.coalition.models import Region
from waymark.newsroom.models import PressItem
from waymark.operations.models import Operation

pytestmark = pytest.mark.browser


@pytest.fixture
def server(test_cluster: TestCluster, committed_db: str) -> Iterator[Server]:
    the_office()
    Region.objects.create(pk=1, name="Rivermont Together", counties=["Rivermont County"], host_name="Invented Foundation")
    with serving(test_cluster, committed_db) as running:
        yield running


@pytest.fixture
def type_in(server: Server, open_phone: Callable[..., Page]) -> Callable[[User, str, dict[str, Any]], str]:
    """A form as a person fills it, in the browser of that person; gives the address of the page after it."""
    pages: dict[User, Page] = {}

    def filled(user: User, path: str, data: dict[str, Any]) -> str:
        page = pages.get(user) or pages.setdefault(user, signed_in(server, open_phone, user))
        page.goto(f"{server.staff_url}{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        for name, value in data.items():
            for each in value if isinstance(value, list) else [value]:
                field = page.locator(f'#main [name="{name}"]')
                kind = field.first.evaluate("each => each.type")
                if kind in {"radio", "checkbox"}:
                    wanted = (
                        field if kind == "checkbox" and each == "on" else page.locator(f'[name="{name}"][value="{each}"]')
                    )
                    wanted.check()
                elif kind == "select-one":
                    field.select_option(each)
                else:
                    # A part that most leave out is folded away.
                    field.evaluate("each => each.closest('details')?.setAttribute('open', '')")
                    field.fill(each)
        page.locator("#main form .buttons button").first.click()
        expect(page.get_by_role("status")).to_be_visible()
        return page.url.removeprefix(server.staff_url)

    return filled


def signed_in(server: Server, open_phone: Callable[..., Page], user: User) -> Page:
    client = SiteClient("staff")
    client.force_login(user)
    page = open_phone(viewport={"width": 1280, "height": 800})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": server.staff_url}])
    return page


def test_from_the_plan_to_the_public_page_with_embargo_and_a_correction(
    server: Server, open_phone: Callable[..., Page], type_in: Callable[[User, str, dict[str, Any]], str]
) -> None:
    sheriff = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory(name="Invented Sheriff", kind="law_enforcement"))
    house = AgencyFactory(name="Lantern House (invented)", kind=AgencyKind.VICTIM_SERVICES)
    keeper = UserFactory(role=Role.OFFICER.value, agency=house)
    rosa = UserFactory(role=Role.ADVOCATE.value, agency=house, display_name="Rosa Invented")
    editor = UserFactory(role=Role.COORDINATOR.value)
    stranger = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory(kind="school"))

    day = timezone.localdate() + dt.timedelta(days=3)
    plan = {"name": "Operation: Invented Spots", "year": str(day.year), "starts_on": f"{day:%m/%d/%Y}"}
    here = type_in(sheriff, "/operations/new/", {**plan, "ends_on": f"{day:%m/%d/%Y}", "settings": ["street"]})
    type_in(sheriff, f"{here}agencies/new/", {"agency": str(house.pk), "part": "advocate"})
    need = {"week": f"{day:%m/%d/%Y}", "people": "6-10", "languages": ["es"], "beds": "4"}
    type_in(sheriff, f"{here}surge/", need)
    shift = {"day": f"{day:%m/%d/%Y}", "begins": "6 pm", "ends": "11 pm", "duty_phone": "916-555-0170"}
    type_in(keeper, f"{here}roster/new/", {**shift, "advocates": [str(rosa.acting.pk)]})
    officer, outside = signed_in(server, open_phone, sheriff), signed_in(server, open_phone, stranger)
    officer.goto(f"{server.staff_url}{here}")
    roster = officer.get_by_role("region", name="Advocates who stand by")
    expect(roster).to_contain_text("Lantern House (invented)")
    expect(roster).to_contain_text("916-555-0170")
    expect(roster).to_contain_text("Spanish")
    expect(officer.locator("#main")).not_to_contain_text("Rosa")
    looked_at(officer, "operation-plan")
    assert outside.goto(f"{server.staff_url}{here}").status == 404  # type: ignore[union-attr]

    # Two months go by.
    past = timezone.localdate() - dt.timedelta(days=60)
    with acting(sheriff):
        Operation.objects.update(starts_on=past, ends_on=past, year=past.year)
    for measure, value, words in (("arrests", "46", ""), ("juveniles_recovered", "1", "A juvenile recovery was made.")):
        type_in(sheriff, f"{here}totals/new/", {"measure": measure, "value": value, "words": words})
    words = {"title": "What Invented Spots counted", "summary": "Help was offered to everybody.", "body": "As it was."}
    who = {"speaker_name": "Sam Invented", "speaker_role": "Spokesperson"}
    # The house took part, so it is asked to agree.
    item = type_in(sheriff, f"{here}publish/", {**words, **who})
    type_in(sheriff, f"{item}send/", {})
    with acting(keeper):
        check = PressItem.objects.get().checks.get()
    type_in(keeper, f"/newsroom/checks/{check.pk}/", {"answer": "agrees"})
    endorse_all()
    later = timezone.localtime() + dt.timedelta(days=1)
    type_in(editor, f"{item}release/", {"when": "later", "day": f"{later:%m/%d/%Y}", "time": "9 am"})

    news, desk = open_phone(viewport=PHONE), signed_in(server, open_phone, editor)
    assert news.goto(f"{server.news_url}/results/{past.year}/").status == 404  # type: ignore[union-attr]
    news.goto(f"{server.news_url}/results/")
    expect(news.locator("#main")).to_contain_text("No result has been published here yet.")
    desk.goto(f"{server.staff_url}/newsroom/embargoes/")
    expect(desk.locator("#main")).to_contain_text("Held until")
    looked_at(desk, "embargoes")
    with acting(editor):
        PressItem.objects.update(public_at=timezone.now() - dt.timedelta(minutes=1))
    news.goto(f"{server.news_url}/results/{past.year}/")
    expect(news.get_by_role("img", name=f"Published counts of Operation: Invented Spots {past.year}")).to_be_visible()
    looked_at(news, "results-year", only_here=True)
    news.get_by_role("link", name=f"Operation: Invented Spots {past.year}").click()
    counted = news.get_by_role("region", name="What was counted")
    expect(counted).to_contain_text("“A juvenile recovery was made.”")
    expect(counted).to_contain_text("Arrests are not convictions.")
    looked_at(news, "result", only_here=True)
    news.goto(f"{server.news_url}/results/")
    expect(news.locator("#main")).to_contain_text("Arrests: 46")
    looked_at(news, "results", only_here=True)

    officer.reload()
    officer.get_by_role("link", name="Change the announced number: Arrests").click()
    officer.get_by_label("Number").fill("47")
    officer.get_by_role("button", name="Save").click()
    expect(officer.get_by_role("status")).to_contain_text("Changed")
    type_in(sheriff, f"{here}publish/correct/", {"reason": "One was counted late."})
    endorse_all()
    desk.goto(f"{server.staff_url}{item}")
    desk.get_by_role("link", name="Put the correction in place").click()
    desk.get_by_role("button", name="Put it in place").click()
    expect(desk.get_by_role("status")).to_contain_text("Corrected")
    news.goto(f"{server.news_url}/results/{past.year}/")
    news.get_by_role("link", name=f"Operation: Invented Spots {past.year}").click()
    corrections = news.get_by_role("region", name="Corrections")
    expect(corrections).to_contain_text("One was counted late.")
    corrections.get_by_text("What it said before").click()
    expect(corrections.locator("del")).to_have_text("46")
    expect(corrections).to_contain_text("Now: 47")
    looked_at(news, "result-corrected", only_here=True)
    officer.goto(f"{server.staff_url}{here}")
    expect(officer.get_by_role("columnheader", name="How they agree")).to_be_visible()
    looked_at(officer, "operation-compared")


@pytest.mark.nightly
def test_the_sources_operations_are_typed_in_and_stand_there_as_published(
    server: Server, open_phone: Callable[..., Page], type_in: Callable[[User, str, dict[str, Any]], str]
) -> None:
    people = the_people()
    release([enter(source, people, type_in) for source in SOURCES], people, type_in)
    enter_total(people, type_in)
    news = open_phone(viewport=PHONE)

    def text_of(path: str) -> str:
        news.goto(f"{server.news_url}{path}")
        expect(news.get_by_role("heading", level=1)).to_be_visible()
        return " ".join(news.locator("main").inner_text().split())

    must_be_as_published(text_of)
