"""From an operation's counts to a release of the newsroom, and a correction of one that is public."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.newsroom.forms.press import WORDS, CorrectionForm, ItemForm
from waymark.newsroom.models import PressItem
from waymark.newsroom.selectors.press import partners_to_choose
from waymark.operations import policies
from waymark.operations.actions.publication import correct_publication, draft_publication
from waymark.operations.models import Operation
from waymark.operations.selectors.publication import first_public_day, publication_of, result_of
from waymark.operations.views import filled_in, operation_of
from waymark.pages.templatetags.pages import day

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _published(request: StaffRequest, pk: uuid.UUID) -> Operation:
    operation = operation_of(request, pk)
    if not policies.may_draft_publication(request.user, operation, on=timezone.localdate()):
        raise Http404
    return operation


def _url(item: PressItem) -> str:
    return reverse("newsroom:item_detail", args=[item.pk])


def _first(operation: Operation) -> dict[str, Any]:
    """What a new release begins with: agencies that took part are asked to agree."""
    title = result_of(operation).title
    return {
        "title": f"{title}: what was counted",
        "partners": list(
            operation.taking_part.exclude(agency=None).exclude(agency=operation.lead).values_list("agency", flat=True)
        ),
    }


@requires(Permission.NEWSROOM_ITEM_WRITE)
@FORM
def publish(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _published(request, pk)
    draft = publication_of(operation)
    if draft is not None and draft.state != PressItem.State.DRAFT:
        return redirect(_url(draft))
    shape = draft or PressItem(agency_id=operation.lead_id)
    data = request.POST if request.method == "POST" else None
    form = ItemForm(data, partners=partners_to_choose(shape), item=draft, initial=_first(operation))
    made: list[PressItem] = []
    return filled_in(
        request,
        form,
        lambda: made.append(
            draft_publication(
                operation=operation,
                values=form.values(),
                partners=form.partner_ids(),
                held_back=form.held_back(),
                by=request.user,
            )
        ),
        operation=operation,
        title="Write up the results",
        lead=f"Readers see it on {day(first_public_day(operation))} at the earliest, 30 days after the operation ended.",
        done="Written. Nobody outside can read it. See how it will read, then send it for checking.",
        to=lambda: _url(made[0]),
        button="Save the draft",
        template="operations/publish.html",
        result=result_of(operation),
    )


@requires(Permission.NEWSROOM_ITEM_WRITE)
@FORM
def publication_correct(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _published(request, pk)
    item = publication_of(operation)
    if item is None or item.state != PressItem.State.RELEASED:
        return redirect("operations:publish", pk)
    data = request.POST if request.method == "POST" else None
    form = CorrectionForm(data, initial={name: getattr(item, name) for name in WORDS})
    return filled_in(
        request,
        form,
        lambda: correct_publication(
            operation=operation,
            words=form.words(),
            reason=form.cleaned_data["reason"],
            is_safety=form.cleaned_data["is_safety"],
            by=request.user,
        ),
        operation=operation,
        title="Correct what was published",
        lead="The counts below take the place of those that are public. What it says now stays readable beside it.",
        done="Done. The page of the release says what happens next.",
        to=lambda: _url(item),
        button="Propose the correction",
        template="operations/publish.html",
        result=result_of(operation),
    )
