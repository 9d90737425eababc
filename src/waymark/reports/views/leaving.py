"""Taking cases out as files: what the file is stands above the button, and the ledger is written before the bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.pages.questions import PlainForm
from waymark.people.views.sealed_forms import done_by, sealed_form
from waymark.reports.actions.leaving import XLSX, take_out_cases, take_out_hmis
from waymark.reports.formats.hmis import EMPTY
from waymark.reports.forms.exchange import HmisForm, TakeOutForm
from waymark.reports.policies import is_victim_service_provider
from waymark.reports.selectors.leaving import leaving, not_too_many
from waymark.vault.selectors import OpenVault

FORM = require_http_methods(["GET", "HEAD", "POST"])
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "pdf": "application/pdf",
}


def as_file(content: bytes, name: str, kind: str) -> HttpResponse:
    """A file to keep. Its name tells the day and the standard, and nothing of anybody."""
    answer = HttpResponse(content, content_type=TYPES[kind])
    answer["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate().isoformat()}.{kind}"'
    return answer


def _given(
    request: StaffRequest,
    form: PlainForm,
    make: Callable[[OpenVault], bytes],
    *,
    name: str,
    kind: Callable[[], str],
    **context: Any,
) -> HttpResponse:
    made: list[bytes] = []
    if done_by(request, form, lambda vault: made.append(make(vault))):
        return as_file(made[0], name, kind())
    return sealed_form(
        request,
        form,
        cancel_url=reverse("reports:sheets"),
        cancel_label="Go back",
        trail=[("Cases in and out", reverse("reports:sheets"))],
        **context,
    )


@requires(Permission.SHEET_EXCHANGE, step_up=True)
@sensitive_post_parameters()
@FORM
def take_out(request: StaffRequest) -> HttpResponse:
    form = TakeOutForm(request.POST if request.method == "POST" else None)

    def make(vault: OpenVault) -> bytes:
        data = form.cleaned_data
        cases = not_too_many(leaving(to=request.user, whose=data["whose"], state=data["state"]))
        return take_out_cases(vault=vault, cases=cases, form=data["form"], by=request.user)

    return _given(
        request,
        form,
        make,
        name="cases-htcds",
        kind=lambda: str(form.cleaned_data["form"]),
        template="reports/take_out.html",
        title="Take cases out as a sheet",
        button="Make the file",
        xlsx=XLSX,
    )


@requires(Permission.SHEET_EXCHANGE, step_up=True)
@sensitive_post_parameters()
@FORM
def take_out_for_hmis(request: StaffRequest) -> HttpResponse:
    form = HmisForm(request.POST if request.method == "POST" else None)

    def make(vault: OpenVault) -> bytes:
        data = form.cleaned_data
        cases = not_too_many(leaving(to=request.user, whose="all", state="every").filter(opened_on__lte=data["ends_on"]))
        return take_out_hmis(
            vault=vault,
            cases=cases,
            starts_on=data["starts_on"],
            ends_on=data["ends_on"],
            place=data["place"],
            by=request.user,
        )

    return _given(
        request,
        form,
        make,
        name="hmis-csv-2026",
        kind=lambda: "zip",
        template="reports/hmis.html",
        title="HMIS CSV for your comparable database",
        button="Make the file",
        is_protected=is_victim_service_provider(request.user),
        empty=EMPTY,
    )
