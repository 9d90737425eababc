"""The desk: what people outside have asked, and whether an agency stands on the public page."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.newsroom import policies
from waymark.newsroom.actions import desk as actions
from waymark.newsroom.forms.asking import HELPS, ROLES, TOPICS
from waymark.newsroom.forms.press import PresenceForm, SureForm
from waymark.newsroom.models import PublicRequest
from waymark.newsroom.selectors import press as selectors
from waymark.newsroom.views.answers import asked
from waymark.pages.listing import Ask, Filter, Listing

KIND = Filter("kind", "Kind", PublicRequest.Kind.choices)
STATE = Filter("state", "State", PublicRequest.State.choices)
TOPIC_NAMES = {
    PublicRequest.Kind.VOLUNTEER: dict(HELPS),
    PublicRequest.Kind.SPEAKER: dict(TOPICS),
    PublicRequest.Kind.PREVENTION: dict(ROLES),
}


def _request(pk: uuid.UUID) -> PublicRequest:
    found = selectors.request_for(pk)
    if found is None:
        raise Http404
    return found


@requires(Permission.NEWSROOM_DESK_KEEP)
@require_safe
def request_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATE, KIND])
    rows = selectors.requests_listed(kind=ask.answer("kind"), state=ask.answer("state"), words=ask.words)
    context = {
        "title": "Requests from outside",
        "lead": "What people sent through “Take part”. Each is deleted by itself after its last day.",
        "listing": Listing(ask, rows),
        "search_label": "Search by name or words",
    }
    return render(request, "newsroom/request_list.html", context)


@requires(Permission.NEWSROOM_DESK_KEEP)
@require_safe
def request_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    found = _request(pk)
    context = {
        "title": f"{found.get_kind_display()}: {found.name}",
        "trail": _trail(),
        "found": found,
        "topic": TOPIC_NAMES[PublicRequest.Kind(found.kind)].get(found.topic, ""),
    }
    return render(request, "newsroom/request_detail.html", context)


def _trail(found: PublicRequest | None = None) -> list[tuple[str, str]]:
    trail = [("Requests from outside", reverse("newsroom:request_list"))]
    return [*trail, (found.name, reverse("newsroom:request_detail", args=[found.pk]))] if found else trail


@requires(Permission.NEWSROOM_DESK_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def request_answer(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    found = _request(pk)
    if found.state == PublicRequest.State.ANSWERED:
        raise Http404
    consequences = ["It says that you have answered, outside of this system. Nothing is sent from here."]
    if found.kind == PublicRequest.Kind.SPEAKER:
        consequences.append(
            "Offer somebody of the staff. A survivor speaks only when their own advocate has asked them for this event."
        )
    return asked(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        title="Note that this was answered?",
        consequences=consequences,
        button="It was answered",
        act=lambda: actions.answer_request(request=found, by=request.user),
        done="Noted.",
        back=reverse("newsroom:request_detail", args=[pk]),
        trail=_trail(found),
    )


@requires(Permission.NEWSROOM_DESK_KEEP)
@require_http_methods(["GET", "HEAD", "POST"])
def request_delete(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    found = _request(pk)
    return asked(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        title="Delete this request now?",
        consequences=["It is gone for good, before its last day. Do this when it holds what should not be written here."],
        button="Delete it",
        is_grave=True,
        act=lambda: actions.delete_request(request=found, by=request.user),
        done="Deleted.",
        back=reverse("newsroom:request_detail", args=[pk]),
        to=reverse("newsroom:request_list"),
        trail=_trail(found),
    )


@requires(Permission.NEWSROOM_PRESENCE_DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def presence(request: StaffRequest) -> HttpResponse:
    agency = request.user.acting.agency
    is_off = selectors.is_off_page(policies.agency_of(request.user))
    form = PresenceForm(request.POST if request.method == "POST" else None, initial={"is_named": "no" if is_off else "yes"})
    return asked(
        request,
        form,
        title=f"{agency.short_name} on the public page",
        lead="The newsroom lists the coalition’s members by kind, by name only. Never people, never an address.",
        button="Save",
        act=lambda: actions.decide_presence(
            agency=agency, is_named=form.cleaned_data["is_named"] == "yes", by=request.user
        ),
        done="Saved. The public page follows at once.",
        back=reverse("newsroom:presence"),
        trail=[],
    )
