"""Certified reports: the list, one to read and print, its files, its corrections."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import Ask, Filter, ReadOnce
from waymark.people.policies import Refused
from waymark.people.views.sealed_forms import done_by
from waymark.reports.actions.reports import Count, correct_report, count_correction, hand_over_report
from waymark.reports.formats.counts import FunderTemplate, as_lines, template, unpacked
from waymark.reports.formats.counts.paper import as_csv, as_pdf
from waymark.reports.formats.counts.templates import quarter_name
from waymark.reports.forms.exchange import CorrectionForm
from waymark.reports.models import Report
from waymark.reports.selectors.counted import service_names
from waymark.reports.selectors.reports import corrections_of, report_for, reports, years
from waymark.reports.views.counting import trail
from waymark.reports.views.leaving import as_file
from waymark.vault.selectors import unlock_url, vault_in

FILES = {"csv": as_csv, "pdf": as_pdf}


def _report_or_404(request: StaffRequest, pk: uuid.UUID) -> tuple[Report, FunderTemplate]:
    found = report_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found, template(found.template, found.version)


@requires(Permission.REPORT_VIEW)
@require_safe
def report_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [Filter("year", "Year", [(year, year) for year in years(to=request.user)])])
    rows = reports(to=request.user, year=ask.answer("year"))
    if ask.words:
        rows = rows.filter(certified_by__display_name__icontains=ask.words)
    listing = ReadOnce(ask, rows)
    for row in listing.rows:
        row.title = f"{template(row.template, row.version).title}: {quarter_name(row.starts_on)}"
    context = {
        "title": "Reports to funders",
        "listing": listing,
        "search_label": "Find by who certified it",
        "primary_url": reverse("reports:choose"),
        "primary_label": "Count a quarter",
    }
    return render(request, "reports/report_list.html", context)


@requires(Permission.REPORT_VIEW)
@require_safe
def report_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    report, wanted = _report_or_404(request, pk)
    names = service_names(wanted)
    context = {
        "title": f"{wanted.title}: {quarter_name(report.starts_on)}",
        "report": report,
        "wanted": wanted,
        "blocks": as_lines(wanted, unpacked(report.tables), names),
        "corrections": [(one, as_lines(wanted, unpacked(one.tables), names)) for one in corrections_of(report)],
        "is_vault_open": vault_in(request) is not None,
        "unlock_url": unlock_url(request.path),
        "trail": trail(),
    }
    return render(request, "reports/report_detail.html", context)


@requires(Permission.REPORT_CERTIFY)
@require_POST
def report_file(request: StaffRequest, pk: uuid.UUID, form: str) -> HttpResponse:
    """The report as a file for the funder; the ledger is written first."""
    report, wanted = _report_or_404(request, pk)
    if form not in FILES:
        raise Http404
    vault = vault_in(request)
    if vault is None:
        return redirect(unlock_url(reverse("reports:detail", args=[report.pk])))
    blocks = as_lines(wanted, unpacked(report.tables), service_names(wanted))
    agency = request.user.acting.agency.name if request.user.acting else ""
    content = FILES[form](report_title(report, wanted), agency, report, wanted, blocks)
    hand_over_report(vault=vault, report=report, content=content, method=form, by=request.user)
    return as_file(content, f"{report.template}-{report.starts_on.isoformat()}", form)


def report_title(report: Report, wanted: FunderTemplate) -> str:
    """What a file of the report is called inside."""
    about = "Correction of " if report.corrects_id else ""
    return f"{about}{wanted.title}: {quarter_name(report.starts_on)}"


@requires(Permission.REPORT_CERTIFY)
@require_http_methods(["GET", "HEAD", "POST"])
def report_correct(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    report, wanted = _report_or_404(request, pk)
    if report.corrects_id is not None:
        raise Http404
    vault = vault_in(request)
    count: Count | None = None
    if vault is not None:
        try:
            count = count_correction(vault=vault, report=report, wanted=wanted, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
    form = CorrectionForm(request.POST if request.method == "POST" else None, initial={"mark": count.mark if count else ""})
    if done_by(
        request,
        form,
        lambda opened: correct_report(
            vault=opened,
            report=report,
            wanted=wanted,
            what_was_wrong=form.cleaned_data["what_was_wrong"],
            mark=form.cleaned_data["mark"],
            by=request.user,
        ),
    ):
        messages.success(request, "The correction stands beside the report.")
        return redirect("reports:detail", report.pk)
    if count is not None:
        # Numbers that are said to have changed stand on the page now: the next press is about those.
        form.renew(mark=count.mark)
    titles = {asked.key: asked.title for asked in wanted.tables}
    context = {
        "title": f"Correct {wanted.title}: {quarter_name(report.starts_on)}",
        "report": report,
        "form": form,
        "blocks": as_lines(wanted, count.tables, service_names(wanted)) if count else [],
        "standing": sorted({titles[key.partition(":")[0]] for key in count.stays}) if count else [],
        "button": "Certify the correction",
        "cancel_url": reverse("reports:detail", args=[report.pk]),
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": [*trail(), (quarter_name(report.starts_on), reverse("reports:detail", args=[report.pk]))],
    }
    return render(request, "reports/report_correct.html", context, status=422 if form.errors else 200)
