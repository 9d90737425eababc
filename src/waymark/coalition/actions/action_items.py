"""Giving an action item, saying how it goes, being done with it, and dropping it with a word why.

The due day is an entry in the owner's own calendar as long as the item is open.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.coalition.actions import calendar
from waymark.coalition.models import ActionItem, CalendarEntry, Decision, Meeting, WorkingGroup
from waymark.coalition.policies import Refused, groups
from waymark.coalition.policies import action_items as policies
from waymark.coalition.policies.calendar import OPERATIONAL
from waymark.coalition.selectors.asked import people_asked
from waymark.coalition.selectors.calendar import region_zone
from waymark.notices.actions import notify

State = ActionItem.State
KIND = "action_item"
DAY = dt.timedelta(days=1)


def path_of(item: ActionItem) -> str:
    """The item's page on the staff site."""
    return reverse("coalition:action_item_detail", args=[item.pk], urlconf="waymark.config.urls_staff")


def _tell(verb: str, item: ActionItem, by: User, fields: Sequence[str] = ()) -> None:
    record(verb=verb, by=by, kind=KIND, about=item.pk, fields=fields)


def _locked(item: ActionItem) -> ActionItem:
    found = ActionItem.objects.select_for_update(of=("self",))
    return found.select_related("group", "owner__user", "entry").get(pk=item.pk)


def _title(item: ActionItem) -> str:
    """What the calendar shows. What sounds like an operation is not written into any calendar."""
    return "An action item is due" if OPERATIONAL.search(item.title) else item.title


def _day(day: dt.date) -> dict[str, Any]:
    """A whole day in the region's zone, as the calendar takes it."""
    begin, end = (dt.datetime.combine(each, dt.time.min, tzinfo=region_zone()) for each in (day, day + DAY))
    return {"starts_at": begin, "ends_at": end, "all_day": True}


def _entry(item: ActionItem, by: User) -> CalendarEntry:
    return calendar.schedule_entry(
        kind=CalendarEntry.Kind.DEADLINE,
        title=_title(item),
        **_day(item.due_on),
        for_membership=item.owner,
        path=path_of(item),
        by=by,
    )


def _must_be_asked(owner: Membership, group: WorkingGroup | None, by: User) -> None:
    """An owner is somebody who is known here: of the group, a voice of an agency, or oneself."""
    if by.acting is not None and owner.pk == by.acting.pk:
        return
    if not people_asked(group).filter(pk=owner.pk).exists():
        raise Refused("Choose somebody of the group as owner." if group else "Choose somebody who speaks for an agency.")


@transaction.atomic
def give_action_item(
    *,
    title: str,
    owner: Membership,
    due_on: dt.date,
    group: WorkingGroup | None = None,
    meeting: Meeting | None = None,
    decision: Decision | None = None,
    by: User,
) -> ActionItem:
    """Write down what somebody will do until when, and from which meeting or decision it comes."""
    policies.must_give(by, group, owner)
    _must_be_asked(owner, group, by)
    for origin in (meeting, decision):
        if origin is not None and origin.group_id != (group.pk if group else None):
            raise Refused("That meeting or decision was not one of this group.")
    if not title.strip():
        raise Refused("Say what is to be done.")
    item = ActionItem(
        title=" ".join(title.split()), owner=owner, due_on=due_on, group=group, meeting=meeting, decision=decision,
        given_by=groups.must_take_part(by),
    )  # fmt: skip
    item.entry = _entry(item, by)
    item.save(force_insert=True)
    _tell("action_item.given", item, by)
    notify(to=[owner], kind="action_item.given", path=path_of(item))
    return item


@transaction.atomic
def change_action_item(*, item: ActionItem, values: Mapping[str, Any], by: User) -> ActionItem:
    """Another title, owner or due day. A new owner gets the entry in their own calendar."""
    fresh = _locked(item)
    owner: Membership = values["owner"]
    policies.must_change(by, fresh, owner=owner)
    title = " ".join(str(values["title"]).split())
    if not title:
        raise Refused("Say what is to be done.")
    changed = [
        name
        for name, value in (("title", title), ("owner_id", owner.pk), ("due_on", values["due_on"]))
        if getattr(fresh, name) != value
    ]
    if not changed:
        return fresh
    fresh.title, fresh.due_on = title, values["due_on"]
    if "owner_id" in changed:
        _must_be_asked(owner, fresh.group, by)
        calendar.cancel_entry(entry=fresh.entry)
        fresh.owner = owner
        fresh.entry = _entry(fresh, by)
    else:
        fresh.entry = calendar.change_entry(entry=fresh.entry, title=_title(fresh), **_day(fresh.due_on))
    fresh.save(update_fields=["title", "owner", "due_on", "entry"])
    _tell("action_item.changed", fresh, by, changed)
    is_new = "owner_id" in changed
    notify(to=[fresh.owner], kind="action_item.given" if is_new else "action_item.changed", path=path_of(fresh))
    return fresh


@transaction.atomic
def note_progress(*, item: ActionItem, progress: int, note: str, by: User) -> ActionItem:
    """How far it is, in percent and a word."""
    fresh = _locked(item)
    policies.must_settle(by, fresh)
    if not 0 <= progress <= 100:
        raise Refused("Progress is a percentage.")
    fresh.progress, fresh.note = progress, note.strip()
    fresh.save(update_fields=["progress", "note"])
    _tell("action_item.progressed", fresh, by, ("progress", "note"))
    return fresh


def _settle(fresh: ActionItem, state: str, why: str = "") -> None:
    fresh.state, fresh.why, fresh.settled_at = state, why, timezone.now()
    fresh.entry = calendar.cancel_entry(entry=fresh.entry)
    fresh.save(update_fields=["state", "why", "settled_at"])


@transaction.atomic
def finish_action_item(*, item: ActionItem, by: User) -> ActionItem:
    """The owner is done. It leaves the calendar."""
    fresh = _locked(item)
    policies.must_settle(by, fresh)
    _settle(fresh, State.DONE)
    _tell("action_item.done", fresh, by)
    return fresh


@transaction.atomic
def drop_action_item(*, item: ActionItem, why: str, by: User) -> ActionItem:
    """It will not be done, and why. Nothing that was promised vanishes without a word."""
    fresh = _locked(item)
    if not policies.may_drop(by, fresh):
        raise Refused("This action item is settled, or not yours to drop.")
    if not why.strip():
        raise Refused("Say in a word why it is dropped.")
    _settle(fresh, State.DROPPED, why.strip())
    _tell("action_item.dropped", fresh, by)
    notify(to=[fresh.owner], kind="action_item.changed", path=path_of(fresh))
    return fresh


@transaction.atomic
def reopen_action_item(*, item: ActionItem, by: User) -> ActionItem:
    """Undo: it is open again, and stands in the owner's calendar again."""
    fresh = _locked(item)
    policies.must_take_back(by, fresh)
    fresh.state, fresh.why, fresh.settled_at = State.OPEN, "", None
    # The same entry comes back, so that calendars do not show the item twice.
    fresh.entry = calendar.change_entry(entry=fresh.entry, title=_title(fresh), **_day(fresh.due_on))
    fresh.save(update_fields=["state", "why", "settled_at"])
    _tell("action_item.reopened", fresh, by)
    return fresh
