"""Bringing cases in from a sheet: the list of sheets, a file, what would become of it, and the page that drives it."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.listing import Ask, Filter, Listing, ReadOnce
from waymark.pages.questions import PlainForm
from waymark.people.policies import Refused
from waymark.people.views.sealed_forms import LOCKED, done_by, sealed_form
from waymark.reports.actions.sheets import bring_in_some, drop_sheet, look_at_sheet, open_sheet, take_sheet
from waymark.reports.forms.exchange import SheetFileForm
from waymark.reports.models import CaseSheet
from waymark.reports.selectors.sheets import brought_before, opened_rows, sheet_for, sheets
from waymark.vault.policies import Refused as VaultRefused
from waymark.vault.selectors import unlock_url, vault_in

EXCHANGE = Permission.SHEET_EXCHANGE
FORM = require_http_methods(["GET", "HEAD", "POST"])
STATES = [Filter("state", "State", CaseSheet.State.choices)]
PER_PAGE = 20


def _trail() -> list[tuple[str, str]]:
    return [("Cases in and out", reverse("reports:sheets"))]


def _sheet_or_404(request: StaffRequest, pk: uuid.UUID) -> CaseSheet:
    found = sheet_for(pk, to=request.user)
    if found is None:
        raise Http404
    return found


@requires(EXCHANGE)
@require_safe
def sheet_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, STATES)
    rows = sheets(to=request.user)
    if ask.words:
        rows = rows.filter(made_by__display_name__icontains=ask.words)
    if ask.answer("state"):
        rows = rows.filter(state=ask.answer("state"))
    context = {
        "title": "Cases in and out",
        "listing": ReadOnce(ask, rows),
        "search_label": "Find by who brought it",
        "primary_url": reverse("reports:sheet_new"),
        "primary_label": "Bring cases in",
    }
    return render(request, "reports/sheet_list.html", context)


@requires(EXCHANGE)
@sensitive_post_parameters()
@FORM
def sheet_new(request: StaffRequest) -> HttpResponse:
    """A file, read whole: every problem is named, and nothing of it is kept while there is one."""
    is_sent = request.method == "POST"
    form = SheetFileForm(request.POST if is_sent else None, request.FILES if is_sent else None)
    made: list[CaseSheet] = []
    if done_by(request, form, lambda vault: made.append(take_sheet(vault=vault, content=form.content, by=request.user))):
        reading = look_at_sheet(form.content)
        for remark in (*reading.remarks, *(str(note) for note in reading.notes[:PER_PAGE])):
            messages.warning(request, remark)
        if len(reading.notes) > PER_PAGE:
            messages.warning(request, f"And {len(reading.notes) - PER_PAGE} more cells are read in another way.")
        if reading.beside:
            messages.warning(request, f"Not of the standard, and kept beside it: {', '.join(reading.beside)[:300]}.")
        return redirect("reports:sheet", made[0].pk)
    return sealed_form(
        request,
        form,
        template="reports/sheet_new.html",
        title="Bring cases in from a sheet",
        button="Look at it",
        cancel_url=reverse("reports:sheets"),
        trail=_trail(),
    )


@requires(EXCHANGE)
@FORM
def sheet_detail(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    """What would become of every row; and the form that a script sends again and again until all are cases."""
    sheet = _sheet_or_404(request, pk)
    vault = vault_in(request)
    form = PlainForm(request.POST if request.method == "POST" else None)
    wants_json = request.headers.get("Accept") == "application/json"
    if form.is_bound:
        try:
            if vault is None:
                raise Refused(LOCKED)
            left = bring_in_some(vault=vault, sheet=sheet.pk, by=request.user)
        except (Refused, VaultRefused) as refused:
            if wants_json:
                return JsonResponse({"problem": str(refused)}, status=422)
            form.add_error(None, str(refused))
        else:
            return JsonResponse({"left": left}) if wants_json else redirect("reports:sheet", sheet.pk)
    ask = Ask(request.GET)
    listing = Listing(ask, sheet.lines.filter(agency_id=sheet.agency_id).order_by("number"), per_page=PER_PAGE)
    rows = []
    if vault is not None and sheet.state == CaseSheet.State.WAITING:
        rows = opened_rows(listing.rows, open_sheet(vault=vault, sheet=sheet), vault=vault, to=request.user)
    context = {
        "title": "Cases of a sheet",
        "sheet": sheet,
        "form": form,
        "listing": listing,
        "rows": rows,
        "before": brought_before(sheet) if sheet.state == CaseSheet.State.WAITING else None,
        "is_waiting": sheet.state == CaseSheet.State.WAITING,
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.path),
        "trail": _trail(),
    }
    return render(request, "reports/sheet_detail.html", context, status=422 if form.errors else 200)


@requires(EXCHANGE)
@FORM
def sheet_drop(request: StaffRequest, pk: uuid.UUID) -> HttpResponse:
    sheet = _sheet_or_404(request, pk)
    if sheet.state != CaseSheet.State.WAITING:
        raise Http404
    form = PlainForm(request.POST if request.method == "POST" else None)
    if done_by(request, form, lambda vault: drop_sheet(vault=vault, sheet=sheet.pk, by=request.user)):
        messages.success(request, "Dropped. Nothing of the sheet is kept.")
        return redirect("reports:sheets")
    return sealed_form(
        request,
        form,
        title="Drop this sheet?",
        consequences=[
            "What was not brought in yet is gone from here; your file is still yours.",
            "Cases that were opened from it stay." if sheet.done else "No case was opened from it.",
        ],
        button="Drop it",
        is_grave=True,
        cancel_url=reverse("reports:sheet", args=[sheet.pk]),
        cancel_label="Keep it",
        trail=_trail(),
    )
