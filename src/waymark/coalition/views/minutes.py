"""Who was there, and the minutes: writing them in parts, circulating, approving, correcting, printing the public part."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import ask_first
from waymark.coalition.actions import meetings as meeting_actions
from waymark.coalition.actions import minutes as actions
from waymark.coalition.forms.meetings import AddendumForm, ApproveForm, AttendanceForm, MinutesForm
from waymark.coalition.models import Meeting, Part
from waymark.coalition.policies import meetings as policies
from waymark.coalition.selectors import meetings as selectors
from waymark.coalition.views.asking import bound, form_page
from waymark.coalition.views.meetings import kept_or_404, meeting_or_404, trail_of, url_of


def _begun_or_404(request: StaffRequest, pk: uuid.UUID) -> Meeting:
    meeting = kept_or_404(request, pk)
    if meeting.entry.starts_at > timezone.now():
        raise Http404
    return meeting


def _minutes_url(meeting: Meeting) -> str:
    return f"{url_of(meeting)}#minutes"


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def attendance_note(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = _begun_or_404(request, pk)
    known = dict(meeting.attendance.values_list("agency_id", "how"))
    form = AttendanceForm(
        bound(request),
        agencies=selectors.agencies_to_note(meeting),
        initial={str(agency): how for agency, how in known.items()},
    )

    def act() -> str:
        meeting_actions.note_attendance(meeting=meeting, there=form.there(), by=request.user)
        return f"{url_of(meeting)}#attendance"

    return form_page(
        request, form, act, done="Noted.", template="coalition/attendance_form.html", title="Who was there",
        lead="By agency. An arrow key chooses, Tab goes to the next agency.", trail=trail_of(meeting),
        cancel_url=url_of(meeting),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_write(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = _begun_or_404(request, pk)
    minutes = selectors.minutes_of(meeting)
    if not policies.may_write_minutes(request.user, meeting, minutes):
        raise Http404
    parts = policies.parts_read_by(request.user, meeting)
    form = MinutesForm(bound(request), parts=parts, initial=_texts(meeting, parts))

    def act() -> str:
        actions.write_minutes(meeting=meeting, texts=form.texts(), by=request.user)
        return _minutes_url(meeting)

    return form_page(
        request, form, act, done="The minutes are saved.", title="Minutes", trail=trail_of(meeting),
        lead="Each part has its own box and its own readers. What a survivor or a client could be known by goes into none.",
        cancel_url=_minutes_url(meeting),
    )  # fmt: skip


def _texts(meeting: Meeting, parts: tuple[Part, ...]) -> dict[str, str]:
    """What is written; for minutes that begin, the agenda of each part as a frame."""
    minutes = selectors.minutes_of(meeting)
    if minutes is not None:
        return {each.part.value: each.text for each in selectors.written_in(minutes, parts)}
    frames: dict[str, list[str]] = {part.value: [] for part in parts}
    for item in selectors.agenda_of(meeting, parts):
        # Numbered within their part: a gap would tell that something stands in another one.
        frames[item.part].append(f"{len(frames[item.part]) + 1}. {item.title}\n")
    return {part: "\n".join(lines) for part, lines in frames.items()}


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_circulate(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    minutes = selectors.minutes_of(meeting)
    if minutes is None or minutes.state != minutes.State.DRAFT:
        raise Http404
    return ask_first(
        request,
        title="Circulate the minutes?",
        consequences=[
            "Everybody sees the parts that are theirs to read, and those who were asked to come get a notice.",
            "You can still mend them. They are locked when a later meeting has approved them.",
        ],
        button="Circulate them",
        act=lambda: actions.circulate_minutes(meeting=meeting, by=request.user),
        done="Circulated.",
        back=_minutes_url(meeting),
        trail=trail_of(meeting),
        is_grave=False,
        cancel_label="Not yet",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_approve(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    minutes = selectors.minutes_of(meeting)
    if not policies.may_approve(request.user, meeting, minutes):
        raise Http404
    later = selectors.later_meetings(meeting, at=timezone.now())
    form = ApproveForm(bound(request), meetings=later)

    def act() -> str:
        actions.approve_minutes(meeting=meeting, later=form.cleaned_data["later"], by=request.user)
        return _minutes_url(meeting)

    return form_page(
        request, form, act, done="Approved and locked.", template="coalition/minutes_approve.html",
        title="Approve the minutes", trail=trail_of(meeting), button="Approve and lock them", has_later=later.exists(),
        cancel_url=_minutes_url(meeting), cancel_label="Not yet",
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def minutes_addendum(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    if not policies.may_add_addendum(request.user, meeting, selectors.minutes_of(meeting)):
        raise Http404
    form = AddendumForm(bound(request), parts=policies.parts_read_by(request.user, meeting), initial={"part": "public"})

    def act() -> str:
        actions.add_addendum(meeting=meeting, **form.cleaned_data, by=request.user)
        return _minutes_url(meeting)

    return form_page(
        request, form, act, done="The addendum stands beside the minutes.", title="Correct approved minutes",
        lead="The minutes stay as they were approved. Your correction stands beside them with your name and today’s date, "
        "and cannot be changed.",
        trail=trail_of(meeting), button="Add the addendum", cancel_url=_minutes_url(meeting),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def minutes_print(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The public part and nothing else, whoever prints it."""
    meeting = meeting_or_404(request, pk)
    minutes = selectors.minutes_of(meeting)
    if minutes is None or not policies.reads_minutes(request.user, meeting, minutes):
        raise Http404
    context = {
        "title": f"Minutes: {meeting.entry.title}",
        "trail": trail_of(meeting),
        "meeting": meeting,
        "entry": meeting.entry,
        "minutes": minutes,
        "written": selectors.written_in(minutes, (Part.PUBLIC,)),
        "attendance": selectors.attendance_of(meeting),
    }
    return render(request, "coalition/minutes_print.html", context)
