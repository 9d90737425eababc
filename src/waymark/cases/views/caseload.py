"""The caseload of a worker or of the agency, and the supervisor's view of what everybody carries."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.cases.models import Case, State
from waymark.cases.policies import CASELOAD
from waymark.cases.selectors import caseload
from waymark.pages.listing import WORDS_LIMIT, Ask, Filter, Listing, ReadOnce
from waymark.vault.selectors import OpenVault, unlock_url, vault_in

VIEW = Permission.CASES_CASE_VIEW
PER_PAGE = 25
FILTERS = [
    Filter("whose", "Whose", [("all", "The whole agency's")], "Mine"),
    Filter("state", "State", [*State.choices, ("every", "Every state")], "All open"),
    Filter("due", "Due", [("late", "Past its day"), ("now", "Today or before"), ("week", "Within a week")]),
    Filter("order", "Order", [("opened", "Newest"), ("code", "Code"), ("state", "State"), ("name", "Name")], "Due first"),
]


class Caseload(ReadOnce):
    """A listing of cases whose page is opened as it is shown."""

    def __init__(self, ask: Ask, rows: QuerySet[Case], vault: OpenVault | None) -> None:
        super().__init__(ask, rows, per_page=PER_PAGE)
        self.vault = vault

    @cached_property
    def rows(self) -> list[Any]:
        return caseload.lines(self.read or list(self.page.object_list), self.vault)


@requires(VIEW)
@sensitive_post_parameters("words")
@require_http_methods(["GET", "HEAD", "POST"])
def case_list(request: StaffRequest) -> HttpResponse:
    """A list with a stable address. A name is sent in a form, opened and compared here, and stands in no address or log."""
    ask = Ask(request.GET, FILTERS)
    vault = vault_in(request)
    on = timezone.localdate()
    rows = caseload.caseload(
        to=request.user,
        whose=ask.answer("whose"),
        state=ask.answer("state"),
        due=ask.answer("due"),
        order=ask.answer("order"),
        on=on,
    )
    words = " ".join(request.POST.get("words", "").replace("\x00", "").split())[:WORDS_LIMIT]
    found, is_too_long = None, False
    if vault is not None and words:
        found = caseload.named(rows, vault, words)
        is_too_long = found is None
    elif vault is not None and ask.answer("order") == "name":
        found = caseload.by_name(rows, vault)
        is_too_long = found is None
    listing = Caseload(ask, rows, vault) if found is None else Listing(ask, found, per_page=CASELOAD if words else PER_PAGE)
    context = {
        "title": "Cases",
        "listing": listing,
        "words": words,
        "is_too_long": is_too_long,
        "limit": CASELOAD,
        "is_vault_open": vault is not None,
        "unlock_url": unlock_url(request.get_full_path()),
        "primary_url": reverse("cases:new"),
        "primary_label": "New case",
        "today": on,
    }
    return render(request, "cases/case_list.html", context)


@requires(VIEW)
@require_safe
def team(request: StaffRequest) -> HttpResponse:
    """What every colleague carries: numbers that lead to the lists behind them, and cases that nobody works on."""
    on = timezone.localdate()
    loads = caseload.loads(to=request.user, on=on)
    context = {
        "title": "What the team carries",
        "loads": loads,
        "without": [load for load in loads if not load.is_here and load.open_cases],
        "late": sum(load.late for load in loads),
        "care_late": sum(load.care_late for load in loads),
        "trail": [("Cases", reverse("cases:list"))],
    }
    return render(request, "cases/team.html", context)
