"""Calling a meeting, changing and cancelling it, its agenda and papers, and which agencies were there.

Day, place and title live in the calendar entry, so that a subscribed calendar follows every change by the same id with a
higher number.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, Max
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import Membership, User
from waymark.audit.actions import record
from waymark.coalition.actions import calendar
from waymark.coalition.models import AgendaItem, Attendance, Meeting, Paper, WorkingGroup
from waymark.coalition.policies import Refused, groups
from waymark.coalition.policies import meetings as policies
from waymark.coalition.policies.calendar import must_not_be_operational
from waymark.coalition.selectors.asked import people_asked
from waymark.notices.actions import notify

KIND = "meeting"
CALLED, CHANGED, CANCELLED = "meeting.scheduled", "meeting.changed", "meeting.cancelled"
ITEM_FIELDS = ("title", "brought_by", "minutes", "part")
PAPER_FIELDS = ("title", "text", "path")
LONGEST = dt.timedelta(days=3)


def path_of(meeting: Meeting) -> str:
    """The meeting's page on the staff site."""
    return reverse("coalition:meeting_detail", args=[meeting.pk], urlconf="waymark.config.urls_staff")


def _tell(verb: str, meeting: Meeting, by: User, fields: Iterable[str] = ()) -> None:
    record(verb=verb, by=by, kind=KIND, about=meeting.pk, fields=tuple(fields))


def locked(meeting: Meeting) -> Meeting:
    """The meeting as it is now; whoever changes it at this moment is waited for."""
    found = Meeting.objects.select_for_update(of=("self",)).select_related("group", "entry")
    return found.get(pk=meeting.pk)


def _must_be_a_time(starts_at: dt.datetime, ends_at: dt.datetime) -> None:
    if not starts_at < ends_at <= starts_at + LONGEST:
        raise Refused("A meeting ends after it begins, within three days.")


@transaction.atomic
def call_meeting(*, group: WorkingGroup | None, values: Mapping[str, Any], by: User) -> Meeting:
    """Call a meeting of a group, or of everybody. `values`: title, place, starts_at, ends_at, how_to_join, is_private."""
    meeting = arrange_meeting(group=group, values=values, by=by)
    _tell("meeting.called", meeting, by, sorted(values))
    return meeting


def arrange_meeting(*, group: WorkingGroup | None, values: Mapping[str, Any], by: User) -> Meeting:
    """Make the meeting and tell those who are asked to come: a part of an act that tells of itself."""
    acting = groups.must_take_part(by)
    policies.must_call(by, group)
    _must_be_a_time(values["starts_at"], values["ends_at"])
    must_not_be_operational(values["title"], values.get("place", ""))
    meeting = Meeting(group=group, called_by=acting, how_to_join=values.get("how_to_join", ""))
    meeting.entry = calendar.schedule_entry(
        kind=KIND,
        title=values["title"],
        place=values.get("place", ""),
        starts_at=values["starts_at"],
        ends_at=values["ends_at"],
        group=group,
        is_private=group is not None and bool(values.get("is_private")),
        path=path_of(meeting),
        by=by,
    )
    meeting.save(force_insert=True)
    notify(to=people_asked(group), kind=CALLED, path=path_of(meeting))
    return meeting


@transaction.atomic
def change_meeting(*, meeting: Meeting, values: Mapping[str, Any], by: User) -> Meeting:
    """Another title, time, place or way to join. Whoever is asked to come is told when something changed."""
    fresh = locked(meeting)
    policies.must_keep(by, fresh)
    _must_be_a_time(values["starts_at"], values["ends_at"])
    must_not_be_operational(values["title"], values.get("place", ""))
    wanted = {name: values[name] for name in ("title", "place", "starts_at", "ends_at")}
    wanted["is_private"] = fresh.group is not None and bool(values.get("is_private"))
    changed = [name for name, value in wanted.items() if getattr(fresh.entry, name) != value]
    if changed:
        fresh.entry = calendar.change_entry(entry=fresh.entry, **wanted)
    if fresh.how_to_join != values.get("how_to_join", ""):
        fresh.how_to_join = values.get("how_to_join", "")
        fresh.save(update_fields=["how_to_join"])
        changed.append("how_to_join")
    if changed:
        _tell("meeting.changed", fresh, by, changed)
        notify(to=people_asked(fresh.group), kind=CHANGED, path=path_of(fresh))
    return fresh


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """It does not take place. Its page and its entry stay, marked as cancelled."""
    fresh = locked(meeting)
    policies.must_keep(by, fresh)
    if hasattr(fresh, "minutes"):
        raise Refused("This meeting has minutes, so it took place.")
    fresh.entry = calendar.cancel_entry(entry=fresh.entry)
    _tell("meeting.cancelled", fresh, by)
    notify(to=people_asked(fresh.group), kind=CANCELLED, path=path_of(fresh))
    return fresh


