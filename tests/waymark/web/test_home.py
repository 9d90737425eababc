"""The home page: each role's own lines, nothing that is closed to it, bounded, at a price that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories import directory as rows
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, an_invitation, the_office
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions.factor_resets import ask_reset
from waymark.accounts.models import Agency, AgencyKind
from waymark.directory.models import ListingReport, PendingChange
from waymark.pages.lines import HomeLine
from waymark.web.home.collecting import SHOWN

MOST_QUERIES = 12
ALL_PAGES = ("/", "/waiting/", "/changed/", "/next/")


def _lines(client: SiteClient, part: str) -> list[HomeLine]:
    parts = {each.key: each for each, _, _ in client.get("/").context["parts"]}
    return list(parts[part].lines)


def _texts(client: SiteClient, part: str) -> list[str]:
    return [f"{line.number} {line.text}" if line.number else line.text for line in _lines(client, part)]


def _change(by: Any, **fields: Any) -> PendingChange:
    service = rows.ServiceFactory()
    phone = rows.PhoneFactory(service=service)
    return PendingChange.objects.create(
        **{
            "entity": "phone",
            "entity_id": phone.pk,
            "before": {"number": phone.number, "service": str(service.pk)},
            "after": {"number": "916-555-0199", "service": str(service.pk)},
            "reason": "Changed phone",
            "proposed_by": by,
            "proposed_at": timezone.now(),
            **fields,
        }
    )


@pytest.fixture
def busy(db: None) -> None:
    """Something for everybody, and more of it than is shown."""
    office, now = the_office(), timezone.now()
    for number in range(SHOWN + 3):
        AgencyFactory(name=f"Invented House {number}", kind=AgencyKind.VICTIM_SERVICES)
        _change(UserFactory())
    ListingReport.objects.create(service=rows.ServiceFactory(), reason="closed", reported_on=timezone.localdate())
    officer = UserFactory(role=Role.OFFICER.value, agency=office)
    for number in range(SHOWN + 3):
        day = timezone.localdate() - dt.timedelta(days=number)
        MembershipFactory(agency=office, training_expires_on=day, starts_on=day)
        an_invitation(officer, expires_at=now + dt.timedelta(days=1 + number))


@pytest.mark.parametrize("role", list(Role))
def test_what_a_role_is_shown_opens_for_it(role: Role, busy: None, staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of(role.value)
    for part in ("waiting", "changed", "next"):
        for line in _lines(client, part):
            assert client.get(line.url).status_code in {200, 302}, line


@pytest.mark.parametrize("role", list(Role))
def test_a_home_costs_the_same_whatever_it_shows(role: Role, staff_of: Callable[..., SiteClient], request: Any) -> None:
    client = staff_of(role.value)
    prices = []
    for fill in (lambda: None, lambda: request.getfixturevalue("busy")):
        fill()
        client.get("/")
        for url in ALL_PAGES:
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            prices.append(len(asked))
    assert prices[:4] == prices[4:], "the number of questions follows what is there"
    assert max(prices) <= MOST_QUERIES


def test_every_number_is_the_length_of_the_list_behind_it(busy: None, steward: SiteClient, coordinator: SiteClient) -> None:
    numbered = [(client, line) for client in (steward, coordinator) for line in _lines(client, "waiting") if line.number]
    assert len(numbered) >= 4
    for client, line in numbered:
        assert client.get(line.url).context["listing"].count == line.number, line


def test_a_part_shows_a_few_lines_and_leads_to_all(busy: None, coordinator: SiteClient) -> None:
    page = coordinator.get("/").content.decode()
    assert len(_lines(coordinator, "changed")) == SHOWN
    assert 'href="/changed/"' in page
    whole = coordinator.get("/changed/")
    assert whole.context["listing"].count > SHOWN
    assert coordinator.get("/changed/?q=house+3").context["listing"].count == 1
    assert "Nothing matches “no such words”" in coordinator.get("/changed/?q=no+such+words").content.decode()


def test_what_is_late_comes_first_then_what_is_dated(busy: None, coordinator: SiteClient) -> None:
    lines = coordinator.get("/waiting/").context["listing"].rows
    assert [line.is_due for line in lines] == sorted((line.is_due for line in lines), reverse=True)
    next_lines = coordinator.get("/next/").context["listing"].rows
    dated = [line.at for line in next_lines if line.at]
    assert len(dated) >= SHOWN
    assert dated == sorted(dated)
    changed = [line.at for line in coordinator.get("/changed/").context["listing"].rows]
    days = [timezone.localdate(at) if isinstance(at, dt.datetime) else at for at in changed]
    assert len(set(days)) > SHOWN
    assert days == sorted(days, reverse=True)


def test_late_is_said_of_what_has_a_last_day() -> None:
    now, today = timezone.now(), timezone.localdate()
    for at, is_late in ((now - dt.timedelta(hours=1), True), (now + dt.timedelta(hours=1), False), (today, False)):
        assert HomeLine("x", "/", "thing", at, is_deadline=True).is_late() is is_late
        assert not HomeLine("x", "/", "thing", at).is_late()
    assert HomeLine("x", "/", "thing", today - dt.timedelta(days=1), is_deadline=True).is_late()


def test_an_empty_home_says_what_will_stand_there(steward: SiteClient) -> None:
    page = steward.get("/").content.decode()
    assert "Nothing waits for you" in page
    assert page.count("home-empty") >= 2


@pytest.mark.parametrize("role", list(Role))
def test_a_home_has_one_button_that_opens(role: Role, staff_of: Callable[..., SiteClient]) -> None:
    client = staff_of(role.value)
    step = client.get("/").context["first_step"]
    assert step is not None
    assert client.get(step.url).status_code in {200, 302}


def test_a_day_is_the_same_day_in_the_region(staff_of: Callable[..., SiteClient]) -> None:
    """Midnight in one zone is the evening before in another."""
    client = staff_of(Role.MEMBER.value)
    on = timezone.localdate() + dt.timedelta(days=20)
    client.user.memberships.update(training_expires_on=on)
    assert [(line.text, line.at) for line in _lines(client, "next")] == [("Your training ends", on)]


def test_a_lost_factor_waits_for_the_other_officer_only(staff_of: Callable[..., SiteClient]) -> None:
    agency = AgencyFactory()
    asks, decides, stranger = (staff_of(Role.OFFICER.value, agency=where) for where in (agency, agency, AgencyFactory()))
    loser = UserFactory(agency=agency, role=Role.MEMBER.value, display_name="Lou Invented")
    with acting_for(agency.pk, asks.user.pk):
        ask_reset(membership=loser.acting, how_proved="Called back at the number that we have", by=asks.user)
    says = "Lou Invented lost their second factor: decide whether they set up another"
    assert says in _texts(decides, "waiting")
    for other in (asks, stranger):
        assert says not in _texts(other, "waiting")


def test_who_proposed_a_change_hears_what_became_of_it(steward: SiteClient, second_steward: SiteClient) -> None:
    _change(steward.user, state="applied", decided_by=second_steward.user, decided_at=timezone.now())
    assert "A colleague applied your change to: phone" in _texts(steward, "changed")
    assert "A colleague applied your change to: phone" not in _texts(second_steward, "changed")


def test_an_empty_agency_waits_for_the_administrator_until_somebody_is_invited(
    staff_of: Callable[..., SiteClient],
) -> None:
    client = staff_of(Role.ADMINISTRATOR.value)
    agency: Agency = AgencyFactory(name="Lantern House (invented)")
    says = "Lantern House (invented) has no member yet: invite its first officer"
    assert says in _texts(client, "waiting")
    an_invitation(client.user, agency=agency, is_first=True, role=Role.OFFICER.value)
    assert says not in _texts(client, "waiting")
