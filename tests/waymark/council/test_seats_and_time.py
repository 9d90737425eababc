"""Seats known by chosen names, and time that is paid without surprise."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.forms import BaseForm
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.council import council_at, seated, two_seated
from tests.factories.disclosures import acting

from waymark.access.permissions import Role
from waymark.accounts.models import AgencyKind, User
from waymark.audit.models import Event
from waymark.council.actions import paid_time, seats
from waymark.council.forms import recommendations, reviews
from waymark.council.forms import seats as forms
from waymark.council.models import PaidTime, PostedRate, SeatHolder
from waymark.council.policies import Refused, holder_of

pytestmark = pytest.mark.django_db
ASKS_WHO = re.compile(
    r"legal|surname|last_name|first_name|birth|ssn|tax_id|account|iban|routing|address|story|history|disclos"
)


@pytest.fixture
def member() -> User:
    return seated("Juniper")


@pytest.fixture
def officer(member: User) -> User:
    user: User = UserFactory(role=Role.OFFICER.value, agency=council_at())
    return user


def posted(by: User, hourly: str = "40") -> PostedRate:
    with acting(by):
        PostedRate.objects.create(starts_on=dt.date(2020, 1, 1), hourly=hourly, posted_by=by)
        return PostedRate.objects.get()


def entered(by: User, minutes: int = 90, *, days_ago: int = 0) -> PaidTime:
    with acting(by):
        day = timezone.localdate() - dt.timedelta(days=days_ago)
        return paid_time.enter_time(on=day, activity="meeting", minutes=minutes, by=by)


def approved(by: User, *times: PaidTime) -> None:
    with acting(by):
        paid_time.approve_times(holder=times[0].holder, wanted=[time.pk for time in times], by=by)


def told_of(begin: str) -> list[str]:
    """The verbs of this agency's own events, in order."""
    return list(Event.objects.filter(verb__startswith=begin).order_by("id").values_list("verb", flat=True))


def now(time: PaidTime, by: User) -> PaidTime:
    """The row as it stands, read by somebody who may."""
    with acting(by):
        return PaidTime.objects.get(pk=time.pk)


def told(by: User, *, cap: str | None = None, gives: bool = False) -> SeatHolder:
    with acting(by):
        return seats.choose_pay(way="check", gives_time=gives, monthly_cap=Decimal(cap) if cap else None, by=by)


def paid(by: User, holder: SeatHolder) -> tuple[Decimal, int]:
    with acting(by):
        return paid_time.pay_times(holder=SeatHolder.objects.get(pk=holder.pk), paid_on=timezone.localdate(), by=by)


def test_no_model_and_no_form_asks_who_somebody_is() -> None:
    fields = {
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config("council").get_models()
        for field in model._meta.fields
    }
    for module in (forms, recommendations, reviews):
        for name, form in vars(module).items():
            if isinstance(form, type) and issubclass(form, BaseForm):
                fields |= {f"{name}.{field}" for field in form.base_fields}  # type: ignore[attr-defined]
    assert len(fields) > 60
    assert {field for field in fields if ASKS_WHO.search(field.partition(".")[2])} == set()


def test_who_sits_where_is_seen_by_one_agency_alone(member: User, officer: User) -> None:
    stranger = UserFactory(role=Role.COORDINATOR.value)
    with acting(stranger):
        assert SeatHolder.objects.count() == PaidTime.objects.count() == 0
    with acting(officer):
        assert SeatHolder.objects.count() == 1


def test_the_role_without_a_seat_is_no_seat(member: User) -> None:
    other = UserFactory(role=Role.COUNCIL.value, agency=council_at())
    with acting(other):
        assert holder_of(other) is None
    with acting(member):
        assert holder_of(member) is not None


@pytest.mark.parametrize("kind", [AgencyKind.PROSECUTION, AgencyKind.COURT, AgencyKind.ELECTED_OFFICE, AgencyKind.HEALTH])
def test_no_public_agency_holds_the_council(kind: str) -> None:
    coordinator = UserFactory(role=Role.COORDINATOR.value)
    with acting(coordinator), pytest.raises(Refused, match="show its names"):
        seats.name_holding_agency(agency=AgencyFactory(kind=kind), by=coordinator)


def test_a_seat_is_given_once_to_a_person_by_another_and_stays_with_its_agency(member: User, officer: User) -> None:
    today = timezone.localdate()
    newcomer = UserFactory(role=Role.COUNCIL.value, agency=council_at())
    term = {"starts_on": today, "ends_on": today + dt.timedelta(days=30)}
    with acting(officer):
        holder = seats.give_seat(membership=newcomer.acting, display_name="Sage", by=officer, **term)
        with pytest.raises(Refused, match="already"):
            seats.give_seat(membership=newcomer.acting, display_name="Sage again", by=officer, **term)
        seats.end_seat(holder=holder, by=officer)
        assert told_of("seat.") == ["seat.given", "seat.ended"]
    coordinator = UserFactory(role=Role.COORDINATOR.value)
    with acting(coordinator), pytest.raises(Refused, match="Somebody sits"):
        seats.name_holding_agency(agency=AgencyFactory(), by=coordinator)
    other = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory())
    with acting(other), pytest.raises(Refused):
        seats.give_seat(membership=newcomer.acting, display_name="X", by=other, **term)


