"""Counts: the own agency's outcomes, the lead's totals, what an agency for victims counted."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.operations import actions, policies, selectors
from waymark.operations.forms import CountFileForm, CountForm, ServiceCountForm, SureForm
from waymark.operations.models import Operation, OutcomeCount
from waymark.operations.models.counts import Counted
from waymark.operations.views import filled_in, operation_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _counting(request: StaffRequest, pk: uuid.UUID) -> Operation:
    operation = operation_of(request, pk)
    if not policies.may_count(request.user, operation):
        raise Http404
    return operation


def _kept(request: StaffRequest, pk: uuid.UUID) -> Operation:
    operation = operation_of(request, pk)
    if not policies.may_keep(request.user, operation):
        raise Http404
    return operation


def _own(request: StaffRequest, operation: Operation, row: uuid.UUID) -> OutcomeCount:
    found = selectors.outcomes_of(operation).filter(pk=row, agency=request.user.acting.agency_id).first()
    if found is None:
        raise Http404
    return found


def _form(request: StaffRequest, operation: Operation, row: Counted | None) -> CountForm:
    first = {}
    if row is not None:
        first = {"measure": row.measure, "side": row.side, "value": row.value, "words": row.words}
        first["charge"] = str(row.charge_id or "")
    return CountForm(request.POST if request.method == "POST" else None, operation=operation, initial=first)


@requires(Permission.OPERATION_COUNT)
@FORM
def outcome_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _counting(request, pk)
    form = _form(request, operation, None)
    return filled_in(
        request,
        form,
        lambda: actions.enter_outcome(operation=operation, values=form.values(), by=request.user),
        operation=operation,
        title="Enter a count of your agency",
        done="Entered.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def outcome_edit(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    operation = _counting(request, pk)
    outcome = _own(request, operation, row)
    form = _form(request, operation, outcome)
    return filled_in(
        request,
        form,
        lambda: actions.enter_outcome(operation=operation, values=form.values(), by=request.user, outcome=outcome),
        operation=operation,
        title="Change a count of your agency",
        done="Changed.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def outcome_remove(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    operation = _counting(request, pk)
    outcome = _own(request, operation, row)
    return filled_in(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        lambda: actions.remove_outcome(outcome=outcome, by=request.user),
        operation=operation,
        title=f"Remove {selectors.kind_of(outcome)}",
        done="Removed.",
        button="Remove it",
        is_grave=True,
        consequences=["Your agency then says nothing about it. You can enter it again."],
        template="pages/confirm_page.html",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def outcome_import(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _counting(request, pk)
    known = actions.known_names(operation)
    is_sent = request.method == "POST"
    form = CountFileForm(request.POST if is_sent else None, request.FILES if is_sent else None, known=known)
    return filled_in(
        request,
        form,
        lambda: actions.import_outcomes(operation=operation, lines=form.lines, by=request.user),
        operation=operation,
        title="Bring in counts from a file",
        done="Brought in.",
        button="Bring them in",
        template="operations/outcome_import.html",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def total_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _kept(request, pk)
    form = _form(request, operation, None)
    return filled_in(
        request,
        form,
        lambda: actions.announce_total(operation=operation, values=form.values(), by=request.user),
        operation=operation,
        title="Enter an announced number",
        done="Entered.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def total_edit(request: StaffRequest, pk: uuid.UUID, row: uuid.UUID) -> HttpResponse:
    operation = _kept(request, pk)
    total = selectors.totals_of(operation).filter(pk=row).first()
    if total is None:
        raise Http404
    form = _form(request, operation, total)
    return filled_in(
        request,
        form,
        lambda: actions.announce_total(operation=operation, values=form.values(), by=request.user, total=total),
        operation=operation,
        title="Change an announced number",
        done="Changed.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def service_counts(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.may_count_services(request.user, operation):
        raise Http404
    known = selectors.service_counts_of(request.user, operation)
    form = ServiceCountForm(
        request.POST if request.method == "POST" else None, initial={kind: row.value for kind, row in known.items()}
    )
    return filled_in(
        request,
        form,
        lambda: actions.count_services(operation=operation, values=form.cleaned_data, by=request.user),
        operation=operation,
        title="What your agency counted",
        lead="Only your agency reads these numbers. Leave empty what was not counted.",
        done="Kept, for your agency alone.",
    )
