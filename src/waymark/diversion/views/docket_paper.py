"""The reports of a court day as one PDF. A press of a button and not a visit: each report gets its line first."""

from __future__ import annotations

import datetime as dt

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion.actions import docket
from waymark.diversion.formats.docket_paper import Sheet, docket_pdf
from waymark.diversion.selectors import docket as selectors
from waymark.diversion.views.docket import AT_ONCE
from waymark.pages.templatetags.pages import day, moment
from waymark.vault.selectors import vault_in

CONTESTED = {"appointments": "appointments kept", "hours": "hours", "sessions_attended": "sessions attended"}


@requires(Permission.DIVERSION_MATTER_WORK)
@require_POST
def docket_paper(request: StaffRequest, on: dt.date) -> HttpResponse:
    vault = vault_in(request)
    entries = selectors.docket_of(request.user, on)[:AT_ONCE]
    if vault is None or not entries:
        messages.warning(request, "Nothing was printed: unlock your vault first." if entries else "Nobody is on this day.")
        return redirect("diversion:docket_day", on)
    matters = [entry.matter for entry in entries]
    docket.note_print(matters=matters, by=request.user)
    pages = docket.open_pages(vault=vault, matters=matters, by=request.user, on=on, entries=entries)
    sheets = sorted((sheet_of(page) for page in pages), key=lambda sheet: sheet.heading)
    agency = request.user.acting.agency.short_name if request.user.acting is not None else ""
    printed = f"{request.user.display_name}, {agency}, {moment(timezone.now())}"
    response = HttpResponse(docket_pdf(sheets, on=on, printed=printed), content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="reports-{on.isoformat()}.pdf"'
    return response


def sheet_of(page: docket.Page) -> Sheet:
    """One person's page as the paper says it."""
    number = page.facts.get("case_number")
    heading = str(page.facts.get("initials") or page.matter.code) + (f", case {number}" if number else "")
    hearing = f"{day(page.entry.on)}: {page.entry.get_kind_display().lower()}" if page.entry is not None else ""
    report = page.report
    if report is None:
        return Sheet(heading, hearing, ())
    rows = (
        ("Status", "On track" if report.is_on_track else "Needs attention"),
        ("Enrolled", "Yes" if report.is_enrolled else "No"),
        ("For the court day", day(report.for_day)),
        ("Phase", str(report.phase)),
        ("Sessions attended", f"{report.sessions_attended} of {report.sessions_required}"),
        ("Hours", str(report.hours)),
        ("Appointments kept", str(report.appointments)),
        ("Next date", day(report.next_on) if report.next_on else "none"),
    )
    contests = tuple(f"Counsel contests {CONTESTED.get(each.field, each.field)}: {each.says}." for each in page.contests)
    return Sheet(heading, hearing, rows, contests)
