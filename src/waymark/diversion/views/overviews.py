"""What is spread over many people of a program, in one list each: hearings, reports to the court, alumni."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.diversion.models import Alumnus, ComplianceReport, Hearing
from waymark.diversion.selectors import overviews
from waymark.diversion.views.answers import program_trail
from waymark.pages.listing import Ask, Filter, Listing
from waymark.pages.templatetags.pages import day

WORK = Permission.DIVERSION_PROGRAM_WORK
HEARINGS = Filter("state", "State", [("open", "Not decided"), ("decided", "Decided")])
REPORTS = Filter("state", "State", [("waiting", "Waits for counsel’s day"), ("read", "Read"), ("contested", "Contested")])
ALUMNI = Filter("state", "State", [("due", "Check-in is due"), ("mentor", "Mentors")])


@dataclass(frozen=True)
class Line:
    """A row as it is shown: whose, its state as a word, and one quiet line."""

    row: Any
    state: str
    is_good: bool
    says: str


def _overview(
    request: StaffRequest,
    ask: Ask,
    rows: QuerySet[Any],
    line: Callable[[Any], Line],
    *,
    title: str,
    here: str,
    empty_text: str,
) -> HttpResponse:
    listing = Listing(ask, rows)
    context = {
        "title": title,
        "listing": listing,
        "lines": [line(row) for row in listing.rows],
        "search_label": "Search by code",
        "trail": program_trail(),
        "here": here,
        "empty_text": empty_text,
    }
    return render(request, "diversion/overview.html", context)


@requires(WORK)
@require_safe
def hearing_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [HEARINGS])

    def line(row: Hearing) -> Line:
        told = f"Told: the person on {day(row.noticed_on)}, counsel on {day(row.counsel_noticed_on)}"
        return Line(row, row.get_outcome_display(), bool(row.outcome), f"Set for {day(row.set_for)}. {told}")

    return _overview(
        request,
        ask,
        overviews.hearings(request.user, words=ask.words, state=ask.answer("state")),
        line,
        title="Hearings on termination",
        here="hearings",
        empty_text="No hearing was noticed. Nobody is terminated without one: begin it from the page of the person.",
    )


@requires(WORK)
@require_safe
def report_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [REPORTS])

    def line(row: ComplianceReport) -> Line:
        packets = [
            f"{each.get_reader_display().lower()}: {each.packet.get_state_display().lower()}" for each in row.packets.all()
        ]
        says = f"For {day(row.for_day)}. {'; '.join(packets) if packets else 'Sent to nobody'}"
        return Line(row, row.get_status_display(), row.status == ComplianceReport.Status.ON_TRACK, says)

    return _overview(
        request,
        ask,
        overviews.reports(request.user, words=ask.words, state=ask.answer("state")),
        line,
        title="Reports to the court",
        here="reports",
        empty_text="No report is written yet. Write one from the page of a person, under a permit that is live.",
    )


@requires(WORK)
@require_safe
def alumnus_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [ALUMNI])
    today = timezone.localdate()

    def line(row: Alumnus) -> Line:
        due = overviews.check_in_due(row, on=today)
        state = f"Check-in after {due} months is due" if due else "Mentor" if row.is_mentor else "In touch"
        return Line(row, state, not due, f"Since {day(row.opted_in_on)}")

    return _overview(
        request,
        ask,
        overviews.alumni(request.user, on=today, words=ask.words, state=ask.answer("state")),
        line,
        title="Alumni",
        here="alumni",
        empty_text="Nobody has asked to stay in touch. Whoever leaves may ask for it, and ends it any day.",
    )
