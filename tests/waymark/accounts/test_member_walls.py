"""Rules about members that hold whatever writes: raw SQL, two connections at once, a person about themselves."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from tests.factories.accounts import (
    AgencyFactory,
    MembershipFactory,
    UserFactory,
    an_invitation,
    second_administrator,
    the_office,
)

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions import agencies, invitations, members
from waymark.accounts.models import AdministratorRequest, Agency, Invitation, Membership, User
from waymark.accounts.policies import Refused

SIDES = [
    ("law_enforcement", "victim_services"),
    ("prosecution", "legal_aid"),
    ("court", "defense"),
    ("probation", "victim_services"),
]


def sql(statement: str, *parameters: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)


def race(*acts: Callable[[], object]) -> list[object]:
    """Run the acts at the same moment, each on its own connection; gives what each returned or raised."""
    start = threading.Barrier(len(acts))
    outcome: list[object] = [None] * len(acts)

    def run(number: int, act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            outcome[number] = act()
        except (IntegrityError, Refused) as refusal:
            outcome[number] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return outcome


def refused(outcome: list[object]) -> int:
    return sum(isinstance(each, Exception) for each in outcome)


INSERT = (
    "INSERT INTO accounts_membership (id, agency_id, user_id, role, state, starts_on, created_at, reports_child_abuse,"
    " reports_elder_abuse, reports_injuries, reporting_basis)"
    " VALUES (%s, %s, %s, %s, %s, '2020-01-01', now(), '', '', '', '')"
)


@pytest.mark.django_db
@pytest.mark.parametrize(("one", "other"), SIDES)
def test_raw_sql_cannot_put_a_person_on_both_sides_of_the_wall(one: str, other: str) -> None:
    for first, second in ((one, other), (other, one)):
        place = MembershipFactory(agency=AgencyFactory(kind=first))
        elsewhere = AgencyFactory(kind=second)
        for state in ("active", "suspended"):
            with pytest.raises(IntegrityError, match="each side of the justice wall"):
                sql(INSERT, uuid.uuid4(), elsewhere.pk, place.user_id, "member", state)
        neither = AgencyFactory(kind="health")
        sql(INSERT, uuid.uuid4(), neither.pk, place.user_id, "member", "active")
        # What has ended stands on no side.
        sql("UPDATE accounts_membership SET state = 'ended' WHERE id = %s", place.pk)
        sql(INSERT, uuid.uuid4(), elsewhere.pk, place.user_id, "member", "active")
        with pytest.raises(IntegrityError, match="stays ended"):
            sql("UPDATE accounts_membership SET state = 'active' WHERE id = %s", place.pk)


def test_two_who_hurry_cannot_put_a_person_on_both_sides(committed_db: str) -> None:
    user = UserFactory(role=None)
    police, shelter = AgencyFactory(kind="law_enforcement"), AgencyFactory(kind="victim_services")
    outcome = race(
        *(lambda agency=agency: MembershipFactory(agency=agency, user=user) for agency in (police, shelter)),  # type: ignore[misc]
    )
    assert refused(outcome) == 1
    assert Membership.objects.filter(user=user).count() == 1


@pytest.mark.django_db
def test_raw_sql_cannot_move_a_membership_or_delete_it() -> None:
    place, other = MembershipFactory(), MembershipFactory()
    for statement, value in (
        ("UPDATE accounts_membership SET agency_id = %s WHERE id = %s", other.agency_id),
        ("UPDATE accounts_membership SET user_id = %s WHERE id = %s", other.user_id),
    ):
        with pytest.raises(IntegrityError, match="never moved"):
            sql(statement, value, place.pk)
    for table, key in (("accounts_membership", place.pk), ("accounts_agency", place.agency_id)):
        with pytest.raises(IntegrityError, match="never deleted"):
            sql(f"DELETE FROM {table} WHERE id = %s", key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "kind"),
    [
        ("advocate", "law_enforcement"),
        ("advocate", "court"),
        ("advocate", "elected_office"),
        ("coordinator", "victim_services"),
        ("steward", "prosecution"),
        ("administrator", "other_non_profit"),
    ],
)
def test_a_role_that_the_kind_does_not_allow_is_refused_by_the_database(role: str, kind: str) -> None:
    agency = AgencyFactory(kind=kind)
    with pytest.raises(IntegrityError, match="no such role"), transaction.atomic():
        MembershipFactory(agency=agency, role=role)
    place = MembershipFactory(agency=agency)
    with pytest.raises(IntegrityError, match="no such role"):
        sql("UPDATE accounts_membership SET role = %s WHERE id = %s", role, place.pk)


@pytest.mark.django_db
def test_nobody_changes_their_own_membership_not_even_by_raw_sql() -> None:
    officer = UserFactory(role=Role.OFFICER.value)
    own = officer.acting
    assert own is not None
    with acting_for(own.agency_id, officer.pk):
        for change in ("role = 'coordinator'", "state = 'suspended'", "ends_on = '2099-01-01'"):
            with pytest.raises(IntegrityError, match="their own membership"):
                sql(f"UPDATE accounts_membership SET {change} WHERE id = %s", own.pk)
        # Leaving is anybody's own.
        sql("UPDATE accounts_membership SET state = 'ended' WHERE id = %s", own.pk)


@pytest.mark.django_db
def test_a_suspended_member_cannot_let_themselves_back_in_by_raw_sql() -> None:
    place = MembershipFactory(state="suspended")
    with acting_for(place.agency_id, place.user_id), pytest.raises(IntegrityError, match="their own membership"):
        sql("UPDATE accounts_membership SET state = 'active' WHERE id = %s", place.pk)


@pytest.mark.django_db
def test_raw_sql_cannot_make_a_second_administrator_alone() -> None:
    first = UserFactory(role=Role.ADMINISTRATOR.value)
    steward = UserFactory()
    office = the_office()
    with pytest.raises(IntegrityError, match="made by two people"):
        sql(INSERT, uuid.uuid4(), office.pk, UserFactory(role=None).pk, "administrator", "active")
    assert steward.acting is not None
    with acting_for(office.pk, first.pk), pytest.raises(IntegrityError, match="made by two people"):
        sql("UPDATE accounts_membership SET role = 'administrator' WHERE id = %s", steward.acting.pk)
    assert second_administrator(first).role == Role.ADMINISTRATOR


@pytest.mark.django_db
def test_an_approved_request_makes_one_administrator_and_no_other() -> None:
    first = UserFactory(role=Role.ADMINISTRATOR.value)
    second = second_administrator(first)
    request = AdministratorRequest.objects.get()
    for key, user in ((uuid.uuid4(), second), (request.membership_id, UserFactory(role=None))):
        with pytest.raises(IntegrityError):
            sql(INSERT, key, the_office().pk, user.pk, "administrator", "active")


def test_two_first_administrators_at_once_leave_one(committed_db: str) -> None:
    office = the_office()
    users = [UserFactory(role=None) for _ in range(2)]

    def make(user: User) -> Membership:
        made: Membership = MembershipFactory(agency=office, user=user, role=Role.ADMINISTRATOR.value)
        return made

    assert refused(race(*(lambda user=user: make(user) for user in users))) == 1  # type: ignore[misc]
    assert Membership.objects.filter(role=Role.ADMINISTRATOR).count() == 1


def test_two_first_officers_at_once_leave_one(committed_db: str) -> None:
    """Two invitations cannot be open, so the second stands for one that slipped in before the rule or around it."""
    administrator = UserFactory(role=Role.ADMINISTRATOR.value)
    agency = AgencyFactory(kind="victim_services")
    found = []
    for number in range(2):
        invitation, _ = an_invitation(administrator, agency=agency, role="officer", is_first=True)
        found.append(invitation)
        if number == 0:
            Invitation.objects.filter(pk=invitation.pk).update(state="withdrawn", answered_at=invitation.invited_at)
    first = found[1]

    def accept(name: str) -> User:
        return invitations.accept_with_new_account(
            invitation=first, display_name=name, password="willow lantern pebble orchard"
        )

    assert refused(race(lambda: accept("One"), lambda: accept("Two"))) == 1
    assert agency.memberships.count() == 1
    with pytest.raises(IntegrityError, match="has members"), transaction.atomic():
        an_invitation(administrator, agency=agency, role="officer", is_first=True)


def test_two_administrators_cannot_both_invite_a_first_officer(committed_db: str) -> None:
    first = UserFactory(role=Role.ADMINISTRATOR.value)
    second = second_administrator(first)
    agency = AgencyFactory(kind="law_enforcement")

    def invite(by: User) -> Invitation:
        with acting_for(by.acting.agency_id, by.pk):  # type: ignore[union-attr]
            return invitations.invite_first_officer(
                agency=agency, email=f"{by.pk}@example.org", delivery="hand", page_url="http://x/", by=by
            )[0]

    assert refused(race(lambda: invite(first), lambda: invite(second))) == 1
    assert agency.invitations.filter(state="open").count() == 1


def test_two_officers_who_leave_at_once_do_not_leave_the_members_alone(committed_db: str) -> None:
    agency = AgencyFactory(kind="housing")
    officers = [UserFactory(role=Role.OFFICER.value, agency=agency) for _ in range(2)]
    UserFactory(role=Role.MEMBER.value, agency=agency)

    def leave(by: User) -> Membership:
        with acting_for(agency.pk, by.pk):
            return members.leave_agency(by=by)

    assert refused(race(*(lambda by=by: leave(by) for by in officers))) == 1  # type: ignore[misc]
    assert agency.memberships.filter(role="officer", state="active").count() == 1


def test_nobody_slips_into_an_agency_that_is_being_closed(committed_db: str) -> None:
    administrator = UserFactory(role=Role.ADMINISTRATOR.value)
    agency = AgencyFactory(kind="faith")
    user = UserFactory(role=None)

    def close() -> Agency:
        with acting_for(administrator.acting.agency_id, administrator.pk):  # type: ignore[union-attr]
            return agencies.close_agency(agency=agency, by=administrator)

    outcome = race(close, lambda: MembershipFactory(agency=agency, user=user))
    agency.refresh_from_db()
    assert refused(outcome) == 1
    assert (agency.state == "closed") == (agency.memberships.count() == 0)


@pytest.mark.django_db
def test_raw_sql_cannot_close_an_agency_with_members_or_the_host() -> None:
    place = MembershipFactory()
    with pytest.raises(IntegrityError, match="with members"):
        sql("UPDATE accounts_agency SET state = 'closed' WHERE id = %s", place.agency_id)
    with pytest.raises(IntegrityError, match="not closed"):
        sql("UPDATE accounts_agency SET state = 'closed' WHERE id = %s", the_office().pk)
    with pytest.raises(IntegrityError, match="stays the same"):
        sql("UPDATE accounts_agency SET is_host = true WHERE id = %s", place.agency_id)
