"""The lists of the stewardship screens. Each has a stable address and costs a bounded number of queries."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory import policies
from waymark.directory.formats.spoken_hours import in_words, read_hours
from waymark.directory.models import ListingReport, Location, PendingChange, Service
from waymark.directory.selectors import changes, listings, reports, staleness
from waymark.pages.listing import Ask, Filter, Listing

STATUS = Filter("status", "State", Service.Status.choices)
MARK = Filter("mark", "Only", [("reported", "Reported"), ("unchecked", "Never checked"), ("hours", "No known hours")])
KIND = Filter("kind", "Kind", Location.Kind.choices)
SECRET = Filter("confidential", "Confidential", [("yes", "Yes"), ("no", "No")])
OWNER = Filter("owner", "Of", [("service", "Services"), ("organization", "Organizations"), ("location", "Places")])
KNOWN = Filter("known", "Hours", [("yes", "Known"), ("no", "Not known")])
WHOSE = Filter("whose", "Proposed by", [("others", "Colleagues"), ("mine", "Me")])
CHANGE_STATE = Filter(
    "state",
    "State",
    [(state.value, state.label) for state in PendingChange.State if state is not PendingChange.State.WAITING],
    "Waiting",
)
REASON = Filter("reason", "Reason", ListingReport.Reason.choices)


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def service_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [STATUS, MARK])
    rows = listings.services_listed(words=ask.words, status=ask.answer("status"), mark=ask.answer("mark"))
    return render(
        request,
        "directory/service_list.html",
        {
            "title": "Services",
            "listing": Listing(ask, rows),
            "search_label": "Search by name or organization",
            "primary_url": reverse("directory:listing_add", args=["service"]) if policies.may_edit(request.user) else "",
            "primary_label": "New service",
            "today": timezone.localdate(),
        },
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def organization_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET)
    return render(
        request,
        "directory/organization_list.html",
        {
            "title": "Organizations",
            "listing": Listing(ask, listings.organizations_listed(words=ask.words)),
            "search_label": "Search by name",
            "primary_url": reverse("directory:listing_add", args=["organization"])
            if policies.may_edit(request.user)
            else "",
            "primary_label": "New organization",
        },
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def location_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [KIND, SECRET])
    rows = listings.locations_listed(words=ask.words, kind=ask.answer("kind"), confidential=ask.answer("confidential"))
    return render(
        request,
        "directory/location_list.html",
        {
            "title": "Places",
            "listing": Listing(ask, rows),
            "search_label": "Search by name, street or city",
            "primary_url": reverse("directory:listing_add", args=["location"]) if policies.may_edit(request.user) else "",
            "primary_label": "New place",
        },
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def phone_list(request: StaffRequest) -> HttpResponse:
    """Whose number is this?"""
    ask = Ask(request.GET, [OWNER])
    listing = Listing(ask, listings.phones_listed(words=ask.words, owner=ask.answer("owner")))
    for phone in listing.rows:
        phone.owner = listings.owner_of(phone)
        phone.owner_entity = type(phone.owner).__name__.lower() if phone.owner else ""
    return render(
        request,
        "directory/phone_list.html",
        {"title": "Phones", "listing": listing, "search_label": "Search by number or by whose it is"},
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def hours_list(request: StaffRequest) -> HttpResponse:
    """Which services have no known hours? They never show as open."""
    ask = Ask(request.GET, [KNOWN])
    listing = Listing(ask, listings.hours_listed(words=ask.words, known=ask.answer("known")))
    for service in listing.rows:
        hours, left = read_hours(service.schedules.all())
        service.hours_in_words = in_words(hours) if hours.is_known or not left else []
        service.rules_left = len(left)
    return render(
        request,
        "directory/hours_list.html",
        {"title": "Hours", "listing": listing, "search_label": "Search by service or organization"},
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def stale_list(request: StaffRequest) -> HttpResponse:
    today = timezone.localdate()
    return render(
        request,
        "directory/stale_list.html",
        {
            "title": "To check again",
            "lead": "The most overdue first. Call or look at the source, then press “Mark as checked”.",
            "listing": Listing(Ask(request.GET), staleness.overdue_services(today)),
            "today": today,
        },
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def change_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [WHOSE, CHANGE_STATE])
    rows = changes.changes_listed(user=request.user, whose=ask.answer("whose"), state=ask.answer("state"))
    listing = Listing(ask, rows)
    return render(
        request,
        "directory/change_list.html",
        {
            "title": "Changes" if ask.answer("state") else "Waiting changes",
            "lead": "A new or changed phone, address or help line goes live only when a second person has checked it.",
            "listing": listing,
            "described": changes.described(listing.rows),
        },
    )


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def report_list(request: StaffRequest) -> HttpResponse:
    ask = Ask(request.GET, [REASON])
    listing = Listing(ask, reports.reported_services(ask.answer("reason")))
    today = timezone.localdate()
    mass_days = reports.mass_days(today)
    labels = reports.report_labels(today, frozen=mass_days)
    reasons = reports.reasons_of([service.pk for service in listing.rows])
    for service in listing.rows:
        service.reasons = reasons[service.pk]
        service.label = labels.get(service.pk)
    return render(
        request,
        "directory/report_list.html",
        {
            "title": "Reports from visitors",
            "lead": "Visitors can say that a listing is wrong, with one tap and no name. Reports never hide a listing.",
            "listing": listing,
            "mass_days": mass_days,
        },
    )
