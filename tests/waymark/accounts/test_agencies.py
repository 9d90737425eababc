"""Agencies: added by the administrator, kept by themselves, closed with nobody in, opened again for a first officer."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, an_invitation, the_office
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.actions.invitations import accept_with_new_account
from waymark.accounts.models import Agency, Invitation, Session
from waymark.audit.models import PLATFORM, Event
from waymark.audit.selectors.chains import reading

Staff = Callable[..., SiteClient]
NEW = {"name": "  Lantern   House ", "short_name": "Lantern", "kind": "victim_services"}


@pytest.fixture(autouse=True)
def _installation(db: None) -> None:
    UserFactory(role=Role.COORDINATOR.value)


@pytest.fixture
def administrator(staff_of: Staff) -> SiteClient:
    return staff_of(Role.ADMINISTRATOR.value)


def _verbs(chain: object, about: object) -> list[str]:
    with reading(chain):  # type: ignore[arg-type]
        return list(Event.objects.filter(object_id=str(about)).order_by("id").values_list("verb", flat=True))


def test_from_adding_an_agency_to_its_own_officer(administrator: SiteClient) -> None:
    assert "side of the justice wall" in administrator.get("/agencies/new/").content.decode()
    answer = administrator.send("/agencies/new/", NEW)
    agency = Agency.objects.get(name="Lantern House")
    assert answer["Location"] == f"/agencies/{agency.pk}/"
    assert _verbs(PLATFORM, agency.pk) == ["agency.added"]
    assert "Invite its first officer" in administrator.get(answer["Location"]).content.decode()
    data = {"email": "ona@example.org", "delivery": "hand"}
    assert administrator.send(f"/agencies/{agency.pk}/first-officer/", data).status_code == 200
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.is_first) == ("officer", True)
    assert _verbs(PLATFORM, invitation.pk) == ["invitation.made"], "the administrator's acts stand in the platform's chain"
    again = administrator.send(f"/agencies/{agency.pk}/first-officer/", {**data, "email": "other@example.org"})
    assert "open already" in again.content.decode()
    place = accept_with_new_account(
        invitation=invitation, display_name="Ona", password="willow lantern pebble orchard"
    ).memberships.get()
    assert _verbs(agency.pk, place.pk) == ["invitation.accepted"], "from now on the agency has its own"
    assert administrator.get(f"/agencies/{agency.pk}/first-officer/").status_code == 404


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "INVENTED coalition OFFICE"}, "has this name already"),
        ({"name": "   "}, "Fill in “"),
        ({"kind": "spaceship"}, "Choose one of the answers to"),
        ({"kind": ""}, "Choose an answer to “"),
    ],
)
def test_a_slip_loses_nothing(administrator: SiteClient, changes: dict[str, str], words: str) -> None:
    answer = administrator.send("/agencies/new/", {**NEW, **changes})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert 'value="Lantern"' in answer.content.decode()
    assert Agency.objects.count() == 1


def test_an_officer_says_how_the_own_agency_is_reached_and_no_other(staff_of: Staff) -> None:
    officer = staff_of(Role.OFFICER.value, agency=AgencyFactory())
    own, other = officer.user.acting.agency, AgencyFactory()  # type: ignore[union-attr]
    page = f"/agencies/{own.pk}/contact/"
    assert officer.send(page, {"short_name": "New", "phone": "(555) 555-0177", "website": "x.example"}).status_code == 302
    own.refresh_from_db()
    assert (own.phone, own.website) == ("(555) 555-0177", "https://x.example")
    assert _verbs(own.pk, own.pk) == ["agency.contact_changed"]
    assert officer.get(f"/agencies/{other.pk}/contact/").status_code == 404
    assert "address" not in re.sub(
        r"e-mail address|address that", "", officer.get(page).content.decode().split("<form")[-1]
    )


def test_its_own_officer_closes_an_agency_and_everybody_is_out(administrator: SiteClient, staff_of: Staff) -> None:
    agency = AgencyFactory(kind="faith")
    officer, member = staff_of(Role.OFFICER.value, agency=agency), staff_of(Role.MEMBER.value, agency=agency)
    an_invitation(officer.user)
    url = f"/agencies/{agency.pk}/close/"
    assert administrator.get(url).status_code == member.get(url).status_code == 404
    assert "2 in number, your own included" in officer.get(url).content.decode()
    assert officer.send(url).status_code == 422, "a tick comes first"
    assert officer.send(url, {"sure": "on"})["Location"] == "/sign-in/"
    agency.refresh_from_db()
    assert agency.state == "closed"
    assert not agency.memberships.exclude(state="ended").exists()
    assert not agency.invitations.filter(state="open").exists()
    assert Session.objects.filter(user__in=[officer.user, member.user]).count() == 0
    assert member.get("/")["Location"].startswith("/sign-in/")
    assert _verbs(agency.pk, agency.pk) == ["agency.closed"]


def test_an_administrator_opens_it_again_without_a_member(administrator: SiteClient) -> None:
    agency = AgencyFactory(state="closed")
    assert administrator.get(f"/agencies/{agency.pk}/first-officer/").status_code == 404
    page = administrator.get(f"/agencies/{agency.pk}/reopen/").content.decode()
    assert "reads what it" in page or "can read what the agency keeps unsealed" in page
    assert administrator.send(f"/agencies/{agency.pk}/reopen/").status_code == 302
    agency.refresh_from_db()
    assert (agency.state, agency.memberships.count()) == ("active", 0)
    assert _verbs(PLATFORM, agency.pk) == ["agency.reopened"]
    assert administrator.send(f"/agencies/{agency.pk}/close/", {"sure": "on"}).status_code == 302


def test_the_agency_that_runs_the_installation_is_never_closed(staff_of: Staff) -> None:
    office = the_office()
    for role in (Role.COORDINATOR, Role.ADMINISTRATOR, Role.OFFICER):
        assert staff_of(role.value).get(f"/agencies/{office.pk}/close/").status_code == 404


def test_the_list_finds_filters_and_tells_who_belongs_to_nobody(administrator: SiteClient, staff_of: Staff) -> None:
    AgencyFactory(name="Zebra Police", kind="law_enforcement")
    AgencyFactory(name="Yak Shelter", kind="victim_services", state="closed")
    full = AgencyFactory(name="Xenon Clinic", kind="health")
    MembershipFactory(agency=full)
    member = staff_of(Role.MEMBER.value, agency=full)
    for query, names in {
        "": {"Zebra", "Yak", "Xenon"},
        "?q=zebra": {"Zebra"},
        "?kind=health": {"Xenon"},
        "?state=closed": {"Yak"},
        "?state=junk&page=9": {"Zebra", "Yak", "Xenon"},
    }.items():
        page = member.get(f"/agencies/{query}").content.decode()
        assert {name for name in ("Zebra", "Yak", "Xenon") if name in page} == names, query
        assert "Nobody is in it yet" not in page
    assert "Nothing matches" in member.get("/agencies/?q=nothing").content.decode()
    assert administrator.get("/agencies/").content.decode().count("Nobody is in it yet") == 1
    own, other = (member.get(f"/agencies/{agency.pk}/").content.decode() for agency in (full, the_office()))
    assert "Your agency" in own
    assert "Your agency" not in other


def test_many_agencies_cost_as_many_queries_as_few(administrator: SiteClient) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            administrator.get("/agencies/")
        return len(queries)

    AgencyFactory()
    few = cost()
    AgencyFactory.create_batch(60)
    assert cost() == few
    assert few <= 12


def test_a_page_of_an_agency_tells_the_law_with_its_source_and_what_is_not_known(staff_of: Staff) -> None:
    client = staff_of(Role.MEMBER.value)
    shelter = client.get(f"/agencies/{AgencyFactory(kind='victim_services').pk}/").content.decode()
    assert "34 USC 12291(b)(2)" in shelter
    assert "<span>Survivor side</span>" in shelter
    assert "Barred: nothing about a client goes to HMIS." in shelter
    assert "Sunday, November 22, 2026" in shelter
    housing = client.get(f"/agencies/{AgencyFactory(kind='housing').pk}/").content.decode()
    assert "ask counsel" in housing
