"""Thirteen outlets of one source. Each is read by a parser of its own kind; none tells of an item a second too early."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any

import feedparser
import icalendar
import microdata
import pypdf
import pytest
import time_machine
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.newsroom import cleared, released
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.newsroom.actions import press
from waymark.newsroom.models import PressItem

TITLE = "A heading under embargo"
SECOND = dt.timedelta(seconds=1)
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
PNG = b"\x89PNG\r\n\x1a\n"
News = Callable[[str], Any]


def in_page(news: News, slug: str) -> bool:
    return news(f"/news/{slug}/").status_code == 200


def in_list(news: News, slug: str) -> bool:
    return TITLE in news("/news/").content.decode()


def in_search(news: News, slug: str) -> bool:
    client = SiteClient("newsroom")
    return f"/news/{slug}/" in client.post("/news/search/", {"words": "heading embargo"}).content.decode()


def in_sitemap(news: News, slug: str) -> bool:
    tree = ET.fromstring(news("/sitemap.xml").content)
    assert tree.tag == f"{SITEMAP}urlset"
    found = [loc.text or "" for loc in tree.iter(f"{SITEMAP}loc")]
    assert "http://news.localhost/take-part/" in found
    return any(slug in each for each in found)


def _in_feed(news: News, path: str, kind: str) -> bool:
    feed = feedparser.parse(news(path).content)
    assert not feed.bozo, feed.get("bozo_exception")
    assert feed.version == kind
    return TITLE in [each.title for each in feed.entries]


def in_atom(news: News, slug: str) -> bool:
    return _in_feed(news, "/feed.atom", "atom10")


def in_rss(news: News, slug: str) -> bool:
    return _in_feed(news, "/feed.rss", "rss20")


def in_json_feed(news: News, slug: str) -> bool:
    feed = json.loads(news("/feed.json").content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert all({"id", "url", "content_text", "date_published"} <= each.keys() for each in feed["items"])
    return TITLE in [each["title"] for each in feed["items"]]


def in_api(news: News, slug: str) -> bool:
    listed = TITLE in [each["title"] for each in json.loads(news("/api/news/").content)["items"]]
    assert (news(f"/api/news/{slug}/").status_code == 200) == listed
    return listed


def in_calendar(news: News, slug: str) -> bool:
    found = icalendar.Calendar.from_ical(news("/news.ics").content)
    return TITLE in [str(event["summary"]) for event in found.walk("VEVENT")]


def in_structured_data(news: News, slug: str) -> bool:
    answer = news(f"/news/{slug}/")
    if answer.status_code != 200:
        return False
    (article,) = microdata.get_items(answer.content)
    assert str(article.itemtype[0]) == "https://schema.org/NewsArticle"
    assert article.headline == TITLE
    assert article.author.name == "Invented Coalition Office"
    return 'property="og:title" content="A heading under embargo"' in answer.content.decode()


def in_media(news: News, slug: str) -> bool:
    answer = news(f"/news/{slug}/picture.png")
    assert answer.status_code != 200 or answer.content.startswith(PNG)
    return bool(answer.status_code == 200)


def in_paper_and_table(news: News, slug: str) -> bool:
    rows = list(csv.DictReader(io.StringIO(news("/news.csv").content.decode())))
    listed = TITLE in [row["heading"] for row in rows]
    answer = news(f"/news/{slug}/release.pdf")
    assert (answer.status_code == 200) == listed
    if listed:
        paper = pypdf.PdfReader(io.BytesIO(answer.content))
        assert TITLE in paper.pages[0].extract_text()
        assert paper.trailer["/Root"]["/MarkInfo"]["/Marked"]
    return listed


def in_conditional_get(news: News, slug: str) -> bool:
    """Whoever holds the page of before is told that it stands, and is given the new one when it does not."""
    etag = news("/news/").headers["ETag"]
    again = news("/news/", If_None_Match=etag)
    assert again.status_code == 304
    assert again.content == b""
    # An ETag of the page with the item answers 304 only when the item is there.
    return bool(news("/news/", If_None_Match=SEEN.get("with", "")).status_code == 304)


SEEN: dict[str, str] = {}
OUTLETS = (
    in_page,
    in_list,
    in_search,
    in_sitemap,
    in_atom,
    in_rss,
    in_json_feed,
    in_api,
    in_calendar,
    in_structured_data,
    in_media,
    in_paper_and_table,
    in_conditional_get,
)


@pytest.fixture
def news(db: None) -> News:
    client = SiteClient("newsroom")

    def get(path: str, **headers: str) -> Any:
        return client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return get


def test_an_embargoed_item_is_in_no_outlet_a_second_before_and_in_all_a_second_after(news: News) -> None:
    assert len(OUTLETS) == 13
    # The database has its own clock: a moment that has truly passed, and a reader who stands before it.
    moment = timezone.now() - dt.timedelta(hours=1)
    with time_machine.travel(moment - dt.timedelta(hours=2), tick=False):
        item = released(title=TITLE, public_at=moment)
    with time_machine.travel(moment + SECOND, tick=False):
        SEEN["with"] = news("/news/").headers["ETag"]
    with time_machine.travel(moment - SECOND, tick=False):
        assert [outlet.__name__ for outlet in OUTLETS if outlet(news, item.slug)] == []
        absent = news("/news/2026-01-01-never-given/")
        hidden = news(f"/news/{item.slug}/")
        assert (hidden.status_code, hidden.content) == (absent.status_code, absent.content)
        assert hidden.headers.items() == absent.headers.items()
    with time_machine.travel(moment + SECOND, tick=False):
        assert [outlet.__name__ for outlet in OUTLETS if not outlet(news, item.slug)] == []


def test_a_reader_with_a_wrong_clock_is_stopped_by_the_database(news: News) -> None:
    """Every filter of ours believes that the moment has come. The row security asks its own clock."""
    item = released(title=TITLE, public_at=timezone.now() + dt.timedelta(hours=1))
    with time_machine.travel(timezone.now() + dt.timedelta(days=1), tick=False):
        SEEN["with"] = ""
        assert [outlet.__name__ for outlet in OUTLETS if outlet(news, item.slug)] == []


def test_what_waits_for_its_second_person_is_nowhere(news: News) -> None:
    item = cleared(title=TITLE)
    SEEN["with"] = ""
    assert [outlet.__name__ for outlet in OUTLETS if outlet(news, item.slug)] == []


def test_a_release_is_public_while_its_held_back_part_is_not(news: News) -> None:
    """Placer 2018: the identities came later, from another agency. Here is only that, whose and when."""
    part = {
        "label": "Identities of those arrested",
        "responsible_agency": "Placer County District Attorney",
        "window": "the week of September 24, 2018",
    }
    item = released(title="Placer County’s operation", held_back=[part])
    page = news(f"/news/{item.slug}/").content.decode()
    for words in part.values():
        assert words in page
    assert "It is not stored here" in page
    columns = {field.name for field in PressItem.held_back.rel.related_model._meta.concrete_fields}  # type: ignore[attr-defined]
    assert columns == {"id", "item", *part}


def test_partners_stand_in_the_order_of_the_alphabet_in_every_outlet(news: News) -> None:
    names = ["zebra Invented House", "Apple Invented Clinic", "Maple Invented Court"]
    partners = tuple(AgencyFactory(name=name) for name in names)
    item = cleared(partners=partners)
    for partner in partners:
        officer = UserFactory(role=Role.OFFICER.value, agency=partner)
        with acting(officer):
            press.answer_check(check=item.checks.get(agency=partner), agrees=True, note="", by=officer)
    other = UserFactory(role=Role.COORDINATOR.value)
    with acting(other):
        press.release_item(item=item, public_at=None, by=other)
    listed = json.loads(news(f"/api/news/{item.slug}/").content)["partners"]
    assert listed == ["Apple Invented Clinic", "Invented Coalition Office", "Maple Invented Court", "zebra Invented House"]
    page = news(f"/news/{item.slug}/").content.decode()
    assert page.index("Apple") < page.index("Maple") < page.index("zebra")


def test_words_that_were_typed_are_never_run(news: News) -> None:
    words = '=HYPERLINK("x") #panic() <script>alert(1)</script> ]] & \\ "'
    item = released(title=words, summary=words, body=words)
    row = next(csv.DictReader(io.StringIO(news("/news.csv").content.decode())))
    assert row["heading"].startswith("'=")
    page = news(f"/news/{item.slug}/").content.decode()
    assert "<script>alert" not in page
    paper = pypdf.PdfReader(io.BytesIO(news(f"/news/{item.slug}/release.pdf").content))
    assert "#panic()" in paper.pages[0].extract_text()
    assert news(f"/news/{item.slug}/picture.png").content.startswith(PNG)
    for path in ("/feed.atom", "/feed.rss"):
        assert feedparser.parse(news(path).content).entries[0].title.endswith('\\ "')


@pytest.mark.parametrize("page", ["0", "-1", "x", "1e9", "99999999999", "²", "2&page=1", ""])
def test_an_address_with_junk_shows_the_list(news: News, page: str) -> None:
    assert news(f"/news/?page={page}").status_code in {200, 404}


def test_a_list_has_pages_and_ends(news: News) -> None:
    assert news("/news/?page=2").status_code == 404
