"""Group sessions, and who was there: a room of thirty by keyboard, one key a person."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import attempted
from waymark.diversion import policies
from waymark.diversion.actions import work
from waymark.diversion.forms.work import AttendanceForm, SessionForm
from waymark.diversion.models import GroupSession
from waymark.diversion.selectors import programs as selectors
from waymark.diversion.selectors.opened import opened
from waymark.diversion.views.answers import FORM, or_404, plain, pressed, program_trail, sent, vault_context
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.selectors import vault_in

WORK = Permission.DIVERSION_PROGRAM_WORK
KIND = Filter("kind", "Kind", GroupSession.Kind.choices)


def _session(request: StaffRequest, pk: uuid.UUID) -> GroupSession:
    return or_404(selectors.session_for(request.user, pk))


def _trail() -> list[tuple[str, str]]:
    return program_trail(("Sessions", reverse("diversion:session_list")))


@requires(WORK)
@require_safe
def session_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [KIND])
    rows = selectors.sessions(request.user, kind=ask.answer("kind"))
    if ask.words:
        rows = rows.filter(program__name__icontains=ask.words)
    gives = policies.gives_programs(request.user)
    context = {
        "title": "Sessions",
        "listing": Listing(ask, rows),
        "search_label": "Search by program",
        "trail": program_trail(),
        "gives": gives,
        "primary_url": reverse("diversion:session_new") if gives else "",
        "primary_label": "New session",
    }
    return render(request, "diversion/session_list.html", context)


@requires(WORK)
@FORM
def session_new(request: StaffRequest) -> HttpResponse:
    programs = selectors.programs(request.user)
    form = SessionForm(sent(request), programs=programs, initial={"on": timezone.localdate()})
    made: list[GroupSession] = []

    def act() -> None:
        data = form.cleaned_data
        program = or_404(selectors.program_for(request.user, uuid.UUID(data["program"])))
        made.append(
            work.hold_session(
                program=program,
                kind=data["kind"],
                starts_at=form.starts_at(),
                minutes=data["minutes"],
                by=request.user,
            )
        )

    return plain(
        request,
        form,
        act,
        title="New session",
        lead="A kind and an hour. What it was about is nobody’s business outside the room.",
        done="Written down. Mark who is there.",
        back=reverse("diversion:session_list"),
        to=lambda: reverse("diversion:session_detail", args=[made[0].pk]),
        trail=_trail(),
        button="Go to the list of people",
    )


@requires(WORK)
@FORM
def session_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The room. With an open vault by name, without it by code: marking needs no name."""
    session = _session(request, pk)
    room, marks = selectors.room_of(request.user, session)
    facts = opened(room[:500], vault_in(request))
    names = {pk: str(said.get("name", "")) for pk, said in facts.items()}
    room.sort(key=lambda row: (names.get(row.pk) or row.code).casefold())
    form = AttendanceForm(sent(request), room=room, names=names, initial={str(pk): mark for pk, mark in marks.items()})
    here = reverse("diversion:session_detail", args=[session.pk])
    if form.is_bound and form.is_valid():
        counted: list[int] = []
        if attempted(
            form, lambda: counted.append(work.mark_attendance(session=session, marks=form.marks(), by=request.user))
        ):
            messages.success(request, f"Saved. {counted[0]} changed." if counted[0] else "Nothing was changed.")
            return redirect(here)
    context = {
        "title": f"{session.get_kind_display()}, {timezone.localtime(session.starts_at):%B %-d, %Y}",
        "session": session,
        "form": form,
        "room": [(row, form[str(row.pk)]) for row in room],
        "trail": _trail(),
        "cancel_url": reverse("diversion:session_list"),
        **vault_context(request),
    }
    return render(request, "diversion/session_detail.html", context, status=422 if form.is_bound else 200)


@requires(WORK)
@FORM
def session_cancel(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    session = _session(request, pk)
    return pressed(
        request,
        lambda: work.cancel_session(session=session, by=request.user),
        title="The program cancelled this session",
        consequences=["Whoever was marked is marked as cancelled by the program. Nobody counts as absent."],
        button="It was cancelled",
        done="Cancelled.",
        back=reverse("diversion:session_detail", args=[session.pk]),
        trail=_trail(),
    )
