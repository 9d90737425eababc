"""Take part: small forms without a cookie, a desk that alone reads them, and requests that go by themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, the_office
from tests.factories.newsroom import RequestFactory
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind
from waymark.newsroom.actions import desk
from waymark.newsroom.models import PublicRequest
from waymark.newsroom.tasks import remove_old_requests

SPEAKER = {
    "name": "Kim Invented",
    "organization": "Invented School",
    "contact": "kim@example.org",
    "topic": "youth",
    "wanted_on": "May 3 2027",
    "audience": "40",
    "media_present": "on",
    "message": "Two classes of the ninth grade.",
}


def _send(path: str, data: dict[str, Any], **headers: str) -> Any:
    return SiteClient("newsroom").post(path, data, headers=headers)


def test_an_invitation_reaches_the_desk_and_sets_no_cookie(db: None) -> None:
    the_office()
    page = SiteClient("newsroom").get("/take-part/speaker/")
    assert "no list of survivors" in page.content.decode()
    answer = _send("/take-part/speaker/", SPEAKER)
    assert "It is with the office" in answer.content.decode()
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in page.content.decode()
    found = PublicRequest.objects.get()
    assert (found.kind, found.name, found.wanted_on, found.media_present) == (
        "speaker",
        "Kim Invented",
        dt.date(2027, 5, 3),
        True,
    )
    assert found.delete_on == timezone.localdate() + dt.timedelta(days=90)


@pytest.mark.parametrize(("path", "topic"), [("/take-part/volunteer/", "languages"), ("/take-part/prevention/", "school")])
def test_the_other_two_forms_reach_it_too(db: None, path: str, topic: str) -> None:
    answer = _send(path, {"name": "Kim Invented", "contact": "(916) 555-0142", "topic": topic})
    assert answer.status_code == 200
    assert PublicRequest.objects.get().topic == topic


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"contact": "ring me"}, "Enter a phone number"),
        ({"contact": "kim@"}, "Enter a phone number"),
        ({"name": ""}, "Fill in “"),
        ({"topic": "survivor"}, "Choose one of the answers to"),
        ({"wanted_on": "sometime"}, "Enter a day"),
        ({"audience": "-3"}, "takes a whole number from 1 to 100000"),
        ({"message": "x" * 601}, "and 600 fit"),
        ({"name": "x" * 121}, "and 120 fit"),
        ({"name": "a\x00b"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(
    db: None, wrong: dict[str, str], words: str
) -> None:
    answer = _send("/take-part/speaker/", {**SPEAKER, **wrong})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Two classes" in page or "message" in wrong
    assert not PublicRequest.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}, {"Origin": "null"}]
)
def test_another_site_cannot_send_for_its_visitors(db: None, headers: dict[str, str]) -> None:
    assert _send("/take-part/speaker/", SPEAKER, **headers).status_code == 403
    assert _send("/take-part/speaker/", {**SPEAKER, "message": "x" * 17_000}).status_code == 403
    assert not PublicRequest.objects.exists()


def test_a_day_has_a_share_and_what_was_typed_is_kept(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk, "MOST_A_DAY", 2)
    assert [_send("/take-part/speaker/", SPEAKER).status_code for _ in range(3)] == [200, 200, 429]
    answer = _send("/take-part/speaker/", SPEAKER)
    assert "Not sent." in answer.content.decode()
    assert "Two classes of the ninth grade." in answer.content.decode()
    with time_machine.travel(timezone.now() + dt.timedelta(days=1)):
        assert _send("/take-part/speaker/", SPEAKER).status_code == 200


def test_requests_go_after_their_last_day(db: None) -> None:
    today = timezone.localdate()
    RequestFactory(received_on=today - dt.timedelta(days=90), delete_on=today)
    kept = RequestFactory()
    remove_old_requests(timestamp=0)
    assert list(PublicRequest.objects.all()) == [kept]


def test_the_desk_answers_and_deletes(coordinator: SiteClient) -> None:
    found = RequestFactory(name="Kim Invented", message="A short word.")
    listed = coordinator.get("/newsroom/desk/?state=new&q=kim").content.decode()
    assert "Kim Invented" in listed
    page = coordinator.get(f"/newsroom/desk/{found.pk}/").content.decode()
    assert "Offer somebody of the staff" in page
    assert coordinator.send(f"/newsroom/desk/{found.pk}/answer/").status_code == 302
    found.refresh_from_db()
    assert (found.state, found.answered_by_id) == ("answered", coordinator.user.pk)
    assert coordinator.get(f"/newsroom/desk/{found.pk}/answer/").status_code == 404
    assert coordinator.send(f"/newsroom/desk/{found.pk}/delete/").status_code == 302
    assert not PublicRequest.objects.exists()


def test_the_desk_s_list_costs_the_same_however_long(
    coordinator: SiteClient, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    today = timezone.localdate()
    PublicRequest.objects.bulk_create(
        PublicRequest(
            kind="speaker",
            name=f"Invented {n}",
            contact="916-555-0142",
            received_on=today,
            delete_on=today + dt.timedelta(days=n % 90 + 1),
        )
        for n in range(5_000)
    )
    coordinator.get("/newsroom/desk/")
    with django_assert_max_num_queries(12):
        page = coordinator.get("/newsroom/desk/?q=invented&kind=speaker")
    assert "5000" in page.content.decode()


def test_members_stand_by_kind_in_the_order_of_the_alphabet_and_one_may_stay_off(
    staff_of: Callable[..., SiteClient],
) -> None:
    shelter = AgencyFactory(name="Zinnia House", kind=AgencyKind.VICTIM_SERVICES)
    AgencyFactory(name="aspen House", kind=AgencyKind.VICTIM_SERVICES)
    AgencyFactory(name="Closed House", kind=AgencyKind.VICTIM_SERVICES, state="closed")
    AgencyFactory(name="Invented Court", kind=AgencyKind.COURT)
    news = SiteClient("newsroom")
    page = news.get("/who-we-are/").content.decode()
    assert page.index("Court") < page.index("Victim services") < page.index("aspen House") < page.index("Zinnia House")
    assert "Closed House" not in page
    officer = staff_of(Role.OFFICER.value, agency=shelter, display_name="Ola Invented")
    assert officer.send("/newsroom/presence/", {"is_named": "no"}).status_code == 302
    page = news.get("/who-we-are/").content.decode()
    assert "Zinnia House" not in page
    assert "Ola Invented" not in page
    officer.send("/newsroom/presence/", {"is_named": "yes"})
    assert "Zinnia House" in news.get("/who-we-are/").content.decode()
