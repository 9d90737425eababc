"""The audit page: whose chain, in which words, narrowed how; who looks is seen to have looked."""

from __future__ import annotations

import csv
import io
import re
import uuid
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, the_office
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Permission, Role, permissions_of
from waymark.accounts.models import User
from waymark.audit.actions import record, record_attempt
from waymark.audit.models import PLATFORM, SYSTEM, Event, Verification

pytestmark = pytest.mark.django_db
StaffOf = Callable[..., SiteClient]
AGENCY_PAGES = ["/audit/", "/audit/export.csv"]
PLATFORM_PAGES = ["/audit/platform/", "/audit/platform/export.csv"]


def link_now() -> None:
    """What the commit does at its end, in a test that never commits."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.fixture
def officer(staff_of: StaffOf) -> SiteClient:
    return staff_of(Role.OFFICER.value, display_name="Olga Invented", agency=AgencyFactory())


@pytest.fixture
def ana(officer: SiteClient) -> User:
    return UserFactory(role=Role.ADVOCATE.value, display_name="Ana Invented", agency=officer.user.acting.agency)


def lines(response: Any) -> list[str]:
    found = re.findall(r'<p class="bold">(.*?)</p>', response.content.decode(), re.DOTALL)
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", line)).split()) for line in found]


def told_of(client: SiteClient) -> list[tuple[str, str, str]]:
    acting = client.user.acting
    assert acting is not None
    with acting_for(acting.agency_id, client.user.pk):
        return list(Event.objects.order_by("id").values_list("verb", "object_id", "chain"))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("page", [*AGENCY_PAGES, *PLATFORM_PAGES])
def test_who_opens_which_page(role: Role, page: str, staff_of: StaffOf) -> None:
    needed = Permission.AUDIT_AGENCY_VIEW if page in AGENCY_PAGES else Permission.AUDIT_PLATFORM_VIEW
    # Of the agency that runs the installation, which alone has every role.
    client = staff_of(role.value)
    assert client.get(page).status_code == (200 if needed in permissions_of(role) else 403)
    assert client.post(page).status_code in {403, 405}


@pytest.mark.parametrize("page", [*AGENCY_PAGES, *PLATFORM_PAGES])
def test_nobody_else_opens_it(page: str, visitor: Callable[[str], SiteClient], staff_of: StaffOf) -> None:
    assert visitor("staff").get(page).status_code == 302
    assert visitor("finder").get(page).status_code == 404
    assert staff_of(None).get(page).status_code in {302, 403, 404}


def test_acts_read_as_sentences_newest_first(officer: SiteClient, ana: User) -> None:
    record(verb="notice.saved", by=ana, kind="notice", about=7, fields=["level"])
    record_attempt(verb="page.refused", by=ana, kind="permission", about="audit.agency.view")
    record(verb="membership.ended", by="system:expiry", chain=officer.user.acting.agency_id)
    link_now()

    response = officer.get("/audit/")

    assert lines(response) == [
        "The system (expiry) ended a membership",
        "Ana Invented was refused a page that their role does not include Refused",
        "Ana Invented saved a notice",
    ]
    body = response.content.decode()
    assert "as advocate · number 1" in body
    assert "fields: level" in body


def test_another_agency_s_acts_are_nowhere(officer: SiteClient, ana: User) -> None:
    other = UserFactory(role=Role.OFFICER.value, display_name="Zoe Invented", agency=AgencyFactory())
    record(verb="notice.saved", by=other, about="their-thing")
    record(verb="region.set_up", by="system:set-up", about="platform-thing")
    link_now()

    for address in (
        "/audit/",
        f"/audit/?who={other.pk}",
        "/audit/?q=their-thing",
        "/audit/?q=platform-thing",
        "/audit/?q=1",
        f"/audit/export.csv?who={other.pk}",
    ):
        body = officer.get(address).content.decode()
        body = body.partition("<ol")[2] if "<ol" in body else body.partition('class="empty"')[2]
        for secret in ("Zoe", "their-thing", str(other.pk), "set up the region"):
            assert secret not in body, address


def test_an_administrator_reads_the_platform_s_chain_alone(staff_of: StaffOf, ana: User) -> None:
    administrator = staff_of(Role.ADMINISTRATOR.value, display_name="Ada Invented")
    record(verb="notice.saved", by=ana)
    record(verb="region.set_up", by="system:set-up")
    link_now()

    assert lines(administrator.get("/audit/platform/")) == ["The system (set-up) set up the region"]
    assert lines(administrator.get("/audit/platform/")) == [
        "Ada Invented read the platform's audit log",
        "The system (set-up) set up the region",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", 4),
        ("who={ana}", 3),
        ("what=notice.saved", 2),
        ("kind=permission", 1),
        ("result=denied", 1),
        ("q=thing-1", 1),
        ("q=%231", 1),
        ("q=2", 1),
        ("q=nothing", 0),
        ("first=today&last=today", 4),
        ("last=yesterday", 0),
        ("first=tomorrow", 0),
        ("who={ana}&what=notice.saved&result=done", 2),
    ],
)
def test_filters(query: str, expected: int, officer: SiteClient, ana: User) -> None:
    record(verb="notice.saved", by=ana, kind="notice", about="thing-1")
    record(verb="notice.saved", by=ana, kind="notice", about="thing-2")
    record_attempt(verb="page.refused", by=ana, kind="permission", about="audit.agency.view")
    record(verb="notice.ended", by=officer.user, kind="notice", about="thing-2")
    link_now()

    response = officer.get(f"/audit/?{query.format(ana=ana.pk)}")

    assert len(lines(response)) == expected
    assert ("No act matches" in response.content.decode()) == (expected == 0)


@pytest.mark.parametrize(
    "query",
    [
        "who=x' OR 1=1 --",
        "what=%00",
        "before=-1",
        "before=99999999999999999999",
        "after=x&before=1",
        "first=31 February",
        "first=2026-05-02&last=2026-05-01",
        "q=" + "9" * 64,
        "q=" + "x" * 900,
        "q=%00",
        "result=<script>",
        "page=2&junk=1",
    ],
)
def test_junk_in_the_address_is_said_and_never_an_error(query: str, officer: SiteClient, ana: User) -> None:
    record(verb="notice.saved", by=ana)
    link_now()
    response = officer.get(f"/audit/?{query}")
    assert response.status_code == 200
    assert "<script>" not in response.content.decode()
    assert officer.get(f"/audit/export.csv?{query}").status_code == 200


def test_empty_states(officer: SiteClient) -> None:
    body = officer.get("/audit/").content.decode()
    assert "Nothing has been done here yet" in body
    assert "Not verified yet" in body


def test_pages_are_turned_by_key(officer: SiteClient, ana: User) -> None:
    for number in range(120):
        record(verb="notice.saved", by=ana, kind="notice", about=f"thing-{number:03}")
    link_now()
    seen, address = [], "/audit/"
    while address:
        body = officer.get(address).content.decode()
        seen.append(re.findall(r"<code>(thing-\d+)</code>", body))
        older = re.search(r'href="(\?before=\d+)" rel="next"', body)
        last, address = address, f"/audit/{older[1]}" if older else ""
    assert [len(page) for page in seen] == [50, 50, 20]
    assert [thing for page in seen for thing in page] == [f"thing-{number:03}" for number in range(119, -1, -1)]

    newer = re.search(r'href="(\?after=\d+)" rel="prev"', officer.get(last).content.decode())
    assert newer is not None
    assert re.findall(r"<code>(thing-\d+)</code>", officer.get(f"/audit/{newer[1]}").content.decode()) == seen[1]


def test_the_number_of_queries_does_not_grow(officer: SiteClient, ana: User) -> None:
    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            officer.get("/audit/")
        return len(queries)

    record(verb="notice.saved", by=ana)
    link_now()
    officer.get("/audit/")
    first = cost()
    for number in range(40):
        member = MembershipFactory(agency=officer.user.acting.agency, user=UserFactory(role=None)).user
        member.act_as(member.memberships.get())
        record(verb="notice.saved", by=member, about=number)
    link_now()
    assert cost() == first


@pytest.mark.parametrize(("problems", "word"), [(0, "Whole"), (3, "Not whole")])
def test_the_page_says_whether_the_chain_is_whole(problems: int, word: str, officer: SiteClient) -> None:
    agency = officer.user.acting.agency_id
    with acting_for(agency, SYSTEM):
        Verification.objects.create(
            chain=agency, at="2026-11-01T10:00:00Z", events=41, problems=problems, first_problem="number 3: edited"
        )
    body = officer.get("/audit/").content.decode()
    assert f">{word}</span> Verified Sunday, November 1, 2026" in body
    assert ("number 3: edited" in body) == bool(problems)


def test_looking_at_a_member_s_doings_is_told_once_a_look(officer: SiteClient, ana: User) -> None:
    record(verb="notice.saved", by=ana)
    link_now()
    officer.get("/audit/")
    assert [verb for verb, _, _ in told_of(officer)] == ["notice.saved"]

    officer.get(f"/audit/?who={ana.pk}")
    officer.get(f"/audit/?who={ana.pk}&before=99999")

    assert told_of(officer)[1:] == [("activity.read", str(ana.pk), officer.user.acting.agency_id)]


def test_a_copy_is_told_and_runs_no_formula(officer: SiteClient) -> None:
    ana = UserFactory(role=Role.ADVOCATE.value, display_name="=cmd|'/c calc'!A1", agency=officer.user.acting.agency)
    record(verb="notice.saved", by=ana, kind="notice", about="@SUM(A1)", purpose=" +1+1", fields=["level"])
    link_now()

    response = officer.get("/audit/export.csv")

    assert response["Content-Disposition"].startswith('attachment; filename="audit-')
    heading, row = csv.reader(io.StringIO(response.content.decode()))
    told = dict(zip(heading, row, strict=True))
    assert told["who"] == "'=cmd|'/c calc'!A1"
    assert told["id"] == "'@SUM(A1)"
    assert told["purpose"] == "' +1+1"
    assert (told["number"], told["fields"], len(told["digest"])) == ("1", "level", 64)
    assert [verb for verb, _, _ in told_of(officer)] == ["notice.saved", "audit.exported"]


def test_a_page_that_a_role_may_not_open_is_told(staff_of: StaffOf) -> None:
    member = staff_of(Role.MEMBER.value)
    for _ in range(3):
        assert member.get("/audit/?who=x").status_code == 403
    with acting_for(the_office().pk, member.user.pk):
        event = Event.objects.get()
    assert (event.verb, event.object_id, event.result, event.times) == (
        "page.refused",
        Permission.AUDIT_AGENCY_VIEW,
        "denied",
        1,
    )


def test_what_is_absent_is_not_told_as_refused(officer: SiteClient) -> None:
    assert officer.get(f"/audit/{uuid.uuid4()}/").status_code == 404
    assert told_of(officer) == []
    with acting_for(PLATFORM, SYSTEM):
        assert not Event.objects.exists()
