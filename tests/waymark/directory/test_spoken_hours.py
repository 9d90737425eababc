"""Hours in people's words and in the standard's rules: there and back without loss, and never a false "open"."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.factories import directory as rows
from tests.plugins.staff import SiteClient

from waymark.directory.formats.hours import hours_at
from waymark.directory.formats.spoken_hours import (
    DAYS,
    Closed,
    Hours,
    Monthly,
    Span,
    in_words,
    read_hours,
    rule_in_words,
    whole_week,
    write_rules,
)
from waymark.directory.models import Metadata, Schedule

ZONE = "America/Los_Angeles"
TIMES = st.times(min_value=dt.time(0), max_value=dt.time(23, 59)).map(lambda time: time.replace(second=0, microsecond=0))
SPANS = st.builds(Span, TIMES, TIMES)
DATES = st.dates(dt.date(2020, 1, 1), dt.date(2035, 12, 31))


def _span(begin: int, end: int) -> Span:
    return Span(dt.time(begin), dt.time(end))


def _rows(hours: Hours) -> list[Schedule]:
    return [Schedule(pk=uuid4(), **row) for row in write_rules(hours)]


@st.composite
def _hours(draw: Any) -> Hours:
    weekly: dict[str, list[Span]] = {}
    for day in draw(st.sets(st.sampled_from(DAYS))):
        spans = draw(st.lists(SPANS, min_size=1, max_size=2, unique=True))
        weekly[day] = sorted(spans, key=lambda span: (span.opens_at, span.closes_at))
    monthly = draw(
        st.lists(st.builds(Monthly, st.sampled_from(["1", "2", "3", "4", "-1"]), st.sampled_from(DAYS), SPANS), max_size=3)
    )
    closed = [
        Closed(min(pair), max(pair), note)
        for pair, note in draw(
            st.lists(st.tuples(st.tuples(DATES, DATES), st.sampled_from(["", "Thanksgiving"])), max_size=3)
        )
    ]
    first = draw(st.none() | DATES)
    return Hours(
        weekly=weekly,
        monthly=monthly,
        closed=sorted(closed, key=lambda item: item.first),
        note=draw(st.sampled_from(["", "By appointment"])),
        valid_from=first if weekly or monthly else None,
        valid_to=None,
    )


@given(_hours())
def test_rules_say_what_people_said(hours: Hours) -> None:
    read, left = read_hours(_rows(hours))
    assert left == []
    assert read == hours


@pytest.mark.parametrize(
    ("hours", "line"),
    [
        (Hours(weekly={"MO": [_span(9, 17)]}), "Monday: 9 AM to 5 PM"),
        (Hours(weekly={"MO": [_span(9, 17)]}), "Sunday: closed"),
        (Hours(weekly={"FR": [_span(22, 2)]}), "Friday: 10 PM to 2 AM on Saturday"),
        (Hours(weekly={"SU": [_span(22, 2)]}), "Sunday: 10 PM to 2 AM on Monday"),
        (Hours(weekly={"MO": [Span(dt.time(8), dt.time(0))]}), "Monday: 8 AM to midnight"),
        (
            Hours(weekly={"MO": [_span(9, 12), Span(dt.time(13), dt.time(17, 30))]}),
            "Monday: 9 AM to noon and 1 PM to 5:30 PM",
        ),
        (Hours(weekly=whole_week()), "Open day and night, every day."),
        (Hours(monthly=[Monthly("1", "TU", _span(9, 20))]), "First Tuesday of the month: 9 AM to 8 PM"),
        (Hours(monthly=[Monthly("-1", "FR", _span(9, 20))]), "Last Friday of the month: 9 AM to 8 PM"),
        (
            Hours(closed=[Closed(dt.date(2026, 11, 26), dt.date(2026, 11, 26), "Thanksgiving")]),
            "Closed Thursday, November 26, 2026: Thanksgiving",
        ),
        (Hours(), "Hours are not known. The page says “call first” and never “open now”."),
    ],
)
def test_the_preview_says_what_visitors_read(hours: Hours, line: str) -> None:
    assert line in in_words(hours)


@pytest.mark.parametrize(
    ("hours", "moment", "state"),
    [
        (Hours(weekly=whole_week()), "2026-11-22T03:00", "open"),
        (Hours(weekly=whole_week()), "2026-11-22T23:59", "open"),
        (Hours(weekly={"SA": [_span(22, 2)]}), "2026-11-22T01:30", "open"),
        (Hours(weekly={"SA": [_span(22, 2)]}), "2026-11-22T02:00", "closed"),
        (Hours(weekly={"SU": [_span(9, 17)]}, closed=[Closed(dt.date(2026, 11, 22), dt.date(2026, 11, 22), "")]),
         "2026-11-22T10:00", "closed"),
        (Hours(monthly=[Monthly("4", "SU", _span(9, 17))]), "2026-11-22T10:00", "open"),
        (Hours(note="By appointment"), "2026-11-22T10:00", "unknown"),
        (Hours(), "2026-11-22T10:00", "unknown"),
    ],
)  # fmt: skip
def test_what_a_steward_writes_is_what_a_visitor_is_told(hours: Hours, moment: str, state: str) -> None:
    """The rules of this form, read by the code that decides "open now"."""
    at = dt.datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(ZONE))
    assert hours_at(write_rules(hours), at, ZONE).state == state


@pytest.mark.parametrize(
    "row",
    [
        {"freq": "WEEKLY", "byday": "MO", "interval": 2.0, "opens_at": dt.time(9), "closes_at": dt.time(12)},
        {"freq": "MONTHLY", "bymonthday": "15", "opens_at": dt.time(9), "closes_at": dt.time(12)},
        {"freq": "WEEKLY", "byday": "MO", "until": dt.date(2027, 1, 1), "opens_at": dt.time(9), "closes_at": dt.time(12)},
        {"freq": "WEEKLY", "byday": "MO", "opens_at": dt.time(9)},
        {"freq": "WEEKLY", "byday": "MONDAY", "opens_at": dt.time(9), "closes_at": dt.time(12)},
        {"schedule_link": "https://agency.example.org/hours"},
    ],
)
def test_a_rule_beyond_these_words_is_left_as_it_is(row: dict[str, Any]) -> None:
    rule = Schedule(**row)
    read, left = read_hours([rule])
    assert left == [rule]
    assert not read.is_known
    assert rule_in_words(rule)


def test_rules_of_two_seasons_are_not_mixed() -> None:
    winter = Schedule(
        freq="WEEKLY", byday="MO", opens_at=dt.time(9), closes_at=dt.time(12), valid_from=dt.date(2026, 11, 1)
    )
    summer = Schedule(freq="WEEKLY", byday="MO", opens_at=dt.time(8), closes_at=dt.time(12), valid_from=dt.date(2027, 5, 1))
    read, left = read_hours([winter, summer])
    assert left == [summer]
    assert read.valid_from == dt.date(2026, 11, 1)


def _form(**changes: str) -> dict[str, str]:
    return {"kind": "weekly", "MO_1_from": "9", "MO_1_to": "5 pm"} | changes


def _save(client: SiteClient, service: Any, **changes: str) -> Any:
    return client.send(f"/directory/services/{service.pk}/hours/", _form(**changes), follow=True)


def test_a_tired_person_types_times_as_they_come(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    answer = _save(
        steward,
        service,
        workdays_1_from="8:30am",
        workdays_1_to="noon",
        SA_1_from="22",
        SA_1_to="2 a.m.",
        month0_week="1",
        month0_day="SU",
        month0_from="10",
        month0_to="1pm",
        closed0_first="12/24/2026",
        closed0_last="January 1 2027",
        closed0_note="Winter break",
        note="Ring twice",
    )
    page = answer.content.decode()
    for line in (
        "Monday: 9 AM to 5 PM",
        "Tuesday: 8:30 AM to noon",
        "Saturday: 10 PM to 2 AM on Sunday",
        "First Sunday of the month: 10 AM to 1 PM",
        "Closed Thursday, December 24, 2026 to Friday, January 1, 2027: Winter break",
        "Ring twice",
    ):
        assert line in page
    rules = {(rule.freq, rule.byday) for rule in service.schedules.all()}
    assert rules == {("WEEKLY", "MO"), ("WEEKLY", "TU,WE,TH,FR"), ("WEEKLY", "SA"), ("MONTHLY", "1SU"), ("", "")}


def test_saving_again_changes_nothing_and_writes_no_history(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    _save(steward, service, closed0_first="12/24/2026", closed0_note="Winter break")
    before = {rule.pk for rule in service.schedules.all()}
    told = Metadata.objects.count()
    _save(steward, service, closed0_first="12/24/2026", closed0_note="Winter break")
    assert {rule.pk for rule in service.schedules.all()} == before
    assert Metadata.objects.count() == told


def test_a_partners_rule_survives_the_form(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    kept: Any = rows.ScheduleFactory(service=service, freq="WEEKLY", byday="TU", interval=2.0)
    _save(steward, service)
    assert set(service.schedules.values_list("byday", flat=True)) == {"TU", "MO"}
    assert Schedule.objects.get(pk=kept.pk).interval == 2.0


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"MO_1_to": ""}, "Monday: say when it closes, too."),
        ({"MO_1_from": ""}, "Monday: say when it opens, too."),
        ({"MO_1_from": "25"}, "Enter a time, like 9"),
        ({"MO_1_from": "", "MO_1_to": ""}, "No hours are filled in"),
        ({"MO_2_from": "4 pm", "MO_2_to": "6 pm"}, "second hours begin before the first end"),
        ({"month0_week": "1"}, "needs all four"),
        ({"closed0_first": "2026-12-24", "closed0_last": "2026-12-20"}, "comes before the first"),
        ({"closed0_note": "Holiday"}, "Say the first closed day, too."),
        ({"valid_from": "2026-12-24", "valid_to": "2026-12-20"}, "comes before the first day"),
        ({"kind": ""}, "Choose an answer to “"),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(steward: SiteClient, changes: dict[str, str], trouble: str) -> None:
    service: Any = rows.ServiceFactory()
    answer = _save(steward, service, note="Ring twice", **changes)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert trouble in page
    assert 'value="Ring twice"' in page
    for value in changes.values():
        assert f'value="{value}"' in page
    assert not service.schedules.exists()


def test_looking_first_saves_nothing(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    answer = _save(steward, service, look="yes")
    assert "It is not saved yet" in answer.content.decode()
    assert not service.schedules.exists()


def test_always_and_not_known(steward: SiteClient) -> None:
    service: Any = rows.ServiceFactory()
    _save(steward, service, kind="always", MO_1_from="", MO_1_to="")
    assert read_hours(service.schedules.all())[0].is_always
    _save(steward, service, kind="unknown", note="By appointment")
    assert [rule.notes for rule in service.schedules.all()] == ["By appointment"]
