"""Working groups: who keeps, joins and leaves them, and what the database itself refuses."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from tests.factories.accounts import AgencyFactory, MembershipFactory, UserFactory
from tests.factories.coalition import GroupMemberFactory, WorkingGroupFactory, act, told, voice

from waymark.accounts.models import Agency, AgencyKind, Membership, User
from waymark.coalition.actions import groups as actions
from waymark.coalition.models import GroupMember, JoinRequest, WorkingGroup
from waymark.coalition.policies import Refused
from waymark.coalition.policies import groups as policies
from waymark.coalition.selectors import groups as selectors

pytestmark = pytest.mark.django_db
VALUES = {"name": "Training", "purpose": "Who teaches whom.", "is_brown_act": False, "joining": "asked"}


@pytest.fixture
def cora() -> User:
    return UserFactory(role="coordinator")


@pytest.fixture
def ada() -> User:
    return UserFactory(role="advocate", agency=AgencyFactory(kind=AgencyKind.VICTIM_SERVICES))


@pytest.fixture
def group() -> WorkingGroup:
    return WorkingGroupFactory()


@pytest.mark.parametrize(
    ("role", "founds", "takes_part"),
    [
        ("administrator", False, False),
        ("advocate", False, True),
        ("coordinator", True, True),
        ("member", False, True),
        ("officer", False, True),
        ("steward", False, True),
    ],
)
def test_who_founds_and_who_takes_part(role: str, founds: bool, takes_part: bool, group: WorkingGroup) -> None:
    by = UserFactory(role=role)
    assert policies.may_found_group(by) is founds
    assert policies.takes_part(by) is takes_part
    assert policies.may_keep_group(by, group) is founds
    if founds:
        act(by, actions.found_group, values=VALUES)
        assert told(by) == ["group.founded"]
    else:
        with pytest.raises(Refused):
            act(by, actions.found_group, values=VALUES)
        assert not told(by)


@pytest.mark.parametrize(("duty", "keeps"), [("chair", True), ("secretary", True), ("member", False)])
def test_chair_and_secretary_keep_their_own_group_only(ada: User, group: WorkingGroup, duty: str, keeps: bool) -> None:
    GroupMemberFactory(group=group, membership=ada.acting, duty=duty)
    assert policies.may_keep_group(ada, group) is keeps
    assert not policies.may_keep_group(ada, WorkingGroupFactory())
    if keeps:
        act(ada, actions.change_group, group=group, values={"purpose": "Another one."})
        assert WorkingGroup.objects.get(pk=group.pk).purpose == "Another one."
        assert told(ada) == ["group.changed"]
    else:
        with pytest.raises(Refused):
            act(ada, actions.change_group, group=group, values={"purpose": "Another one."})
    GroupMember.objects.update(until=dt.date(2022, 1, 1))
    assert not policies.may_keep_group(ada, group)


def test_what_nobody_changed_is_not_told(cora: User, group: WorkingGroup) -> None:
    act(cora, actions.change_group, group=group, values={"purpose": group.purpose})
    assert not told(cora)


@pytest.mark.parametrize("values", [{**VALUES, "name": "  "}, {**VALUES, "purpose": ""}, {**VALUES, "name": "TAKEN"}])
def test_a_group_has_a_name_of_its_own_and_a_purpose(cora: User, values: dict[str, Any]) -> None:
    WorkingGroupFactory(name="Taken")
    with pytest.raises(Refused):
        act(cora, actions.found_group, values=values)
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkingGroupFactory(name="tAKEN")


def test_who_asks_is_let_in_by_the_chair_and_not_by_themselves(ada: User, group: WorkingGroup) -> None:
    chair = UserFactory(role="member", agency=AgencyFactory())
    GroupMemberFactory(group=group, membership=chair.acting, duty="chair")
    asked = act(ada, actions.join_group, group=group)
    assert isinstance(asked, JoinRequest)
    assert act(ada, actions.join_group, group=group) == asked, "asking twice asks once"
    assert not policies.is_in_group(ada, group)
    with pytest.raises(Refused):
        act(ada, actions.answer_join_request, request=asked, let_in=True)
    act(chair, actions.answer_join_request, request=asked, let_in=True)
    assert policies.is_in_group(ada, group)
    with pytest.raises(Refused):
        act(chair, actions.answer_join_request, request=asked, let_in=False)
    assert told(ada, chair) == ["group.join_asked", "group.member_added"]


def test_declined_and_taken_back(ada: User, cora: User, group: WorkingGroup) -> None:
    asked = act(ada, actions.join_group, group=group)
    act(cora, actions.answer_join_request, request=asked, let_in=False)
    again = act(ada, actions.join_group, group=group)
    with pytest.raises(Refused):
        act(cora, actions.withdraw_join_request, request=again)
    act(ada, actions.withdraw_join_request, request=again)
    assert sorted(JoinRequest.objects.values_list("state", flat=True)) == ["declined", "withdrawn"]
    assert not GroupMember.objects.exists()


def test_a_free_group_is_joined_and_left_at_once(ada: User) -> None:
    group = WorkingGroupFactory(joining="free")
    member = act(ada, actions.join_group, group=group)
    assert isinstance(member, GroupMember)
    assert member.duty == "member"
    with pytest.raises(Refused):
        act(ada, actions.join_group, group=group)
    act(ada, actions.leave_group, group=group)
    assert not policies.is_in_group(ada, group)
    with pytest.raises(Refused):
        act(ada, actions.leave_group, group=group)
    assert told(ada) == ["group.joined", "group.left"]


def test_only_people_who_are_known_by_name_are_taken_in(cora: User, ada: User, group: WorkingGroup) -> None:
    hidden = MembershipFactory(agency=ada.acting.agency)  # type: ignore[union-attr]
    assert hidden not in policies.known_to(cora, group)
    with pytest.raises(Refused):
        act(cora, actions.add_group_member, group=group, membership=hidden)
    voice(hidden)
    member = act(cora, actions.add_group_member, group=group, membership=hidden)
    assert member.since >= dt.date(2026, 1, 1)
    assert hidden not in policies.known_to(cora, group), "who is in is not taken in twice"
    assert hidden in policies.known_to(cora, WorkingGroupFactory()), "who is in one group is known"


def test_an_officer_who_keeps_a_group_takes_in_colleagues(group: WorkingGroup) -> None:
    officer = UserFactory(role="officer", agency=AgencyFactory())
    GroupMemberFactory(group=group, membership=officer.acting, duty="chair")
    colleague = MembershipFactory(agency=officer.acting.agency)
    act(officer, actions.add_group_member, group=group, membership=colleague)
    assert [each.membership for each in selectors.members_of(group)] == [officer.acting, colleague]


def test_a_duty_goes_over_and_who_chaired_when_is_kept(cora: User, group: WorkingGroup) -> None:
    first = GroupMemberFactory(group=group, duty="chair")
    second = GroupMemberFactory(group=group)
    with time_machine.travel(dt.datetime(2026, 5, 4, 12, tzinfo=dt.UTC)):
        act(cora, actions.give_group_duty, member=second, duty="chair")
    now = {each.membership_id: each.duty for each in selectors.members_of(group)}
    assert now == {first.membership_id: "member", second.membership_id: "chair"}
    was = GroupMember.objects.get(pk=first.pk)
    assert (was.duty, was.until) == ("chair", dt.date(2026, 5, 4))
    assert told(cora) == ["group_duty.given"]
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMemberFactory(group=group, duty="chair")


def test_a_closed_group_takes_nobody_in_until_the_coordinator_reopens_it(cora: User, ada: User) -> None:
    group = WorkingGroupFactory()
    chair = UserFactory(role="member", agency=AgencyFactory())
    GroupMemberFactory(group=group, membership=chair.acting, duty="chair")
    asked = act(ada, actions.join_group, group=group)
    act(chair, actions.close_group, group=group)
    asked.refresh_from_db()
    assert asked.state == "declined"
    group.refresh_from_db()
    assert not policies.may_keep_group(chair, group)
    assert not policies.groups_of(chair)
    for by in (cora, ada):
        with pytest.raises(Refused):
            act(by, actions.join_group, group=group)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMemberFactory(group=group)
    with pytest.raises(Refused):
        act(chair, actions.reopen_group, group=group)
    act(cora, actions.reopen_group, group=group)
    assert list(policies.groups_of(chair)) == [group]


@pytest.mark.parametrize("change", ["suspended", "closed", "over", "inactive"])
def test_who_lost_their_place_in_the_agency_is_out_of_the_group(group: WorkingGroup, change: str) -> None:
    member = GroupMemberFactory(group=group)
    assert [each.pk for each in selectors.members_of(group)] == [member.pk]
    place = member.membership
    if change == "suspended":
        Membership.objects.filter(pk=place.pk).update(state="suspended")
    elif change == "over":
        Membership.objects.filter(pk=place.pk).update(ends_on=dt.date(2024, 1, 1))
    elif change == "inactive":
        User.objects.filter(pk=place.user_id).update(is_active=False)
    else:
        Membership.objects.filter(pk=place.pk).update(state="ended")
        Agency.objects.filter(pk=place.agency_id).update(state="closed")
    assert selectors.members_of(group) == []
    assert not policies.now_in(group)
    assert selectors.groups_listed(UserFactory()).get(pk=group.pk).people == 0  # type: ignore[attr-defined]


def test_who_is_removed_stays_in_the_history(cora: User, group: WorkingGroup) -> None:
    member = GroupMemberFactory(group=group)
    act(cora, actions.remove_group_member, member=member)
    with pytest.raises(Refused):
        act(cora, actions.remove_group_member, member=member)
    assert GroupMember.objects.get().until is not None
    assert told(cora) == ["group.member_removed"]


def test_a_list_counts_people_and_agencies_and_knows_mine(ada: User, group: WorkingGroup) -> None:
    GroupMemberFactory(group=group, membership=ada.acting)
    GroupMemberFactory(group=group, membership=MembershipFactory(agency=ada.acting.agency))  # type: ignore[union-attr]
    GroupMemberFactory(group=group)
    WorkingGroupFactory(name="Other")
    row = selectors.groups_listed(ada, whose="mine").get()
    assert (row.people, row.agencies, row.is_mine) == (3, 2, True)  # type: ignore[attr-defined]
    assert selectors.groups_listed(ada, words="other").count() == 1


def test_a_place_in_a_group_is_not_moved(group: WorkingGroup) -> None:
    member = GroupMemberFactory(group=group)
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.filter(pk=member.pk).update(membership=MembershipFactory())


def test_a_person_without_membership_is_in_no_group(group: WorkingGroup, staff_of: Callable[..., Any]) -> None:
    nobody = UserFactory(role=None)
    assert not policies.groups_of(nobody)
    assert selectors.own_place_in(nobody, group) is None
