"""The roster of advocates and what a week may need."""

from __future__ import annotations

import uuid

from django.forms.models import model_to_dict
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.operations import policies
from waymark.operations.actions import roster as actions
from waymark.operations.forms import ShiftForm, SureForm, SurgeForm
from waymark.operations.models import Operation, SurgeRequest
from waymark.operations.selectors.roster import own_shift
from waymark.operations.views import filled_in, operation_of

FORM = require_http_methods(["GET", "HEAD", "POST"])


def _rostered(request: StaffRequest, pk: uuid.UUID) -> Operation:
    operation = operation_of(request, pk)
    if not policies.keeps_roster(request.user, operation):
        raise Http404
    return operation


def _led(request: StaffRequest, pk: uuid.UUID) -> Operation:
    operation = operation_of(request, pk)
    if not policies.may_keep(request.user, operation):
        raise Http404
    return operation


def _sure(request: StaffRequest) -> SureForm:
    return SureForm(request.POST if request.method == "POST" else None)


@requires(Permission.OPERATION_COUNT)
@FORM
def shift_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _rostered(request, pk)
    form = ShiftForm(
        request.POST if request.method == "POST" else None, advocates=actions.advocates_to_choose(request.user.acting)
    )
    return filled_in(
        request,
        form,
        lambda: actions.add_shift(operation=operation, **form.values(), by=request.user),
        operation=operation,
        title="Put a shift on the roster",
        lead="Officers see your agency, the hours and the duty phone. They never see a name.",
        done="On the roster.",
        button="Put it on the roster",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def shift_remove(request: StaffRequest, pk: uuid.UUID, shift: uuid.UUID) -> HttpResponse:
    operation = _rostered(request, pk)
    found = own_shift(shift, operation, to=request.user)
    if found is None:
        raise Http404
    return filled_in(
        request,
        _sure(request),
        lambda: actions.remove_shift(shift=found, by=request.user),
        operation=operation,
        title="Take this shift off the roster",
        done="Taken off the roster.",
        button="Take it off",
        is_grave=True,
        consequences=["Nobody stands by in these hours any more.", "Who stood in it is deleted."],
        template="pages/confirm_page.html",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def surge(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _led(request, pk)
    known = SurgeRequest.objects.filter(operation=operation).first()
    first = {**model_to_dict(known), "week": known.week_of} if known is not None else {}
    form = SurgeForm(request.POST if request.method == "POST" else None, initial=first)
    return filled_in(
        request,
        form,
        lambda: actions.ask_surge(operation=operation, values=form.cleaned_data, by=request.user),
        operation=operation,
        title="What a week may need",
        lead="So that beds, languages and advocates are ready. Nobody learns a day or a place.",
        done="Those who stand by can read it. It is deleted after the week.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def surge_take_back(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = _led(request, pk)
    if not SurgeRequest.objects.filter(operation=operation).exists():
        raise Http404
    return filled_in(
        request,
        _sure(request),
        lambda: actions.take_back_surge(operation=operation, by=request.user),
        operation=operation,
        title="Take back what the week may need",
        done="Taken back and deleted.",
        button="Take it back",
        is_grave=True,
        consequences=["The row is deleted now. Nobody can read it any more."],
        template="pages/confirm_page.html",
    )
