"""The staff's screens of the newsroom: who sees which item, lists that stay cheap, bad input that loses nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.newsroom import WORDS, a_draft, checking, cleared, released
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind
from waymark.audit.models import Event
from waymark.coalition.models import Region
from waymark.council.models import Council, CouncilReview, PaidTime, Seat
from waymark.newsroom.models import PressItem, PublishedFigure


def test_an_agency_s_draft_is_its_own_and_a_partner_sees_it_when_it_is_asked(staff_of: Callable[..., SiteClient]) -> None:
    own, partner, stranger = AgencyFactory(), AgencyFactory(), AgencyFactory()
    writer = UserFactory(role=Role.OFFICER.value, agency=own)
    draft = a_draft(writer, title="Invented draft", partners=(partner,))
    asked, _ = checking(writer, title="Invented question", partners=(partner,))
    clients = {
        name: staff_of(role, agency=agency)
        for name, role, agency in (
            ("own officer", Role.OFFICER.value, own),
            ("own member", Role.MEMBER.value, own),
            ("partner", Role.MEMBER.value, partner),
            ("stranger", Role.OFFICER.value, stranger),
        )
    }
    seen = {
        name: [client.get(f"/newsroom/items/{item.pk}/").status_code for item in (draft, asked)]
        for name, client in clients.items()
    }
    assert seen == {
        "own officer": [200, 200],
        "own member": [404, 200],
        "partner": [404, 200],
        "stranger": [404, 404],
    }


def test_the_list_costs_the_same_however_long(
    coordinator: SiteClient, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    by = coordinator.user
    with acting(by):
        PressItem.objects.bulk_create(
            PressItem(
                slug=f"invented-{n}",
                agency=by.acting.agency,
                written_by=by,
                written_at=timezone.now(),
                **WORDS,  # type: ignore[union-attr]
            )
            for n in range(5_000)
        )
    coordinator.get("/newsroom/items/")
    with django_assert_max_num_queries(12):
        page = coordinator.get("/newsroom/items/?q=invented&state=draft&page=3").content.decode()
    assert "Page 3 of 200" in page


def test_what_is_typed_wrong_is_said_and_kept(steward: SiteClient) -> None:
    data = {**WORDS, "title": "", "label_1": "Names", "speaker_phone": "ring", "body": "x" * 12_001, "partners": ["no"]}
    answer = steward.send("/newsroom/items/new/", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    told = ("Fill in “", "held-back part needs its label", "Enter the number", "has 12001 characters, and 12000 fit")
    for words in (*told, "Sam Invented"):
        assert words in page
    with acting(steward.user):
        assert not PressItem.objects.exists()


@pytest.mark.parametrize(
    ("when", "words"),
    [
        ({"day": "", "time": "9"}, "Enter the day."),
        ({"day": "May 3 2020", "time": "9"}, "This moment has passed."),
        ({"day": "someday", "time": "noonish"}, "Enter a day"),
    ],
)
def test_a_moment_that_cannot_be_is_refused(coordinator: SiteClient, when: dict[str, str], words: str) -> None:
    item = cleared()
    answer = coordinator.send(f"/newsroom/items/{item.pk}/release/", {"when": "later", **when})
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_a_moment_is_the_region_s_own_time_and_the_release_is_told(coordinator: SiteClient) -> None:
    Region.objects.create(pk=1, name="Invented", time_zone="America/New_York")
    item = cleared()
    year = timezone.localdate().year + 1
    sent = coordinator.send(
        f"/newsroom/items/{item.pk}/release/", {"when": "later", "day": f"July 4 {year}", "time": "9 am"}
    )
    assert sent.status_code == 302
    with acting(coordinator.user):
        item.refresh_from_db()
        assert item.public_at == dt.datetime(year, 7, 4, 13, tzinfo=dt.UTC)
        assert Event.objects.filter(verb="press_item.released", object_id=str(item.pk)).count() == 1
        assert "Scheduled" in coordinator.get(f"/newsroom/items/{item.pk}/").content.decode()
        # Before its moment it can still go back.
        assert coordinator.get(f"/newsroom/items/{item.pk}/take-back/").status_code == 200
    assert SiteClient("newsroom").get(f"/news/{item.slug}/").status_code == 404


def test_an_official_act_asks_for_a_fresh_proof(coordinator: SiteClient) -> None:
    item = cleared()
    session = coordinator.session
    session["proof"] = {**session["proof"], "proved_at": session["proof"]["proved_at"] - 7200}
    session.save()
    assert "Release it</button>" not in coordinator.get(f"/newsroom/items/{item.pk}/release/").content.decode()


def test_home_says_what_waits_and_what_comes(staff_of: Callable[..., SiteClient]) -> None:
    partner = AgencyFactory()
    checking(partners=(partner,), title="Invented question")
    released(title="Invented embargo", public_at=timezone.now() + dt.timedelta(days=2))
    member = staff_of(Role.MEMBER.value, agency=partner).get("/").content.decode()
    coordinator = staff_of(Role.COORDINATOR.value).get("/").content.decode()
    assert "Say whether your agency agrees: Invented question" in member
    assert "Invented embargo" not in member
    assert "Waits for a second person: Invented question" in coordinator
    assert "Becomes public: Invented embargo" in coordinator


def test_the_demo_has_something_to_show_and_a_real_region_does_not(db: None) -> None:
    with pytest.raises(CommandError, match="not the demo"):
        call_command("load_demo_newsroom")
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    by = UserFactory()
    call_command("load_demo_newsroom")
    call_command("load_demo_newsroom")
    assert PublishedFigure.objects.count() == 32
    with acting(by):
        assert sorted(PressItem.objects.values_list("state", flat=True)) == ["checking", "draft"]


def test_the_demo_s_council_sits_is_paid_and_has_answered(db: None) -> None:
    Region.objects.create(pk=1, name="Invented", is_demo=True)
    house = AgencyFactory(short_name="Lantern House", kind=AgencyKind.VICTIM_SERVICES)
    officer = UserFactory(role=Role.OFFICER.value, agency=house)
    for name in ("Juniper", "Wren"):
        UserFactory(role=Role.COUNCIL.value, agency=house, display_name=name)
    UserFactory()
    UserFactory(role=Role.COORDINATOR.value)
    for _ in range(2):
        call_command("load_demo_newsroom")
    assert sorted(CouncilReview.objects.values_list("state", flat=True)) == ["endorsed", "objection", "requested"]
    assert sorted(Seat.objects.values_list("display_name", flat=True)) == ["Juniper", "Wren"]
    assert Council.objects.get().held_by == house
    with acting(officer):
        assert sum(time.amount for time in PaidTime.objects.all()) == Decimal("101.25")


def test_a_page_is_made_anew_in_the_second_of_its_moment(committed_db: str) -> None:
    """With pages that are really remembered: the key holds the latest moment that has passed."""
    moment = timezone.now() - dt.timedelta(minutes=30)
    moment = moment.replace(second=30, microsecond=0)
    with time_machine.travel(moment - dt.timedelta(hours=1), tick=False):
        item = released(title="Invented second", public_at=moment)
    news = SiteClient("newsroom")
    seen = []
    for seconds in (-2, -1, 0, 1):
        with time_machine.travel(moment + dt.timedelta(seconds=seconds), tick=False):
            seen.append("Invented second" in news.get("/news/").content.decode())
            assert (news.get(f"/news/{item.slug}/").status_code == 200) == seen[-1]
    assert seen == [False, False, True, True]
