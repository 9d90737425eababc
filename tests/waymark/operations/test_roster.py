"""The roster shows officers an agency, hours and a phone; who it is stays home. What a week may need is purged."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.operations import OperationFactory, led_by, on_duty, take_part
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.accounts.policies import Refused
from waymark.operations import selectors
from waymark.operations.actions.roster import ask_surge, purge_shifts, remove_shift
from waymark.operations.models import AdvocateShift, Operation, ShiftAdvocate, SurgeRequest
from waymark.operations.selectors.home import next_for
from waymark.operations.selectors.roster import shifts_of, surge_of
from waymark.operations.tasks import forget_roster

pytestmark = pytest.mark.django_db
NEED = {"people": "6-10", "genders": ["women"], "languages": ["es"], "with_minors": True, "beds": 4}


@pytest.fixture
def house() -> Agency:
    made: Agency = AgencyFactory(kind=AgencyKind.VICTIM_SERVICES, name="Invented House")
    return made


@pytest.fixture
def keeper(house: Agency) -> User:
    user: User = UserFactory(role=Role.OFFICER.value, agency=house)
    return user


@pytest.fixture
def operation(house: Agency) -> Operation:
    """One that is to come."""
    day = timezone.localdate() + dt.timedelta(days=9)
    made: Operation = OperationFactory(year=day.year, starts_on=day, ends_on=day)
    take_part(made, house, "advocate")
    return made


def advocate_of(agency: Agency, name: str = "Rosa Invented") -> User:
    user: User = UserFactory(role=Role.ADVOCATE.value, agency=agency, display_name=name)
    return user


def client_of(user: User) -> SiteClient:
    client = SiteClient("staff")
    client.force_login(user)
    return client


def test_officers_see_agency_hours_and_phone_and_never_a_name(operation: Operation, keeper: User, house: Agency) -> None:
    rosa = advocate_of(house)
    on_duty(operation, keeper, advocates=(rosa,))
    officer = led_by(operation)
    page = client_of(officer).get(f"/operations/{operation.pk}/").content.decode()
    assert "Invented House" in page
    assert "916-555-0170" in page
    assert "Rosa" not in page
    assert "Rosa Invented" in client_of(keeper).get(f"/operations/{operation.pk}/").content.decode()
    for by in (officer, UserFactory(role=Role.ADVOCATE.value, agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))):
        with acting(by):
            assert ShiftAdvocate.objects.count() == 0
            assert [row.names for row in shifts_of(operation, to=by)] in ([], [()])
    with acting(officer), pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
        ShiftAdvocate.objects.create(agency=house, shift=AdvocateShift.objects.get(), advocate=rosa.acting)
    columns = {field.name for field in AdvocateShift._meta.concrete_fields}
    assert columns == {"id", "operation", "agency", "starts_at", "ends_at", "duty_phone"}


def test_before_it_is_over_only_the_rostered_few_know(operation: Operation, keeper: User, house: Agency) -> None:
    rosa, other = advocate_of(house), advocate_of(house, "Wanda Invented")
    today = timezone.localdate()
    with acting(rosa):
        assert selectors.operation_for(rosa, operation.pk, on=today) is None
    shift = on_duty(operation, keeper, advocates=(rosa,))
    for by, knows in ((rosa, True), (keeper, True), (led_by(operation), True), (other, False)):
        with acting(by):
            assert (selectors.operation_for(by, operation.pk, on=today) is not None) == knows
            assert operation.name in str(list(selectors.operations_listed(by, on=today))) or not knows
    for role, agency in ((Role.MEMBER, AgencyFactory(kind="prosecution")), (Role.COUNCIL, house)):
        client = client_of(UserFactory(role=role.value, agency=agency))
        assert client.get(f"/operations/{operation.pk}/").status_code == 404
        assert operation.name not in client.get("/operations/").content.decode()
    with acting(rosa):
        (line,) = next_for(rosa, timezone.now())
        assert [row.pk for row in line.rows] == [shift.pk]  # type: ignore[union-attr]
    assert "You stand by" in client_of(rosa).get("/").content.decode()
    assert "You stand by" not in client_of(other).get("/").content.decode()
    with acting(keeper):
        remove_shift(shift=shift, by=keeper)
    with acting(rosa):
        assert selectors.operation_for(rosa, operation.pk, on=today) is None


def test_an_agency_rosters_its_own_advocates_by_its_officer(operation: Operation, keeper: User, house: Agency) -> None:
    stranger = advocate_of(AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))
    with pytest.raises(Refused, match="among your agency"):
        on_duty(operation, keeper, advocates=(stranger,))
    for by in (led_by(operation), advocate_of(house)):
        with pytest.raises(Refused, match="officer of an agency that sends"):
            on_duty(operation, by, advocates=(advocate_of(house),))
    client, url = client_of(keeper), f"/operations/{operation.pk}/roster/new/"
    rosa = advocate_of(house)
    data = {"day": "tomorrow", "begins": "8 pm", "last_day": "", "ends": "2 am", "duty_phone": "ring"}
    answer = client.send(url, data)
    assert answer.status_code == 422
    assert "8 pm" in answer.content.decode()
    assert "Enter the number" in answer.content.decode()
    data |= {"duty_phone": "916-555-0170", "advocates": [str(rosa.acting.pk)]}  # type: ignore[union-attr]
    assert "ends after it begins" in client.send(url, data).content.decode()
    assert client.send(url, data | {"ends": "11:30 pm"}).status_code == 302
    assert AdvocateShift.objects.count() == 1


def test_what_a_week_may_need_is_closed_seen_by_few_and_gone_when_it_is_over(
    operation: Operation, keeper: User, house: Agency
) -> None:
    lead, rosa, other = led_by(operation), advocate_of(house), advocate_of(house)
    on_duty(operation, keeper, advocates=(rosa,))
    police = AgencyFactory(kind="law_enforcement")
    take_part(operation, police)
    day = timezone.localdate() + dt.timedelta(days=9)
    assert (
        client_of(lead).send(f"/operations/{operation.pk}/surge/", {**NEED, "week": f"{day:%Y-%m-%d}"}).status_code == 302
    )
    asked = SurgeRequest.objects.get()
    # Of the day that was typed the week alone is kept.
    assert asked.week_of == day - dt.timedelta(days=day.weekday())
    assert {field.get_internal_type() for field in SurgeRequest._meta.concrete_fields}.isdisjoint({"TextField"})
    for by, sees in ((lead, True), (rosa, True), (keeper, True), (other, False), (led_by_police(police), False)):
        with acting(by):
            assert (surge_of(operation, to=by) is not None) == sees
    page = client_of(rosa).get(f"/operations/{operation.pk}/").content.decode()
    assert "6 to 10" in page
    assert "Spanish" in page
    with acting(lead), pytest.raises(Refused, match="next 26"):
        ask_surge(operation=operation, values={**NEED, "week": dt.date(2020, 1, 1)}, by=lead)
    with pytest.raises(IntegrityError, match="surge_is_asked_for_a_week"), transaction.atomic():
        SurgeRequest.objects.update(week_of=asked.week_of + dt.timedelta(days=1))
    with time_machine.travel(dt.datetime.combine(asked.delete_on, dt.time(12), dt.UTC) - dt.timedelta(days=1), tick=False):
        forget_roster(0)
        assert SurgeRequest.objects.count() == 1
    with time_machine.travel(dt.datetime.combine(asked.delete_on, dt.time(20), dt.UTC), tick=False):
        forget_roster(0)
    assert SurgeRequest.objects.count() == 0


def led_by_police(police: Agency) -> User:
    user: User = UserFactory(role=Role.OFFICER.value, agency=police)
    return user


def test_shifts_and_names_go_a_month_after(operation: Operation, keeper: User, house: Agency) -> None:
    shift = on_duty(operation, keeper)
    assert purge_shifts(agency_id=house.pk, at=shift.ends_at + dt.timedelta(days=30)) == 0
    assert purge_shifts(agency_id=AgencyFactory().pk, at=shift.ends_at + dt.timedelta(days=31)) == 0
    assert purge_shifts(agency_id=house.pk, at=shift.ends_at + dt.timedelta(days=31)) == 1
    with acting(keeper):
        assert ShiftAdvocate.objects.count() == AdvocateShift.objects.count() == 0


def test_taking_back_a_request_deletes_it_now(operation: Operation) -> None:
    lead = led_by(operation)
    with acting(lead):
        ask_surge(operation=operation, values={**NEED, "week": timezone.localdate()}, by=lead)
    client = client_of(lead)
    assert "deleted now" in client.get(f"/operations/{operation.pk}/surge/take-back/").content.decode()
    assert client.send(f"/operations/{operation.pk}/surge/take-back/").status_code == 302
    assert SurgeRequest.objects.count() == 0
