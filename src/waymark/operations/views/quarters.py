"""Quarterly figures: what agencies for victims let out, the file for the federal measures, and the table to download."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.newsroom.formats.feeds import table
from waymark.operations import policies
from waymark.operations.actions import quarters as actions
from waymark.operations.formats.federal_measures import federal_measures
from waymark.operations.formats.quarterly import SUM_OVER_AGENCIES, is_ripe, told_services
from waymark.operations.forms import SureForm
from waymark.operations.models import QuarterlyFile, ServiceCount, ServiceTotal
from waymark.operations.selectors import quarters as selectors
from waymark.operations.views import filled_in

FORM = require_http_methods(["GET", "HEAD", "POST"])
FIRST_YEAR = 1990


@requires(Permission.OPERATION_VIEW)
@require_safe
def quarter_list(request: StaffRequest) -> HttpResponse:
    user = request.user
    context = {
        "title": "Quarterly figures",
        "quarters": selectors.quarters_for(user, on=timezone.localdate()),
        "may_give": policies.may_give_services(user),
        "may_make": policies.may_make_file(user),
        "measures": federal_measures(),
        "sum_over_agencies": SUM_OVER_AGENCIES,
        "trail": [("Operations", reverse("operations:list"))],
    }
    return render(request, "operations/quarter_list.html", context)


def _must_be_a_quarter(year: int, quarter: int) -> None:
    today = timezone.localdate()
    if not (FIRST_YEAR <= year <= today.year and 1 <= quarter <= 4 and is_ripe(year, quarter, on=today)):
        raise Http404


@requires(Permission.OPERATION_COUNT)
@FORM
def quarter_services(request: StaffRequest, year: int, quarter: int) -> HttpResponse:
    _must_be_a_quarter(year, quarter)
    user = request.user
    given = ServiceTotal.objects.filter(agency=user.acting.agency_id, year=year, quarter=quarter)
    if not policies.may_give_services(user) or given.exists():
        messages.info(request, "The officer of an agency for victims gives its totals, once a quarter.")
        return redirect("operations:quarter_list")
    told = told_services(selectors.own_counts_of(user, year, quarter))
    says = [f"{ServiceCount.Kind(kind).label}: {_said(*of_kind)}" for kind, of_kind in told.items()]
    return _asked(
        request,
        year,
        quarter,
        title="Let your agency’s totals out",
        consequences=[
            "Other agencies read these totals, and nothing else of what you counted.",
            *says,
            "It is given once: a second time would tell what came in between.",
        ],
        act=lambda: actions.give_services(year=year, quarter=quarter, by=user),
        done="Given. Small numbers left as a word.",
        button="Let them out",
    )


def _said(value: int | None, is_counted: bool) -> str:
    return str(value) if value is not None else "fewer than 11" if is_counted else "not counted"


@requires(Permission.OPERATION_VIEW)
@FORM
def quarter_make(request: StaffRequest, year: int, quarter: int) -> HttpResponse:
    _must_be_a_quarter(year, quarter)
    if not policies.may_make_file(request.user) or QuarterlyFile.objects.filter(year=year, quarter=quarter).exists():
        messages.info(request, "The coordinator, or an officer of an agency that leads operations, makes a file once.")
        return redirect("operations:quarter_list")
    return _asked(
        request,
        year,
        quarter,
        title="Make the file of this quarter",
        consequences=[
            "It holds totals of all operations that ended in the quarter, by measure and side.",
            SUM_OVER_AGENCIES,
            "Small counts, and totals from which one could be worked out, are withheld.",
            "It is made once, and late counts do not change it.",
        ],
        act=lambda: actions.make_file(year=year, quarter=quarter, by=request.user),
        done="Made. Everybody who sees operations can download it.",
        button="Make it",
    )


def _asked(
    request: StaffRequest, year: int, quarter: int, *, title: str, act: Callable[[], object], done: str, **more: Any
) -> HttpResponse:
    back = reverse("operations:quarter_list")
    return filled_in(
        request,
        SureForm(request.POST if request.method == "POST" else None),
        act,
        operation=None,
        title=f"{title}: {year}, quarter {quarter}",
        done=done,
        to=lambda: back,
        template="pages/confirm_page.html",
        cancel_url=back,
        cancel_label="Change nothing",
        **more,
    )


@requires(Permission.OPERATION_VIEW)
@require_safe
def quarter_file(request: StaffRequest, year: int, quarter: int) -> HttpResponse:
    """The quarter as CSV. It holds no number from which a small count could be worked out."""
    file = QuarterlyFile.objects.filter(year=year, quarter=quarter).first()
    if file is None:
        raise Http404
    response = HttpResponse(table(selectors.HEADING, selectors.table_of(file)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="operations-{year}-q{quarter}.csv"'
    return response
