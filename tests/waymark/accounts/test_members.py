"""Keeping members: what is taken away is gone at once, and an agency is never left with members and nobody to keep them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, second_administrator, the_office
from tests.plugins.staff import SiteClient, prove

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions import members as actions
from waymark.accounts.models import Agency, Membership, Session, User
from waymark.accounts.policies import Refused
from waymark.accounts.selectors import ACTING
from waymark.audit.models import Event
from waymark.audit.selectors.chains import reading
from waymark.coalition.models import Region
from waymark.jobs.tasks import end_what_ran_out

Staff = Callable[..., SiteClient]


@pytest.fixture(autouse=True)
def _installation(db: None) -> None:
    UserFactory(role=Role.COORDINATOR.value)


@pytest.fixture
def agency() -> Agency:
    made: Agency = AgencyFactory(kind="victim_services", name="Invented Shelter")
    return made


@pytest.fixture
def officer(staff_of: Staff, agency: Agency) -> SiteClient:
    return staff_of(Role.OFFICER.value, agency=agency, display_name="Ona Invented")


@pytest.fixture
def member(staff_of: Staff, agency: Agency) -> SiteClient:
    return staff_of(Role.ADVOCATE.value, agency=agency, display_name="Mia Invented")


def _place(client: SiteClient) -> Membership:
    return Membership.objects.get(user=client.user)


def _events(agency: Agency, verb: str) -> int:
    with reading(agency.pk):
        return Event.objects.filter(chain=agency.pk, verb=verb).count()


@pytest.mark.parametrize("act", ["suspend", "end"])
def test_out_at_once_with_every_open_session(officer: SiteClient, member: SiteClient, agency: Agency, act: str) -> None:
    other_browser = SiteClient("staff")
    other_browser.force_login(member.user)
    prove(other_browser)
    assert member.get("/").status_code == other_browser.get("/").status_code == 200
    place = _place(member)
    assert officer.send(f"/members/{place.pk}/{act}/", {"sure": "on"}).status_code == 302
    assert Session.objects.filter(user=member.user).count() == 0
    for browser in (member, other_browser):
        assert browser.get("/")["Location"] == "/sign-in/?next=/"
    place.refresh_from_db()
    assert place.state == {"suspend": "suspended", "end": "ended"}[act]
    assert _events(agency, f"membership.{place.state}") == 1


@pytest.mark.parametrize("state", ["suspended", "ended"])
def test_the_next_request_is_refused_even_if_a_session_lived_on(member: SiteClient, state: str) -> None:
    """The membership is read at every request, so nothing hangs on the sessions alone."""
    assert member.get("/").status_code == 200
    Membership.objects.filter(user=member.user).update(state=state)
    answer = member.get("/")
    assert answer.status_code == 403
    assert "You act for no agency now" in answer.content.decode()
    assert member.get("/acting/").status_code == 200


def test_letting_back_in(officer: SiteClient, member: SiteClient, agency: Agency) -> None:
    place = _place(member)
    officer.send(f"/members/{place.pk}/suspend/")
    assert officer.get(f"/members/{place.pk}/suspend/").status_code == 404
    officer.send(f"/members/{place.pk}/resume/")
    member.force_login(member.user)
    prove(member)
    assert member.get("/").status_code == 200
    assert _events(agency, "membership.resumed") == 1


def test_what_has_ended_stays_ended(officer: SiteClient, member: SiteClient) -> None:
    place = _place(member)
    officer.send(f"/members/{place.pk}/end/", {"sure": "on"})
    for act in ("suspend", "resume", "end", "role", "duties"):
        assert officer.get(f"/members/{place.pk}/{act}/").status_code == 404
        assert officer.post(f"/members/{place.pk}/{act}/").status_code in {403, 404}
    assert "It stays as it is" in officer.get(f"/members/{place.pk}/").content.decode()


def test_ending_takes_a_tick_after_the_consequence(officer: SiteClient, member: SiteClient) -> None:
    place = _place(member)
    page = officer.get(f"/members/{place.pk}/end/").content.decode()
    assert "every page that they have open ends" in page
    answer = officer.send(f"/members/{place.pk}/end/")
    assert answer.status_code == 422
    assert "Tick the box" in answer.content.decode()
    place.refresh_from_db()
    assert place.state == "active"


def test_another_role_is_there_at_once(officer: SiteClient, member: SiteClient, agency: Agency) -> None:
    place = _place(member)
    page = officer.get(f"/members/{place.pk}/role/").content.decode()
    assert "Invites, suspends and ends the members" in page, "each role with its sentence where it is chosen"
    assert "administrator" not in page.lower().split("<form", 1)[1]
    assert officer.send(f"/members/{place.pk}/role/", {"role": "officer"}).status_code == 302
    assert Session.objects.filter(user=member.user).count() == 0
    place.refresh_from_db()
    assert place.role == "officer"
    assert _events(agency, "membership.role_changed") == 1


def test_duties_are_kept_per_duty_with_their_basis(officer: SiteClient, member: SiteClient, agency: Agency) -> None:
    place = _place(member)
    url = f"/members/{place.pk}/duties/"
    without = officer.send(url, {"reports_child_abuse": "yes", "training_expires_on": "2030-01-31"})
    assert without.status_code == 422
    assert "which license or function" in without.content.decode()
    assert "2030" in without.content.decode(), "nothing typed is lost"
    data = {
        "reports_child_abuse": "yes",
        "reports_elder_abuse": "no",
        "reporting_basis": "licensed clinical social worker",
        "privilege_trafficking_on": "2025-03-01",
        "training_expires_on": "2030-01-31",
    }
    undated = officer.send(url, data)
    assert undated.status_code == 422
    assert "Say since when" in undated.content.decode()
    data |= {"reporting_since_on": "2024-05-01", "answers_law_on": "2025-03-01"}
    assert officer.send(url, data).status_code == 302
    place.refresh_from_db()
    assert (place.reports_child_abuse, place.reports_elder_abuse, place.reports_injuries) == ("yes", "no", "")
    assert (place.privilege_trafficking_on, place.training_expires_on) == (dt.date(2025, 3, 1), dt.date(2030, 1, 31))
    assert (place.reporting_since_on, place.answers_law_on) == (dt.date(2024, 5, 1), dt.date(2025, 3, 1))
    with reading(agency.pk):
        event = Event.objects.get(verb="membership.duties_changed")
    assert "reports_child_abuse" in event.fields
    assert "2030" not in str(event.fields), "names of fields, no values"
    officer.send(url, data)
    assert _events(agency, "membership.duties_changed") == 1, "nothing changed, nothing told"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"privilege_trafficking_on": "2031-01-01"}, "has not come yet"),
        ({"ends_on": "2019-12-31"}, "before the first day"),
        ({"ends_on": "2020-01-02"}, "This day has passed"),
        ({"training_expires_on": "soon"}, "day"),
    ],
)
def test_impossible_days_are_told_beside_the_field(
    officer: SiteClient, member: SiteClient, data: dict[str, str], words: str
) -> None:
    answer = officer.send(f"/members/{_place(member).pk}/duties/", data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_no_privilege_is_asked_where_no_cases_are_kept(staff_of: Staff) -> None:
    police = AgencyFactory(kind="law_enforcement")
    chief, sergeant = staff_of(Role.OFFICER.value, agency=police), MembershipFactory(agency=police)
    page = chief.get(f"/members/{sergeant.pk}/duties/").content.decode()
    assert "Must report child abuse" in page
    assert "caseworker" not in page


def test_a_last_day_ends_the_place_by_itself(officer: SiteClient, member: SiteClient) -> None:
    last = timezone.localdate() + dt.timedelta(days=3)
    officer.send(f"/members/{_place(member).pk}/duties/", {"ends_on": last.isoformat()})
    noon = dt.datetime.combine(last, dt.time(12), tzinfo=timezone.get_current_timezone())
    for days, status in ((0, 200), (1, 403)):
        with time_machine.travel(noon + dt.timedelta(days=days), tick=True):
            member.force_login(member.user)
            prove(member)
            assert member.get("/").status_code == status


def test_the_last_officer_hands_over_before_leaving(officer: SiteClient, member: SiteClient, agency: Agency) -> None:
    page = officer.get("/your-place/leave/").content.decode()
    assert "You are the last officer" in page
    answer = officer.send("/your-place/leave/", {"sure": "on"})
    assert answer.status_code == 422
    assert "Make another member officer first" in answer.content.decode()
    place = _place(member)
    officer.send(f"/members/{place.pk}/role/", {"role": "officer"})
    assert officer.send("/your-place/leave/", {"sure": "on"}).status_code == 302
    assert officer.get("/")["Location"].startswith("/sign-in/")
    assert agency.memberships.filter(state="active").get() == place
    assert _events(agency, "membership.left") == 1


def test_the_last_one_in_an_agency_may_leave_it_empty(officer: SiteClient, agency: Agency) -> None:
    assert officer.send("/your-place/leave/", {"sure": "on"}).status_code == 302
    assert not agency.memberships.exclude(state="ended").exists()


@pytest.mark.parametrize("act", ["suspend", "end", "role"])
def test_one_officer_cannot_take_away_the_other_and_leave_nobody(agency: Agency, act: str) -> None:
    """Both are officers; one whose last day comes is no longer counted as the one who stays."""
    first, second = (UserFactory(role=Role.OFFICER.value, agency=agency) for _ in range(2))
    MembershipFactory(agency=agency)
    assert first.acting is not None
    assert second.acting is not None
    Membership.objects.filter(pk=first.acting.pk).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    acts = {
        "suspend": actions.suspend_member,
        "end": actions.end_member,
        "role": partial(actions.change_role, role="member"),
    }
    with pytest.raises(Refused, match="last officer"):
        acts[act](membership=second.acting, by=first)


def test_the_last_administrator_stays() -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR.value)
    coordinator = User.objects.get(memberships__role="coordinator")
    coordinator.act_as(coordinator.memberships.get())
    with pytest.raises(Refused, match="last administrator"):
        actions.end_member(membership=administrator.acting, by=coordinator)
    second = second_administrator(administrator, asked_by=coordinator)
    with acting_for(the_office().pk, coordinator.pk):
        actions.end_member(membership=administrator.acting, by=coordinator)
    with pytest.raises(Refused, match="last administrator"):
        actions.leave_agency(by=second)


def test_an_administrator_is_ended_and_never_suspended() -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR.value)
    coordinator = User.objects.get(memberships__role="coordinator")
    coordinator.act_as(coordinator.memberships.get())
    with pytest.raises(Refused, match="administrator is ended"):
        actions.suspend_member(membership=administrator.acting, by=coordinator)


def test_the_list_finds_filters_pages_and_says_what_to_do_when_empty(officer: SiteClient, agency: Agency) -> None:
    today = timezone.localdate()
    MembershipFactory(agency=agency, user__display_name="Zoe Expired", training_expires_on=today - dt.timedelta(days=1))
    MembershipFactory(agency=agency, user__display_name="Yan Soon", training_expires_on=today + dt.timedelta(days=60))
    MembershipFactory(agency=agency, user__display_name="Xu Later", training_expires_on=today + dt.timedelta(days=61))
    MembershipFactory(agency=agency, user__display_name="Wes Gone", state="ended", training_expires_on=today)
    MembershipFactory(user__display_name="Someone Else's")
    for query, names in {
        "": {"Ona", "Zoe", "Yan", "Xu", "Wes"},
        "?training=over": {"Zoe"},
        "?training=soon": {"Yan"},
        "?training=unknown": {"Ona"},
        "?state=ended": {"Wes"},
        "?role=officer": {"Ona"},
        "?q=zoe": {"Zoe"},
        "?q=nobody": set(),
        "?q=%00&page=999&state=junk": {"Ona", "Zoe", "Yan", "Xu", "Wes"},
    }.items():
        page = officer.get(f"/members/{query}").content.decode()
        found = {name for name in ("Ona", "Zoe", "Yan", "Xu", "Wes") if f"{name} " in page.split('<ul class="rows">')[-1]}
        assert found == names if names else "Nothing matches" in page, query
        assert "Someone Else" not in page


def test_five_thousand_members_cost_as_many_queries_as_five(officer: SiteClient, agency: Agency) -> None:
    def cost(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(f"/members/{query}").status_code == 200
        return len(queries)

    few = {query: cost(query) for query in ("", "?q=invented&state=active", "?training=over")}
    users = User.objects.bulk_create(
        User(email=f"many{number}@example.org", display_name=f"Invented Many {number}", password="!")
        for number in range(5_000)
    )
    Membership.objects.bulk_create(
        Membership(agency=agency, user=user, role="member", starts_on=dt.date(2020, 1, 1)) for user in users
    )
    many = {query: cost(query) for query in few}
    assert many == few
    assert max(many.values()) <= 12


def test_the_screen_says_always_for_whom_one_acts(staff_of: Staff) -> None:
    client = staff_of(Role.MEMBER.value, agency=AgencyFactory(short_name="Clinic", kind="health"))
    for url in ("/", "/agencies/", "/your-place/", "/keyboard/"):
        page = client.get(url).content.decode()
        assert "Acting for <strong>Clinic</strong> as <strong>member</strong>" in page
        assert 'href="/acting/">Switch' not in page


def test_switching_is_a_post_and_old_forms_do_not_write_into_the_new_agency(staff_of: Staff) -> None:
    client = staff_of(Role.OFFICER.value, agency=AgencyFactory(name="A first", short_name="First"))
    second = MembershipFactory(user=client.user, agency=AgencyFactory(name="B second", short_name="Second"), role="officer")
    page = client.get("/members/invite/").content.decode()
    token = page.split('name="csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert 'href="/acting/">Switch' in page
    assert client.get(f"/acting/?membership={second.pk}").status_code == 200
    assert "Acting for <strong>First" in client.get("/").content.decode(), "reading a page switches nothing"
    answer = client.send("/acting/", {"membership": str(second.pk)})
    assert answer["Location"] == "/"
    assert "Acting for <strong>Second</strong> as <strong>officer" in client.get("/").content.decode()
    old = {"email": "new@example.org", "role": "member", "delivery": "hand", "csrfmiddlewaretoken": token}
    assert client.post("/members/invite/", old).status_code == 403
    assert not second.agency.invitations.exists()


def test_nobody_switches_to_a_place_that_is_not_their_own_or_is_over(staff_of: Staff) -> None:
    client = staff_of(Role.MEMBER.value, agency=AgencyFactory())
    stranger = MembershipFactory(role="officer")
    over = MembershipFactory(user=client.user, state="ended")
    closed = MembershipFactory(user=client.user, state="suspended")
    for chosen in (str(stranger.pk), str(over.pk), str(closed.pk), "", "junk", "00000000-0000-0000-0000-000000000000"):
        answer = client.send("/acting/", {"membership": chosen})
        assert answer["Location"] == "/acting/"
        assert ACTING not in client.session


def test_a_place_that_was_chosen_and_is_over_is_not_replaced_silently(staff_of: Staff) -> None:
    """A form opened for one agency must not be written into another."""
    client = staff_of(Role.MEMBER.value, agency=AgencyFactory(name="A first"))
    second = MembershipFactory(user=client.user, agency=AgencyFactory(name="B second"))
    client.send("/acting/", {"membership": str(second.pk)})
    Membership.objects.filter(pk=second.pk).update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    answer = client.get("/")
    assert answer.status_code == 403
    assert 'href="/acting/"' in answer.content.decode()


def test_my_place_says_what_the_role_may_do_and_may_not(staff_of: Staff) -> None:
    page = staff_of(Role.MEMBER.value, agency=the_office()).get("/your-place/").content.decode()
    may, _, may_not = page.partition("What it may not do")
    assert "Open the staff site" in may
    assert "Invite people to your agency." in may_not
    assert "Invite people to your agency." not in may


def test_a_name_is_one_s_own_to_change(staff_of: Staff) -> None:
    client = staff_of(Role.MEMBER.value)
    assert client.send("/your-place/name/", {"display_name": "  New   Name "}).status_code == 302
    client.user.refresh_from_db()
    assert client.user.display_name == "New Name"
    assert client.send("/your-place/name/", {"display_name": "   "}).status_code == 422
    assert _events(the_office(), "member.renamed_self") == 1


def test_a_place_whose_last_day_has_passed_is_ended_and_told(
    member: SiteClient, officer: SiteClient, agency: Agency
) -> None:
    """The day counts where the region lies: the evening of the last day is still its own."""
    last = dt.date(2026, 3, 31)
    Membership.objects.filter(user=member.user).update(ends_on=last)
    elsewhere = MembershipFactory(user=UserFactory(role=None), ends_on=last)
    Region.objects.create(name="Invented County", time_zone="America/Los_Angeles")
    with time_machine.travel(dt.datetime(2026, 4, 1, 6, 55, tzinfo=dt.UTC), tick=False):
        end_what_ran_out(timestamp=0)
        assert _place(member).state == "active"
    with time_machine.travel(dt.datetime(2026, 4, 1, 7, 5, tzinfo=dt.UTC), tick=False):
        end_what_ran_out(timestamp=0)
        end_what_ran_out(timestamp=0)
    assert (_place(member).state, _place(member).ends_on) == ("ended", last)
    assert not Session.objects.filter(user=member.user).exists()
    assert _place(officer).state == "active"
    elsewhere.refresh_from_db()
    assert elsewhere.state == "ended"
    with reading(agency.pk):
        told = Event.objects.filter(verb="membership.ran_out").values_list("actor", "object_id")
        assert list(told) == [("system:last-day", str(_place(member).pk))]
