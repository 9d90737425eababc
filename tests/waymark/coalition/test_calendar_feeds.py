"""Calendar links as programs read them: by a parser that is not the writer, over the change of clocks, by secret alone."""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from dateutil.tz import tzical
from django.utils import timezone
from ical.calendar import Calendar
from ical.calendar_stream import IcsCalendarStream
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import GroupMemberFactory, WorkingGroupFactory, act, calendar_entry, told
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import Membership, User
from waymark.coalition.actions.calendar import cancel_entry, change_entry
from waymark.coalition.actions.feeds import READS_AN_HOUR, end_feed, make_feed
from waymark.coalition.formats.ical import plain, time_zone
from waymark.coalition.models import CalendarFeed, GroupMember, Region, WorkingGroup
from waymark.coalition.policies import Refused
from waymark.web.forms import ZONES

NOW = dt.datetime(2026, 5, 1, 16, tzinfo=dt.UTC)
ZONE = "America/Los_Angeles"


@pytest.fixture(autouse=True)
def clock(db: None) -> Iterator[time_machine.Traveller]:
    Region.objects.create(name="Invented County", time_zone=ZONE)
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def member() -> User:
    user: User = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    return user


@pytest.fixture
def coordinator() -> User:
    user: User = UserFactory(role=Role.COORDINATOR.value)
    return user


@pytest.fixture
def group(member: User) -> WorkingGroup:
    made: WorkingGroup = WorkingGroupFactory(name="Invented housing group")
    GroupMemberFactory(group=made, membership=member.acting)
    return made


def link(by: User, group: WorkingGroup | None = None) -> str:
    token: str = act(by, make_feed, group=group)[1]
    return f"/feeds/{token}.ics"


def ask(path: str, **headers: str) -> Any:
    """As a program does that knows nothing but the address."""
    return SiteClient("staff").get(path, headers={"host": "staff.localhost", **headers})


def read(path: str) -> Calendar:
    answer = ask(path)
    assert answer.status_code == 200
    return IcsCalendarStream.calendar_from_ics(answer.content.decode())


def titles(path: str) -> list[str]:
    return sorted(str(event.summary) for event in read(path).events)


# What is in it


def test_another_program_s_parser_reads_the_time_on_the_wall_on_both_sides_of_the_change_of_clocks(
    member: User, coordinator: User
) -> None:
    path = link(member)
    for on, utc in (((2026, 10, 30), 17), ((2026, 11, 2), 18), ((2027, 3, 12), 18), ((2027, 3, 15), 17)):
        calendar_entry(coordinator, title=f"{on}", starts_at=dt.datetime(*on, utc, tzinfo=dt.UTC))
    text = ask(path).content.decode()
    for event in IcsCalendarStream.calendar_from_ics(text).events:
        assert isinstance(event.dtstart, dt.datetime)
        assert event.dtstart.time() == dt.time(10)
        assert event.dtend - event.dtstart == dt.timedelta(hours=1)
    # And by the rules that the file itself brings along, in a third parser.
    zone = tzical(io.StringIO(text)).get()
    for on, hours in (((2026, 10, 30), -7), ((2026, 11, 2), -8), ((2027, 3, 12), -8), ((2027, 3, 15), -7)):
        assert dt.datetime(*on, 10, tzinfo=zone).utcoffset() == dt.timedelta(hours=hours)


@pytest.mark.parametrize("name", [key for key, _ in ZONES])
def test_the_rules_of_each_zone_hold_at_every_half_hour_around_each_change(name: str) -> None:
    first, last = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2028, 1, 1, tzinfo=dt.UTC)
    text = time_zone(name, first=first, last=last).to_ical().decode()
    theirs = tzical(io.StringIO(f"BEGIN:VCALENDAR\r\n{text}END:VCALENDAR\r\n")).get(name)
    ours = ZoneInfo(name)
    for at in itertools.takewhile(
        lambda at: at < last, (first + number * dt.timedelta(hours=6) for number in itertools.count())
    ):
        near_a_change = at.astimezone(ours).utcoffset() != (at + dt.timedelta(hours=6)).astimezone(ours).utcoffset()
        for minutes in range(0, 360, 30) if near_a_change else (0,):
            wall = (at + dt.timedelta(minutes=minutes)).astimezone(ours)
            if wall.replace(fold=0).utcoffset() == wall.replace(fold=1).utcoffset():
                assert wall.replace(tzinfo=theirs).utcoffset() == wall.utcoffset(), wall


