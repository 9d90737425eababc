"""The demo coalition's meetings, decisions and action items, so that no page of the common work is empty.

Loading again changes nothing of them: what was said to a decision stays as it was said, also in the demo.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from waymark.accounts.models import Membership
from waymark.coalition.actions.action_items import path_of as item_path
from waymark.coalition.actions.calendar import schedule_entry
from waymark.coalition.actions.meetings import path_of as meeting_path
from waymark.coalition.models import (
    ActionItem,
    AgendaItem,
    Attendance,
    Decision,
    GroupMember,
    Meeting,
    Minutes,
    MinutesPart,
    Paper,
    Representative,
    Round,
    Stance,
    WorkingGroup,
)
from waymark.directory.formats.demo_file import demo_id, read_file

State = Decision.State


def fill_meetings(*, today: dt.date) -> None:
    """Fill the rooms of one working group and of the whole coalition, once."""
    content = read_file("meetings")
    if Meeting.objects.filter(pk=demo_id("meeting", content["meeting"][0]["slug"])).exists():
        return
    people = {place.user.email: place for place in _places(content["people"])}
    group = _group(content, people)
    meetings = {row["slug"]: _meeting(row, group, people, today) for row in content["meeting"]}
    for row in content["decision"]:
        _decision(row, group, meetings, people)
    for row in content["action_item"]:
        _action_item(row, group, meetings, people, today)


def _places(emails: list[str]) -> list[Membership]:
    found = Membership.objects.filter(user__email__in=emails, state=Membership.State.ACTIVE).exclude(role="administrator")
    return list(found.select_related("user", "agency").order_by("-created_at"))


def _group(content: dict[str, Any], people: dict[str, Membership]) -> WorkingGroup:
    """The group of the demo, with its people; who speaks for an agency already stays."""
    row = content["group"]
    group, _ = WorkingGroup.objects.get_or_create(name=row["name"], defaults={"purpose": row["purpose"]})
    for email, duty in row["members"].items():
        if not GroupMember.objects.filter(group=group, membership=people[email], until__isnull=True).exists():
            has_duty = GroupMember.objects.filter(group=group, duty=duty, until__isnull=True).exists()
            GroupMember.objects.create(
                group=group,
                membership=people[email],
                duty="member" if has_duty else duty,
                since=timezone.localdate() - dt.timedelta(days=300),
            )
    for email in row["speakers"]:
        place = people[email]
        if not Representative.objects.filter(agency=place.agency, until__isnull=True).exists():
            Representative.objects.create(agency=place.agency, membership=place, since=timezone.localdate())
    return group


def _meeting(row: dict[str, Any], group: WorkingGroup, people: dict[str, Membership], today: dt.date) -> Meeting:
    begin = timezone.make_aware(dt.datetime.combine(today + dt.timedelta(days=row["days"]), dt.time(10)))
    whose = group if row.get("is_of_group", True) else None
    meeting = Meeting(pk=demo_id("meeting", row["slug"]), group=whose, called_by=people[row["called_by"]])
    meeting.how_to_join = row.get("how_to_join", "")
    meeting.entry = schedule_entry(
        kind="meeting", title=row["title"], place=row["place"], starts_at=begin, ends_at=begin + dt.timedelta(minutes=90),
        group=whose, path=meeting_path(meeting),
    )  # fmt: skip
    meeting.save(force_insert=True)
    for position, each in enumerate(row["item"], 1):
        item = AgendaItem.objects.create(
            meeting=meeting,
            position=position,
            title=each["title"],
            part=each.get("part", "public"),
            minutes=each.get("minutes"),
            brought_by=people.get(each.get("by", "")),
        )
        if "paper" in each:
            Paper.objects.create(item=item, title=each["paper"], text=each["text"])
    for email, how in row.get("attendance", {}).items():
        Attendance.objects.create(meeting=meeting, agency=people[email].agency, how=how)
    if "minutes" in row:
        minutes = Minutes.objects.create(meeting=meeting, state="circulated", circulated_at=begin + dt.timedelta(days=2))
        for part, text in row["minutes"].items():
            MinutesPart.objects.create(minutes=minutes, part=part, text=text)
    return meeting


def _decision(
    row: dict[str, Any], group: WorkingGroup, meetings: dict[str, Meeting], people: dict[str, Membership]
) -> None:
    now = timezone.now()
    whose = group if row.get("is_of_group", True) else None
    decision = Decision.objects.create(
        id=demo_id("decision", row["slug"]),
        group=whose,
        meeting=meetings.get(row.get("meeting", "")),
        way=row["way"],
        title=row["title"],
        text=row["text"],
        proposed_by=people[row["by"]],
        **row.get("vote", {}),
    )
    decision.state, decision.opens_at = State.OPEN, now - dt.timedelta(minutes=5)
    decision.closes_at = now + dt.timedelta(days=row["days"])
    decision.save()
    Round.objects.create(decision=decision, number=1, text=decision.text, opened_at=decision.opens_at)
    for said in row.get("said", []):
        place = people[said["by"]]
        Stance.objects.create(
            decision=decision,
            round=1,
            membership=place,
            user=place.user,
            agency=place.agency,
            is_for_agency=row["way"] == "vote",
            choice=said["choice"],
            reason=said.get("reason", ""),
        )
    if "statement" in row:
        decision.state, decision.outcome, decision.statement = State.STATED, row["outcome"], row["statement"]
        decision.closes_at, decision.stated_at, decision.stated_by = timezone.now(), timezone.now(), people[row["by"]]
        Decision.objects.filter(pk=decision.pk).update(state=State.CLOSED, closes_at=decision.closes_at)
        decision.save()


def _action_item(
    row: dict[str, Any],
    group: WorkingGroup,
    meetings: dict[str, Meeting],
    people: dict[str, Membership],
    today: dt.date,
) -> None:
    due_on = today + dt.timedelta(days=row["days"])
    begin = timezone.make_aware(dt.datetime.combine(due_on, dt.time.min))
    owner = people[row["owner"]]
    item = ActionItem(
        id=demo_id("action_item", row["slug"]),
        title=row["title"],
        owner=owner,
        given_by=people[row["by"]],
        group=group,
        meeting=meetings.get(row.get("meeting", "")),
        due_on=due_on,
        progress=row.get("progress", 0),
        note=row.get("note", ""),
    )
    item.entry = schedule_entry(
        kind="deadline", title=item.title, starts_at=begin, ends_at=begin + dt.timedelta(days=1), all_day=True,
        for_membership=owner, path=item_path(item),
    )  # fmt: skip
    item.save(force_insert=True)
