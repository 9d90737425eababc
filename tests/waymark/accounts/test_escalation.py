"""Ways in which peers' systems let people raise themselves, tried here one by one; each is refused.

Change of one's own groups and role; nested objects of others by id; assigning from a list without access; approving
one's own; suspended people invited or acting; used codes; roles that a kind does not have; a second account of one person.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.factories.accounts import (
    PASSWORD,
    AgencyFactory,
    MembershipFactory,
    UserFactory,
    an_invitation,
    second_administrator,
    the_office,
)
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions import administrators, invitations, members
from waymark.accounts.models import AdministratorRequest, Agency, Invitation, Membership, User
from waymark.accounts.policies import Refused

Staff = Callable[..., SiteClient]
SLIPPED_IN = {
    "role": "administrator",
    "acting": str(uuid.uuid4()),
    "agency": str(uuid.uuid4()),
    "agency_id": str(uuid.uuid4()),
    "user": str(uuid.uuid4()),
    "user_id": str(uuid.uuid4()),
    "groups": "1",
    "is_active": "",
    "is_staff": "on",
    "is_superuser": "on",
    "is_host": "on",
    "is_first": "on",
    "email": "other@example.org",
    "state": "active",
    "kind": "court",
    "starts_on": "1990-01-01",
    "permissions": "accounts.agency.add",
}


@pytest.fixture(autouse=True)
def _installation(db: None) -> None:
    UserFactory(role=Role.COORDINATOR.value)


@pytest.fixture
def shelter() -> Agency:
    made: Agency = AgencyFactory(kind="victim_services")
    return made


@pytest.fixture
def officer(staff_of: Staff, shelter: Agency) -> SiteClient:
    return staff_of(Role.OFFICER.value, agency=shelter, email="officer@example.org")


def _all_of(user: User) -> list[tuple[object, ...]]:
    return list(
        Membership.objects.filter(user=user).values_list("agency_id", "user_id", "role", "state", "starts_on", "ends_on")
    )


def test_the_form_about_oneself_changes_the_name_and_nothing_else(officer: SiteClient) -> None:
    """Primero R2-3558, R2-1407, R2-3138: people changed their own groups and role."""
    before, agency = _all_of(officer.user), officer.user.acting.agency  # type: ignore[union-attr]
    answer = officer.send("/your-place/name/", {"display_name": "New Name", **SLIPPED_IN})
    assert answer.status_code == 302
    assert _all_of(officer.user) == before
    user = User.objects.get(pk=officer.user.pk)
    assert (user.email, user.is_active, user.display_name) == ("officer@example.org", True, "New Name")
    agency.refresh_from_db()
    assert (agency.kind, agency.is_host) == ("victim_services", False)


def test_nothing_can_be_slipped_into_the_forms_about_a_member(officer: SiteClient, shelter: Agency) -> None:
    place = MembershipFactory(agency=shelter, role=Role.MEMBER.value)
    officer.send(f"/members/{place.pk}/duties/", {"reports_child_abuse": "no", **SLIPPED_IN})
    fresh = Membership.objects.get(pk=place.pk)
    assert (fresh.reports_child_abuse, fresh.role, fresh.agency_id, fresh.user_id, fresh.starts_on) == (
        "no",
        "member",
        shelter.pk,
        place.user_id,
        place.starts_on,
    )
    officer.send(f"/members/{place.pk}/role/", {**SLIPPED_IN, "role": "advocate"})
    fresh.refresh_from_db()
    assert (fresh.role, fresh.agency_id, fresh.user_id) == ("advocate", shelter.pk, place.user_id)


def test_nothing_can_be_slipped_into_the_contact_form(officer: SiteClient, shelter: Agency) -> None:
    officer.send(f"/agencies/{shelter.pk}/contact/", {"short_name": "New", "phone": "555-0101", **SLIPPED_IN, "email": ""})
    shelter.refresh_from_db()
    assert (shelter.short_name, shelter.kind, shelter.state, shelter.is_host) == ("New", "victim_services", "active", False)


def test_nothing_can_be_slipped_into_an_answer_to_an_invitation(
    officer: SiteClient, visitor: Callable[[str], SiteClient]
) -> None:
    invitation, code = an_invitation(officer.user)
    guest = visitor("staff")
    guest.send("/invitation/", {**SLIPPED_IN, "code": code, "email": invitation.email})
    data = {**SLIPPED_IN, "display_name": "New", "password": "willow lantern pebble orchard"}
    assert guest.send("/invitation/answer/", data).status_code == 302
    place = Membership.objects.get(user__email=invitation.email)
    assert (place.role, place.agency_id) == ("member", invitation.agency_id)
    assert not User.objects.filter(email="other@example.org").exists()


@pytest.mark.parametrize("act", ["", "role/", "duties/", "suspend/", "resume/", "end/"])
def test_a_member_of_another_agency_is_nobody(officer: SiteClient, act: str) -> None:
    """Primero R2-3957: somebody else's nested object by its id. Status, body, headers and queries as for no object."""
    theirs = MembershipFactory(agency=AgencyFactory(kind="victim_services"), state="suspended")
    answers = []
    for key in (theirs.pk, uuid.uuid4()):
        for method in ("get", "post"):
            with CaptureQueriesContext(connection) as queries:
                answer = getattr(officer, method)(f"/members/{key}/{act}", {"sure": "on", "role": "officer"})
            answers.append((method, answer.status_code, answer.content, len(queries)))
    assert answers[:2] == answers[2:]
    theirs.refresh_from_db()
    assert (theirs.state, theirs.role) == ("suspended", "member")


