"""Steps that show what no address of the calendar and the notices shows by itself: a full month, a link, lines to read."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from django.utils import timezone
from tests.factories.coalition import GroupMemberFactory, WorkingGroupFactory, act, calendar_entry, voice

from waymark.access.permissions import Role
from waymark.coalition.actions.calendar import withdraw_entry
from waymark.coalition.models import GroupMember
from waymark.notices.actions import notify

if TYPE_CHECKING:
    from tests.plugins.photographs import Camera, Stage


def calendar_in_use(stage: Stage, camera: Camera) -> None:
    asker = next(asker for asker in stage.everybody if asker.name == Role.OFFICER.value)
    assert asker.user is not None
    place = asker.user.acting
    assert place is not None
    group = WorkingGroupFactory(name="Invented housing and emergency shelter group")
    GroupMemberFactory(group=group, membership=place, duty=GroupMember.Duty.CHAIR)
    friend = stage.world.member_of(stage.world.agencies["second"])
    GroupMemberFactory(group=group, membership=friend.acting)
    voice(place)
    today = timezone.now().replace(hour=18, minute=0, second=0, microsecond=0)
    for number in range(8):
        calendar_entry(asker.user, title=f"Invented meeting about a long subject {number}", group=group, starts_at=today)
    calendar_entry(
        friend, title="Away", for_membership=friend.acting, is_private=True, starts_at=today + dt.timedelta(days=1)
    )
    entry = calendar_entry(asker.user, title="Invented training", kind="training", place="Room 4", starts_at=today)
    act(asker.user, withdraw_entry, entry=entry)
    for url in ("/calendar/", "/calendar/list/", f"/calendar/list/?whose={group.pk}&q=nothing", f"/calendar/{entry.pk}/"):
        camera.get(asker.client, url, f"{url} in use")
    camera.post(asker.client, "/calendar/new/", {"title": "Operation Invented", "kind": "event", "whose": "mine"})
    camera.post(asker.client, "/calendar/links/make/", {"group": ""}, page="/calendar/links/")
    camera.get(asker.client, "/calendar/links/", "calendar links in use")
    for kind in ("calendar.cancelled", "meeting.changed", "meeting.changed", "decision.asked"):
        notify(to=[place], kind=kind, path="/calendar/")
    camera.get(asker.client, "/notices/", "notices in use")
    asker.client.send("/notices/read/all/", page="/notices/")
    camera.get(asker.client, "/notices/", "notices marked as read")
