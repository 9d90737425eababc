"""Reports to the court: written from what was counted, looked at once more, sealed; and papers for the person."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion import policies
from waymark.diversion.actions import reports as actions
from waymark.diversion.actions.reminders import note_reminders
from waymark.diversion.formats.rights_sheet import sheets
from waymark.diversion.forms.enrollments import ReportForm
from waymark.diversion.forms.fields import PressForm
from waymark.diversion.models import ReportContest
from waymark.diversion.models.reports import Reader
from waymark.diversion.selectors import programs as selectors
from waymark.diversion.selectors import reports
from waymark.diversion.selectors.opened import opened
from waymark.diversion.selectors.progress import tallies
from waymark.diversion.views.answers import FORM, or_404, plain, program_trail, sealed, sent, vault_context
from waymark.diversion.views.enrollments import enrollment_of, page_of, trail_to
from waymark.vault.selectors import vault_in

WORK = Permission.DIVERSION_PROGRAM_WORK


@requires(WORK)
@FORM
def report_new(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """The numbers as they would go, who would get them, and who would read "no report"."""
    enrollment = enrollment_of(request, pk)
    first = {"for_day": enrollment.next_court_on, "next_on": None}
    form = ReportForm(sent(request), initial=first, is_counsel_outside=enrollment.defense_id is None)
    live = reports.live_permits(enrollment, at=timezone.now())

    def act(vault: Any) -> None:
        data = form.cleaned_data
        actions.write_report(
            vault=vault,
            enrollment=enrollment,
            page=data["page"],
            for_day=data["for_day"],
            status=data["status"],
            next_on=data["next_on"],
            given_to_counsel_at=form.given_to_counsel_at(),
            by=request.user,
        )

    tally = tallies([enrollment])[enrollment.pk]
    return sealed(
        request,
        form,
        act,
        title=f"Report to the court: {enrollment.code}",
        done="Frozen. Counsel reads it now; court and prosecution 24 hours later.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        template="diversion/report_new.html",
        button="Freeze and send it",
        enrollment=enrollment,
        tally=tally,
        getting=[reader.label for reader in Reader if reader in live],
        without=[reader.label for reader in Reader if reader not in live],
    )


@requires(WORK)
@FORM
def contest_settle(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    rows = policies.visible(ReportContest.objects.filter(settled_on__isnull=True), to=request.user)
    contest = or_404(rows.select_related("report__enrollment").filter(pk=pk).first())
    enrollment = contest.report.enrollment
    form = PressForm(sent(request))
    is_corrected = "corrected" in request.POST
    return plain(
        request,
        form,
        lambda: actions.settle_contest(contest=contest, is_corrected=is_corrected, by=request.user),
        title=f"Counsel contests a number: {enrollment.code}",
        done="Settled. Correct attendance where it was wrong, and write a new report.",
        back=page_of(enrollment),
        trail=trail_to(enrollment),
        template="diversion/contest_settle.html",
        button="The report is right",
        contest=contest,
        reported=getattr(contest.report, contest.field),
    )


@requires(WORK)
@FORM
def reminder_sheet(request: StaffRequest) -> HttpResponse:
    """Slips of paper for those who asked for them: a day, and nothing that says what for."""
    today = timezone.localdate()
    rows = selectors.enrollments(request.user, court="week", on=today).filter(wants_paper_reminders=True)
    people = list(rows[:200])
    facts = opened(people, vault_in(request))
    slips = []
    if request.method == "POST" and facts:
        note_reminders(enrollments=people, by=request.user)
        slips = [(row, facts[row.pk]) for row in people if row.pk in facts]
    context = {
        "title": "Reminders on paper",
        "count": len(people),
        "slips": slips,
        "trail": program_trail(),
        **vault_context(request),
    }
    return render(request, "diversion/reminder_sheet.html", context)


@requires(Permission.STAFF_HOME_VIEW)
@require_safe
def rights_sheet(request: StaffRequest, language: str) -> HttpResponse:
    """What somebody is told before they say yes or no; to print, in the language that they read."""
    sheet = or_404(sheets().get(language))
    context = {
        "title": sheet.title,
        "sheet": sheet,
        "others": [(each.code, each.language) for each in sheets().values() if each.code != language],
        "trail": [("Home", reverse("staff_home"))],
    }
    return render(request, "diversion/rights_sheet.html", context)
