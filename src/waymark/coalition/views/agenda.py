"""The agenda of a meeting: its items in order, and the papers beside them."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.accounts.views.steps import ask_first
from waymark.coalition.actions import meetings as actions
from waymark.coalition.forms.meetings import AgendaItemForm, PaperForm
from waymark.coalition.models import AgendaItem, Meeting, Paper, Part
from waymark.coalition.policies import Refused
from waymark.coalition.policies import meetings as policies
from waymark.coalition.selectors import meetings as selectors
from waymark.coalition.selectors.asked import people_asked
from waymark.coalition.views.asking import bound, form_page
from waymark.coalition.views.meetings import kept_or_404, meeting_or_404, trail_of, url_of


def _item(request: StaffRequest, meeting: Meeting, pk: uuid.UUID) -> AgendaItem:
    found = selectors.item_of(meeting, pk, policies.parts_read_by(request.user, meeting))
    if found is None:
        raise Http404
    return found


def _paper(request: StaffRequest, meeting: Meeting, pk: uuid.UUID) -> Paper:
    found = selectors.paper_of(meeting, pk, policies.parts_read_by(request.user, meeting))
    if found is None:
        raise Http404
    return found


def _agenda_url(meeting: Meeting) -> str:
    return f"{url_of(meeting)}#agenda"


def _edit(request: StaffRequest, meeting: Meeting, item: AgendaItem | None) -> HttpResponse:
    people = people_asked(meeting.group).select_related("user", "agency").order_by("user__display_name")
    if item is None:
        initial = {"part": Part.PUBLIC.value}
    else:
        names = ("title", "brought_by", "minutes", "part")
        initial = {name: getattr(item, name) for name in names}
    form = AgendaItemForm(
        bound(request), people=people, parts=policies.parts_read_by(request.user, meeting), initial=initial
    )

    def act() -> str:
        actions.save_agenda_item(meeting=meeting, item=item, values=form.cleaned_data, by=request.user)
        return _agenda_url(meeting)

    return form_page(
        request, form, act, done="The agenda is saved.", title="Change the item" if item else "New item on the agenda",
        trail=trail_of(meeting), cancel_url=_agenda_url(meeting),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def item_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    return _edit(request, kept_or_404(request, pk), None)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def item_change(request: StaffRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    return _edit(request, meeting, _item(request, meeting, item))


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_POST
def item_move(request: StaffRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    found = _item(request, meeting, item)
    is_up = request.POST.get("to") == "up"
    try:
        moved = actions.move_agenda_item(item=found, up=is_up, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if moved:
            messages.success(request, f"“{found.title}” moved {'up' if is_up else 'down'}.")
    return redirect(_agenda_url(meeting))


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def item_remove(request: StaffRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    found = _item(request, meeting, item)
    return ask_first(
        request,
        title=f"Take “{found.title}” from the agenda?",
        consequences=["The item and its papers are deleted. Items after it move up."],
        button="Take it from the agenda",
        act=lambda: actions.remove_agenda_item(item=found, by=request.user),
        done="Taken from the agenda.",
        back=_agenda_url(meeting),
        trail=trail_of(meeting),
        cancel_label="Keep it",
    )


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_add(request: StaffRequest, pk: uuid.UUID, item: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    found = _item(request, meeting, item)
    form = PaperForm(bound(request))

    def act() -> str:
        actions.add_paper(item=found, values=form.cleaned_data, by=request.user)
        return _agenda_url(meeting)

    return form_page(
        request, form, act, done="The paper is beside its item.", title=f"New paper for “{found.title}”",
        lead=f"Who reads the item reads its papers: {found.get_part_display()}.", trail=trail_of(meeting),
        cancel_url=_agenda_url(meeting),
    )  # fmt: skip


@requires(Permission.COALITION_WORK_VIEW)
@require_safe
def paper_detail(request: StaffRequest, pk: uuid.UUID, paper: uuid.UUID) -> HttpResponse:
    meeting = meeting_or_404(request, pk)
    found = _paper(request, meeting, paper)
    context = {
        "title": found.title,
        "paper": found,
        "meeting": meeting,
        "trail": trail_of(meeting),
        "is_kept": policies.may_keep(request.user, meeting),
    }
    return render(request, "coalition/paper_detail.html", context)


@requires(Permission.COALITION_WORK_TAKE_PART)
@require_http_methods(["GET", "HEAD", "POST"])
def paper_remove(request: StaffRequest, pk: uuid.UUID, paper: uuid.UUID) -> HttpResponse:
    meeting = kept_or_404(request, pk)
    found = _paper(request, meeting, paper)
    return ask_first(
        request,
        title=f"Take away the paper “{found.title}”?",
        consequences=["Its text is deleted. Nobody can read it here any more."],
        button="Take it away",
        act=lambda: actions.remove_paper(paper=found, by=request.user),
        done="The paper is gone.",
        back=reverse("coalition:meeting_detail", args=[meeting.pk]),
        trail=trail_of(meeting),
        cancel_label="Keep it",
    )
