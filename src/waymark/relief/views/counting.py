"""What may leave this app as numbers: how many petitions were filed and granted, small counts held back."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.relief.selectors.counting import counts_of
from waymark.relief.views.asking import trail


@requires(Permission.RELIEF_CASE_VIEW)
@require_safe
def counts(request: StaffRequest) -> HttpResponse:
    context = {
        "title": "Counts of record relief",
        "lead": "By calendar year. This table may be published as it stands; nothing else of these cases may.",
        "rows": counts_of(to=request.user),
        "trail": trail(),
    }
    return render(request, "relief/counts.html", context)