@transaction.atomic
def save_agenda_item(*, meeting: Meeting, item: AgendaItem | None, values: Mapping[str, Any], by: User) -> AgendaItem:
    """Add an item at the end of the agenda, or change one in its place."""
    fresh = locked(meeting)
    policies.must_keep(by, fresh)
    _must_read(by, fresh, values["part"], item)
    _must_be_known(fresh, values.get("brought_by"), by)
    if item is None:
        last = fresh.items.aggregate(last=Max("position"))["last"] or 0
        item = AgendaItem(meeting=fresh, position=last + 1)
    for name in ITEM_FIELDS:
        setattr(item, name, values.get(name))
    item.save()
    _tell("agenda.changed", fresh, by)
    return item


def _must_read(by: User, meeting: Meeting, part: str, item: AgendaItem | None = None) -> None:
    """Whoever keeps a group without being in it neither writes nor moves what they could not read."""
    read = policies.parts_read_by(by, meeting)
    if part not in read or (item is not None and item.part not in read):
        raise Refused("You do not read the closed part of this meeting, so you cannot write in it.")


def _must_be_known(meeting: Meeting, brought_by: Membership | None, by: User) -> None:
    if brought_by is not None and not people_asked(meeting.group).filter(pk=brought_by.pk).exists():
        raise Refused("Choose somebody who is asked to come.")


def _under_lock(item: AgendaItem, by: User) -> tuple[Meeting, AgendaItem]:
    meeting = locked(item.meeting)
    policies.must_keep(by, meeting)
    fresh = AgendaItem.objects.get(pk=item.pk)
    _must_read(by, meeting, fresh.part)
    return meeting, fresh


@transaction.atomic
def remove_agenda_item(*, item: AgendaItem, by: User) -> None:
    """Take an item from the agenda, with its papers; those after it move up."""
    meeting, fresh = _under_lock(item, by)
    fresh.delete()
    meeting.items.filter(position__gt=fresh.position).update(position=F("position") - 1)
    _tell("agenda.changed", meeting, by)


@transaction.atomic
def move_agenda_item(*, item: AgendaItem, up: bool, by: User) -> bool:
    """Change places with the item before or after it, among those that `by` reads; False at the end of the agenda."""
    meeting, fresh = _under_lock(item, by)
    others = meeting.items.filter(part__in=policies.parts_read_by(by, meeting))
    if up:
        other = others.filter(position__lt=fresh.position).order_by("-position").first()
    else:
        other = others.filter(position__gt=fresh.position).order_by("position").first()
    if other is None:
        return False
    fresh.position, other.position = other.position, fresh.position
    fresh.save(update_fields=["position"])
    other.save(update_fields=["position"])
    _tell("agenda.changed", meeting, by)
    return True


@transaction.atomic
def add_paper(*, item: AgendaItem, values: Mapping[str, str], by: User) -> Paper:
    """Put a text, or a link to a page of this site, beside an item."""
    meeting, fresh = _under_lock(item, by)
    paper = Paper.objects.create(item=fresh, **{name: values.get(name, "") for name in PAPER_FIELDS})
    _tell("agenda.changed", meeting, by, ("papers",))
    return paper


@transaction.atomic
def remove_paper(*, paper: Paper, by: User) -> None:
    meeting, _ = _under_lock(paper.item, by)
    paper.delete()
    _tell("agenda.changed", meeting, by, ("papers",))


@transaction.atomic
def note_attendance(*, meeting: Meeting, there: Mapping[Any, str], by: User) -> int:
    """Write down how each agency took part, by its id; an empty word means that nothing is known. Returns the changes."""
    fresh = locked(meeting)
    policies.must_keep(by, fresh)
    if fresh.entry.starts_at > timezone.now():
        raise Refused("Write down who was there when the meeting has begun.")
    known = {row.agency_id: row for row in fresh.attendance.all()}
    changes = 0
    for agency, how in there.items():
        row = known.get(agency)
        if (row.how if row else "") == how:
            continue
        changes += 1
        if not how and row is not None:
            row.delete()
        else:
            Attendance.objects.update_or_create(meeting=fresh, agency_id=agency, defaults={"how": how})
    if changes:
        _tell("attendance.noted", fresh, by)
    return changes
