"""The calendar's pages: who sees what, writing by hand, words that are stopped, months and lists of any length."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import GroupMemberFactory, WorkingGroupFactory, act, calendar_entry, told, voice
from tests.factories.notices import told as noticed
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import User
from waymark.coalition.actions import calendar as actions
from waymark.coalition.models import CalendarEntry, CalendarFeed, Region, WorkingGroup
from waymark.coalition.policies import Refused
from waymark.coalition.policies import calendar as policies
from waymark.coalition.selectors import calendar as selectors

MONTH, NEW = "/calendar/?month=2026-05", "/calendar/new/"
FORM = {
    "title": "Invented training",
    "kind": "training",
    "whose": "mine",
    "first_day": "May 4 2026",
    "start": "10",
    "end": "noon",
}


@pytest.fixture(autouse=True)
def now(db: None) -> Iterator[None]:
    Region.objects.create(name="Invented County", time_zone="America/Los_Angeles")
    with time_machine.travel(dt.datetime(2026, 5, 1, 16, tzinfo=dt.UTC), tick=False):
        yield


@pytest.fixture
def client(db: None) -> SiteClient:
    return signed_in(Role.MEMBER)


def signed_in(role: Role) -> SiteClient:
    at_home = role in {Role.COORDINATOR, Role.STEWARD, Role.ADMINISTRATOR}
    made = SiteClient("staff")
    made.user = UserFactory(role=role.value, **({} if at_home else {"agency": AgencyFactory()}))
    made.force_login(made.user)
    return made


@pytest.fixture
def group(client: SiteClient) -> WorkingGroup:
    made: WorkingGroup = WorkingGroupFactory(name="Invented housing group")
    GroupMemberFactory(group=made, membership=client.user.acting)
    return made


def fellow(group: WorkingGroup, duty: str = "member") -> User:
    user: User = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    GroupMemberFactory(group=group, membership=user.acting, duty=duty)
    return user


def text(client: SiteClient, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    found: str = answer.content.decode()
    return found


# Writing


def test_one_s_own_entry_from_writing_to_cancelling(client: SiteClient) -> None:
    assert "Nothing stands in this month" in text(client, MONTH)
    page = client.send(NEW, FORM, follow=True).content.decode()
    assert "Monday, May 4, 2026, 10:00 AM to 12:00 PM" in page
    entry = CalendarEntry.objects.get()
    assert (entry.starts_at, entry.is_private, entry.by_hand) == (dt.datetime(2026, 5, 4, 17, tzinfo=dt.UTC), True, True)
    url = f"/calendar/{entry.pk}/"
    form = text(client, f"{url}change/")
    assert 'value="May 4, 2026"' in form
    assert "Whose" not in form
    client.send(f"{url}change/", {**FORM, "start": "2:30 pm", "end": "", "place": "Room 4"})
    assert "2:30 PM to 3:30 PM" in text(client, url)
    assert "calendar programs" in text(client, f"{url}cancel/").lower()
    client.send(f"{url}cancel/")
    assert "Cancelled" in text(client, MONTH)
    assert client.get(f"{url}change/").status_code == 404
    assert told(client.user) == ["calendar_entry.written", "calendar_entry.changed", "calendar_entry.cancelled"]


def test_saving_what_is_the_same_changes_nothing(client: SiteClient) -> None:
    client.send(NEW, FORM)
    entry = CalendarEntry.objects.get()
    client.send(f"/calendar/{entry.pk}/change/", FORM)
    entry.refresh_from_db()
    assert entry.sequence == 0
    assert told(client.user) == ["calendar_entry.written"]


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"title": " "}, "Fill in “"),
        ({"title": "Operation Invented Hot Spots"}, "sounds like an operation"),
        ({"place": "Where the sting is"}, "sounds like an operation"),
        ({"first_day": "someday"}, "Enter a day"),
        ({"first_day": "May 4 1999"}, "between 2000 and 2100"),
        ({"start": ""}, "tick “All day”"),
        ({"start": "25"}, "Enter a time"),
        ({"end": "9"}, "ends before it begins"),
        ({"last_day": "May 3 2026"}, "comes before the first day"),
        ({"last_day": "May 9 2027"}, "a year at most"),
        ({"first_day": "March 8 2026", "start": "2:30", "end": "4"}, "clocks go forward"),
        ({"whose": "all"}, "that are here now"),
        ({"whose": str(uuid.uuid4())}, "that are here now"),
        ({"kind": "operation"}, "that are here now"),
        ({"kind": "action_item"}, "that are here now"),
        ({"title": "x" * 201}, "and 200 fit"),
    ],
)
def test_a_slip_is_told_and_nothing_typed_is_lost(client: SiteClient, changes: dict[str, str], trouble: str) -> None:
    answer = client.send(NEW, {**FORM, "place": "Room 4", **changes})
    assert answer.status_code == 422
    assert trouble in answer.content.decode()
    assert changes.get("place", "Room 4") in answer.content.decode()
    assert not CalendarEntry.objects.exists()


@pytest.mark.parametrize("word", ["Operation Hot", "night raid", "STING", "surveillance", "search warrants", "arrests"])
def test_nothing_operational_gets_past_the_form(client: SiteClient, word: str) -> None:
    values = {
        "kind": "event",
        "title": word,
        "starts_at": timezone.now(),
        "ends_at": timezone.now() + dt.timedelta(hours=1),
    }
    with pytest.raises(Refused, match="No date of an operation"):
        act(client.user, actions.write_entry, values={**values, "for_membership": client.user.acting})
    assert not [kind for kind in CalendarEntry.Kind.values if "operation" in kind]


@pytest.mark.parametrize(
    "title", ["Operations committee", "Co-operation", "Arresting images: a film", "Cooperation meeting"]
)
def test_other_words_are_not_stopped(title: str) -> None:
    policies.must_not_be_operational(title)


def test_whole_days_need_no_times_and_several_days_are_shown_on_each(client: SiteClient) -> None:
    client.send(NEW, {**FORM, "all_day": "on", "start": "", "end": "", "last_day": "May 6 2026"})
    entry = CalendarEntry.objects.get()
    assert (entry.starts_on, entry.ends_on, entry.starts_clock) == (dt.date(2026, 5, 4), dt.date(2026, 5, 6), None)
    assert text(client, MONTH).count(">Invented training</a>") == 3


# Who may


def test_who_writes_for_whom(client: SiteClient, group: WorkingGroup) -> None:
    """Each asks for a group they are in and for the whole coalition."""
    chair, secretary, member = fellow(group, "chair"), fellow(group, "secretary"), fellow(group)
    coordinator, speaker = (
        UserFactory(role=Role.COORDINATOR.value),
        UserFactory(role=Role.MEMBER.value, agency=AgencyFactory()),
    )
    voice(speaker.acting)
    closed = WorkingGroupFactory(state="closed", closed_on=dt.date(2026, 1, 1))
    for by, for_group, for_all in (
        (chair, True, False),
        (secretary, True, False),
        (member, False, False),
        (coordinator, True, True),
        (speaker, False, True),
    ):
        assert (group in policies.groups_to_write_in(by)) is for_group
        assert policies.may_write_for_all(by) is for_all
        for target, may in ((group, for_group), (None, for_all), (closed, False)):
            if may:
                policies.must_write(by, group=target, for_membership=None)
            else:
                with pytest.raises(Refused):
                    policies.must_write(by, group=target, for_membership=None)
        with pytest.raises(Refused, match="your own"):
            policies.must_write(by, group=None, for_membership=client.user.acting)


def test_who_changes_what_was_written(client: SiteClient, group: WorkingGroup) -> None:
    chair, member, coordinator = fellow(group, "chair"), client.user, UserFactory(role=Role.COORDINATOR.value)
    of_group = calendar_entry(chair, group=group)
    for_all = calendar_entry(coordinator)
    own = calendar_entry(member, for_membership=member.acting, is_private=True)
    by_a_meeting = calendar_entry(chair, group=group, by_hand=False)
    table = {chair: [of_group], member: [own], coordinator: [of_group, for_all]}
    for by, theirs in table.items():
        for entry in (of_group, for_all, own, by_a_meeting):
            assert policies.may_change(by, entry) is (entry in theirs)
    with pytest.raises(Refused, match="not yours"):
        act(member, actions.withdraw_entry, entry=of_group)
    act(chair, actions.withdraw_entry, entry=of_group)
    of_group.refresh_from_db()
    with pytest.raises(Refused, match="was cancelled"):
        act(chair, actions.rewrite_entry, entry=of_group, values={"title": "x"})


def test_a_group_s_people_get_a_notice_and_others_none(client: SiteClient, group: WorkingGroup) -> None:
    chair, stranger = fellow(group, "chair"), UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    start = dt.datetime(2026, 5, 4, 17, tzinfo=dt.UTC)
    values = {"kind": "event", "title": "Invented event", "starts_at": start, "ends_at": start + dt.timedelta(hours=1)}
    entry = act(chair, actions.write_entry, values={**values, "group": group})
    act(chair, actions.rewrite_entry, entry=entry, values={**values, "title": "Other"})
    act(chair, actions.withdraw_entry, entry=entry)
    path = f"/calendar/{entry.pk}/"
    assert sorted(noticed(client.user)) == [(f"calendar.{what}", path) for what in ("cancelled", "changed", "scheduled")]
    assert noticed(chair) == noticed(stranger) == []
    assert client.get(path).status_code == 200


# Who sees


def test_each_sees_the_coalition_s_their_groups_and_their_own_and_busy_of_their_fellows(
    client: SiteClient, group: WorkingGroup
) -> None:
    friend, stranger = fellow(group), UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    coordinator = UserFactory(role=Role.COORDINATOR.value)
    calendar_entry(coordinator, title="For all")
    calendar_entry(friend, title="Of the group", group=group)
    calendar_entry(coordinator, title="Of others", group=WorkingGroupFactory())
    secret = calendar_entry(friend, title="Dentist", place="Main Street", for_membership=friend.acting, is_private=True)
    calendar_entry(stranger, title="Far away", for_membership=stranger.acting, is_private=True)
    calendar_entry(friend, title="A duty of theirs", kind="deadline", for_membership=friend.acting)
    for url in (MONTH, "/calendar/list/"):
        page = text(client, url)
        assert "For all" in page
        assert "Of the group" in page
        assert page.count("Busy") == 1
        for hidden in (
            "Of others",
            "Dentist",
            "Main Street",
            "Far away",
            "A duty of theirs",
            str(secret.pk),
            friend.display_name,
        ):
            assert hidden not in page
    assert client.get(f"/calendar/{secret.pk}/").status_code == 404
    # A search must not tell what a busy time is about.
    assert "Busy" not in text(client, "/calendar/list/?q=Dentist")
    assert "Busy" not in text(client, "/calendar/list/?kind=event")


def test_a_private_entry_for_all_is_busy_to_all_but_who_keeps_it(client: SiteClient) -> None:
    coordinator = signed_in(Role.COORDINATOR)
    entry = calendar_entry(coordinator.user, title="Closed talk", is_private=True)
    assert "Closed talk" not in text(client, MONTH)
    assert "Busy" in text(client, MONTH)
    assert client.get(f"/calendar/{entry.pk}/").status_code == 404
    assert "Closed talk" in text(coordinator, MONTH)


def test_the_filter_narrows_to_a_group_and_to_one_s_own(client: SiteClient, group: WorkingGroup) -> None:
    calendar_entry(client.user, title="For all")
    calendar_entry(client.user, title="Of the group", group=group)
    calendar_entry(client.user, title="My own", for_membership=client.user.acting, is_private=True)
    for whose, shown in (("all", "For all"), (str(group.pk), "Of the group"), ("mine", "My own")):
        for page in (text(client, f"{MONTH}&whose={whose}"), text(client, f"/calendar/list/?whose={whose}")):
            assert [title for title in ("For all", "Of the group", "My own") if f">{title}</a>" in page] == [shown]
    assert "For all" in text(client, f"{MONTH}&whose={uuid.uuid4()}")


@pytest.mark.parametrize(
    "junk", ["month=x", "month=2026-13", "month=9999-12", "month=1-1", "whose=x", "page=x", "day=2026-02-30"]
)
def test_junk_in_the_address_shows_the_nearest_sensible_page(client: SiteClient, junk: str) -> None:
    assert "May 2026" in text(client, f"/calendar/?{junk}")
    assert client.get(f"/calendar/list/?{junk}").status_code == 200
    assert client.get(f"/calendar/new/?{junk}").status_code == 200


def test_the_month_is_a_table_that_names_its_days(client: SiteClient) -> None:
    calendar_entry(client.user, title="For all")
    page = text(client, MONTH)
    assert page.count('<th scope="col">') == 7
    assert "<caption>May 2026." in page
    assert '<time datetime="2026-05-04"><span class="month-full">Monday, May 4, 2026</span>' in page
    assert page.count("<tr>") == 1 + 6
    assert "month=2026-04" in page
    assert "month=2026-06" in page


# Any length


def many(by: User, count: int) -> None:
    made = calendar_entry(by)
    start = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    rows = []
    for number in range(count):
        at = start + dt.timedelta(minutes=8 * number)
        clock = {"starts_on": at.date(), "ends_on": at.date(), "starts_clock": at.time(), "ends_clock": at.time()}
        own = {"title": f"Invented {number}", "starts_at": at, "ends_at": at + dt.timedelta(hours=1), "made_by": by.acting}
        rows.append(CalendarEntry(kind="event", time_zone="UTC", path=f"/calendar/{made.pk}/", **clock, **own))
    CalendarEntry.objects.bulk_create(rows)


def test_five_thousand_entries_are_shown_with_few_questions(client: SiteClient, group: WorkingGroup) -> None:
    many(client.user, 5_000)
    for url in (MONTH, "/calendar/list/", "/calendar/list/?q=Invented&when=past", "/calendar/links/"):
        text(client, url)
        with CaptureQueriesContext(connection) as work:
            page = text(client, url)
        # The savepoint is the test's own transaction; a visitor's page has none.
        assert len([each for each in work if "SAVEPOINT" not in each["sql"]]) <= 12, url
    assert "Page 1 of" in text(client, "/calendar/list/")
    page = text(client, MONTH)
    assert "more<span" in page
    assert len(page) < 120_000
    assert "Sunday, May 3, 2026" in text(client, "/calendar/list/?day=2026-05-03")


# Links


def test_a_link_is_shown_once_and_ended_with_one_click(client: SiteClient, group: WorkingGroup) -> None:
    page = client.send("/calendar/links/make/", {"group": str(group.pk)}, page="/calendar/links/").content.decode()
    address = page.split('aria-label="Link">')[1].split("<")[0]
    assert address.startswith("http://staff.localhost/feeds/")
    assert group.name not in address
    listed = text(client, "/calendar/links/")
    assert address not in listed
    assert "Make it anew" in listed
    assert client.get(address).status_code == 200
    assert "last read Friday, May 1, 2026" in text(client, "/calendar/links/")
    feed = CalendarFeed.objects.get()
    assert client.send(f"/calendar/links/{feed.pk}/end/", page="/calendar/links/").status_code == 302
    assert client.get(address).status_code == 404


def test_a_link_to_a_group_of_others_is_not_made(client: SiteClient) -> None:
    for sent in (str(WorkingGroupFactory().pk), "junk"):
        client.send("/calendar/links/make/", {"group": sent}, page="/calendar/links/")
    assert not CalendarFeed.objects.exists()


def test_a_session_that_proved_itself_long_ago_proves_itself_before_it_gets_a_link(client: SiteClient) -> None:
    with time_machine.travel(dt.datetime(2026, 5, 1, 16, 20, tzinfo=dt.UTC), tick=False):
        answer = client.send("/calendar/links/make/", {"group": ""}, page="/calendar/links/")
        assert "/feeds/" not in answer.content.decode()
        assert not CalendarFeed.objects.exists()


# For the home page and the search


def test_home_and_search_offer_what_a_person_may_read(client: SiteClient, group: WorkingGroup) -> None:
    friend, now = fellow(group), timezone.now()
    calendar_entry(friend, title="Of the group", group=group)
    calendar_entry(friend, title="Of others", group=WorkingGroupFactory())
    calendar_entry(friend, title="Dentist", for_membership=friend.acting, is_private=True)
    calendar_entry(friend, title="A meeting", kind="meeting", group=group, by_hand=False)
    offered: list[Callable[[User, Any], Any]] = [selectors.next_for, selectors.changed_for]
    for offer in offered:
        assert [entry.title for line in offer(client.user, now) for entry in line.rows] == ["Of the group"]
    assert not [entry for line in selectors.changed_for(friend, now) for entry in line.rows]
    for words, found in ((["group"], ["Of the group"]), (["dentist"], []), (["others"], [])):
        assert [entry.title for rows in selectors.search_for(client.user, words) for entry in rows.rows] == found
