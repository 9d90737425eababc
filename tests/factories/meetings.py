"""Meetings, decisions and action items for tests, made by the real actions so that the rules of the house hold for them.

A `table()` is a working group at which three agencies sit: Ana chairs, Ben and Cem are members, each speaks for an agency.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.coalition import GroupMemberFactory, WorkingGroupFactory, act, voice
from tests.plugins.staff import SiteClient

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.coalition.actions import action_items, decisions, meetings
from waymark.coalition.models import ActionItem, Decision, Meeting, WorkingGroup


@dataclass(frozen=True)
class Table:
    """A working group, its chair, and two members of other agencies."""

    group: WorkingGroup
    ana: User
    ben: User
    cem: User

    @property
    def people(self) -> tuple[User, User, User]:
        return self.ana, self.ben, self.cem


def table(*agencies: Agency, **fields: Any) -> Table:
    """A group with a chair; agencies that are not given are made, one of the justice side among them."""
    group = WorkingGroupFactory(**fields)
    kinds = (AgencyKind.VICTIM_SERVICES, AgencyKind.LAW_ENFORCEMENT, AgencyKind.HEALTH)
    homes = [*agencies, *(AgencyFactory(kind=kind.value) for kind in kinds[len(agencies) :])]
    people = [
        UserFactory(agency=home, role=Role.MEMBER.value, display_name=f"{name} Invented")
        for home, name in zip(homes, ("Ana", "Ben", "Cem"), strict=True)
    ]
    for user in people:
        duty = "chair" if user is people[0] else "member"
        GroupMemberFactory(group=group, membership=user.acting, duty=duty)
        voice(user.acting)
    return Table(group, *people)


def a_meeting(by: User, group: WorkingGroup | None = None, **values: Any) -> Meeting:
    """A meeting tomorrow, unless `days` says otherwise (a negative number is past)."""
    starts_at = timezone.now() + dt.timedelta(days=values.pop("days", 1))
    given = {"title": "Invented meeting", "starts_at": starts_at, "ends_at": starts_at + dt.timedelta(hours=1)} | values
    meeting: Meeting = act(by, meetings.call_meeting, group=group, values=given)
    return meeting


def a_draft(by: User, group: WorkingGroup | None = None, way: str = "consent", **values: Any) -> Decision:
    """A decision that nobody is asked about yet."""
    slots = values.pop("slots", two_times() if way == "time_poll" else ())
    meeting = values.pop("meeting", None)
    given = {"title": "Invented question", "text": "Shall we?"} | values
    if way == "vote":
        given = {"quorum": 2, "share_of": 1, "share_out_of": 2, "share_is_exceeded": True} | given
    made: Decision = act(by, decisions.propose_decision, group=group, way=way, values=given, slots=slots, meeting=meeting)
    return made


def a_decision(by: User, group: WorkingGroup | None = None, way: str = "consent", **values: Any) -> Decision:
    """A decision that is open for a week."""
    opened: Decision = act(by, decisions.open_decision, decision=a_draft(by, group, way, **values))
    return opened


def two_times() -> list[tuple[dt.datetime, dt.datetime]]:
    start = timezone.now().replace(minute=0, second=0, microsecond=0) + dt.timedelta(days=10)
    return [(start + dt.timedelta(days=day), start + dt.timedelta(days=day, hours=1)) for day in (0, 1)]


def time_is_over(decision: Decision) -> None:
    """The closing moment passes, though no job has said so."""
    decision.refresh_from_db()
    assert decision.opens_at is not None
    Decision.objects.filter(pk=decision.pk).update(closes_at=decision.opens_at + dt.timedelta(microseconds=1))


def an_item(by: User, owner: User, group: WorkingGroup | None = None, **fields: Any) -> ActionItem:
    """An action item that is due in five days."""
    due_on = timezone.localdate() + dt.timedelta(days=fields.pop("days", 5))
    given = {"title": "Ask for a room", "due_on": due_on} | fields
    made: ActionItem = act(by, action_items.give_action_item, owner=owner.acting, group=group, **given)
    return made


def signed_in(user: User) -> SiteClient:
    """A browser in which somebody has signed in."""
    client = SiteClient("staff")
    client.user = user
    client.force_login(user)
    return client
