"""A release takes two people, its partners, the council, and its moment; the database knows all of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.newsroom import a_draft, checking, cleared, released
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.newsroom.actions import press
from waymark.newsroom.models import PressItem, Wording
from waymark.newsroom.policies import Refused

HOUR = dt.timedelta(hours=1)


def second() -> User:
    made: User = UserFactory(role=Role.COORDINATOR.value)
    return made


def test_the_writer_never_releases(db: None) -> None:
    writer = UserFactory(role=Role.COORDINATOR.value)
    item = cleared(writer)
    with acting(writer), pytest.raises(Refused, match="Two people release"):
        press.release_item(item=item, public_at=None, by=writer)
    other = second()
    with acting(other):
        assert press.release_item(item=item, public_at=None, by=other).state == "released"


def test_the_database_knows_two_people_too(db: None) -> None:
    writer = UserFactory(role=Role.COORDINATOR.value)
    item = cleared(writer)
    now = timezone.now()
    with acting(writer):
        things: list[tuple[Any, Any]] = [(Wording, item.wordings.get().pk), (PressItem, item.pk)]
        for model, thing in things:
            values: dict[str, Any] = {"state": "released", "released_by": writer, "released_at": now}
            if model is PressItem:
                values["public_at"] = now
            with pytest.raises(IntegrityError), transaction.atomic():
                model.objects.filter(pk=thing).update(**values)


def test_the_database_refuses_what_the_council_has_not_cleared(db: None) -> None:
    item, wording = checking()
    other, now = second(), timezone.now()
    with acting(other):
        with pytest.raises(Refused, match="council has not endorsed"):
            press.release_item(item=item, public_at=None, by=other)
        with pytest.raises(IntegrityError, match="council has not cleared"), transaction.atomic():
            Wording.objects.filter(pk=wording.pk).update(state="released", released_by=other, released_at=now)
        # And the item cannot go round its wording.
        with pytest.raises(IntegrityError, match="words that were checked"), transaction.atomic():
            PressItem.objects.filter(pk=item.pk).update(state="released", released_by=other, released_at=now, public_at=now)


def test_what_the_council_endorsed_cannot_be_swapped(db: None) -> None:
    item = cleared()
    with acting(second()):
        with pytest.raises(IntegrityError, match="its words stay"), transaction.atomic():
            PressItem.objects.filter(pk=item.pk).update(title="Something else")
        with pytest.raises(IntegrityError, match="Other words are another wording"), transaction.atomic():
            Wording.objects.filter(item=item).update(title="Something else")


def test_every_partner_agrees_first_and_only_for_itself(db: None) -> None:
    partner = AgencyFactory(name="Invented Partner")
    item = cleared(partners=(partner,))
    officer, stranger = (UserFactory(role=Role.OFFICER.value, agency=agency) for agency in (partner, AgencyFactory()))
    other = second()
    with acting(other):
        check = item.checks.select_related("item").get()
        with pytest.raises(Refused, match="Not every partner"):
            press.release_item(item=item, public_at=None, by=other)
        with pytest.raises(Refused, match="Only this partner"):
            press.answer_check(check=check, agrees=True, note="", by=other)
    with acting(stranger), pytest.raises(Refused, match="Only this partner"):
        press.answer_check(check=check, agrees=True, note="", by=stranger)
    with acting(officer):
        with pytest.raises(Refused, match="Say what should change"):
            press.answer_check(check=check, agrees=False, note=" ", by=officer)
        press.answer_check(check=check, agrees=True, note="", by=officer)
    with acting(other):
        press.release_item(item=item, public_at=None, by=other)


def test_taking_back_asks_everybody_again(db: None) -> None:
    partner = AgencyFactory()
    item = cleared(partners=(partner,))
    officer, other = UserFactory(role=Role.OFFICER.value, agency=partner), second()
    with acting(officer):
        press.answer_check(check=item.checks.get(), agrees=True, note="", by=officer)
    with acting(other):
        press.release_item(item=item, public_at=timezone.now() + HOUR, by=other)
        press.take_back_item(item=item, by=other)
        press.send_for_check(item=item, by=other)
        item.refresh_from_db()
        assert item.checks.get().state == "waiting"
        assert [each.state for each in item.wordings.order_by("number")] == ["dropped", "proposed"]
    third = second()
    with acting(third), pytest.raises(Refused, match="Not every partner"):
        press.release_item(item=item, public_at=None, by=third)


def test_a_moment_that_passed_stays_and_what_is_public_never_becomes_a_draft(db: None) -> None:
    item = released()
    with acting(second()):
        for values in ({"public_at": timezone.now() + HOUR}, {"state": "draft", "released_by": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                PressItem.objects.filter(pk=item.pk).update(**values)
        with pytest.raises(IntegrityError), transaction.atomic():
            PressItem.objects.filter(pk=item.pk).delete()


def test_one_person_withdraws_and_nothing_of_it_is_left(db: None, visitor: Callable[[str], SiteClient]) -> None:
    writer = UserFactory()
    item = released(writer, title="Words that were wrong")
    news = visitor("newsroom")
    assert news.get(f"/news/{item.slug}/").status_code == 200
    with acting(writer):
        press.withdraw_item(item=item, reason="It was not right.", by=writer)
    gone = news.get(f"/news/{item.slug}/")
    assert gone.status_code == 410
    assert "It was not right." in gone.content.decode()
    assert "Words that were wrong" not in gone.content.decode()
    assert "Words that were wrong" not in news.get("/news/").content.decode()


def test_without_a_staff_context_the_table_holds_nothing_before_its_moment(db: None) -> None:
    """The database's own wall, with no filter of ours in between."""
    released(public_at=timezone.now() + HOUR, held_back=[{"label": "Names", "responsible_agency": "DA", "window": "later"}])
    shown = released(title="Public already", partners=())
    a_draft()
    with connection.cursor() as cursor:
        for table, expected in (
            ("pressitem", {str(shown.pk)}),
            ("wording", {str(shown.pk)}),
            ("heldbackpart", set()),
            ("partnercheck", set()),
        ):
            column = "id" if table == "pressitem" else "item_id"
            cursor.execute(f"SELECT {column}::text FROM newsroom_{table}")
            assert {row[0] for row in cursor.fetchall()} == expected, table
        cursor.execute("DELETE FROM newsroom_pressitem")
        assert cursor.rowcount == 0
