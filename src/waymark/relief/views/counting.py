"""What may leave this app as numbers: petitions filed and granted in a quarter, small counts held back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.people.policies import Refused
from waymark.relief.actions.quarters import give_quarter
from waymark.relief.forms import QuarterForm
from waymark.relief.policies import keeps
from waymark.relief.selectors.counting import QuarterLine, counts_of, quarters_of
from waymark.relief.views.asking import trail


def _quarters(request: StaffRequest) -> list[QuarterLine]:
    acting = request.user.acting
    return quarters_of(acting.agency_id, on=timezone.localdate()) if keeps(request.user) and acting is not None else []


@requires(Permission.RELIEF_CASE_VIEW)
@require_safe
def counts(request: StaffRequest) -> HttpResponse:
    context = {
        "title": "Counts of record relief",
        "rows": counts_of(to=request.user),
        "quarters": _quarters(request),
        "trail": trail(),
    }
    return render(request, "relief/counts.html", context)


@requires(Permission.RELIEF_CASE_WORK)
@require_http_methods(["GET", "HEAD", "POST"])
def quarter_give(request: StaffRequest) -> HttpResponse:
    """Let one quarter out, once."""
    lines = [one for one in _quarters(request) if one.is_ripe and one.given is None]
    form = QuarterForm(request.POST if request.method == "POST" else None, quarters=lines)
    if form.is_bound and form.is_valid():
        year, quarter = form.quarter_chosen()
        try:
            give_quarter(year=year, quarter=quarter, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "Given. It does not change any more.")
            return redirect("relief:counts")
    context = {
        "form": form,
        "title": "Give a quarter",
        "consequences": CONSEQUENCES,
        "button": "Give it",
        "cancel_url": reverse("relief:counts"),
        "cancel_label": "Give nothing",
        "trail": [*trail(), ("Counts", reverse("relief:counts"))],
    }
    return render(request, "pages/confirm_page.html", context, status=422 if form.errors else 200)


CONSEQUENCES = [
    "How many petitions your office filed, and how many were granted, in these three months. Diversion programs show both "
    "beside their own numbers, under your office’s name.",
    "A number below 11 is held back, and what was granted also while fewer than 11 petitions are not granted so far.",
    "A quarter is given once. You certify that it is counted as your office counts, and it does not change.",
]