def test_time_is_entered_approved_by_another_and_paid_after_the_note(member: User, officer: User) -> None:
    with acting(member), pytest.raises(Refused, match="No rate"):
        paid_time.enter_time(on=timezone.localdate(), activity="meeting", minutes=30, by=member)
    posted(officer)
    time = entered(member)
    holder = time.holder
    assert time.amount == Decimal("60.00")
    with acting(member), pytest.raises(Refused):
        paid_time.approve_times(holder=holder, wanted=[time.pk], by=member)
    approved(officer, time)
    with pytest.raises(Refused, match="Ask them first"):
        paid(officer, holder)
    told(member)
    assert paid(officer, holder) == (Decimal("60.00"), 0)
    time = now(time, officer)
    assert (time.state, time.way, time.paid_by_id) == ("paid", "check", officer.pk)
    with pytest.raises(Refused, match="Nothing is approved"):
        paid(officer, holder)
    with acting(officer):
        assert told_of("time.") == ["time.entered", "time.approved", "time.paid"]


def test_the_database_keeps_the_order_too(member: User, officer: User) -> None:
    posted(officer)
    time = entered(member)
    for change in (
        {"state": "paid", "paid_on": dt.date(2026, 1, 1), "paid_by": officer, "way": "cash"},
        {"minutes": 600},
        {"hourly": "400"},
        {"state": "approved", "approved_by": member},
    ):
        with acting(officer), pytest.raises(IntegrityError), transaction.atomic():
            PaidTime.objects.filter(pk=time.pk).update(**change)
    approved(officer, time)
    with acting(officer), pytest.raises(IntegrityError), transaction.atomic():
        PaidTime.objects.filter(pk=time.pk).delete()


def test_a_cap_of_one_s_own_is_never_passed_and_the_rest_waits(member: User, officer: User) -> None:
    posted(officer)
    times = [entered(member, 60, days_ago=days) for days in (3, 2, 1)]
    told(member, cap="85")
    approved(officer, *times)
    assert paid(officer, times[0].holder) == (Decimal("80.00"), 1)
    with pytest.raises(Refused, match="cap"):
        paid(officer, times[0].holder)


def test_given_time_is_counted_and_not_owed(member: User, officer: User) -> None:
    posted(officer)
    time = entered(member)
    told(member, gives=True)
    approved(officer, time)
    assert now(time, officer).state == "given"


def test_what_was_entered_meanwhile_waits_and_one_s_own_can_be_taken_back(member: User, officer: User) -> None:
    posted(officer)
    first, second = entered(member), entered(member, 30)
    approved(officer, first)
    assert now(second, officer).state == "entered"
    other = seated("Wren")
    with acting(other), pytest.raises(Refused):
        paid_time.take_back_time(time=second, by=other)
    with acting(member):
        paid_time.take_back_time(time=second, by=member)
        with pytest.raises(Refused):
            paid_time.take_back_time(time=PaidTime.objects.get(pk=first.pk), by=member)


def test_a_day_to_come_an_old_day_and_a_rate_for_the_past_are_refused(member: User, officer: User) -> None:
    posted(officer)
    today = timezone.localdate()
    for day in (today + dt.timedelta(days=1), today - dt.timedelta(days=400)):
        with acting(member), pytest.raises(Refused):
            paid_time.enter_time(on=day, activity="meeting", minutes=30, by=member)
    with acting(officer), pytest.raises(Refused):
        paid_time.post_rate(hourly=Decimal(50), starts_on=today - dt.timedelta(days=1), by=officer)


def test_recommendations_need_a_second_seat_and_an_owner_s_answer() -> None:
    from waymark.council.actions import recommendations as said
    from waymark.council.models import Recommendation

    one, two = two_seated()
    coordinator = UserFactory(role=Role.COORDINATOR.value)
    with acting(one):
        made = said.write_recommendation(text="Pay interpreters.", by=one)
        with pytest.raises(Refused):
            said.support_recommendation(recommendation=made, by=one)
    assert made.shown_at is None
    with acting(two):
        said.support_recommendation(recommendation=made, by=two)
    with acting(coordinator):
        with pytest.raises(Refused, match="which agency"):
            said.reply_to_recommendation(recommendation=made, owner=None, status="accepted", reply="Yes", by=coordinator)
        with pytest.raises(Refused, match="why"):
            said.reply_to_recommendation(
                recommendation=made, owner=council_at(), status="declined", reply=" ", by=coordinator
            )
        said.reply_to_recommendation(
            recommendation=made, owner=council_at(), status="accepted", reply="By spring.", by=coordinator
        )
    first = Recommendation.objects.filter(source__contains="CASH")
    assert [first.count(), first.filter(shown_at__isnull=False, owner=None, status="new").count()] == [4, 4]
