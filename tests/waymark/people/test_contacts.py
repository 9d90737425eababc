"""What a survivor agreed to is what the software does: days, hours, channels, over midnight, when clocks change."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from tests.factories.people import opened_case
from tests.waymark.cases.desks import Desk

from waymark.audit.models import Event
from waymark.people.models import SafeContact
from waymark.people.policies import CHANNELS, SafeWay, may_contact, times_in_words

PLACE = ZoneInfo("America/Los_Angeles")
WEEKDAYS = frozenset(range(5))
WORKING_HOURS = SafeWay("call", "916-555-0142", WEEKDAYS, dt.time(9), dt.time(17))
times = st.times().map(lambda time: time.replace(second=0, microsecond=0))
ways = st.builds(
    SafeWay,
    channel=st.sampled_from([code for code, _ in CHANNELS]),
    value=st.just("916-555-0142"),
    days=st.frozensets(st.integers(0, 6)),
    starts=st.none() | times,
    ends=st.none() | times,
)
moments = st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 12, 31), timezones=st.just(dt.UTC))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=PLACE)


@pytest.mark.parametrize(
    ("moment", "is_ok"),
    [
        ("2026-11-23T08:59:59", False),
        ("2026-11-23T09:00:00", True),
        ("2026-11-23T16:59:59", True),
        ("2026-11-23T17:00:00", False),
        ("2026-11-22T12:00:00", False),  # a Sunday
        ("2026-03-09T09:00:00", True),  # the Monday after the clocks went forward
        ("2026-11-02T09:00:00", True),  # the Monday after they went back
    ],
)
def test_hours_are_those_of_the_clock_on_the_wall(moment: str, is_ok: bool) -> None:
    with timezone.override(PLACE):
        assert may_contact([WORKING_HOURS], "call", at(moment)).is_ok is is_ok


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = SafeWay("text", "916-555-0142", frozenset({4}), dt.time(22), dt.time(2))
    with timezone.override(PLACE):
        assert may_contact([friday_night], "text", at("2026-11-20T23:00:00")).is_ok
        assert may_contact([friday_night], "text", at("2026-11-21T01:59:00")).is_ok
        assert not may_contact([friday_night], "text", at("2026-11-21T02:00:00")).is_ok
        assert not may_contact([friday_night], "text", at("2026-11-20T01:00:00")).is_ok


@given(st.lists(ways, max_size=4), st.sampled_from([code for code, _ in CHANNELS]), moments)
def test_nobody_is_contacted_outside_of_what_was_agreed(agreed: list[SafeWay], channel: str, moment: dt.datetime) -> None:
    with timezone.override(PLACE):
        verdict = may_contact(agreed, channel, moment)
        local = moment.astimezone(PLACE)
    for way in verdict.ways:
        assert way in agreed
        assert way.channel == channel
        # The day itself, or the night that began the day before.
        assert {local.weekday(), (local.weekday() - 1) % 7} & way.days
    assert verdict.is_ok == bool(verdict.ways)
    assert verdict.is_ok or verdict.why
    assert not any(way.value in verdict.why for way in agreed)


@given(ways)
def test_hours_read_as_words(way: SafeWay) -> None:
    said = times_in_words(way)
    assert said
    assert way.value not in said


def test_what_is_not_answered_permits_nothing() -> None:
    assert not may_contact([SafeWay.of({"channel": "call", "value": "x"})], "call", timezone.now()).is_ok
    assert not may_contact([], "call", timezone.now()).is_ok


@pytest.mark.django_db
def test_a_number_is_shown_only_at_its_hour_and_every_look_is_told(desk: Desk, time_machine: Any) -> None:
    contact = {"channel": "call", "value": "916-555-0142", "days": ["0"], "starts": "09:00", "ends": "10:00"}
    case = opened_case(desk.person, name="Rosa Invented", contact=contact)
    file = f"/people/{case.person_id}/"
    with desk.person.acting():
        way = SafeContact.objects.get()
    # As near as a browser's session allows: the hour is taken from the agreement instead of from the clock.
    page = desk.get(file)
    assert "Mon, 9:00 AM to 10:00 AM" in page
    assert "555-0142" not in page
    is_now = timezone.localtime().weekday() == 0 and timezone.localtime().hour == 9
    answer = desk.client.send(f"{file}contacts/{way.pk}/", page=file)
    assert (answer.status_code == 200) is is_now
    if not is_now:
        assert "They agreed to: Mon, 9:00 AM to 10:00 AM" in desk.get(file)
        assert "555-0142" not in answer.content.decode()
    any_time = {"channel": "text", "value": "916-555-0199", "days": list("0123456")}
    assert desk.client.send(f"{file}contacts/new/", any_time).status_code == 302
    with desk.person.acting():
        newer = SafeContact.objects.latest("made_at")
    shown = desk.client.send(f"{file}contacts/{newer.pk}/", page=file)
    assert "916-555-0199" in shown.content.decode()
    assert desk.client.send(f"{file}contacts/{newer.pk}/end/").status_code == 302
    assert desk.client.post(f"{file}contacts/{newer.pk}/").status_code in {403, 404}
    with desk.person.acting():
        assert Event.objects.filter(verb="contact.shown").count() == 1 + is_now
