"""Reads of meetings: lists, one meeting with what its reader may see of it, and the words for a search."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from waymark.accounts.models import Agency, User
from waymark.coalition.models import Addendum, AgendaItem, Attendance, Meeting, Minutes, MinutesPart, Paper, Part
from waymark.coalition.policies import meetings as policies
from waymark.coalition.selectors.asked import people_asked


def meetings_for(to: User, *, words: str = "", when: str = "", whose: str = "", at: dt.datetime) -> QuerySet[Meeting]:
    """Meetings that `to` may know of: coming ones with the next first, past and cancelled ones newest first."""
    found = policies.visible(Meeting.objects.all(), to=to).select_related("entry", "group", "minutes")
    if words:
        found = found.filter(_matching(to, words))
    if whose == "mine":
        found = found.filter(group__in=policies.own_groups(to))
    elif whose == "everybody":
        found = found.filter(group__isnull=True)
    if when == "coming":
        return found.filter(entry__cancelled_at__isnull=True, entry__ends_at__gt=at).order_by("entry__starts_at", "pk")
    if when == "past":
        found = found.filter(entry__cancelled_at__isnull=True, entry__ends_at__lte=at)
    elif when == "cancelled":
        found = found.filter(entry__cancelled_at__isnull=False)
    return found.order_by("-entry__starts_at", "pk")


def _matching(to: User, words: str) -> Q:
    """Title, place, group and the agenda, of which a closed item is found by its own group alone."""
    open_items = AgendaItem.objects.filter(title__icontains=words).exclude(part=Part.CLOSED)
    closed_items = AgendaItem.objects.filter(
        title__icontains=words, part=Part.CLOSED, meeting__group__in=policies.own_groups(to)
    )
    return (
        Q(entry__title__icontains=words)
        | Q(entry__place__icontains=words)
        | Q(group__name__icontains=words)
        | Q(pk__in=open_items.values("meeting_id"))
        | Q(pk__in=closed_items.values("meeting_id"))
    )


def meeting_for(to: User, pk: uuid.UUID) -> Meeting | None:
    found = policies.visible(Meeting.objects.all(), to=to).select_related("entry", "group", "minutes", "called_by__user")
    return found.filter(pk=pk).first()


def agenda_of(meeting: Meeting, parts: tuple[Part, ...]) -> list[AgendaItem]:
    """The items of these parts in their order, with their papers."""
    items = meeting.items.filter(part__in=parts).select_related("brought_by__user", "brought_by__agency")
    return list(items.prefetch_related(Prefetch("papers", Paper.objects.defer("text"))))


def item_of(meeting: Meeting, pk: uuid.UUID, parts: tuple[Part, ...]) -> AgendaItem | None:
    return meeting.items.filter(part__in=parts, pk=pk).first()


def paper_of(meeting: Meeting, pk: uuid.UUID, parts: tuple[Part, ...]) -> Paper | None:
    found = Paper.objects.select_related("item__meeting__entry", "item__meeting__group")
    return found.filter(pk=pk, item__meeting=meeting, item__part__in=parts).first()


@dataclass(frozen=True)
class Written:
    """One part of minutes with its corrections, as one reader sees it."""

    part: Part
    text: str
    addenda: list[Addendum]


def written_in(minutes: Minutes, parts: tuple[Part, ...]) -> list[Written]:
    """The parts of minutes that are written, of those given and no others."""
    texts = dict(MinutesPart.objects.filter(minutes=minutes, part__in=parts).values_list("part", "text"))
    addenda = list(minutes.addenda.filter(part__in=parts).select_related("written_by__user"))
    return [
        Written(part, texts.get(part, ""), [each for each in addenda if each.part == part])
        for part in parts
        if texts.get(part) or any(each.part == part for each in addenda)
    ]


def minutes_of(meeting: Meeting) -> Minutes | None:
    return Minutes.objects.select_related("approved_in__entry").filter(meeting=meeting).first()


def attendance_of(meeting: Meeting) -> list[tuple[str, list[Attendance]]]:
    """Who was there: for each way of taking part the agencies in the order of their kinds and names."""
    rows = list(meeting.attendance.select_related("agency").order_by("agency__kind", "agency__name"))
    found = [(str(how.label), [row for row in rows if row.how == how]) for how in Attendance.How]
    return [(label, those) for label, those in found if those]


def agencies_to_note(meeting: Meeting) -> list[Agency]:
    """The agencies of a group, or all; and those that were noted before."""
    noted = meeting.attendance.values("agency_id")
    if meeting.group is not None:
        here = Q(pk__in=people_asked(meeting.group).values("agency_id"))
    else:
        here = Q(state=Agency.State.ACTIVE)
    return list(Agency.objects.filter(here | Q(pk__in=noted)).order_by("kind", "name"))


def later_meetings(meeting: Meeting, *, at: dt.datetime) -> QuerySet[Meeting]:
    """Meetings of the same people that have begun since, in which its minutes could be approved."""
    found = Meeting.objects.filter(group=meeting.group, entry__cancelled_at__isnull=True, entry__starts_at__lte=at)
    return found.filter(entry__starts_at__gt=meeting.entry.starts_at).select_related("entry").order_by("-entry__starts_at")