def test_whole_days_are_days_and_the_hour_that_comes_twice_is_told_in_utc(member: User, coordinator: User) -> None:
    midnight = dt.datetime(2026, 5, 4, 7, tzinfo=dt.UTC)
    calendar_entry(
        coordinator,
        title="Days",
        kind="training",
        starts_at=midnight,
        ends_at=midnight + dt.timedelta(days=2),
        all_day=True,
    )
    calendar_entry(coordinator, title="First", starts_at=dt.datetime(2026, 11, 1, 8, 30, tzinfo=dt.UTC))
    calendar_entry(coordinator, title="Second", starts_at=dt.datetime(2026, 11, 1, 9, 30, tzinfo=dt.UTC))
    text = ask(link(member)).content.decode()
    assert "DTSTART;VALUE=DATE:20260504" in text
    assert "DTEND;VALUE=DATE:20260506" in text
    assert f"DTSTART;TZID={ZONE}:20261101T013000" in text
    assert "DTSTART:20261101T093000Z" in text
    found = {str(event.summary): event for event in IcsCalendarStream.calendar_from_ics(text).events}
    assert (found["Days"].dtstart, found["Days"].dtend) == (dt.date(2026, 5, 4), dt.date(2026, 5, 6))


def test_a_change_counts_up_and_a_cancellation_is_told_for_a_month(
    member: User, coordinator: User, clock: time_machine.Traveller
) -> None:
    path, entry = link(member), calendar_entry(coordinator, title="Invented meeting", kind="meeting", place="Room 4")
    event = read(path).events[0]
    assert (event.uid, event.sequence, event.status.value, event.location) == (str(entry.pk), 0, "CONFIRMED", "Room 4")
    clock.shift(dt.timedelta(hours=1))
    later = entry.starts_at + dt.timedelta(days=1)
    change_entry(entry=entry, starts_at=later, ends_at=later + dt.timedelta(hours=2), title="Moved meeting")
    moved = read(path).events[0]
    assert (moved.uid, moved.sequence, moved.summary) == (str(entry.pk), 1, "Moved meeting")
    assert moved.dtstart == event.dtstart + dt.timedelta(days=1)
    assert moved.dtstamp == moved.last_modified == timezone.now()
    assert moved.created == NOW
    cancel_entry(entry=entry)
    gone = read(path).events[0]
    assert (gone.uid, gone.sequence, gone.status.value) == (str(entry.pk), 2, "CANCELLED")
    clock.shift(dt.timedelta(days=31))
    assert read(path).events == []


def test_what_is_private_leaves_as_busy_one_s_own_too(member: User, group: WorkingGroup) -> None:
    calendar_entry(member, title="Dentist", place="Main Street", for_membership=member.acting, is_private=True)
    calendar_entry(member, title="Closed part", group=group, is_private=True)
    text = ask(link(member)).content.decode()
    assert text.count("SUMMARY:Busy") == text.count("CLASS:PRIVATE") == text.count("TRANSP:OPAQUE") == 2
    for told_apart in ("Dentist", "Main Street", "Closed part", "/calendar/", "CATEGORIES", group.name):
        assert told_apart not in text


def test_a_file_is_one_that_every_program_takes(member: User, coordinator: User) -> None:
    calendar_entry(
        coordinator, title="Añejo, “quoted”; back\\slash " + "long " * 30, place="A\r\nATTENDEE:mailto:x@example.org"
    )
    body = ask(link(member)).content
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert b"\n" not in b"".join(lines)
    assert not [line for line in lines if line.startswith(b"ATTENDEE")]
    event = IcsCalendarStream.calendar_from_ics(body.decode()).events[0]
    assert event.summary == ("Añejo, “quoted”; back\\slash " + "long " * 30).strip()
    assert event.location == "A ATTENDEE:mailto:x@example.org"
    assert plain("a\u2028b\x00\x1b c") == "a b c"


# Who reads what


