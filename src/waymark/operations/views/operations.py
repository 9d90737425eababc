"""Operations: the list, one of them, and who took part."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.operations import actions, policies, selectors
from waymark.operations.formats.quarterly import SUM_OVER_AGENCIES
from waymark.operations.forms import OperationForm, SureForm, TakingPartForm
from waymark.operations.models import Operation, ServiceCount, SurgeRequest
from waymark.operations.selectors.publication import (
    council_on,
    decision_on,
    decisions_to_choose,
    first_public_day,
    publication_of,
)
from waymark.operations.selectors.roster import shifts_of, surge_of
from waymark.operations.views import filled_in, operation_of, page_of
from waymark.pages.listing import Ask, Filter, Listing

FORM = require_http_methods(["GET", "HEAD", "POST"])


@requires(Permission.OPERATION_VIEW)
@require_safe
def operation_list(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    ask = Ask(request.GET, [Filter("year", "Year", selectors.years_to_choose(today))])
    found = selectors.operations_listed(request.user, on=today, words=ask.words, year=ask.answer("year"))
    may_record = policies.may_record(request.user)
    context = {
        "title": "Operations",
        "lead": "Counts only. Arrests are not convictions, counts measure effort, and editions are not comparable.",
        "listing": Listing(ask, found),
        "search_label": "Search by name or lead agency",
        "primary_url": reverse("operations:add") if may_record else "",
        "primary_label": "Record an operation",
        "may_record": may_record,
        "today": today,
    }
    return render(request, "operations/operation_list.html", context)


@requires(Permission.OPERATION_VIEW)
@require_safe
def operation_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    user = request.user
    outcomes = list(selectors.outcomes_of(operation))
    totals = list(selectors.totals_of(operation))
    services = selectors.service_counts_of(user, operation)
    may_services = policies.may_count_services(user, operation)
    today = timezone.localdate()
    publication = publication_of(operation)
    surge = surge_of(operation, to=user)
    is_public = publication is not None and publication.public_at is not None and publication.public_at <= timezone.now()
    context = {
        "title": str(operation),
        "trail": [("Operations", reverse("operations:list"))],
        "operation": operation,
        "taking_part": list(operation.taking_part.select_related("agency")),
        "outcomes": [(row, selectors.kind_of(row)) for row in outcomes],
        "own_agency": user.acting.agency_id,
        "own_place": user.acting.pk,
        "comparisons": selectors.compared(outcomes, totals),
        "sum_over_agencies": SUM_OVER_AGENCIES,
        "totals": [(row, selectors.kind_of(row)) for row in totals],
        "services": [(label, services.get(kind)) for kind, label in ServiceCount.Kind.choices] if may_services else None,
        "checks": selectors.checks_of(operation),
        "after_action": list(selectors.after_action_of(operation)),
        "may_keep": policies.may_keep(user, operation),
        "may_count": policies.may_count(user, operation),
        "takes_part": policies.takes_part(user, operation),
        "shifts": shifts_of(operation, to=user),
        "keeps_roster": policies.keeps_roster(user, operation),
        "surge": surge,
        "surge_genders": [SurgeRequest.Gender(code).label for code in surge.genders] if surge else [],
        "surge_languages": [SurgeRequest.Language(code).label for code in surge.languages] if surge else [],
        "is_over": operation.last_day < today,
        "publication": publication if is_public or policies.takes_part(user, operation) else None,
        "is_public": is_public,
        "first_public_day": first_public_day(operation),
        "may_publish": policies.may_draft_publication(user, operation, on=today),
        "council": council_on(publication) if is_public or policies.takes_part(user, operation) else None,
        "decision": decision_on(operation, to=user),
        "today": today,
    }
    return render(request, "operations/operation_detail.html", context)


@requires(Permission.OPERATION_COUNT)
@FORM
def operation_add(request: StaffRequest) -> HttpResponse:
    if not policies.may_record(request.user):
        messages.info(request, "Agencies that lead operations record them. Yours enters its counts where it takes part.")
        return redirect("operations:list")
    form = OperationForm(request.POST if request.method == "POST" else None, decisions=decisions_to_choose(request.user))
    made: list[Operation] = []
    return filled_in(
        request,
        form,
        lambda: made.append(actions.record_operation(values=form.values(), by=request.user)),
        operation=None,
        title="Record an operation",
        done="Recorded. Say who took part, then enter counts.",
        to=lambda: page_of(made[0]),
        button="Record it",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def operation_edit(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.may_keep(request.user, operation):
        raise Http404
    first = {name: getattr(operation, name) for name in actions.FIELDS} | {"decision": str(operation.decision_id or "")}
    form = OperationForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        decisions=decisions_to_choose(request.user),
        chosen=operation.decision,
    )
    return filled_in(
        request,
        form,
        lambda: actions.change_operation(operation=operation, values=form.values(), by=request.user),
        operation=operation,
        title="Change the operation",
        done="Changed.",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def agency_add(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.may_keep(request.user, operation):
        raise Http404
    form = TakingPartForm(request.POST if request.method == "POST" else None)
    return filled_in(
        request,
        form,
        lambda: actions.add_agency(
            operation=operation,
            agency=form.the_agency(),
            name=form.cleaned_data["name"],
            part=form.cleaned_data["part"],
            by=request.user,
        ),
        operation=operation,
        title="Add an agency that took part",
        done="Added.",
        button="Add it",
    )


@requires(Permission.OPERATION_COUNT)
@FORM
def agency_remove(request: StaffRequest, pk: uuid.UUID, part: uuid.UUID) -> HttpResponse:
    operation = operation_of(request, pk)
    if not policies.may_keep(request.user, operation):
        raise Http404
    row = operation.taking_part.filter(pk=part).first()
    if row is None:
        raise Http404
    return filled_in(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        lambda: actions.remove_agency(taking_part=row, by=request.user),
        operation=operation,
        title=f"Take {row.name} off the list",
        done="Taken off the list.",
        button="Take it off",
        is_grave=True,
        consequences=["The agency no longer sees the operation before it is over. You can add it again."],
        template="pages/confirm_page.html",
    )
