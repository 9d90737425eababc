"""The safety checklist before an operation, and what to do better after it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.operations import actions, policies, selectors
from waymark.operations.forms import AfterActionForm, SafetyForm
from waymark.operations.models import AfterActionItem
from waymark.operations.views import filled_in, operation_of, page_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.OPERATION_COUNT)
@FORM
def safety(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.may_keep(request.user, operation):
        raise Http404
    answered = {row.item.key: row.check.state for row in selectors.checks_of(operation) if row.check}
    form = SafetyForm(request.POST if request.method == "POST" else None, initial=answered)
    return filled_in(
        request,
        form,
        lambda: actions.check_safety(operation=operation, states=form.cleaned_data, by=request.user),
        operation=operation,
        title="Safety checklist",
        lead="There is no field for words: what concerns a person is said, not written here.",
        done="Kept.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def after_action_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.takes_part(request.user, operation):
        raise Http404
    form = AfterActionForm(request.POST if request.method == "POST" else None)
    return filled_in(
        request,
        form,
        lambda: actions.add_after_action(operation=operation, **form.cleaned_data, by=request.user),
        operation=operation,
        title="What should be better next time",
        done="Written down. You see to it.",
    )


@requires(Permission.OPERATION_COUNT)
@require_POST
def after_action_turn(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.takes_part(request.user, operation):
        raise Http404
    item = selectors.after_action_of(operation).filter(pk=row).first()
    if item is None or not policies.may_finish(request.user, item):
        raise Http404
    is_done = item.state == AfterActionItem.State.OPEN
    actions.turn_after_action(item=item, is_done=is_done, by=request.user)
    messages.success(request, "Done." if is_done else "Open again.")
    return redirect(page_of(operation))
