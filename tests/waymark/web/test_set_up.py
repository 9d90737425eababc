"""First run of a real region: by the one who started it, with errors beside the fields, and nothing lost."""

from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from tests.factories.accounts import UserFactory
from tests.plugins.factors import set_up_app
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.coalition.formats import Center, NotUnderstood, read_centers
from waymark.coalition.models import PostalArea, Region
from waymark.coalition.policies import Refused, set_up_code
from waymark.directory.models import HelpLine, Need
from waymark.finder.content import offered_languages
from waymark.web import set_up
from waymark.web.forms import RegionForm

pytestmark = pytest.mark.django_db
PASSWORD = "willow lantern pebble orchard"
GAZETTEER = (
    "GEOID\tALAND\tAWATER\tINTPTLAT\tINTPTLONG\n95814\t1\t0\t38.580461\t-121.493948   \n95811\t1\t0\t38.5825\t-121.4836\n"
)


@pytest.fixture
def browser() -> Client:
    client = SiteClient("staff")
    client.handler.enforce_csrf_checks = False
    return client


def person(**changes: str) -> dict[str, str]:
    return {
        "code": set_up_code(),
        "agency_name": "Example Coalition Office",
        "agency_kind": "other_non_profit",
        "email": "First@Coalition.example",
        "display_name": "First Coordinator",
        "password": PASSWORD,
        **changes,
    }


def region(**changes: Any) -> dict[str, Any]:
    return {
        "name": "Example County",
        "counties": "Example\nOther",
        "zips": "95814,38.58,-121.49\n95811 38.5825 -121.4836",
        "time_zone": "America/Los_Angeles",
        "languages": ["en", "es"],
        "app_name_en": "Community help",
        "app_name_es": "Ayuda comunitaria",
        "exit_url": "https://weather.example.org/",
        "exit_name_en": "a weather page",
        "exit_name_es": "una página del clima",
        "host_name": "Example Community Network",
        "lines": ["911", "988", "national"],
        **changes,
    }


@pytest.fixture
def coordinator(browser: Client) -> User:
    browser.post("/region/set-up/", person())
    set_up_app(browser)
    return User.objects.get()


def test_the_staff_site_leads_to_the_set_up(browser: Client) -> None:
    response = browser.get("/", follow=True)
    assert [address for address, _ in response.redirect_chain][-1] == "/region/set-up/"
    assert "Set-up code" in response.content.decode()


def test_the_first_coordinator_is_made_and_signed_in(browser: Client) -> None:
    response = browser.post("/region/set-up/", person())
    assert response.status_code == 302
    assert browser.get(response["Location"])["Location"] == "/sign-in/set-up/"
    assert browser.get("/region/settings/")["Location"].startswith("/sign-in/"), "a second factor comes first"
    set_up_app(browser)
    assert 'href="/region/settings/">I have kept them' in browser.get("/my/sign-in/codes/").content.decode()
    user = User.objects.get()
    assert user.email == "first@coalition.example"
    assert {place.role for place in user.memberships.all()} == {Role.COORDINATOR, Role.ADMINISTRATOR}
    office = user.memberships.first().agency
    assert (office.name, office.is_host) == ("Example Coalition Office", True)
    assert user.check_password(PASSWORD)
    assert 'href="/region/settings/">Set up your region' in browser.get("/").content.decode()


def test_the_code_may_be_typed_in_capitals_without_hyphens(browser: Client) -> None:
    assert browser.post("/region/set-up/", person(code=set_up_code().upper().replace("-", " "))).status_code == 302


@pytest.mark.parametrize("code", ["", "abcd-efgh-ijkl-mnop", "-"])
def test_without_the_code_nobody_sets_up_anything(browser: Client, code: str) -> None:
    response = browser.post("/region/set-up/", person(code=code))
    assert response.status_code == 422
    assert not User.objects.exists()
    assert "First Coordinator" in response.content.decode()


def test_a_weak_password_is_told_beside_its_field_and_the_rest_stays(browser: Client) -> None:
    response = browser.post("/region/set-up/", person(password="tinyword"))
    text = response.content.decode()
    assert response.status_code == 422
    assert "at least 12 characters" in text
    assert 'value="First@Coalition.example"' in text
    assert "tinyword" not in text


@pytest.mark.usefixtures("coordinator")
def test_the_code_works_once(browser: Client) -> None:
    stranger = Client(headers={"host": "staff.localhost"})
    assert stranger.get("/region/set-up/").status_code == 404
    assert stranger.post("/region/set-up/", person(email="second@coalition.example")).status_code == 404
    assert User.objects.count() == 1
    with pytest.raises(set_up.NotFirst):
        set_up.create_first_coordinator(**person(email="third@coalition.example"))


def test_the_launcher_reads_the_code_until_there_is_a_coordinator(browser: Client) -> None:
    out = StringIO()
    call_command("print_set_up_code", stdout=out)
    assert out.getvalue().strip() == set_up_code()
    browser.post("/region/set-up/", person())
    out = StringIO()
    call_command("print_set_up_code", stdout=out)
    assert out.getvalue() == ""


@pytest.mark.usefixtures("coordinator")
def test_the_region_is_set_up(browser: Client) -> None:
    response = browser.post("/region/settings/", region())
    assert response.status_code == 302
    made = Region.objects.get()
    assert made.name == "Example County"
    assert made.counties == ["Example", "Other"]
    assert made.is_demo is False
    assert made.app_name == {"en": "Community help", "es": "Ayuda comunitaria"}
    assert list(PostalArea.objects.order_by("code").values_list("code", flat=True)) == ["95811", "95814"]
    assert Need.objects.count() > 45
    assert set(HelpLine.objects.filter(state="shown").values_list("slug", flat=True)) == {"911", "988", "national"}
    assert HelpLine.objects.filter(state="taken_down", taken_down_reason=set_up.LEFT_OUT).exists()
    finder = Client().get("/es/")
    assert "Ayuda comunitaria" in finder.content.decode()
    assert "Practice copy" not in finder.content.decode()


