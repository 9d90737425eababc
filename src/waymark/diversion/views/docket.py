"""The court's day: days, the list of one day, outcomes, and the printed pages."""

from __future__ import annotations

import datetime as dt
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
from waymark.diversion.actions import docket
from waymark.diversion.forms.parties import OutcomeForm
from waymark.diversion.selectors import docket as selectors
from waymark.diversion.selectors.opened import opened
from waymark.diversion.views.answers import FORM, matter_trail, or_404, sealed, sent, vault_context
from waymark.pages.listing import Ask, Filter, Listing
from waymark.vault.selectors import vault_in

WORK = Permission.DIVERSION_MATTER_WORK
WHEN = Filter("when", "Days", [("past", "Past days")])
AT_ONCE = 200


def _trail(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return matter_trail(("Docket", reverse("diversion:docket_list")), *more)


def _day_trail(on: dt.date) -> list[tuple[str, str]]:
    return _trail((f"{on:%B %-d, %Y}", reverse("diversion:docket_day", args=[on])))


@requires(WORK)
@require_safe
def docket_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [WHEN])
    today = timezone.localdate()
    rows = selectors.docket_days(request.user, on=today, is_past=ask.answer("when") == "past")
    context = {
        "title": "Docket",
        "listing": Listing(ask, rows),
        "trail": matter_trail(),
        "today": today,
        "is_court": policies.keeps_docket(request.user),
    }
    return render(request, "diversion/docket_list.html", context)


@requires(WORK)
@require_safe
def docket_day(request: StaffRequest, on: dt.date) -> HttpResponse:
    """The list of one day, and whether a report is here. Reports themselves are opened by a press, each look an event."""
    entries = selectors.docket_of(request.user, on)[:AT_ONCE]
    matters = [entry.matter for entry in entries]
    facts = opened(matters, vault_in(request))
    here = selectors.packets_of(matters)
    lines = [
        (entry, facts.get(entry.matter_id, {}), bool(here.get(entry.matter_id, {}).get("compliance_report")))
        for entry in entries
    ]
    lines.sort(key=lambda line: str(line[1].get("initials", line[0].matter.code)))
    context = {
        "title": f"Docket of {on:%B %-d, %Y}",
        "on": on,
        "lines": lines,
        "trail": _trail(),
        **vault_context(request),
    }
    return render(request, "diversion/docket_day.html", context)


@requires(WORK)
@FORM
def docket_reports(request: StaffRequest, on: dt.date) -> HttpResponse:
    """One page a person, to read and to print: initials and case number, the numbers, nothing else."""
    vault = vault_in(request)
    pages: list[docket.Page] = []
    if request.method == "POST" and vault is not None:
        entries = selectors.docket_of(request.user, on)[:AT_ONCE]
        matters = [entry.matter for entry in entries]
        docket.note_print(matters=matters, by=request.user)
        pages = docket.open_pages(vault=vault, matters=matters, by=request.user, on=on, entries=entries)
        pages.sort(key=lambda page: str(page.facts.get("initials", page.matter.code)))
    context = {
        "title": f"Reports for {on:%B %-d, %Y}",
        "on": on,
        "pages": pages,
        "now": timezone.now(),
        "trail": _day_trail(on),
        **vault_context(request),
    }
    return render(request, "diversion/docket_reports.html", context)


@requires(WORK)
@FORM
def docket_outcome(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    entry = or_404(selectors.entry_for(request.user, pk))
    first = {"outcome": entry.outcome, "next_kind": "review", "tells_program": True}
    form = OutcomeForm(sent(request), initial=first)
    facts = opened([entry.matter], vault_in(request)).get(entry.matter_id, {})

    def act(vault: Any) -> None:
        docket.enter_outcome(vault=vault, entry=entry, **form.cleaned_data, by=request.user)

    return sealed(
        request,
        form,
        act,
        title=f"Outcome: {facts.get('initials') or entry.matter.code}",
        lead=entry.get_kind_display(),
        done="Entered.",
        back=reverse("diversion:docket_day", args=[entry.on]),
        trail=_day_trail(entry.on),
        button="Enter the outcome",
    )
