"""Which listings are due: only a person's dated check counts, and how often depends on the need."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from tests.factories import directory as rows
from tests.factories.accounts import UserFactory
from tests.plugins.staff import SiteClient

from waymark.directory.actions import listings as actions
from waymark.directory.models import Need, Service, Verification
from waymark.directory.policies import Refused
from waymark.directory.selectors import staleness

TODAY = dt.date(2026, 11, 22)


def _checked(days_ago: int, *, needs: tuple[tuple[str, int], ...] = (), **fields: Any) -> Any:
    service: Any = rows.ServiceFactory(**fields)
    for slug, days in needs:
        service.needs.add(Need.objects.get_or_create(slug=slug, group="home", cadence_days=days)[0])
    day = TODAY - dt.timedelta(days=days_ago)
    Verification.objects.create(entity="service", entity_id=service.pk, source="Called", verified_on=day)
    return service


def test_the_most_overdue_comes_first_and_the_never_checked_before_all(db: None) -> None:
    late = _checked(190)
    later = _checked(400)
    _checked(10)
    never = rows.ServiceFactory()
    assert list(staleness.overdue_services(TODAY)) == [never, later, late]


def test_the_shortest_cadence_of_the_needs_counts(db: None) -> None:
    bed = _checked(31, needs=(("bed", 30), ("law", 365)))
    _checked(31, needs=(("law", 365),))
    assert list(staleness.overdue_services(TODAY)) == [bed]
    found = staleness.overdue_services(TODAY)[0]
    assert (found.cadence, found.due_on) == (30, TODAY - dt.timedelta(days=1))


def test_the_day_itself_is_not_late(db: None) -> None:
    _checked(staleness.DEFAULT_CADENCE_DAYS)
    assert not staleness.overdue_services(TODAY).exists()
    assert staleness.overdue_services(TODAY + dt.timedelta(days=1)).exists()


def test_being_in_a_feed_is_no_check(db: None) -> None:
    """A partner's assured_date says that a partner said so."""
    service = rows.ServiceFactory(assured_date=TODAY)
    assert list(staleness.overdue_services(TODAY)) == [service]


def test_a_check_of_one_field_is_no_check_of_the_whole(db: None) -> None:
    service: Any = rows.ServiceFactory()
    Verification.objects.create(
        entity="service", entity_id=service.pk, field_name="phones", source="Called", verified_on=TODAY
    )
    assert list(staleness.overdue_services(TODAY)) == [service]
    assert staleness.checks_by_field("service", service.pk)["phones"].verified_on == TODAY


@pytest.mark.parametrize("status", [Service.Status.INACTIVE, Service.Status.DEFUNCT])
def test_what_nobody_sees_is_not_due(db: None, status: str) -> None:
    rows.ServiceFactory(status=status)
    assert not staleness.overdue_services(TODAY).exists()


def test_a_later_check_of_an_earlier_day_does_not_turn_back_the_date(db: None) -> None:
    service: Any = rows.ServiceFactory()
    by = UserFactory()
    for day in (TODAY, TODAY - dt.timedelta(days=9)):
        actions.verify(entity="service", entity_id=service.pk, field_name="", source="Called", verified_on=day, by=by)
    service.refresh_from_db()
    assert service.assured_date == TODAY
    assert staleness.checks_by_field("service", service.pk)[""].verified_on == TODAY


def test_who_may_check(db: None) -> None:
    service: Any = rows.ServiceFactory()
    with pytest.raises(Refused):
        actions.verify(
            entity="service",
            entity_id=service.pk,
            field_name="",
            source="x",
            verified_on=TODAY,
            by=UserFactory(role="member"),
        )
    assert not Verification.objects.exists()


@time_machine.travel(dt.datetime(2026, 11, 22, 20, tzinfo=dt.UTC))
def test_marking_as_checked_takes_it_from_the_list(staff_of: Callable[..., SiteClient]) -> None:
    steward = staff_of()
    service: Any = rows.ServiceFactory(name="Night shelter")
    assert "Night shelter" in steward.get("/directory/to-check/").content.decode()
    url = f"/directory/service/{service.pk}/check/"
    future = steward.send(url, {"field_name": "", "source": "Called", "verified_on": "2026-11-23"})
    assert future.status_code == 422
    assert "in the future" in future.content.decode()
    assert "Called" in future.content.decode()
    answer = steward.send(url, {"field_name": "", "source": "Called", "verified_on": "Nov 20"}, follow=True)
    assert "Checked Friday, November 20, 2026" in answer.content.decode()
    assert "Night shelter" not in steward.get("/directory/to-check/").content.decode()


def test_one_field_shows_its_own_date(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    steward.send(
        f"/directory/service/{service.pk}/check/",
        {"field_name": "description", "source": "Read their page", "verified_on": "2026-11-02"},
    )
    page = steward.get(f"/directory/services/{service.pk}/").content.decode()
    assert "Checked Monday, November 2, 2026 · Read their page" in page
    assert "Never checked by a person" in page