def test_an_invitation_of_another_agency_is_nobody_s(officer: SiteClient) -> None:
    stranger = UserFactory(role=Role.OFFICER.value, agency=AgencyFactory())
    invitation, _ = an_invitation(stranger)
    for act in ("", "code/", "withdraw/"):
        assert officer.get(f"/invitations/{invitation.pk}/{act}").status_code == 404
        if act:
            assert officer.post(f"/invitations/{invitation.pk}/{act}", {"delivery": "hand"}).status_code in {403, 404}
    with pytest.raises(Refused):
        invitations.withdraw_invitation(invitation=invitation, by=officer.user)
    with pytest.raises(Refused):
        invitations.renew_code(invitation=invitation, delivery="hand", page_url="http://x/", by=officer.user)
    invitation.refresh_from_db()
    assert invitation.state == "open"


def test_actions_refuse_a_member_of_another_agency_whatever_the_page_did(officer: SiteClient) -> None:
    theirs = MembershipFactory(agency=AgencyFactory())
    by = officer.user
    for act in (members.suspend_member, members.resume_member, members.end_member):
        with pytest.raises(Refused):
            act(membership=theirs, by=by)
    with pytest.raises(Refused):
        members.change_role(membership=theirs, role="officer", by=by)
    with pytest.raises(Refused):
        members.change_duties(membership=theirs, values={"ends_on": None}, by=by)


def test_assigning_by_list_takes_only_what_one_may_see(staff_of: Staff) -> None:
    """Primero R2-3930: an id that stands in no list that was offered."""
    administrator = staff_of(Role.ADMINISTRATOR.value)
    stranger = MembershipFactory(agency=AgencyFactory())
    answer = administrator.send("/administrators/ask/", {"member": str(stranger.pk), "reason": "x"})
    assert answer.status_code == 422
    assert not AdministratorRequest.objects.exists()


@pytest.mark.parametrize("role", ["administrator", "coordinator", "steward", "superuser", ""])
def test_an_officer_gives_no_role_that_reaches_beyond_the_agency(officer: SiteClient, shelter: Agency, role: str) -> None:
    place = MembershipFactory(agency=shelter)
    assert officer.send(f"/members/{place.pk}/role/", {"role": role}).status_code == 422
    data = {"email": "new@example.org", "role": role, "delivery": "hand"}
    assert officer.send("/members/invite/", data).status_code == 422
    with pytest.raises(Refused):
        members.change_role(membership=place, role=role, by=officer.user)
    with pytest.raises(Refused):
        invitations.invite_member(email="n@example.org", role=role, delivery="hand", page_url="/", by=officer.user)
    assert not Invitation.objects.exists()


def test_nobody_changes_themselves_by_page_or_action(officer: SiteClient) -> None:
    own = officer.user.acting
    assert own is not None
    for act in ("role", "duties", "suspend", "resume", "end"):
        assert officer.get(f"/members/{own.pk}/{act}/").status_code == 404
    for act in (members.suspend_member, members.resume_member, members.end_member):
        with pytest.raises(Refused, match="their own"):
            act(membership=own, by=officer.user)
    with pytest.raises(Refused, match="their own"):
        members.change_role(membership=own, role="advocate", by=officer.user)


