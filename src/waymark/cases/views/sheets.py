"""Blank numbered sheets, for a day without a network."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.cases.actions.sheets import print_sheets
from waymark.cases.formats.sheets import sheets_pdf
from waymark.cases.forms import SheetsForm
from waymark.cases.views.record import WORK


@requires(WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def sheets_print(request: StaffRequest) -> HttpResponse:
    form = SheetsForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        sheets = print_sheets(kind=data["kind"], language=data["language"], count=data["count"], by=request.user)
        made = sheets_pdf(data["kind"], data["language"], [sheet.number for sheet in sheets])
        answer = HttpResponse(made, content_type="application/pdf")
        answer["Content-Disposition"] = 'attachment; filename="sheets.pdf"'
        return answer
    context = {
        "form": form,
        "title": "Print blank sheets",
        "lead": "For a talk where no network is. Each sheet has a number: type it in with the case, so that none is lost "
        "and none is typed in twice. No sheet says who you are or what it is for.",
        "button": "Make the sheets",
        "cancel_url": reverse("cases:list"),
        "trail": [("Cases", reverse("cases:list"))],
    }
    return render(request, "pages/form_page.html", context, status=422 if form.is_bound else 200)
