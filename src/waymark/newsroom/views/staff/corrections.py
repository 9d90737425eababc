"""Corrections of releases on the staff site."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.newsroom import policies
from waymark.newsroom.actions import corrections as actions
from waymark.newsroom.forms.press import WORDS, CorrectionForm
from waymark.newsroom.models import Wording
from waymark.newsroom.selectors import press as selectors
from waymark.newsroom.views.answers import asked, sure
from waymark.newsroom.views.staff.press import item_or_404, trail_to


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def item_correct(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    item = item_or_404(request, pk)
    if not policies.may_correct(request.user, item, at=timezone.now()):
        raise Http404
    initial = {name: getattr(item, name) for name in WORDS}
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial=initial)
    return asked(
        request,
        form,
        title="Correct this release",
        lead="What it says now stays readable beside the correction, with its day and your reason.",
        button="Propose the correction",
        act=lambda: actions.correct_item(
            item=item,
            words=form.words(),
            reason=form.cleaned_data["reason"],
            is_safety=form.cleaned_data["is_safety"],
            by=request.user,
        ),
        done="Done. The page of the release says what happens next.",
        back=reverse("newsroom:item_detail", args=[pk]),
        trail=trail_to(item),
    )


def _wording(request: StaffRequest, pk: uuid.UUID) -> Wording:
    found = selectors.proposed_wording_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(Permission.NEWSROOM_ITEM_RELEASE, step_up=True)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_apply(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    wording = _wording(request, pk)
    if not policies.may_apply(request.user, wording):
        raise Http404
    return asked(
        request,
        sure(request),
        title="Put this correction in place?",
        consequences=[
            f"“{wording.item.title}” says from now on what was proposed: {wording.reason}",
            "What it said before stays readable beside it.",
        ],
        button="Put it in place",
        act=lambda: actions.apply_correction(wording=wording, by=request.user),
        done="Corrected.",
        back=reverse("newsroom:item_detail", args=[wording.item_id]),
        trail=trail_to(wording.item),
    )


@requires(Permission.NEWSROOM_ITEM_WRITE)
@require_http_methods(["GET", "HEAD", "POST"])
def correction_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    wording = _wording(request, pk)
    if not policies.may_drop(request.user, wording):
        raise Http404
    return asked(
        request,
        sure(request),
        title="Take this correction back?",
        consequences=["The release stays as it is.", "The council is not asked about these words any more."],
        button="Take it back",
        act=lambda: actions.drop_correction(wording=wording, by=request.user),
        done="Taken back.",
        back=reverse("newsroom:item_detail", args=[wording.item_id]),
        trail=trail_to(wording.item),
    )
