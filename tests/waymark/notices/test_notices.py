"""Notices: told to who may look, without content, one line for many changes, read by one person alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
from tests.factories.assistance import a_fund, a_request
from tests.factories.notices import letters_come, told
from tests.factories.people import a_case
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.access.sites import staff_page
from waymark.accounts.models import Membership, User
from waymark.audit.models import Event
from waymark.jobs import tasks as jobs
from waymark.notices import actions, policies, tasks
from waymark.notices.formats.kinds import KINDS, UnknownKind
from waymark.notices.models import KEPT_FOR, Notice

KIND, PATH = "meeting.changed", "/your-place/"
LIST = "/notices/"


@pytest.fixture
def member(db: None) -> User:
    """Somebody in an agency of their own."""
    user: User = UserFactory(agency=AgencyFactory(), role=Role.MEMBER.value, email="ola@example.org")
    return user


def tell(*users: User, kind: str = KIND, path: str = PATH) -> int:
    return actions.notify(to=[user.acting for user in users if user.acting], kind=kind, path=path)


def test_whoever_may_open_the_page_is_told_once_and_nobody_else(member: User) -> None:
    steward = UserFactory(role=Role.STEWARD.value)
    assert tell(member, member, steward) == 2
    assert told(member) == told(steward) == [(KIND, PATH)]
    # The page of services is a steward's; a member's role does not open it.
    assert tell(member, steward, path="/directory/services/") == 1
    assert told(member) == [(KIND, PATH)]


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (Membership, {"state": "suspended"}),
        (Membership, {"state": "ended"}),
        (Membership, {"ends_on": dt.date(2020, 2, 1)}),
        (User, {"is_active": False}),
    ],
)
def test_nobody_is_told_whose_place_is_not_open(member: User, model: Any, changes: dict[str, Any]) -> None:
    keys = {Membership: member.acting.pk, User: member.pk}  # type: ignore[union-attr]
    model.objects.filter(pk=keys[model]).update(**changes)
    assert tell(member) == 0


def test_who_does_it_knows(member: User) -> None:
    colleague = UserFactory(agency=member.acting.agency, role=Role.MEMBER.value)  # type: ignore[union-attr]
    with acting_for(colleague.acting.agency_id, colleague.pk):
        assert tell(member, colleague) == 1


def test_a_door_narrows_what_the_role_would_open(member: User, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[object, object]] = []

    def only_ola(user: User, arguments: Any) -> bool:
        asked.append((user.acting.agency_id if user.acting else None, dict(arguments)))
        return user.pk == member.pk

    monkeypatch.setitem(policies.DOORS, "agency_detail", only_ola)
    other = UserFactory(agency=AgencyFactory(), role=Role.MEMBER.value)
    agency = AgencyFactory()
    assert tell(member, other, path=f"/agencies/{agency.pk}/") == 1
    assert len(told(member)) == 1
    assert told(other) == []
    assert (member.acting.agency_id, {"pk": agency.pk}) in asked  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "path", ["//evil.example/", "https://evil.example/", "/no/such/page/", "your-place/", "", "/sign-in/"]
)
def test_a_notice_leads_to_a_page_behind_sign_in(member: User, path: str) -> None:
    if path == "/sign-in/":
        assert tell(member, path=path) == 0
        return
    with pytest.raises(ValueError, match="A notice leads to a page"):
        tell(member, path=path)


def test_a_kind_without_a_sentence_is_refused_and_sentences_name_nothing(member: User) -> None:
    with pytest.raises(UnknownKind, match=r"meeting\.exploded"):
        tell(member, kind="meeting.exploded")
    assert list(KINDS) == sorted(KINDS)
    assert all(len(kind) <= 40 and sentence[0].isupper() and not sentence.endswith(".") for kind, sentence in KINDS.items())


def test_row_security_shows_a_notice_to_its_person_in_its_place_alone(member: User) -> None:
    tell(member)
    place = member.acting
    assert place is not None
    elsewhere = MembershipFactory(user=member, agency=AgencyFactory())
    colleague = UserFactory(agency=place.agency, role=Role.OFFICER.value)
    assert not Notice.objects.exists()
    for agency, user in ((place.agency_id, colleague.pk), (elsewhere.agency_id, member.pk)):
        with acting_for(agency, user):
            assert not Notice.objects.exists()
            assert not Notice.objects.update(read_at=timezone.now())
            assert Notice.objects.all().delete()[0] == 0
    assert len(told(member)) == 1


def test_the_database_lets_a_notice_be_marked_and_nothing_else(member: User) -> None:
    tell(member)
    with acting_for(member.acting.agency_id, member.pk), pytest.raises(Exception, match="as it was told"):  # type: ignore[union-attr]
        Notice.objects.update(path="/vault/")


# The screens


@pytest.fixture
def client(member: User) -> SiteClient:
    made = SiteClient("staff")
    made.user = member
    made.force_login(member)
    return made


def page(client: SiteClient, query: str = "") -> str:
    answer = client.get(LIST + query)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_ten_changes_are_one_line_and_one_in_the_header(client: SiteClient) -> None:
    text = page(client)
    assert "Nothing was told to you yet" in text
    assert "bell-count" not in text
    for _ in range(10):
        tell(client.user)
    tell(client.user, kind="decision.asked")
    text = page(client)
    assert "A meeting was changed, 10 times" in text
    assert text.count('<li class="row">') == 2
    assert 'bell-count">2<' in text


def test_marking_one_and_all_and_taking_it_back(client: SiteClient) -> None:
    tell(client.user)
    tell(client.user, kind="decision.asked")
    answer = client.send(LIST + "read/", {"kind": KIND, "path": PATH}, page=LIST, follow=True).content.decode()
    assert "Marked as read" in answer
    assert told(client.user) == [("decision.asked", PATH)]
    assert "A decision waits for your answer" in page(client, "?state=unread")
    assert "A meeting was changed" not in page(client, "?state=unread")
    assert "A meeting was changed" in page(client, "?state=read")
    answer = client.send(LIST + "read/all/", page=LIST, follow=True).content.decode()
    marked_at = answer.split('name="marked_at" value="')[1].split('"')[0]
    assert told(client.user) == []
    # Only what was put aside last comes back.
    client.send(LIST + "unread/", {"marked_at": marked_at}, page=LIST)
    assert told(client.user) == [("decision.asked", PATH)]


@pytest.mark.parametrize("typed", ["", "yesterday", "2026-13-45T00:00:00Z", "2026-01-01T00:00:00", "\x00"])
def test_junk_takes_nothing_back(client: SiteClient, typed: str) -> None:
    tell(client.user)
    client.send(LIST + "read/all/", page=LIST)
    assert client.send(LIST + "unread/", {"marked_at": typed}, page=LIST).status_code == 302
    assert told(client.user) == []


def test_opening_a_line_puts_it_aside_and_leads_nowhere_else(client: SiteClient) -> None:
    tell(client.user)
    sent = {"kind": KIND, "path": "https://evil.example/"}
    assert client.send(LIST + "open/", sent, page=LIST)["Location"] == LIST
    assert client.send(LIST + "open/", {"kind": KIND, "path": PATH}, page=LIST)["Location"] == PATH
    assert told(client.user) == []


def test_five_thousand_notices_are_read_with_few_questions(client: SiteClient) -> None:
    assert client.user.acting is not None
    now = timezone.now()
    Notice.objects.bulk_create(
        Notice(to=client.user.acting, kind=KIND, path=f"/agencies/?page={n}", created_at=now) for n in range(5_000)
    )
    page(client)
    with CaptureQueriesContext(connection) as work:
        text = page(client)
    assert len(work) <= 12
    assert "99+" in text
    assert "Page 1 of 200" in text


def test_who_is_told_is_read_with_their_agency(member: User) -> None:
    """The door of a request for money asks in what kind of agency somebody is: one question for each of them, not two."""
    agency = member.acting.agency  # type: ignore[union-attr]
    advocates = [UserFactory(agency=agency, role=Role.ADVOCATE.value) for _ in range(7)]
    with acting_for(agency.pk, advocates[0].pk):
        fund = a_fund(agency, advocates[0])
        row = a_request(a_case(agency, advocates[0]), fund, advocates[0])

    def questions(users: list[User]) -> int:
        page = staff_page("assistance:detail", row.pk)
        with acting_for(agency.pk, advocates[0].pk), CaptureQueriesContext(connection) as work:
            # As others hand them over: with nothing read along.
            to = Membership.objects.filter(user__in=users)
            assert actions.notify(to=to, kind="task.waits", path=page) == len(users)
        return len(work)

    assert questions(advocates[1:]) - questions(advocates[1:3]) == 4


# Letters


def letters() -> list[str]:
    return [job.args["user"] for job in ProcrastinateJob.objects.filter(task_name="notices.send_letter").order_by("id")]


def test_a_letter_comes_by_one_s_own_choice_and_ten_changes_are_one(member: User, client: SiteClient) -> None:
    quiet = UserFactory(role=Role.MEMBER.value, agency=AgencyFactory())
    letters_come(quiet, "never")
    assert client.send("/notices/letters/", {"when": "at_once"}).status_code == 302
    assert member.acting is not None
    with acting_for(member.acting.agency_id, member.pk):
        assert Event.objects.filter(verb="letter_choice.changed").count() == 1
    for _ in range(3):
        tell(member, quiet)
    assert letters() == [str(member.pk)]
    tasks.send_letter(user=str(member.pk))
    tasks.send_letter(user=str(member.pk))
    assert [letter.to for letter in mail.outbox] == [["ola@example.org"]]
    letter = mail.outbox[0]
    assert letter.subject == "Something waits for you"
    assert "meeting" not in letter.body
    assert "http" not in letter.body
    assert member.display_name not in letter.body


def test_what_was_read_in_between_makes_no_letter(member: User, client: SiteClient) -> None:
    letters_come(member, "at_once")
    tell(member)
    client.send(LIST + "read/all/", page=LIST)
    tasks.send_letter(user=str(member.pk))
    assert mail.outbox == []


def test_the_daily_letter_comes_in_the_region_s_morning_once(member: User) -> None:
    tell(member)
    assert letters() == []
    seven = dt.datetime(2026, 5, 4, 14, 0, tzinfo=dt.UTC)
    for hour in range(24):
        jobs.send_morning_letters(timestamp=int((seven + dt.timedelta(hours=hour)).timestamp()))
    assert [letter.to for letter in mail.outbox] == [["ola@example.org"]]
    jobs.send_morning_letters(timestamp=int(seven.timestamp()))
    assert len(mail.outbox) == 1
    tell(member, kind="decision.asked")
    jobs.send_morning_letters(timestamp=int(seven.timestamp()))
    assert len(mail.outbox) == 2


def test_a_letter_that_cannot_be_sent_is_not_counted_as_told(member: User) -> None:
    tell(member)
    other = UserFactory(agency=AgencyFactory(), role=Role.MEMBER.value)
    tell(other)
    User.objects.filter(pk=member.pk).update(email="ola@example.org\nBcc: thief@example.org")
    assert tasks.send_daily_letters() == 1
    assert [letter.to for letter in mail.outbox] == [[other.email]]
    User.objects.filter(pk=member.pk).update(email="ola@example.org")
    assert tasks.send_daily_letters() == 1
    assert mail.outbox[-1].to == ["ola@example.org"]


def test_a_choice_that_is_none_is_told_beside_the_field(client: SiteClient) -> None:
    answer = client.send("/notices/letters/", {"when": "hourly"})
    assert answer.status_code == 422


def test_what_is_old_is_forgotten_whether_read_or_not(member: User) -> None:
    tell(member)
    now = timezone.now()
    assert member.acting is not None
    Notice.objects.bulk_create([Notice(to=member.acting, kind=KIND, path="/", created_at=now - KEPT_FOR * 2)])
    tasks.forget_old(timestamp=0)
    assert told(member) == [(KIND, PATH)]