@pytest.mark.usefixtures("coordinator")
@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Fill in “"),
        ("counties", " , ", "Name at least one county."),
        ("zips", "", "Give at least one ZIP with its center"),
        ("zips", "9581,38.58,-121.49", "is not a ZIP of 5 digits"),
        ("zips", "95814,-121.49,38.58", "Latitude comes first"),
        ("zips", "95814,north,west", "is not a latitude and a longitude"),
        ("zips", "95814", "three values are needed"),
        ("zips", "95814,nan,-121", "is not in the United States"),
        ("app_name_en", "Trafficking help", "would tell whoever looks at the phone"),
        ("app_name_es", "Ayuda a víctimas", "would tell whoever looks at the phone"),
        ("exit_url", "http://weather.example.org/", "must begin with https://"),
        ("exit_url", "https://localhost/", "This is our own site."),
        ("exit_url", "weather", "Enter a valid URL"),
        ("time_zone", "Mars/Olympus", "Choose one of the answers to"),
        ("languages", ["hmn"], "Choose one of the answers to"),
        ("lines", ["made-up"], "Choose one of the answers to"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field_and_nothing_is_lost(
    browser: Client, field: str, value: Any, told: str
) -> None:
    response = browser.post("/region/settings/", region(**{field: value, "host_name": "Kept as typed"}))
    text = response.content.decode()
    assert response.status_code == 422
    assert told in text
    assert f'id="id_{field}_error"' in text
    assert "Kept as typed" in text
    assert not Region.objects.exists()


@pytest.mark.usefixtures("coordinator")
def test_a_file_is_read_and_its_lines_survive_another_error(browser: Client) -> None:
    upload = SimpleUploadedFile("gazetteer.txt", GAZETTEER.encode(), content_type="text/plain")
    response = browser.post("/region/settings/", region(zips="", zip_file=upload, name=""))
    assert response.status_code == 422
    assert "95814,38.5805,-121.494" in response.content.decode()
    upload = SimpleUploadedFile("gazetteer.txt", GAZETTEER.encode(), content_type="text/plain")
    assert browser.post("/region/settings/", region(zips="", zip_file=upload)).status_code == 302
    assert PostalArea.objects.get(code="95814").latitude == pytest.approx(38.5805)


@pytest.mark.usefixtures("coordinator")
def test_a_file_that_is_no_list_is_refused(browser: Client) -> None:
    upload = SimpleUploadedFile("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", content_type="image/png")
    response = browser.post("/region/settings/", region(zips="", zip_file=upload))
    assert response.status_code == 422
    assert 'id="id_zip_file_error"' in response.content.decode() or 'id="id_zips_error"' in response.content.decode()


@pytest.mark.usefixtures("coordinator")
def test_the_settings_can_be_changed_later_and_lines_are_left_to_their_own_screen(browser: Client) -> None:
    browser.post("/region/settings/", region())
    page = browser.get("/region/settings/").content.decode()
    assert "Example County" in page
    assert "95811,38.5825,-121.484" in page
    assert "National help lines" not in page
    changed = region(name="Renamed County", zips="95811,38.5825,-121.484")
    del changed["lines"]
    assert browser.post("/region/settings/", changed).status_code == 302
    assert Region.objects.get().name == "Renamed County"
    assert list(PostalArea.objects.values_list("code", flat=True)) == ["95811"]
    assert HelpLine.objects.filter(state="shown").count() == 3


def test_only_a_coordinator_opens_the_settings(browser: Client) -> None:
    steward = UserFactory(role=Role.STEWARD)
    UserFactory(role=Role.COORDINATOR)
    assert browser.get("/region/settings/")["Location"].startswith("/sign-in/")
    browser.force_login(steward)
    assert browser.get("/region/settings/").status_code in {403, 404}
    assert browser.post("/region/settings/", region()).status_code in {403, 404}
    with pytest.raises(Refused):
        set_up.set_up(values={}, centers=[], source="x", lines=set(), by=steward)
    assert not Region.objects.exists()


@pytest.mark.parametrize(
    "text",
    [
        "95814,38.58,-121.49",
        "95814;38.58;-121.49\n\n",
        "\ufeff95814\t38.58\t-121.49",
        "zip,lat,long\n95814, 38.58, -121.49",
        "95814,38.58,-121.49\n95814,38.58,-121.49",
    ],
)
def test_lines_are_read_as_people_have_them(text: str) -> None:
    assert read_centers(text) == [Center("95814", 38.58, -121.49)]


def test_every_wrong_line_is_named() -> None:
    with pytest.raises(NotUnderstood) as caught:
        read_centers("95814,38.58,-121.49\nx\n95811,1,1,1\n95811,2,2")
    assert [text[:6] for text in caught.value.troubles] == ["Line 2", "Line 4"]


def test_a_whole_country_is_too_much() -> None:
    with pytest.raises(NotUnderstood, match="Keep the ZIPs of your region"):
        read_centers("95814,38.58,-121.49\n" * 6000)


def test_only_complete_languages_can_be_chosen() -> None:
    form = RegionForm(region=None, centers=[])
    assert {code for code, _ in form.fields["languages"].choices} == {each.code for each in offered_languages()}  # type: ignore[attr-defined]