def test_a_second_account_of_an_officer_gets_no_further(officer: SiteClient, visitor: Callable[[str], SiteClient]) -> None:
    """The officer invites themselves under another address: the second account is at most an officer of the same agency."""
    invitation, code = an_invitation(officer.user, email="second@example.org", role="officer")
    second = invitations.accept_with_new_account(
        invitation=invitation, display_name="Second", password="willow lantern pebble orchard"
    )
    second.act_as(second.memberships.get())
    first = officer.user.acting
    assert first is not None
    with pytest.raises(Refused, match="does not give that role"):
        members.change_role(membership=first, role="coordinator", by=second)
    with pytest.raises(Refused):
        administrators.ask_for_administrator(member=first, reason="x", by=second)
    assert code


def test_an_officer_cannot_invite_their_own_address_again(officer: SiteClient) -> None:
    answer = officer.send("/members/invite/", {"email": officer.user.email, "role": "advocate", "delivery": "hand"})
    assert "a member of your agency already" in answer.content.decode()


def test_a_suspended_officer_invites_nobody_and_lets_nobody_in(officer: SiteClient, shelter: Agency) -> None:
    own = officer.user.acting
    assert own is not None
    Membership.objects.filter(pk=own.pk).update(state="suspended")
    assert officer.get("/members/invite/").status_code == 403
    with acting_for(shelter.pk, officer.user.pk), pytest.raises(Exception, match="Only who keeps the members"):
        an_invitation(officer.user)


def test_an_invitation_that_a_suspended_officer_made_before_still_counts_and_can_be_taken_back(
    officer: SiteClient, staff_of: Staff, shelter: Agency
) -> None:
    """It was made with the right to make it; whoever keeps the agency now decides whether it stands."""
    invitation, _ = an_invitation(officer.user)
    other = staff_of(Role.OFFICER.value, agency=shelter)
    other.send(f"/members/{officer.user.acting.pk}/suspend/")  # type: ignore[union-attr]
    assert other.send(f"/invitations/{invitation.pk}/withdraw/").status_code == 302


def test_the_administrator_reaches_into_no_agency_that_has_members(staff_of: Staff, shelter: Agency) -> None:
    administrator = staff_of(Role.ADMINISTRATOR.value)
    place = MembershipFactory(agency=shelter)
    for url in (f"/members/{place.pk}/", "/members/", "/members/invite/"):
        assert administrator.get(url).status_code == 403
    for url in (f"/agencies/{shelter.pk}/first-officer/", f"/agencies/{shelter.pk}/close/"):
        assert administrator.get(url).status_code == 404
    data = {"agency": shelter, "email": "me@example.org", "delivery": "hand", "page_url": "/", "by": administrator.user}
    with pytest.raises(Refused, match="has members"):
        invitations.invite_first_officer(**data)
    Membership.objects.filter(pk=place.pk).update(state="suspended")
    with pytest.raises(Refused, match="has members"):
        invitations.invite_first_officer(**data)


def test_an_administrator_cannot_make_another_alone_with_a_second_account(staff_of: Staff) -> None:
    """One person with two accounts is two people to a program; the second account must be a member whom another let in."""
    administrator = staff_of(Role.ADMINISTRATOR.value)
    with pytest.raises(Refused), acting_for(the_office().pk, administrator.user.pk):
        invitations.invite_member(email="m@x.example", role="steward", delivery="hand", page_url="/", by=administrator.user)
    second = second_administrator(administrator.user)
    request = AdministratorRequest.objects.get(user=second)
    with pytest.raises(Refused, match="settled before"), acting_for(the_office().pk, administrator.user.pk):
        administrators.approve_administrator(request=request, by=administrator.user)


def test_a_closed_account_neither_acts_nor_accepts(officer: SiteClient) -> None:
    invitation, _ = an_invitation(officer.user, email="gone@example.org")
    gone = UserFactory(role=None, email="gone@example.org", is_active=False, password=PASSWORD)
    with pytest.raises(Refused):
        invitations.accept_invitation(invitation=invitation, by=gone)


def test_a_kind_is_settled_once_somebody_belongs(shelter: Agency) -> None:
    """Otherwise the wall would be moved instead of climbed."""
    MembershipFactory(agency=shelter)
    with pytest.raises(Exception, match="kind of an agency that has had members stays"):
        Agency.objects.filter(pk=shelter.pk).update(kind="law_enforcement")
