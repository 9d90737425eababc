"""Where the addresses of contacts and working groups lead."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from tests.factories.coalition import GroupMemberFactory, WorkingGroupFactory
from tests.plugins.places import no_object, of_coalition

from waymark.access.permissions import Role
from waymark.coalition.models import JoinRequest, WorkingGroup

KEEPERS = "its chair, its secretary and the coordinator keep a group"
NOT_KEPT = dict.fromkeys((Role.ADVOCATE, Role.MEMBER, Role.OFFICER, Role.STEWARD), KEEPERS)


def agency(world: Any) -> dict[str, Any]:
    return {"pk": world.agencies["second"].pk}


def _group(world: Any) -> WorkingGroup:
    made: WorkingGroup = world.once(WorkingGroupFactory, name="Invented training group")
    return made


def group(world: Any) -> dict[str, Any]:
    return {"pk": _group(world).pk}


def joining(world: Any) -> dict[str, Any]:
    return {"pk": _group(world).pk, "step": "join"}


def member(world: Any) -> dict[str, Any]:
    place = world.member_of(world.agencies["second"]).acting
    made = world.once(GroupMemberFactory, group=_group(world), membership=place)
    return {"pk": made.group_id, "member": made.pk}


def _request(*, group: WorkingGroup, membership: Any) -> JoinRequest:
    return JoinRequest.objects.create(group=group, membership=membership, asked_at=timezone.now())


def asked(world: Any) -> dict[str, Any]:
    place = world.member_of(world.agencies["justice"]).acting
    made = world.once(_request, group=_group(world), membership=place)
    return {"pk": made.group_id, "asked": made.pk}


PLACES = {
    "coalition:contact_detail": of_coalition(agency),
    "coalition:contact_list": no_object(),
    "coalition:group_add": no_object(),
    "coalition:group_change": of_coalition(group, hidden_from=NOT_KEPT),
    "coalition:group_detail": of_coalition(group),
    "coalition:group_list": no_object(),
    "coalition:group_member": of_coalition(member, hidden_from=NOT_KEPT),
    "coalition:group_member_add": of_coalition(group, hidden_from=NOT_KEPT),
    "coalition:group_request": of_coalition(asked, hidden_from=NOT_KEPT),
    "coalition:group_step": of_coalition(joining),
    "coalition:media_speaker": no_object(),
    "coalition:voices": no_object(),
}
