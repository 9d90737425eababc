"""Lists, one service and reports as a phone without script meets them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from tests.factories.directory import (
    AddressFactory,
    LanguageFactory,
    LocationFactory,
    PhoneFactory,
    ScheduleFactory,
    ServiceAtLocationFactory,
    ServiceFactory,
)
from time_machine import travel

from waymark.coalition.models import PostalArea
from waymark.directory.models import ListingReport, Need, ServiceAlert, Translation, Verification
from waymark.directory.selectors.epoch import publication_epoch
from waymark.finder import actions
from waymark.finder.selectors.needs import key_of
from waymark.finder.selectors.snapshot import snapshot_content

pytestmark = pytest.mark.django_db
MONDAY_TEN = dt.datetime(2026, 11, 23, 18, tzinfo=dt.UTC)


def show(path: str, code: str = "en") -> str:
    answer = Client().get(f"/{code}/{path}")
    assert answer.status_code == 200
    return answer.content.decode()


def ask(**said: Any) -> str:
    answer = Client().post("/en/list/", said, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 200
    return answer.content.decode()


def names(page: str) -> list[str]:
    rows = page.split('class="row"')[1:]
    return [row.split("<strong")[1].split(">")[1].split("<")[0] for row in rows]


@pytest.fixture
def need() -> Need:
    return Need.objects.create(
        slug="food", group="food", sentence={"en": "I am hungry", "es": "Tengo hambre"}, words={"en": ["soup", "hungry"]}
    )


@travel(MONDAY_TEN, tick=False)
def test_a_need_s_address_tells_nothing_and_lists_its_services(need: Need) -> None:
    ServiceFactory(name="Soup kitchen").needs.add(need)
    ServiceFactory(name="Lawyer")
    address = f"find/{key_of('food')}/"
    assert "food" not in address
    page = show(address)
    assert names(page) == ["Soup kitchen"]
    assert "Hours not known. Call first." in page
    assert Client().get("/en/find/zzzzzz/").status_code == 404


@travel(MONDAY_TEN, tick=False)
def test_open_now_leaves_out_closed_paused_and_unknown() -> None:
    hours: dict[str, Any] = {"freq": "WEEKLY", "byday": "MO", "opens_at": dt.time(9)}
    ScheduleFactory(service=ServiceFactory(name="Open"), closes_at=dt.time(17), **hours)
    ScheduleFactory(service=ServiceFactory(name="Shut"), closes_at=dt.time(9, 30), **hours)
    ScheduleFactory(service=ServiceFactory(name="Paused", status="temporarily closed"), closes_at=dt.time(17), **hours)
    ServiceFactory(name="Unknown")
    assert names(ask(open="1")) == ["Open"]
    assert names(ask()) == ["Open", "Paused", "Shut", "Unknown"]


def test_not_known_is_never_a_promise_about_police() -> None:
    for contact in ("never_unless_law", "with_consent", "works_with_police", "unknown"):
        ServiceFactory(name=contact, police_contact=contact)
    assert names(ask(no_police="1")) == ["never_unless_law"]


def test_language_or_an_interpreter() -> None:
    LanguageFactory(service=ServiceFactory(name="Speaks"), code="vi", name="Vietnamese")
    ServiceFactory(name="Interprets", interpretation_services="By phone")
    ServiceFactory(name="Neither")
    assert names(ask(language="vi")) == ["Interprets", "Speaks"]


@pytest.mark.parametrize(
    ("age", "found"),
    [
        ("under_18", ["Anyone", "Youth"]),
        ("18_24", ["Anyone", "Grown", "Youth"]),
        ("60", ["Anyone", "Grown", "Old"]),
        ("nonsense", ["Anyone", "Grown", "Old", "Youth"]),
    ],
)
def test_age(age: str, found: list[str]) -> None:
    ServiceFactory(name="Youth", minimum_age=12, maximum_age=24)
    ServiceFactory(name="Grown", minimum_age=18)
    ServiceFactory(name="Old", minimum_age=60)
    ServiceFactory(name="Anyone")
    assert names(ask(age=age)) == found


def test_near_a_zip_in_bands_with_area_services_among_the_near() -> None:
    PostalArea.objects.create(code="98701", latitude=40.5, longitude=-126.2, source="test")
    for name, latitude in (("Far", 40.9), ("Near", 40.505), ("Middle", 40.53)):
        place = LocationFactory(latitude=latitude, longitude=-126.2)
        AddressFactory(location=place)
        ServiceAtLocationFactory(service=ServiceFactory(name=name), location=place)
    ServiceFactory(name="By phone")
    page = ask(zip="98701")
    assert names(page) == ["Near", "Middle", "By phone", "Far"]
    assert page.index("Less than 1 mile away") < page.index("1 to 3 miles away") < page.index("More than 10 miles away")
    assert "27." not in page


@pytest.mark.parametrize("said", ["9870", "abcde", "98701-12", "٩٨٧٠١x", "<b>"])
def test_a_wrong_zip_is_told_beside_the_field_and_stays_in_it(said: str) -> None:
    page = ask(zip=said)
    assert "Enter the ZIP as 5 digits, like 95814." in page
    assert 'aria-invalid="true"' in page
    assert "<b>" not in page


def test_an_unknown_zip_is_told() -> None:
    assert "We do not know this ZIP code." in ask(zip="10001")


def test_what_was_typed_comes_back_in_no_title_and_no_address(need: Need) -> None:
    ServiceFactory(name="Soup kitchen").needs.add(need)
    page = ask(words="hungry zebra")
    assert names(page) == ["Soup kitchen"]
    assert "zebra" not in page.split("</title>")[0]
    assert 'href="' in page
    assert all("zebra" not in part.split('"')[0] for part in page.split('href="')[1:])
    assert Client().get("/en/list/?words=zebra").status_code == 302


def test_strange_words_and_pages_do_no_harm() -> None:
    for said in ({"words": "\x00'; --"}, {"words": "x" * 9000}, {"page": "-1"}, {"page": "9" * 40}, {"need": "no-such"}):
        assert "Nothing" in ask(**said) or names(ask(**said)) == []


def test_the_list_is_cut_into_pages() -> None:
    for number in range(23):
        ServiceFactory(name=f"Service {number:02}")
    assert len(names(ask())) == 20
    assert names(ask(page="2")) == ["Service 20", "Service 21", "Service 22"]
    assert names(ask(page="7")) == ["Service 20", "Service 21", "Service 22"]


def test_a_form_from_another_site_is_refused() -> None:
    service = ServiceFactory()
    for path in ("/en/list/", f"/en/s/{service.pk}/wrong/", "/remove/"):
        assert Client().post(path, {}, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert ListingReport.objects.count() == 0


@travel(MONDAY_TEN, tick=False)
def test_a_service_s_page_says_the_phone_first_and_all_a_person_asks() -> None:
    service = ServiceFactory(
        name="Night shelter",
        eligibility_description="Anyone who needs a bed.",
        fees_description="Free",
        police_contact="with_consent",
        minimum_age=18,
    )
    PhoneFactory(service=service, number="(555) 555-0123", extension=7)
    PhoneFactory(service=service, number="(555) 555-0124", type="text")
    Verification.objects.create(entity="service", entity_id=service.pk, source="call", verified_on=dt.date(2026, 11, 1))
    page = show(f"s/{service.pk}/")
    assert 'href="tel:5555550123,,7"' in page
    assert 'href="sms:5555550124"' in page
    assert page.index("tel:") < page.index("18 and older")
    for said in ("Anyone who needs a bed.", "Tells police only if you agree.", "Checked on Nov. 1, 2026"):
        assert said in page
    assert "<title>Community help</title>" in page


@travel(MONDAY_TEN, tick=False)
def test_an_old_check_says_so_and_no_check_too() -> None:
    service = ServiceFactory()
    assert "Not yet checked" in show(f"s/{service.pk}/")
    Verification.objects.create(entity="service", entity_id=service.pk, source="call", verified_on=dt.date(2026, 1, 1))
    assert "Last checked on Jan. 1, 2026. Call before you go." in show(f"s/{service.pk}/")


@travel(MONDAY_TEN, tick=False)
def test_alerts_stand_for_their_days_only() -> None:
    service = ServiceFactory()
    for text, start, end in (("Full tonight", -1, 1), ("Long ago", -9, -8), ("Next week", 7, 8)):
        ServiceAlert.objects.create(
            service=service,
            text={"en": text},
            starts_at=MONDAY_TEN + dt.timedelta(start),
            ends_at=MONDAY_TEN + dt.timedelta(end),
        )
    page = show(f"s/{service.pk}/")
    assert "Full tonight" in page
    assert "Long ago" not in page
    assert "Next week" not in page


def test_a_translation_says_whether_it_is_checked_and_fresh() -> None:
    service = ServiceFactory(name="Shelter", description="A bed.")
    assert "Este texto está solo en inglés por ahora." in show(f"s/{service.pk}/", "es")
    for field, text in (("name", "Albergue"), ("description", "Una cama.")):
        Translation.objects.create(
            entity="service", entity_id=service.pk, field_name=field, language="es", text=text, source_hash="old"
        )
    page = show(f"s/{service.pk}/", "es")
    assert "Albergue" in page
    assert "Un hablante aún no lo ha revisado." in page
    assert "El texto en inglés es más nuevo que este." in page


def test_reports_label_and_sort_last_and_never_hide() -> None:
    service = ServiceFactory(name="Soup kitchen")
    other = ServiceFactory(name="Zebra house")
    for _ in range(3):
        answer = Client().post(
            f"/en/s/{service.pk}/wrong/", {"reason": "closed"}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert "Thank you." in answer.content.decode()
    assert names(show("find/all/")) == ["Zebra house", "Soup kitchen"]
    assert "A visitor said: It is closed. We are checking." in show(f"s/{service.pk}/")
    assert "A visitor said" not in show(f"s/{other.pk}/")
    stored = ListingReport.objects.values().first()
    assert stored is not None
    assert set(stored) == {"id", "service_id", "reason", "reported_on", "resolved_on", "resolved_by_id"}


def test_a_report_is_one_of_the_reasons_or_nothing() -> None:
    service = ServiceFactory()
    for said in ({}, {"reason": "because"}, {"reason": "closed; DROP"}):
        Client().post(f"/en/s/{service.pk}/wrong/", said, headers={"Sec-Fetch-Site": "same-origin"})
    assert ListingReport.objects.count() == 0


def test_too_many_reports_in_a_day_are_not_stored(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_FOR_ONE", 2)
    service = ServiceFactory()
    statuses = [
        Client()
        .post(f"/en/s/{service.pk}/wrong/", {"reason": "closed"}, headers={"Sec-Fetch-Site": "same-origin"})
        .status_code
        for _ in range(3)
    ]
    assert statuses == [200, 200, 429]
    assert ListingReport.objects.count() == 2


def test_a_card_shows_the_number_and_nothing_else() -> None:
    service = ServiceFactory(name="Night shelter")
    assert Client().get(f"/en/s/{service.pk}/card/").status_code == 404
    PhoneFactory(service=service, number="(555) 555-0123")
    page = show(f"s/{service.pk}/card/")
    assert page.count("(555) 555-0123") == 24
    assert "Night shelter" not in page


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "ftp://example.org/"])
def test_only_a_web_page_becomes_a_link(address: str) -> None:
    service = ServiceFactory(url=address)
    assert address not in show(f"s/{service.pk}/")
    publication_epoch()
    assert address not in str(snapshot_content(MONDAY_TEN, "en"))


def test_what_an_agency_wrote_is_text_and_never_markup() -> None:
    service = ServiceFactory(name="<script>alert(1)</script>", description="<img src=x onerror=alert(1)>")
    for page in (show(f"s/{service.pk}/"), show("find/all/")):
        assert "<script>alert" not in page
        assert "<img src=x" not in page


def test_gone_services_have_no_page() -> None:
    service = ServiceFactory(status="defunct")
    assert Client().get(f"/en/s/{service.pk}/").status_code == 404
    assert Client().get(f"/en/s/{service.pk}/wrong/").status_code == 404
