"""What was told to me, and when letters come."""

from __future__ import annotations

import datetime as dt
from functools import cached_property

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.notices import actions, selectors
from waymark.notices.forms import LettersForm
from waymark.notices.models import KEPT_FOR
from waymark.pages.listing import Ask, Filter, Listing

STATE = Filter("state", "State", [("unread", "Not read"), ("read", "Read")])
# Where the session keeps what was put aside last, so that it can be taken back.
UNDO = "notices_marked_at"


class Lines(Listing):
    @cached_property
    def rows(self) -> list[selectors.Line]:
        return [selectors.as_line(row) for row in self.page.object_list]


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def notice_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE])
    context = {
        "title": "Notices",
        "lead": "What happened elsewhere on this site. A line says what kind of thing; its page says the rest.",
        "listing": Lines(ask, selectors.lines_for(request.user, state=ask.answer("state"))),
        "undo": request.session.pop(UNDO, "") if UNDO in request.session else "",
        "kept_days": KEPT_FOR.days,
    }
    return render(request, "notices/notice_list.html", context)


def _line(request: StaffRequest) -> dict[str, str] | None:
    """The line that a form names, if it was told to this person; one that is gone leads back to the list."""
    named = {name: request.POST.get(name, "")[:300].replace("\x00", "") for name in ("kind", "path")}
    return named if selectors.is_mine(request.user, **named) else None


def _remember(request: StaffRequest, marked_at: dt.datetime | None) -> None:
    if marked_at is not None:
        request.session[UNDO] = marked_at.isoformat()


@requires(Permission.STAFF_HOME_VIEW)
@require_POST
def notice_open(request: StaffRequest) -> HttpResponse:
    """Go where a line leads, and put the line aside. Only a path that was told to this person is gone to."""
    line = _line(request)
    if line is None:
        return redirect("notices:list")
    actions.mark_read(by=request.user, **line)
    return redirect(line["path"])


@requires(Permission.STAFF_HOME_VIEW)
@require_POST
def notice_read(request: StaffRequest) -> HttpResponse:
    line = _line(request)
    if line is not None:
        _remember(request, actions.mark_read(by=request.user, **line))
    return redirect("notices:list")


@requires(Permission.STAFF_HOME_VIEW)
@require_POST
def notice_read_all(request: StaffRequest) -> HttpResponse:
    _remember(request, actions.mark_read(by=request.user))
    return redirect("notices:list")


@requires(Permission.STAFF_HOME_VIEW)
@require_POST
def notice_unread(request: StaffRequest) -> HttpResponse:
    """Take back the last marking."""
    try:
        marked_at = parse_datetime(request.POST.get("marked_at", ""))
    except ValueError:
        marked_at = None
    if marked_at is not None and marked_at.tzinfo is not None and actions.mark_unread(by=request.user, marked_at=marked_at):
        messages.success(request, "Not read again.")
    return redirect("notices:list")


@requires(Permission.STAFF_HOME_VIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: StaffRequest) -> HttpResponse:
    """When letters come: each person's own choice."""
    initial = {"when": selectors.letters_of(request.user)}
    form = LettersForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        actions.choose_letters(when=form.cleaned_data["when"], by=request.user)
        messages.success(request, "Saved.")
        return redirect("notices:list")
    context = {
        "form": form,
        "title": "Letters",
        "trail": [("Notices", reverse("notices:list"))],
        "cancel_url": reverse("notices:list"),
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)
