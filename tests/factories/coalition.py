"""The coalition's common work for tests: groups with people in them, voices of agencies.

A group is open, lets nobody join unasked, and is empty unless the test gives it people.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory
from tests.factories.accounts import MembershipFactory

from waymark.access.context import acting_for
from waymark.accounts.models import Membership, User
from waymark.audit.models import Event
from waymark.coalition.models import GroupMember, Representative, WorkingGroup

LONG_AGO = dt.date(2021, 3, 1)


class WorkingGroupFactory(DjangoModelFactory[WorkingGroup]):
    class Meta:
        model = WorkingGroup

    name = factory.Sequence(lambda n: f"Invented group {n}")
    purpose = "To plan what nobody can do alone."


class GroupMemberFactory(DjangoModelFactory[GroupMember]):
    class Meta:
        model = GroupMember

    group = factory.SubFactory(WorkingGroupFactory)
    membership = factory.SubFactory(MembershipFactory)
    since = LONG_AGO


def voice(membership: Membership, deputy: Membership | None = None, **fields: Any) -> Representative:
    """`membership` speaks for its agency."""
    return Representative.objects.create(
        **{"agency": membership.agency, "membership": membership, "deputy": deputy, "since": LONG_AGO, **fields}
    )


def act(by: User, action: Any, **arguments: Any) -> Any:
    """An action as the staff site runs it: in the signed context of the agency for which `by` acts."""
    assert by.acting is not None
    with acting_for(by.acting.agency_id, by.pk):
        return action(by=by, **arguments)


def told(*people: User) -> list[str]:
    """What the chains of these people's agencies say was done, oldest first."""
    found: dict[int, str] = {}
    for by in people:
        assert by.acting is not None
        with acting_for(by.acting.agency_id, by.pk):
            found |= dict(Event.objects.filter(chain=by.acting.agency_id).values_list("id", "verb"))
    return [found[number] for number in sorted(found)]
