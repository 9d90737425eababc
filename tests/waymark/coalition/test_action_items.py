"""Action items: promised, in the owner's calendar while open, done and undone, dropped with a word why."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.coalition import act, told
from tests.factories.meetings import Table, a_decision, a_meeting, an_item, signed_in, table

from waymark.access.permissions import Role
from waymark.coalition.actions import action_items as actions
from waymark.coalition.models import ActionItem, CalendarEntry
from waymark.coalition.policies import Refused
from waymark.coalition.selectors.action_items import action_item_for, action_items_for
from waymark.coalition.selectors.my_work import changed_for, next_for, waiting_for
from waymark.notices.models import Notice
from waymark.pages.lines import HomeCount, HomeRows


@pytest.fixture
def at(db: None) -> Table:
    return table()


def test_an_open_item_stands_in_its_owner_s_calendar(at: Table) -> None:
    item = an_item(at.ana, at.ben, at.group)
    entry = item.entry
    assert (entry.kind, entry.for_membership, entry.all_day, entry.group) == ("deadline", at.ben.acting, True, None)
    assert (entry.starts_on, entry.ends_on) == (item.due_on, item.due_on)
    act(at.ben, actions.finish_action_item, item=item)
    entry.refresh_from_db()
    assert (entry.sequence, entry.cancelled_at is None) == (1, False)
    act(at.ben, actions.reopen_action_item, item=item)
    entry.refresh_from_db()
    assert (entry.sequence, entry.cancelled_at) == (2, None)
    assert CalendarEntry.objects.count() == 1
    assert told(at.ana, at.ben) == ["action_item.given", "action_item.done", "action_item.reopened"]


def test_another_owner_gets_an_entry_of_their_own(at: Table) -> None:
    item = an_item(at.ana, at.ben, at.group)
    values = {"title": "Ask for two rooms", "owner": at.cem.acting, "due_on": item.due_on}
    with pytest.raises(Refused, match="Who keeps the group"):
        act(at.ben, actions.change_action_item, item=item, values=values)
    changed = act(at.ana, actions.change_action_item, item=item, values=values)
    old, new = CalendarEntry.objects.get(pk=item.entry_id), changed.entry
    assert old.cancelled_at is not None
    assert (new.for_membership, new.title) == (at.cem.acting, "Ask for two rooms")
    outsider = UserFactory(role=Role.MEMBER.value)
    with pytest.raises(Refused, match="of the group"):
        act(at.ana, actions.change_action_item, item=changed, values={**values, "owner": outsider.acting})


def test_a_calendar_never_names_an_operation(at: Table) -> None:
    item = an_item(at.ana, at.ben, at.group, title="Write down what the sting taught us")
    assert item.entry.title == "An action item is due"


def test_who_gives_takes_settles_and_drops(at: Table) -> None:
    mine = an_item(at.ben, at.ben, at.group)
    with pytest.raises(Refused, match="Take it yourself"):
        an_item(at.ben, at.cem, at.group)
    stranger = UserFactory(role=Role.MEMBER.value)
    with pytest.raises(Refused):
        an_item(stranger, stranger, at.group)
    for other in (at.cem, stranger, at.ana):
        with pytest.raises(Refused):
            act(other, actions.finish_action_item, item=mine)
    with pytest.raises(Refused, match="in a word why"):
        act(at.ana, actions.drop_action_item, item=mine, why="  ")
    act(at.ana, actions.drop_action_item, item=mine, why="The hall was sold.")
    with pytest.raises(IntegrityError), transaction.atomic():
        ActionItem.objects.filter(pk=mine.pk).update(why="")
    act(at.ben, actions.reopen_action_item, item=mine)
    act(at.ben, actions.note_progress, item=mine, progress=50, note="Two calls made")
    mine.refresh_from_db()
    assert (mine.state, mine.progress, mine.why) == ("open", 50, "")


def test_an_item_is_read_by_its_group_and_its_owner(at: Table) -> None:
    item = an_item(at.ana, at.ben, at.group)
    stranger = UserFactory(role=Role.OFFICER.value)
    assert action_item_for(at.cem, item.pk) == item
    assert action_item_for(stranger, item.pk) is None
    at.group.members.filter(membership=at.ben.acting).update(until=timezone.localdate())
    assert action_item_for(at.ben, item.pk) == item, "what one has promised stays one's own"
    today = timezone.localdate()
    assert list(action_items_for(at.ana, group=str(at.group.pk), on=today)) == [item]
    assert list(action_items_for(at.ana, owner="me", on=today)) == []
    assert list(action_items_for(at.cem, state="overdue", on=today + dt.timedelta(days=9))) == [item]


def test_an_item_comes_from_a_meeting_of_its_own_group(at: Table) -> None:
    other = table()
    with pytest.raises(Refused, match="not one of this group"):
        an_item(at.ana, at.ben, at.group, meeting=a_meeting(other.ana, other.group))
    client = signed_in(at.ana)
    assert (
        client.get(f"/action-items/new/write/?meeting={a_meeting(other.ana, other.group, is_private=True).pk}").status_code
        == 404
    )
    decision = a_decision(at.ana, at.group)
    assert at.ben.acting is not None
    sent = {"title": "Write to the county", "owner": str(at.ben.acting.pk), "due_on": "12/24/2030"}
    page = client.send(f"/action-items/new/write/?decision={decision.pk}", sent, follow=True).content.decode()
    assert "Write to the county" in page
    assert ActionItem.objects.get().decision == decision
    assert set(Notice.objects.values_list("kind", flat=True)) <= {
        "action_item.given",
        "decision.asked",
        "meeting.scheduled",
    }


def test_done_with_one_click_and_undone_with_another(at: Table) -> None:
    item = an_item(at.ana, at.ben, at.group, days=-3)
    client = signed_in(at.ben)
    mine = "/action-items/mine/"
    assert "Overdue" in client.get(mine).content.decode()
    page = client.send(f"/action-items/{item.pk}/done/", {"from": "mine"}, page=mine, follow=True).content.decode()
    assert "is done. It can be taken back" in page
    assert "You have promised nothing" in page
    page = client.send(f"/action-items/{item.pk}/undo/", {"from": "mine"}, page=mine, follow=True).content.decode()
    assert "is open again" in page
    twice = client.send(f"/action-items/{item.pk}/undo/", {"from": "mine"}, page=mine, follow=True).content.decode()
    assert "is open, or somebody else" in twice
    assert signed_in(at.cem).send(f"/action-items/{item.pk}/done/", page=mine).status_code == 404


def test_the_home_page_says_what_waits_and_what_is_next(at: Table) -> None:
    late = an_item(at.ana, at.ben, at.group, days=-3)
    an_item(at.ana, at.ben, at.group, days=3, title="Bring the list")
    decision, meeting = a_decision(at.ana, at.group), a_meeting(at.ana, at.group)
    now = timezone.now()

    def rows(lines: object) -> set[object]:
        assert isinstance(lines, list)
        return {row for line in lines if isinstance(line, HomeCount | HomeRows) for row in line.rows}

    assert rows(waiting_for(at.ben, now)) == {late, decision}
    assert meeting in rows(next_for(at.ben, now))
    assert rows(changed_for(at.ben, now)) == set()
    stranger = UserFactory(role=Role.MEMBER.value)
    assert rows(waiting_for(stranger, now)) | rows(next_for(stranger, now)) == set()
    home = signed_in(at.ben).get("/").content.decode()
    for words in (
        "1 action item of yours is late",
        "Answer: Invented question",
        "To do: Bring the list",
        "Invented meeting",
    ):
        assert words.replace("1 ", "") in home, words
