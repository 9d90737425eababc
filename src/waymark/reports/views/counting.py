"""Counting a quarter and certifying it."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.people.policies import Refused
from waymark.people.views.sealed_forms import done_by
from waymark.reports.actions.reports import Count, certify_report, count_quarter
from waymark.reports.formats.counts import FunderTemplate, as_lines
from waymark.reports.formats.counts.templates import CURRENT, current, quarter_name
from waymark.reports.forms.exchange import CertifyForm, QuarterForm
from waymark.reports.models import Report
from waymark.reports.selectors.counted import service_names
from waymark.reports.selectors.reports import report_of
from waymark.vault.selectors import unlock_url, vault_in

FORM = require_http_methods(["GET", "HEAD", "POST"])
CERTIFY = Permission.REPORT_CERTIFY


def trail() -> list[tuple[str, str]]:
    return [("Reports to funders", reverse("reports:list"))]


@requires(CERTIFY)
@FORM
def quarter_choose(request: StaffRequest) -> HttpResponse:
    wanted = current("voca")
    form = QuarterForm(request.POST if request.method == "POST" else None, wanted=wanted)
    if form.is_bound and form.is_valid():
        return redirect("reports:count", wanted.code, form.first_day().isoformat())
    context = {
        "title": "Count a quarter",
        "form": form,
        "wanted": wanted,
        "button": "Count it",
        "cancel_url": reverse("reports:list"),
        "cancel_label": "Go back",
        "trail": trail(),
    }
    return render(request, "reports/quarter_choose.html", context, status=422 if form.errors else 200)


def _quarter_or_404(code: str, day: str) -> tuple[FunderTemplate, dt.date, dt.date]:
    """A template and one of its quarters that are over; anything else is no address."""
    if code not in CURRENT:
        raise Http404
    wanted = current(code)
    for first, last in wanted.quarters(timezone.localdate()):
        if first.isoformat() == day:
            return wanted, first, last
    raise Http404


@requires(CERTIFY)
@FORM
def report_count(request: StaffRequest, code: str, day: str) -> HttpResponse:
    """The numbers as they would be published, counted now; one press certifies exactly these."""
    wanted, first, last = _quarter_or_404(code, day)
    vault = vault_in(request)
    done = report_of(request.user.acting.agency_id, wanted.code, wanted.version, first) if request.user.acting else None
    form = CertifyForm(request.POST if request.method == "POST" else None)
    made: list[Report] = []
    if done_by(
        request,
        form,
        lambda opened: made.append(
            certify_report(
                vault=opened,
                wanted=wanted,
                starts_on=first,
                ends_on=last,
                mark=form.cleaned_data["mark"],
                by=request.user,
            )
        ),
    ):
        messages.success(request, "Certified. From now on it stays as it is.")
        return redirect("reports:detail", made[0].pk)
    count: Count | None = None
    if vault is not None and done is None:
        try:
            count = count_quarter(vault=vault, wanted=wanted, starts_on=first, ends_on=last, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
    context = {
        "title": f"{wanted.title}: {quarter_name(first)}",
        "wanted": wanted,
        "form": form,
        "done": done,
        "count": count,
        "blocks": as_lines(wanted, count.tables, service_names(wanted)) if count else [],
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail(),
    }
    return render(request, "reports/report_count.html", context, status=422 if form.errors else 200)
