"""Two people make an administrator: one asks, another who is one decides; each as themselves, in time, once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory, second_administrator, the_office
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.actions import administrators as actions
from waymark.accounts.models import AdministratorRequest, Membership, User
from waymark.accounts.policies import Refused
from waymark.audit.models import Event
from waymark.audit.selectors.chains import reading

Staff = Callable[..., SiteClient]


@pytest.fixture
def administrator(staff_of: Staff) -> SiteClient:
    return staff_of(Role.ADMINISTRATOR.value, display_name="Ada Invented")


@pytest.fixture
def asks(staff_of: Staff) -> SiteClient:
    return staff_of(Role.COORDINATOR.value, display_name="Cora Invented")


@pytest.fixture
def candidate(administrator: SiteClient) -> User:
    user: User = UserFactory(role=Role.STEWARD.value, display_name="Sam Invented")
    return user


def _ask(client: SiteClient, user: User) -> AdministratorRequest:
    place = user.memberships.exclude(role="administrator").get()
    answer = client.send("/administrators/ask/", {"member": str(place.pk), "reason": "Second pair of eyes"})
    assert answer.status_code == 302, answer.content.decode()
    return AdministratorRequest.objects.get(user=user, state="waiting")


def test_one_asks_and_an_administrator_approves(asks: SiteClient, administrator: SiteClient, candidate: User) -> None:
    request = _ask(asks, candidate)
    assert "Second pair of eyes" in administrator.get(f"/administrators/{request.pk}/").content.decode()
    assert administrator.send(f"/administrators/{request.pk}/approve/").status_code == 302
    roles = {place.role for place in candidate.memberships.filter(state="active")}
    assert roles == {"steward", "administrator"}, "a place of its own, acted under by choice"
    request.refresh_from_db()
    assert (request.state, request.decided_by) == ("approved", administrator.user)
    with reading(the_office().pk):
        verbs = list(Event.objects.filter(verb__startswith="administrator").order_by("id").values_list("verb", flat=True))
    assert verbs == ["administrator.requested", "administrator.approved"]
    assert "Sam Invented" in asks.get("/administrators/").content.decode()


def test_who_asked_cannot_approve_by_screen_action_or_sql(administrator: SiteClient, candidate: User) -> None:
    request = _ask(administrator, candidate)
    page = administrator.get(f"/administrators/{request.pk}/").content.decode()
    assert "It takes two people" in page
    assert "approve" not in page
    assert administrator.get(f"/administrators/{request.pk}/approve/").status_code == 404
    by = administrator.user
    with acting_for(the_office().pk, by.pk):
        with pytest.raises(Refused, match="Two people"):
            actions.approve_administrator(request=request, by=by)
        with pytest.raises(IntegrityError, match="administrator_is_made_by_two_people"), transaction.atomic():
            AdministratorRequest.objects.filter(pk=request.pk).update(
                state="approved", decided_by=by, decided_at=timezone.now()
            )


def test_nobody_approves_in_the_name_of_another(administrator: SiteClient, asks: SiteClient, candidate: User) -> None:
    """The statement says one person, the signed context another: the database believes the context."""
    request = _ask(asks, candidate)
    values = {"state": "approved", "decided_by": administrator.user, "decided_at": timezone.now()}
    with pytest.raises(IntegrityError, match="in the name of another"), transaction.atomic():
        AdministratorRequest.objects.filter(pk=request.pk).update(**values)
    with acting_for(the_office().pk, asks.user.pk):
        with pytest.raises(IntegrityError, match="in the name of another"), transaction.atomic():
            AdministratorRequest.objects.filter(pk=request.pk).update(**values)
        with pytest.raises(IntegrityError, match=r"made_by_two|Only an administrator"), transaction.atomic():
            AdministratorRequest.objects.filter(pk=request.pk).update(**{**values, "decided_by": asks.user})
    steward = UserFactory()
    with (
        acting_for(the_office().pk, steward.pk),
        pytest.raises(IntegrityError, match="Only an administrator"),
        transaction.atomic(),
    ):
        AdministratorRequest.objects.filter(pk=request.pk).update(**{**values, "decided_by": steward})


def test_nobody_asks_in_the_name_of_another_or_without_the_right(candidate: User) -> None:
    member = UserFactory(role=Role.MEMBER.value)
    now = timezone.now()
    fields = {
        "agency": the_office(),
        "user": candidate,
        "reason": "x",
        "requested_at": now,
        "expires_at": now + dt.timedelta(days=1),
    }
    coordinator = UserFactory(role=Role.COORDINATOR.value)
    for actor, named in ((member, member), (member, coordinator), (None, coordinator)):
        context = acting_for(the_office().pk, actor.pk) if actor else nullcontext()
        with context, pytest.raises(IntegrityError, match="may not ask"), transaction.atomic():
            AdministratorRequest.objects.create(requested_by=named, **fields)


def test_the_one_who_would_become_one_cannot_decide(administrator: SiteClient) -> None:
    """Not even an administrator decides about themselves: the database knows it besides."""
    second = second_administrator(administrator.user)
    with pytest.raises(Refused, match="administrator already"), acting_for(the_office().pk, administrator.user.pk):
        actions.ask_for_administrator(member=second.acting, reason="again", by=administrator.user)


def test_a_request_ends_after_seven_days(administrator: SiteClient, asks: SiteClient, candidate: User) -> None:
    request = _ask(asks, candidate)
    by = administrator.user
    late = request.expires_at + dt.timedelta(seconds=1)
    with time_machine.travel(late), acting_for(the_office().pk, by.pk), pytest.raises(Refused, match="too old"):
        actions.approve_administrator(request=request, by=by)
    assert not candidate.memberships.filter(role="administrator").exists()


def test_a_candidate_who_left_meanwhile_does_not_come_back_as_administrator(
    administrator: SiteClient, asks: SiteClient, candidate: User
) -> None:
    request = _ask(asks, candidate)
    Membership.objects.filter(user=candidate).update(state="ended")
    answer = administrator.send(f"/administrators/{request.pk}/approve/")
    assert answer.status_code == 422
    assert "no longer an active member" in answer.content.decode()


def test_refusing_and_taking_back(administrator: SiteClient, asks: SiteClient, candidate: User) -> None:
    request = _ask(asks, candidate)
    administrator.send(f"/administrators/{request.pk}/refuse/")
    request.refresh_from_db()
    assert request.state == "refused"
    again = _ask(asks, candidate)
    assert administrator.get(f"/administrators/{again.pk}/withdraw/").status_code == 404, "only who asked"
    asks.send(f"/administrators/{again.pk}/withdraw/")
    again.refresh_from_db()
    assert again.state == "withdrawn"
    for act in ("approve", "refuse"):
        assert administrator.get(f"/administrators/{again.pk}/{act}/").status_code == 404


def test_asking_twice_is_refused_in_words(asks: SiteClient, candidate: User) -> None:
    _ask(asks, candidate)
    place = candidate.memberships.get()
    answer = asks.send("/administrators/ask/", {"member": str(place.pk), "reason": "again"})
    assert answer.status_code == 422
    assert "waits already" in answer.content.decode()


def test_only_members_of_the_host_are_offered(asks: SiteClient, candidate: User) -> None:
    stranger = MembershipFactory(agency=AgencyFactory())
    page = asks.get("/administrators/ask/").content.decode()
    assert "Sam Invented" in page
    assert str(stranger.pk) not in page
    answer = asks.send("/administrators/ask/", {"member": str(stranger.pk), "reason": "x"})
    assert answer.status_code == 422
    with pytest.raises(Refused), acting_for(the_office().pk, asks.user.pk):
        actions.ask_for_administrator(member=stranger, reason="x", by=asks.user)


def test_a_settled_request_is_never_written_again(administrator: SiteClient, asks: SiteClient, candidate: User) -> None:
    request = _ask(asks, candidate)
    administrator.send(f"/administrators/{request.pk}/refuse/")
    with acting_for(the_office().pk, administrator.user.pk):
        for change in ({"state": "approved"}, {"user": UserFactory()}, {"requested_by": administrator.user}):
            with pytest.raises(IntegrityError, match="settled"), transaction.atomic():
                AdministratorRequest.objects.filter(pk=request.pk).update(**change)
    with pytest.raises(IntegrityError, match="never deleted"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM accounts_administratorrequest")
