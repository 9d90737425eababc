"""Meetings: the list, one meeting, calling, changing and cancelling it. A private one answers others as an absent one."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import ask_first
from waymark.coalition.actions import meetings as actions
from waymark.coalition.formats.brown_act import notice_times
from waymark.coalition.forms.meetings import MeetingForm, meeting_initial
from waymark.coalition.models import Meeting
from waymark.coalition.policies import action_items as item_policies
from waymark.coalition.policies import decisions as decision_policies
from waymark.coalition.policies import groups
from waymark.coalition.policies import meetings as policies
from waymark.coalition.selectors import action_items, decisions
from waymark.coalition.selectors import meetings as selectors
from waymark.coalition.views.asking import bound, form_page
from waymark.pages.listing import Ask, Filter, Listing

WHEN = Filter("when", "When", [("coming", "Coming"), ("past", "Past"), ("cancelled", "Cancelled")])
WHOSE = Filter("whose", "Whose", [("mine", "My groups"), ("everybody", "Everybody’s")])
LIST = "coalition:meeting_list"


def meeting_or_404(request: StaffRequest, pk: uuid.UUID) -> Meeting:
    found = selectors.meeting_for(request.user, pk)
    if found is None:
        raise Http404
    return found


def kept_or_404(request: StaffRequest, pk: uuid.UUID) -> Meeting:
    """A meeting that who asks may change; everybody else gets the page of an absent one."""
    meeting = meeting_or_404(request, pk)
    if not policies.may_keep(request.user, meeting):
        raise Http404
    return meeting


def url_of(meeting: Meeting) -> str:
    return reverse("coalition:meeting_detail", args=[meeting.pk])


def trail_of(meeting: Meeting | None = None) -> list[tuple[str, str]]:
    trail = [("Meetings", reverse(LIST))]
    return [*trail, (meeting.entry.title, url_of(meeting))] if meeting else trail


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def meeting_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [WHEN, WHOSE])
    now = timezone.now()
    rows = selectors.meetings_for(request.user, words=ask.words, when=ask.answer("when"), whose=ask.answer("whose"), at=now)
    context = {
        "title": "Meetings",
        "lead": "Meetings of the working groups and of the whole coalition.",
        "listing": Listing(ask, rows),
        "search_label": "Search by title, group, place or agenda",
        "now": now,
    }
    if groups.may_found_group(request.user) or item_policies.kept_groups(request.user).exists():
        context |= {"primary_url": reverse("coalition:meeting_call"), "primary_label": "Call a meeting"}
    return render(request, "coalition/meeting_list.html", context)


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def meeting_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting, by, now = meeting_or_404(request, pk), request.user, timezone.now()
    parts = policies.parts_read_by(by, meeting)
    minutes = selectors.minutes_of(meeting)
    is_read = minutes is not None and policies.reads_minutes(by, meeting, minutes)
    is_kept, has_begun = policies.may_keep(by, meeting), meeting.entry.starts_at <= now
    context: dict[str, Any] = {
        "title": meeting.entry.title,
        "trail": trail_of(),
        "meeting": meeting,
        "entry": meeting.entry,
        "now": now,
        "has_begun": has_begun,
        "items": selectors.agenda_of(meeting, parts),
        "reads_how_to_join": policies.reads_how_to_join(by, meeting),
        "attendance": selectors.attendance_of(meeting),
        "minutes": minutes if is_read else None,
        "written": selectors.written_in(minutes, parts) if minutes is not None and is_read else [],
        "decisions": decisions.decisions_of(meeting, to=by),
        "action_items": action_items.items_of(meeting, to=by),
        "is_kept": is_kept,
        "may_write": policies.may_write_minutes(by, meeting, minutes) and has_begun,
        "may_approve": policies.may_approve(by, meeting, minutes),
        "may_add_addendum": policies.may_add_addendum(by, meeting, minutes),
        "may_propose": decision_policies.may_propose(by, meeting.group),
        "may_give": item_policies.may_give(by, meeting.group) or item_policies.may_take(by, meeting.group),
    }
    if meeting.group is not None and meeting.group.is_brown_act and not has_begun:
        context["notice_times"] = notice_times(meeting.entry.starts_at, now=now)
    return render(request, "coalition/meeting_detail.html", context)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_call(request: StaffRequest) -> HttpResponse:
    by = request.user
    kept = item_policies.kept_groups(by).order_by("name")
    may_call_everybody = groups.may_found_group(by)
    if not may_call_everybody and not kept.exists():
        raise Http404
    form = MeetingForm(
        bound(request), groups=kept, may_call_everybody=may_call_everybody, initial={"group": request.GET.get("group", "")}
    )

    def act() -> str:
        group = form.cleaned_data["group"]
        return url_of(actions.call_meeting(group=group, values=form.values(), by=by))

    return form_page(
        request, form, act, done="Called. Everybody who is asked to come gets a notice. Write the agenda next.",
        title="Call a meeting", trail=trail_of(), button="Call the meeting", cancel_url=reverse(LIST),
        cancel_label="Go back without calling",
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_change(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    form = MeetingForm(bound(request), initial=meeting_initial(meeting))

    def act() -> str:
        return url_of(actions.change_meeting(meeting=meeting, values=form.values(), by=request.user))

    return form_page(
        request, form, act, done="Changed. Calendars follow, and everybody who is asked to come gets a notice.",
        title="Change the meeting", trail=trail_of(meeting), cancel_url=url_of(meeting),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def meeting_cancel(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    return ask_first(
        request,
        title=f"Cancel “{meeting.entry.title}”?",
        consequences=[
            "It stays in the list and in calendars, marked as cancelled, and everybody who is asked to come gets a notice.",
            "It cannot be called again. Call a new meeting instead. To move it to another day, change it.",
        ],
        button="Cancel the meeting",
        act=lambda: actions.cancel_meeting(meeting=meeting, by=request.user),
        done="Cancelled.",
        back=url_of(meeting),
        trail=trail_of(meeting),
        cancel_label="Keep the meeting",
    )


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def agenda_print(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The public part of the agenda, whoever prints it: what lies on a table is read by everybody."""
    meeting = meeting_or_404(request, pk)
    context = {
        "title": f"Agenda: {meeting.entry.title}",
        "trail": trail_of(meeting),
        "meeting": meeting,
        "entry": meeting.entry,
        "items": selectors.agenda_of(meeting, (policies.OPEN_PARTS[0],)),
    }
    return render(request, "coalition/agenda_print.html", context)
