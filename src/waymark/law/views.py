"""The law that the platform works with, shown to every member with its sources, so that counsel can correct it."""

from __future__ import annotations

from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.law import selectors
from waymark.law.formats.dated_files import charge_file, clock_file, relief_file
from waymark.law.formats.minor_files import minor_file
from waymark.law.models import Charge
from waymark.pages.listing import Ask, Filter, Listing

STATES = Filter("state", "In force", [("now", "Today"), ("over", "No longer")])
SIDES = Filter("side", "Concerns", Charge.Side.choices)


@requires(Permission.LAW_VIEW)
@require_safe
def charge_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATES, SIDES])
    today = timezone.localdate()
    is_now = ask.answer("state") == "now"
    found = selectors.charges_listed(words=ask.words, side=ask.answer("side"), on=today if is_now else None)
    if ask.answer("state") == "over":
        found = found.filter(in_force_until__lt=today)
    context = {
        "title": "Charges",
        "lead": "Sections of law by the days on which they were in force. A charge is refused on any other day.",
        "listing": Listing(ask, found),
        "search_label": "Search by section or title",
        "file": charge_file(),
        "today": today,
    }
    return render(request, "law/charge_list.html", context)


@requires(Permission.LAW_VIEW)
@require_safe
def charge_detail(request: StaffRequest, pk: int) -> HttpResponse:
    charge = Charge.objects.filter(pk=pk).first()
    others = Charge.objects.filter(Q(section=charge.section if charge else ""), ~Q(pk=pk))
    readings = list(others)
    if charge is None:
        raise Http404
    context = {
        "title": f"{charge.section} · {charge.title}",
        "trail": [("Charges", reverse("law:charge_list"))],
        "charge": charge,
        "others": readings,
        "today": timezone.localdate(),
    }
    return render(request, "law/charge_detail.html", context)


@requires(Permission.LAW_VIEW)
@require_safe
def rule_list(request: StaffRequest) -> HttpResponse:
    context = {
        "title": "Clocks and ways to clear a record",
        "clocks": clock_file(),
        "minors": minor_file(),
        "relief": relief_file(),
        "today": timezone.localdate(),
    }
    return render(request, "law/rule_list.html", context)
