"""Help pages, cards and paper: in every language, with law held back, with lines filled from data, neutral addresses."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import time_machine
from django.test import Client

from waymark.coalition.models import Region
from waymark.directory.actions.reference_data import load_help_lines
from waymark.directory.models import HelpLine, HelpLineChannel
from waymark.finder.content.pages import HELP_PAGES, SECTOR_CARDS, LawLine
from waymark.finder.selectors.recordings import has_recordings, recording_of

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def region() -> Region:
    load_help_lines()
    return Region.objects.create(pk=1, name="Example County", languages=["en", "es", "ar"], is_demo=False)


@pytest.fixture
def legal_aid(region: Region) -> HelpLine:
    line = HelpLine.objects.create(
        slug="legal-aid",
        name={"en": "Example legal aid"},
        scope="local",
        operator="Example",
        source="Invented",
        verified_on=TODAY,
        verified_by="Invented",
        review_on=dt.date(2030, 1, 1),
        state="shown",
    )
    HelpLineChannel.objects.create(help_line=line, kind="call", value="(555) 555-0199")
    return line


def read(path: str) -> str:
    response = Client().get(path)
    assert response.status_code == 200
    assert not response.cookies
    return response.content.decode()


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("code", ["en", "es", "ar"])
def test_every_page_and_card_opens(code: str) -> None:
    index = read(f"/{code}/read/")
    for number in range(1, len(HELP_PAGES) + 1):
        assert f'href="/{code}/read/{number}/"' in index
        assert "<h1>" in read(f"/{code}/read/{number}/")
    for number in range(1, len(SECTOR_CARDS) + 1):
        assert f'href="/{code}/cards/{number}/"' in index
        assert "<h1>" in read(f"/{code}/cards/{number}/")


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize("path", ["/en/read/0/", "/en/read/99/", "/en/cards/0/", "/en/cards/8/", "/xx/read/1/"])
def test_a_page_that_is_not_there(path: str) -> None:
    assert Client().get(path).status_code == 404


@pytest.mark.usefixtures("region")
def test_every_page_ends_with_the_date_and_no_legal_advice() -> None:
    assert "This is not legal advice. Checked on Nov. 22, 2026." in read("/en/read/10/")
    assert "Esto no es un consejo legal." in read("/es/read/10/")


@pytest.mark.usefixtures("region")
def test_a_translation_says_that_no_speaker_checked_it() -> None:
    assert "Un hablante aún no lo ha revisado." in read("/es/read/1/")
    assert "Not yet checked by a speaker" not in read("/en/read/1/")


def test_law_that_no_lawyer_checked_is_held_back(legal_aid: HelpLine) -> None:
    page = read("/en/read/10/")
    assert "$10,000" not in page
    assert "Ask a lawyer: Example legal aid, (555) 555-0199." in page


@pytest.mark.usefixtures("region")
def test_without_a_legal_aid_line_the_reader_is_still_sent_to_a_lawyer() -> None:
    page = read("/en/read/10/")
    assert "$10,000" not in page
    assert "Ask a lawyer." in page


def test_the_demo_shows_law_as_a_marked_sample(region: Region) -> None:
    Region.objects.update(is_demo=True)
    page = read("/en/read/10/")
    assert "$10,000" in page
    assert "Practice copy only: no lawyer has checked this." in page
    assert "Government Code 13950" in page


@pytest.mark.parametrize(
    ("day", "is_shown"),
    [
        (dt.date(2026, 11, 30), False),
        (dt.date(2026, 12, 1), True),
        (dt.date(2027, 6, 1), True),
        (dt.date(2027, 6, 2), False),
    ],
)
def test_a_statement_of_law_lives_between_its_check_and_the_next(day: dt.date, is_shown: bool) -> None:
    law = LawLine("x", "x", "Code 1", TODAY, "Example law office", dt.date(2026, 12, 1), dt.date(2027, 6, 1))
    assert law.is_in_force(on=day) is is_shown


def test_a_statement_of_law_that_nobody_signed_is_never_in_force() -> None:
    assert not LawLine("x", "x", "Code 1", TODAY, "", TODAY, dt.date(2030, 1, 1)).is_in_force(on=TODAY)


@pytest.mark.usefixtures("region")
def test_numbers_come_from_data_and_go_with_it() -> None:
    assert "1-888-373-7888" in read("/en/read/3/")
    HelpLine.objects.filter(slug="national").update(state="taken_down")
    assert "1-888-373-7888" not in read("/en/read/3/")


@pytest.mark.usefixtures("region")
def test_an_old_number_stays_with_its_date() -> None:
    with time_machine.travel("2028-01-01T12:00:00-08:00", tick=False):
        assert "Last checked on Dec. 19, 2025" in read("/en/read/3/")


@pytest.mark.usefixtures("region")
def test_the_poster_hangs_in_three_languages_and_does_not_say_it_is_the_notice_of_the_law() -> None:
    page = read("/es/paper/")
    for words in ("Free help near you", "Ayuda gratis cerca de usted", "您附近的免费帮助"):
        assert words in page
    assert page.count("This does not replace the notice required by law.") == 9
    assert "1-888-373-7888" in page
    main = page[page.index('class="poster"') :]
    assert "traffick" not in main.lower()
    assert '<a href="https://oag' not in page


@pytest.mark.usefixtures("region")
def test_the_first_page_leads_to_the_pages_that_need_no_search() -> None:
    page = read("/en/")
    assert "I am worried about someone" in page
    assert 'href="/en/read/5/"' in page


def test_a_number_keeps_its_direction_in_a_right_to_left_page(legal_aid: HelpLine) -> None:
    assert "\u2068(555) 555-0199\u2069" in read("/ar/read/10/")
    assert "\u2068" not in read("/en/read/10/")


@pytest.mark.usefixtures("region")
@pytest.mark.parametrize(
    ("slug", "is_for_youth", "page", "is_there"),
    [
        ("example-legal-help", False, 9, True),
        ("north-county-wages-line", False, 6, True),
        ("safe-nest", False, 2, True),
        ("teen-nest", True, 5, True),
        ("teen-nest", True, 2, False),
    ],
)
def test_a_region_names_its_lines_as_it_likes(slug: str, is_for_youth: bool, page: int, is_there: bool) -> None:
    line = HelpLine.objects.create(
        slug=slug,
        name={"en": "A line by another name"},
        scope="local",
        operator="Example",
        source="Invented",
        verified_on=TODAY,
        verified_by="Invented",
        review_on=dt.date(2030, 1, 1),
        state="shown",
        for_under_18=is_for_youth,
    )
    HelpLineChannel.objects.create(help_line=line, kind="call", value="(555) 555-0198")
    assert ("A line by another name" in read(f"/en/read/{page}/")) is is_there


@pytest.mark.usefixtures("region")
def test_cards_say_a_language_in_english() -> None:
    page = read("/ar/speak/")
    assert "I speak Hmong. Please call an interpreter." in page
    assert "I speak English" not in page
    assert 'href="/ar/speak/"' in read("/ar/read/14/")


def test_a_recording_shows_only_when_someone_recorded_it(tmp_path: Path) -> None:
    assert recording_of("signs", "es", folder=tmp_path) == ""
    assert not has_recordings("es", folder=tmp_path)
    (tmp_path / "es").mkdir()
    (tmp_path / "es" / "signs.mp3").write_bytes(b"sound")
    assert recording_of("signs", "es", folder=tmp_path) == "finder/recordings/es/signs.mp3"
    assert recording_of("signs", "en", folder=tmp_path) == ""
    assert recording_of("../signs", "es", folder=tmp_path) == ""
    assert has_recordings("es", folder=tmp_path)


@pytest.mark.usefixtures("region")
def test_nothing_offers_to_listen_while_nothing_is_recorded() -> None:
    assert "<audio" not in read("/en/read/1/")
    assert ">Listen<" not in read("/en/")
