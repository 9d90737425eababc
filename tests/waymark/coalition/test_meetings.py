"""Meetings: called, changed through the calendar, minutes in three parts, and no outlet of a closed part for others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import act, told
from tests.factories.meetings import Table, a_meeting, signed_in, table

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.coalition.actions import meetings, minutes
from waymark.coalition.formats.brown_act import notice_times
from waymark.coalition.models import Addendum, CalendarEntry, Meeting, Minutes, MinutesPart, Part
from waymark.coalition.policies import Refused
from waymark.coalition.policies import meetings as policies
from waymark.coalition.selectors.asked import people_asked
from waymark.notices.models import Notice

PUBLIC, MEMBERS, CLOSED = "The public heard of rooms.", "Members heard of costs.", "Zanzibar was said behind doors."


@pytest.fixture
def at(db: None) -> Table:
    return table()


def refused(statement: Any) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        statement()


def with_minutes(at: Table, upto: str = "circulated", **values: Any) -> Meeting:
    """A past meeting with an agenda and minutes in all three parts."""
    meeting = a_meeting(at.ana, at.group, days=-10, title="Autumn meeting", **values)
    for part in Part:
        item = {"title": f"Item {CLOSED if part == 'closed' else part.value}", "part": part.value}
        made = act(at.ana, meetings.save_agenda_item, meeting=meeting, item=None, values=item)
        paper = {"title": f"Paper {part.value}", "text": CLOSED if part == "closed" else "Open words."}
        act(at.ana, meetings.add_paper, item=made, values=paper)
    texts = {"public": PUBLIC, "members": MEMBERS, "closed": CLOSED}
    act(at.ana, minutes.write_minutes, meeting=meeting, texts=texts)
    if upto != "draft":
        act(at.ana, minutes.circulate_minutes, meeting=meeting)
    return meeting


# Calling, changing, cancelling


def test_a_meeting_lives_in_the_calendar(at: Table) -> None:
    meeting = a_meeting(at.ana, at.group, place="Hall 2")
    entry = meeting.entry
    assert (entry.kind, entry.group, entry.sequence, entry.place) == ("meeting", at.group, 0, "Hall 2")
    assert entry.path == f"/meetings/{meeting.pk}/"
    values = {"title": entry.title, "place": "Hall 3", "starts_at": entry.starts_at, "ends_at": entry.ends_at}
    act(at.ana, meetings.change_meeting, meeting=meeting, values=values)
    act(at.ana, meetings.change_meeting, meeting=meeting, values=values)
    again = CalendarEntry.objects.get()
    assert (again.pk, again.sequence, again.place) == (entry.pk, 1, "Hall 3"), "what changed nothing counts nothing"
    act(at.ana, meetings.cancel_meeting, meeting=meeting)
    again.refresh_from_db()
    assert again.sequence == 2
    assert again.cancelled_at is not None
    with pytest.raises(Refused, match="was cancelled"):
        act(at.ana, meetings.change_meeting, meeting=meeting, values=values)
    assert told(at.ana) == ["meeting.called", "meeting.changed", "meeting.cancelled"]
    kinds = list(Notice.objects.order_by("created_at").values_list("kind", flat=True))
    assert all(kind.startswith("meeting.") for kind in kinds)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"days": 1, "ends_at": timezone.now() - dt.timedelta(days=3)}, "ends after it begins"),
        ({"title": "Operation Hot Spots briefing"}, "operation"),
        ({"place": "Raid staging lot"}, "operation"),
    ],
)
def test_what_no_meeting_is(at: Table, values: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused, match=words):
        a_meeting(at.ana, at.group, **values)
    assert not Meeting.objects.exists()


def test_who_calls_and_keeps_a_meeting(at: Table) -> None:
    coordinator, steward = UserFactory(role=Role.COORDINATOR.value), UserFactory(role=Role.STEWARD.value)
    for by, group in ((at.ben, at.group), (at.ana, None), (steward, None), (steward, at.group)):
        with pytest.raises(Refused):
            a_meeting(by, group)
    a_meeting(coordinator, at.group)
    everybody_s = a_meeting(coordinator)
    assert set(people_asked(None)) == {at.ana.acting, at.ben.acting, at.cem.acting}
    assert policies.is_asked(steward, everybody_s)
    assert not policies.may_keep(at.ana, everybody_s)


# Who reads what


@dataclass(frozen=True)
class Readers:
    member: User
    coordinator: User
    stranger: User
    administrator: User


@pytest.fixture
def readers(at: Table) -> Readers:
    host = AgencyFactory(is_host=True)
    return Readers(
        at.cem,
        UserFactory(role=Role.COORDINATOR.value, agency=host),
        UserFactory(role=Role.OFFICER.value, agency=AgencyFactory()),
        UserFactory(role=Role.ADMINISTRATOR.value, agency=host),
    )


def test_the_circles_of_readers(at: Table, readers: Readers) -> None:
    meeting = a_meeting(at.ana, at.group)
    everything, open_parts = tuple(Part), (Part.PUBLIC, Part.MEMBERS)
    assert policies.parts_read_by(readers.member, meeting) == everything
    for reader in (readers.coordinator, readers.stranger, readers.administrator):
        assert policies.parts_read_by(reader, meeting) == open_parts
    nobody = UserFactory(role=None)
    assert policies.parts_read_by(nobody, meeting) == ()
    at.group.members.filter(membership=at.cem.acting).update(until=timezone.localdate())
    assert policies.parts_read_by(at.cem, meeting) == open_parts, "who left reads it no more"


def test_the_closed_part_of_everybody_s_meeting(at: Table, readers: Readers) -> None:
    meeting = a_meeting(readers.coordinator, days=-1)
    assert Part.CLOSED not in policies.parts_read_by(at.ben, meeting), "Ben's agency was not there"
    there = {at.ben.acting.agency_id: "present", at.cem.acting.agency_id: "excused"}  # type: ignore[union-attr]
    act(readers.coordinator, meetings.note_attendance, meeting=meeting, there=there)
    assert Part.CLOSED in policies.parts_read_by(at.ben, meeting)
    assert Part.CLOSED not in policies.parts_read_by(at.cem, meeting)
    colleague = UserFactory(agency=at.ben.acting.agency, role=Role.MEMBER.value)  # type: ignore[union-attr]
    assert Part.CLOSED not in policies.parts_read_by(colleague, meeting), "they do not speak for the agency"


def outlets(meeting: Meeting) -> list[str]:
    page = f"/meetings/{meeting.pk}/"
    return [
        page, f"{page}agenda/", f"{page}minutes/public/", f"{page}minutes/", "/meetings/", "/meetings/?q=Zanzibar", "/",
        "/waiting/", "/changed/", "/next/", "/calendar/", "/notices/", "/action-items/", "/decisions/",
        "/decisions/?q=Zanzibar",
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["coordinator", "stranger", "administrator"])
def test_a_closed_part_has_no_outlet_for_others(at: Table, readers: Readers, who: str) -> None:
    meeting = with_minutes(at)
    reader: User = getattr(readers, who)
    client = signed_in(reader)
    for url in outlets(meeting):
        body = client.get(url).content.decode()
        assert "behind doors" not in body, url
    found = client.send("/search/", {"q": "zanzibar"}).content.decode()
    assert "behind doors" not in found
    assert f"/meetings/{meeting.pk}/" not in found
    closed = meeting.items.get(part="closed")
    assert client.get(f"/meetings/{meeting.pk}/papers/{closed.papers.get().pk}/").status_code == 404
    shown = client.get(f"/meetings/{meeting.pk}/").content.decode()
    assert PUBLIC in shown
    assert MEMBERS in shown


def test_the_group_reads_its_closed_part_on_the_page_alone(at: Table) -> None:
    meeting = with_minutes(at)
    client = signed_in(at.cem)
    bodies = {url: client.get(url).content.decode() for url in outlets(meeting)[:3]}
    page, agenda, public = bodies.values()
    assert CLOSED in page
    assert "Zanzibar" not in agenda + public, "a printout is read by everybody, whoever prints it"
    assert MEMBERS not in public
    assert PUBLIC in public


def test_who_cannot_read_the_closed_part_cannot_write_it(at: Table, readers: Readers) -> None:
    meeting = with_minutes(at, "draft")
    client = signed_in(readers.coordinator)
    page = client.get(f"/meetings/{meeting.pk}/minutes/").content.decode()
    assert 'name="closed"' not in page
    sent = {"public": "Mended.", "members": MEMBERS, "closed": "Overwritten"}
    client.send(f"/meetings/{meeting.pk}/minutes/", sent)
    texts = dict(MinutesPart.objects.values_list("part", "text"))
    assert texts == {"public": "Mended.", "members": MEMBERS, "closed": CLOSED}
    closed = meeting.items.get(part="closed")
    for step in ("change", "remove", "papers/new"):
        assert client.get(f"/meetings/{meeting.pk}/items/{closed.pk}/{step}/").status_code == 404
    with pytest.raises(Refused, match="closed part"):
        act(readers.coordinator, minutes.write_minutes, meeting=meeting, texts={"closed": "x"})


def test_a_private_meeting_is_absent_for_others(at: Table, readers: Readers) -> None:
    meeting = with_minutes(at, is_private=True)
    client = signed_in(readers.stranger)
    for url in outlets(meeting)[:4]:
        assert client.get(url).status_code == 404
    assert "Autumn meeting" not in client.get("/meetings/").content.decode()
    assert "Autumn meeting" in signed_in(readers.member).get("/meetings/").content.decode()


def test_how_to_join_is_for_who_is_asked(at: Table, readers: Readers) -> None:
    meeting = a_meeting(at.ana, at.group, how_to_join="Video code 555 0142")
    assert "555 0142" in signed_in(at.ben).get(f"/meetings/{meeting.pk}/").content.decode()
    assert "555 0142" not in signed_in(readers.stranger).get(f"/meetings/{meeting.pk}/").content.decode()


# Approval


def test_minutes_go_from_draft_to_approved_and_are_locked(at: Table) -> None:
    meeting = with_minutes(at, "draft")
    assert PUBLIC not in signed_in(at.ben).get(f"/meetings/{meeting.pk}/").content.decode(), "a draft is its keepers'"
    act(at.ana, minutes.circulate_minutes, meeting=meeting)
    earlier = a_meeting(at.ana, at.group, days=-20)
    coming = a_meeting(at.ana, at.group, days=3)
    for wrong, words in ((earlier, "later meeting"), (meeting, "later meeting"), (coming, "not begun")):
        with pytest.raises(Refused, match=words):
            act(at.ana, minutes.approve_minutes, meeting=meeting, later=wrong)
    later = a_meeting(at.ana, at.group, days=-1)
    act(at.ana, minutes.approve_minutes, meeting=meeting, later=later)
    found = Minutes.objects.get(meeting=meeting)
    assert (found.state, found.approved_in) == ("approved", later)
    with pytest.raises(Refused, match="locked"):
        act(at.ana, minutes.write_minutes, meeting=meeting, texts={"public": "Other words"})
    part = MinutesPart.objects.get(minutes=found, part="public")
    refused(lambda: MinutesPart.objects.filter(pk=part.pk).update(text="Other words"))
    refused(lambda: MinutesPart.objects.filter(pk=part.pk).delete())
    refused(lambda: Minutes.objects.filter(pk=found.pk).update(state="circulated"))
    addendum = act(at.ana, minutes.add_addendum, meeting=meeting, part="closed", text="Not Zanzibar: Zagreb.")
    refused(lambda: Addendum.objects.filter(pk=addendum.pk).update(text="x"))
    assert "Zagreb" in signed_in(at.ben).get(f"/meetings/{meeting.pk}/").content.decode()
    outside = signed_in(UserFactory(role=Role.COORDINATOR.value))
    assert "Zagreb" not in outside.get(f"/meetings/{meeting.pk}/").content.decode()


def test_a_part_is_never_moved_to_other_readers(at: Table) -> None:
    meeting = with_minutes(at)
    refused(lambda: MinutesPart.objects.filter(minutes__meeting=meeting, part="closed").update(part="public"))
    with pytest.raises(Refused, match="Only approved minutes"):
        act(at.ana, minutes.add_addendum, meeting=meeting, part="public", text="x")


# The agenda, attendance, notice


def test_an_agenda_keeps_its_order(at: Table) -> None:
    meeting = a_meeting(at.ana, at.group)
    for title in ("One", "Two", "Three"):
        act(at.ana, meetings.save_agenda_item, meeting=meeting, item=None, values={"title": title, "part": "public"})
    one, two, three = meeting.items.all()
    assert act(at.ana, meetings.move_agenda_item, item=three, up=True)
    assert not act(at.ana, meetings.move_agenda_item, item=one, up=True)
    act(at.ana, meetings.remove_agenda_item, item=one)
    assert list(meeting.items.values_list("title", "position")) == [("Three", 1), ("Two", 2)]
    assert two.pk in set(meeting.items.values_list("pk", flat=True))


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "javascript:alert(1)", "/\\evil.example", "no"]
)
def test_a_paper_leads_nowhere_else(at: Table, path: str) -> None:
    meeting = a_meeting(at.ana, at.group)
    item = act(at.ana, meetings.save_agenda_item, meeting=meeting, item=None, values={"title": "One", "part": "public"})
    url = f"/meetings/{meeting.pk}/items/{item.pk}/papers/new/"
    answer = signed_in(at.ana).send(url, {"title": "A link", "path": path})
    assert answer.status_code == 422
    refused(lambda: item.papers.create(title="A link", path=path))


def test_attendance_is_noted_by_agency(at: Table) -> None:
    meeting = a_meeting(at.ana, at.group, days=-1)
    client = signed_in(at.ana)
    agencies = [user.acting.agency for user in at.people if user.acting]
    sent = {str(agencies[0].pk): "present", str(agencies[1].pk): "remote", str(agencies[2].pk): ""}
    client.send(f"/meetings/{meeting.pk}/attendance/", sent)
    client.send(f"/meetings/{meeting.pk}/attendance/", {**sent, str(agencies[1].pk): ""})
    assert list(meeting.attendance.values_list("agency", "how")) == [(agencies[0].pk, "present")]
    coming = a_meeting(at.ana, at.group)
    with pytest.raises(Refused, match="has begun"):
        act(at.ana, meetings.note_attendance, meeting=coming, there={agencies[0].pk: "present"})


def test_a_public_body_is_told_when_to_post(at: Table) -> None:
    starts_at = dt.datetime(2027, 3, 16, 17, tzinfo=dt.UTC)
    times = notice_times(starts_at, now=starts_at - dt.timedelta(hours=48))
    assert (times.is_late_for_regular, times.is_late_for_special) == (True, False)
    at.group.is_brown_act = True
    at.group.save()
    meeting = a_meeting(at.ana, at.group)
    shown = signed_in(at.ana).get(f"/meetings/{meeting.pk}/").content.decode()
    assert "Gov. Code 54954.2" in shown
    assert "Have counsel check before you rely on it" in shown


def test_bad_times_lose_nothing_that_was_typed(at: Table) -> None:
    client = signed_in(at.ana)
    sent = {"group": str(at.group.pk), "title": "Winter plan", "day": "5/3/2027", "starts": "10", "ends": "9:30"}
    answer = client.send("/meetings/call/", sent)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "ends before it begins" in body
    assert "Winter plan" in body
    assert not Meeting.objects.exists()
    done = client.send("/meetings/call/", {**sent, "ends": "11:30 am"}, follow=True).content.decode()
    assert "Monday, May 3, 2027 at 10:00 AM" in done
