"""Row security of the chain: whose events are seen, and in whose name they are written, whatever SQL is sent."""

from __future__ import annotations

import uuid

import pytest
from django.db import DatabaseError, connection, transaction
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.waymark.audit.writing import AGENCY, ANA, OTHER, Member

from waymark.access.context import SETTING, acting_for
from waymark.access.permissions import Role
from waymark.audit.actions import record
from waymark.audit.models import PLATFORM, SYSTEM, Event, Head, Link, Verification
from waymark.audit.selectors import chains

pytestmark = pytest.mark.django_db
TELL = "SELECT audit_tell(%s, %s, '', 'case.opened', '', '', '', 'done', '{}')"


def tell(chain: uuid.UUID, actor: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(TELL, [chain, actor])


def seen() -> set[uuid.UUID]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT chain FROM audit_event")
        return {row[0] for row in cursor.fetchall()}


@pytest.fixture
def three_chains() -> None:
    record(verb="case.opened", by=Member())
    record(verb="case.opened", by=Member(agency=OTHER))
    record(verb="region.set_up", by="system:set-up")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.usefixtures("three_chains")
def test_an_agency_sees_its_own_chain_alone() -> None:
    for agency in (AGENCY, OTHER):
        with acting_for(agency, ANA):
            assert seen() == {agency}
            assert list(Link.objects.values_list("chain", flat=True)) == [agency]
            assert list(Head.objects.values_list("chain", flat=True)) == [agency]
            assert not Event.objects.exclude(chain=agency).exists()


@pytest.mark.usefixtures("three_chains")
def test_without_a_context_nothing_is_seen() -> None:
    assert seen() == set()
    assert not Link.objects.exists()
    assert not Head.objects.exists()


@pytest.mark.usefixtures("three_chains")
def test_a_forged_context_sees_nothing() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, f"{AGENCY}|{ANA}|1|1|{'0' * 64}"])
        assert seen() == set()
        with pytest.raises(DatabaseError, match="told by who acts"):
            tell(AGENCY, str(ANA))


@pytest.mark.usefixtures("three_chains")
@pytest.mark.parametrize("role", list(Role))
def test_the_platform_s_chain_is_seen_by_administrators_alone(role: Role) -> None:
    user = UserFactory(role=role.value, agency=AgencyFactory(is_host=True))
    with acting_for(user.acting.agency_id, user.pk):
        assert seen() == ({PLATFORM} if role is Role.ADMINISTRATOR else set())


@pytest.mark.usefixtures("three_chains")
def test_an_administrator_elsewhere_or_ended_is_none_here() -> None:
    user = UserFactory(role=Role.ADMINISTRATOR.value)
    other = AgencyFactory()
    with acting_for(other.pk, user.pk):
        assert seen() == set()
    membership = user.memberships.get()
    # One is ended and never suspended: coming back takes two people.
    membership.state = "ended"
    membership.save()
    with acting_for(membership.agency_id, user.pk):
        assert seen() == set()


@pytest.mark.parametrize("actor", [str(OTHER), "system:x", "command:x", "visitor:x", "", str(SYSTEM)])
def test_a_member_cannot_write_in_another_s_name(actor: str) -> None:
    with acting_for(AGENCY, ANA):
        for chain in (AGENCY, PLATFORM):
            with pytest.raises(DatabaseError, match="told by who acts"):
                tell(chain, actor)


def test_a_member_writes_to_their_agency_and_the_platform_alone() -> None:
    with acting_for(AGENCY, ANA):
        tell(AGENCY, str(ANA))
        tell(PLATFORM, str(ANA))
        with pytest.raises(DatabaseError, match="told by who acts"):
            tell(OTHER, str(ANA))


def test_without_a_context_strangers_and_jobs_write_to_the_platform_alone() -> None:
    tell(PLATFORM, "visitor:x")
    tell(PLATFORM, "system:x")
    for chain, actor in [(AGENCY, "system:x"), (PLATFORM, str(ANA)), (PLATFORM, str(SYSTEM)), (AGENCY, str(ANA))]:
        with pytest.raises(DatabaseError, match="told by who acts"):
            tell(chain, actor)


def test_a_job_acts_for_an_agency_under_its_own_name() -> None:
    record(verb="membership.ended", by="system:expiry", chain=AGENCY)
    with acting_for(AGENCY, SYSTEM):
        assert Event.objects.get().actor == "system:expiry"
        with pytest.raises(DatabaseError, match="told by who acts"):
            tell(AGENCY, str(ANA))


def test_an_action_cannot_tell_of_another_member() -> None:
    with acting_for(AGENCY, ANA):
        for by in (Member(pk=OTHER), str(OTHER)):
            with pytest.raises(ValueError, match="acts for them"):
                record(verb="case.opened", by=by)


def test_a_member_tells_another_agency_of_theirs_under_their_own_name() -> None:
    with acting_for(AGENCY, ANA):
        record(verb="invitation.accepted", by=str(ANA), chain=OTHER)
        record(verb="invitation.declined", by="invited:7", chain=OTHER)
        record(verb="case.opened", by=Member())
        assert seen() == {AGENCY}
    with acting_for(OTHER, ANA):
        assert list(Event.objects.order_by("id").values_list("actor", flat=True)) == [str(ANA), "invited:7"]


def test_an_administrator_tells_the_platform_s_chain() -> None:
    with acting_for(AGENCY, ANA):
        record(verb="agency.added", by=Member(role="administrator"))
        record(verb="agency.added", by=str(ANA), role="administrator")
        assert seen() == set()
    with acting_for(PLATFORM, SYSTEM):
        assert Event.objects.count() == 2


@pytest.mark.parametrize("by", ["command line", "the set-up code"])
def test_a_command_is_told_by_its_name(by: str) -> None:
    record(verb="member.made", by=by, chain=AGENCY)
    with acting_for(AGENCY, SYSTEM):
        assert Event.objects.get().actor == f"command:{by}"


def test_the_list_of_chains_holds_ids_alone(three_chains: None) -> None:
    assert set(chains()) == {PLATFORM, AGENCY, OTHER}


def test_nobody_who_acts_says_that_a_chain_is_whole() -> None:
    with pytest.raises(DatabaseError, match="row-level security"), acting_for(AGENCY, ANA):
        Verification.objects.create(chain=AGENCY, at="2026-01-01T00:00:00Z", events=1, problems=0)
