"""How much one person may take out in an hour: up to the limit, not one more, and again when the hour is over."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.audit.actions import must_be_within_limit, record, record_read
from waymark.audit.models import Event
from waymark.audit.policies import HOURLY, TooMany


def told(user: User, verb: str) -> list[str]:
    with acting_for(user.acting.agency_id, user.pk):  # type: ignore[union-attr]
        return list(Event.objects.filter(verb=verb).order_by("id").values_list("result", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.OFFICER, Role.ADMINISTRATOR])
def test_ten_copies_of_the_log_an_hour_and_no_more(staff_of: Any, time_machine: Any, role: Role) -> None:
    client: SiteClient = staff_of(role.value)
    page = "/audit/export.csv" if role is Role.OFFICER else "/audit/platform/export.csv"
    # The database gives events their time, so our own clock stands at the present of both.
    now = timezone.now()
    time_machine.move_to(now + dt.timedelta(seconds=30), tick=False)
    for _ in range(HOURLY["audit.exported"]):
        assert client.get(page).status_code == 200
    refused = client.get(page)
    assert refused.status_code == 429
    text = refused.content.decode()
    assert "That was a lot in one hour" in text
    assert "You can go on at" in text
    assert "sequence" not in text
    assert 3500 <= int(refused["Retry-After"]) <= 3601
    if role is Role.OFFICER:
        assert client.get(page).status_code == 429
        assert told(client.user, "audit.exported") == ["done"] * 10 + ["denied"], "refusals are told as one"
        other: SiteClient = staff_of(role.value)
        assert other.get(page).status_code == 200, "the limit is a person's own"


@pytest.mark.django_db
def test_after_the_hour_one_goes_on(time_machine: Any) -> None:
    user = UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory())
    with acting_for(user.acting.agency_id, user.pk):
        for number in range(HOURLY["packet.read"]):
            record_read(by=user, kind="packet", about=number, purpose="housing")
        with pytest.raises(TooMany) as stopped:
            record_read(by=user, kind="packet", about="one more", purpose="housing")
        record(verb="notice.saved", by=user)
        again_at = stopped.value.again_at
        time_machine.move_to(again_at - dt.timedelta(milliseconds=1), tick=False)
        with pytest.raises(TooMany):
            must_be_within_limit(of="packet.read", by=user)
        time_machine.move_to(again_at, tick=False)
        must_be_within_limit(of="packet.read", by=user)
        must_be_within_limit(of="notice.saved", by=user)


def test_two_requests_at_once_are_counted_one_after_the_other(committed_db: str) -> None:
    """Four at the same moment, with room for one: one passes."""
    user = UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory())
    with acting_for(user.acting.agency_id, user.pk):
        for number in range(HOURLY["packet.read"] - 1):
            record(verb="packet.read", by=user, kind="packet", about=number)
    ready, passed = threading.Barrier(4), []

    def read() -> None:
        try:
            with acting_for(user.acting.agency_id, user.pk):
                ready.wait(20)
                record_read(by=user, kind="packet", about="last", purpose="housing")
                passed.append(True)
        except TooMany:
            passed.append(False)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(passed) == [False, False, False, True]