def test_a_link_shows_what_its_member_may_see_now(member: User, coordinator: User, group: WorkingGroup) -> None:
    other = WorkingGroupFactory()
    calendar_entry(coordinator, title="For all")
    calendar_entry(coordinator, title="Of the group", group=group)
    calendar_entry(coordinator, title="Of another group", group=other)
    calendar_entry(coordinator, title="The coordinator's own", for_membership=coordinator.acting)
    calendar_entry(member, title="Due", kind="deadline", for_membership=member.acting)
    mine, the_group_s, the_coordinator_s = link(member), link(member, group), link(coordinator)
    assert titles(mine) == ["Due", "For all", "Of the group"]
    assert titles(the_group_s) == ["Of the group"]
    # Who keeps every group is not in every group: their own calendar stays their own.
    assert titles(the_coordinator_s) == ["For all", "The coordinator's own"]
    GroupMember.objects.filter(group=group).update(until=timezone.localdate())
    assert titles(mine) == ["Due", "For all"]
    assert titles(the_group_s) == []


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Membership, {"state": "suspended"}),
        (Membership, {"state": "ended"}),
        (Membership, {"ends_on": dt.date(2026, 4, 30)}),
        (User, {"is_active": False}),
        (CalendarFeed, None),
    ],
)
def test_wrong_ended_and_nobody_s_tokens_are_answered_alike(member: User, model: Any, changes: Any) -> None:
    path = link(member)
    assert ask(path).status_code == 200
    row = {Membership: member.acting, User: member, CalendarFeed: CalendarFeed.objects.get()}[model]
    assert row is not None
    if changes is None:
        act(member, end_feed, feed=row)
    else:
        model.objects.filter(pk=row.pk).update(**changes)
    answer, wrong = ask(path), ask(f"/feeds/{'a' * 43}.ics")
    assert answer.status_code == wrong.status_code == 404
    assert answer.content.replace(path.encode(), b"") == wrong.content.replace(f"/feeds/{'a' * 43}.ics".encode(), b"")
    assert {**answer.headers} == {**wrong.headers}


def test_making_a_link_anew_ends_the_one_before_and_keeps_no_token(member: User, owner: Any) -> None:
    first = link(member)
    second = link(member)
    assert ask(first).status_code == 404
    assert ask(second).status_code == 200
    assert CalendarFeed.objects.count() == 1
    token = second.removeprefix("/feeds/").removesuffix(".ics")
    assert len(token) == 43
    assert token not in str(CalendarFeed.objects.values().get())
    act(member, end_feed, feed=CalendarFeed.objects.get())
    assert told(member) == ["calendar_feed.made", "calendar_feed.made", "calendar_feed.ended"]


def test_a_link_is_one_s_own(member: User, coordinator: User, group: WorkingGroup) -> None:
    stranger = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    feed, _ = act(member, make_feed, group=group)
    with pytest.raises(Refused, match="not in this group"):
        act(stranger, make_feed, group=group)
    with pytest.raises(Refused, match="your own links"):
        act(stranger, end_feed, feed=feed)
    assert told(stranger) == []


# How it is answered


def test_nothing_has_changed_is_answered_without_a_body(member: User, coordinator: User) -> None:
    path = link(member)
    calendar_entry(coordinator)
    answer = ask(path)
    again = ask(path, **{"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", answer["ETag"])
    calendar_entry(coordinator, title="Another")
    assert ask(path, **{"If-None-Match": answer["ETag"]}).status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert "Set-Cookie" not in answer.headers
    assert answer.cookies == {}


def test_who_is_signed_in_beside_it_means_nothing(member: User, coordinator: User) -> None:
    calendar_entry(coordinator, title="The coordinator's own", for_membership=coordinator.acting)
    client = SiteClient("staff")
    client.force_login(coordinator)
    path = link(member)
    assert client.get(path).content == ask(path).content
    assert b"coordinator" not in client.get(path).content
    assert client.post(path).status_code in {403, 405}


def test_who_asks_too_often_waits_and_the_next_hour_is_new(member: User, clock: time_machine.Traveller) -> None:
    path = link(member)
    assert ask(path).status_code == 200
    assert CalendarFeed.objects.get().reads_in_hour == 1
    CalendarFeed.objects.update(reads_in_hour=READS_AN_HOUR - 1)
    assert [ask(path).status_code for _ in range(2)] == [200, 429]
    assert ask(path)["Retry-After"] == "3600"
    clock.shift(dt.timedelta(hours=1, seconds=1))
    assert ask(path).status_code == 200
    assert CalendarFeed.objects.get().read_at == timezone.now()


def test_no_log_line_holds_a_token(
    member: User, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    path = link(member)
    ask(path)
    ask(f"/feeds/{'b' * 43}.ics")
    lines = caplog.text + "".join(capfd.readouterr())
    assert "feeds/<slug:token>.ics" in lines
    assert path.split("/")[2][:20] not in lines
    assert "bbbbbbbb" not in lines
