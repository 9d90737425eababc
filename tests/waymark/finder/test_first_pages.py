"""The first page, danger, the message: the words of the content page, dated lines, one way out."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from time_machine import travel

from waymark.coalition.models import Region, RegionNotice
from waymark.directory.models import HelpLine, HelpLineChannel
from waymark.finder.content import strings

pytestmark = pytest.mark.django_db
TODAY = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)
MESSAGE = "I am not safe. Please call 911 on your phone. Do not tell the person with me."


def line(slug: str, **values: Any) -> HelpLine:
    made = HelpLine.objects.create(
        slug=slug,
        **{
            "name": {"en": f"Line {slug}"},
            "scope": "national",
            "operator": "An invented operator",
            "source": "Its own page",
            "verified_on": dt.date(2026, 11, 1),
            "verified_by": "A steward",
            "review_on": dt.date(2026, 12, 1),
            "state": "shown",
            **values,
        },
    )
    HelpLineChannel.objects.create(help_line=made, kind="call", value="555-0100", is_always_open=True)
    return made


def show(path: str, **headers: str) -> str:
    answer = Client().get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture(autouse=True)
def region() -> Region:
    return Region.objects.create(
        name="Testland",
        languages=["en", "es", "ar"],
        exit_url="https://weather.example.org/",
        exit_name={"en": "a weather page"},
    )


def test_the_first_page_has_the_words_of_the_content_page() -> None:
    page = show("/en/")
    for key in ("heading", "intro", "danger_title", "danger_text", "search_title", "search_text", "trace", "leave"):
        assert strings("en")[f"door.{key}"] in page
    assert "Opens a weather page. On a keyboard, press Shift 3 times." in page
    assert "traffick" not in page.lower()


def test_who_runs_the_page_is_said_only_when_it_was_checked(region: Region) -> None:
    Region.objects.update(host_name="Helping Hands")
    assert "Helping Hands" not in show("/en/")
    Region.objects.update(host_checked_on=dt.date(2026, 11, 1))
    assert "Helping Hands runs this page. Police do not run it" in show("/en/")


@pytest.mark.parametrize(
    ("asked", "lang"), [("es-MX,es;q=0.9", "es"), ("ar", "ar"), ("fr, es", "es"), ("fr", "en"), ("", "en"), (";;q=,", "en")]
)
def test_the_bare_address_speaks_the_browser_s_language(asked: str, lang: str) -> None:
    assert f'<html lang="{lang}"' in show("/", **{"Accept-Language": asked})


def test_a_language_that_the_region_does_not_offer_is_not_listed() -> None:
    Region.objects.update(languages=["es", "hmn"])
    page = show("/", **{"Accept-Language": "en"})
    assert '<html lang="es"' in page
    assert 'hreflang="ar"' not in page


@pytest.mark.parametrize("code", ["en", "es", "ar"])
def test_danger_says_everything_the_content_page_says(code: str) -> None:
    line("emergency", scope="emergency", is_police=True, order=0)
    other = line("national", order=1)
    HelpLineChannel.objects.create(help_line=other, kind="text", value="233733", order=1)
    HelpLineChannel.objects.create(help_line=other, kind="chat", value="https://chat.example.org/", order=2)
    line("despair", order=2)
    page = show(f"/{code}/now/").replace("&quot;", '"').replace("&#x27;", "'")
    hard = ("heading", "call", "call_hint", "text", "text_fails", "limit", "say")
    for key in (*hard, "not_alone", "despair", "trace", "chat"):
        assert strings(code)[f"danger.{key}"] in page, key
    assert "233733" in page


@pytest.mark.parametrize("code", ["en", "es", "ar"])
def test_the_message_to_show_is_english_first_in_every_language(code: str) -> None:
    page = show(f"/{code}/now/show/")
    assert f'<h1 lang="en" dir="ltr">{MESSAGE}</h1>' in page
    assert strings(code)["danger.message"] in page


def test_danger_still_helps_when_there_is_no_line_at_all() -> None:
    page = show("/en/now/")
    assert 'href="tel:911"' in page
    assert "Do not want the police?" not in page


@travel(TODAY, tick=False)
def test_a_line_past_its_review_stays_with_its_date_and_one_taken_down_is_gone() -> None:
    line("old", review_on=dt.date(2026, 11, 2))
    line("gone", state="taken_down")
    line("waiting", state="proposed")
    page = show("/en/lines/")
    assert "Last checked on Nov. 1, 2026" in page
    assert "Line gone" not in page
    assert "Line waiting" not in page


def test_no_voice_only_line_stands_alone() -> None:
    """Without a text, the line is still named without an empty gap."""
    line("national")
    page = show("/en/now/")
    assert "call 555-0100. All day and night." in page
    assert "or text ." not in page


@travel(TODAY, tick=False)
def test_notices_stand_for_their_days_only() -> None:
    for title, start, end in (("Storm", -1, 1), ("Past", -9, -8), ("Coming", 8, 9)):
        RegionNotice.objects.create(
            title={"en": title}, starts_at=TODAY + dt.timedelta(start), ends_at=TODAY + dt.timedelta(end)
        )
    page = show("/en/find/")
    assert "Storm" in page
    assert "Past" not in page
    assert "Coming" not in page
    assert page.index("Storm") > page.index("<main")


def test_the_way_out_empties_the_cache_and_nothing_else() -> None:
    answer = Client().get("/out/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "https://weather.example.org/"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_removing_clears_storage_and_only_removing_does() -> None:
    assert "Clear-Site-Data" not in Client().get("/remove/").headers
    answer = Client().post("/remove/", headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_a_demo_says_so_on_every_page_and_a_real_region_never_does() -> None:
    paths = ("", "now/", "now/show/", "find/", "find/all/", "lines/", "languages/", "keep/")
    assert all("Practice copy." not in show(f"/en/{path}") for path in paths)
    Region.objects.update(is_demo=True)
    assert all("Practice copy." in show(f"/en/{path}") for path in paths)


def test_the_manifest_is_neutral() -> None:
    answer = Client().get("/es/app.webmanifest").json()
    assert answer["name"] == "Ayuda comunitaria"
    assert answer["start_url"] == "/es/"
