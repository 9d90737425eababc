"""Marking a listing as checked, its hours, its confidentiality, and answering visitors' reports."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory.actions import confidentiality, reports
from waymark.directory.actions import hours as hours_actions
from waymark.directory.actions import listings as actions
from waymark.directory.formats.spoken_hours import in_words, read_hours, rule_in_words
from waymark.directory.forms.checks import EmptyForm, VerifyForm
from waymark.directory.forms.hours import HoursForm
from waymark.directory.forms.listings import LISTING_FORMS
from waymark.directory.models import Location, Service
from waymark.directory.selectors.listings import traces_of_place
from waymark.directory.selectors.reports import reasons_of
from waymark.directory.views.doors import form_page, found, listing_or_404, say, trail_of, url_of


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_verify(request: StaffRequest, entity: str, pk: UUID) -> HttpResponse:
    listing: Any = listing_or_404(entity, pk)
    labels = LISTING_FORMS[entity]
    fields = [(name, str(field.label)) for name, field in labels.base_fields.items()]
    if entity == "service":
        fields += [("phones", "Phones"), ("schedules", "Hours"), ("service_at_locations", "Places")]
    bound = request.POST if request.method == "POST" else None
    form = VerifyForm(bound, fields=fields, initial={"verified_on": timezone.localdate()})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        actions.verify(
            entity=entity,
            entity_id=pk,
            field_name=data["field_name"],
            source=data["source"],
            verified_on=data["verified_on"],
            by=request.user,
        )
        say(request, f"Marked as checked: {listing.name}.")
        return redirect(url_of(entity, pk))
    return form_page(
        request,
        form,
        title=f"Mark {listing.name} as checked",
        lead="Call, visit, or read the organization's own page first. Being in a partner's file is no check.",
        button="Mark as checked",
        trail=trail_of(entity, listing),
        cancel_url=url_of(entity, pk),
    )


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def service_hours(request: StaffRequest, pk: UUID) -> HttpResponse:
    service: Service = found(Service, pk=pk)
    hours, left = read_hours(service.schedules.order_by("id"))
    bound = request.POST if request.method == "POST" else None
    form = HoursForm(bound, closed_rows=len(hours.closed), initial=HoursForm.initial_for(hours))
    draft = f"hours:{pk}"
    if form.is_bound and form.is_valid():
        if request.POST.get("look"):
            return _hours_page(request, form, service, left, draft, preview=in_words(form.cleaned_data["hours"]))
        hours_actions.write_hours(service=service, hours=form.cleaned_data["hours"], by=request.user)
        say(
            request,
            "Hours saved. This is how people read them: " + ". ".join(in_words(form.cleaned_data["hours"])),
            saved=draft,
        )
        return redirect(url_of("service", pk))
    return _hours_page(request, form, service, left, draft, preview=[])


def _hours_page(
    request: StaffRequest, form: HoursForm, service: Service, left: list[Any], draft: str, preview: list[str]
) -> HttpResponse:
    return form_page(
        request,
        form,
        template="directory/service_hours.html",
        title=f"Hours of {service.name}",
        other_rules=[rule_in_words(rule) for rule in left],
        preview=preview,
        draft_key=draft,
        trail=trail_of("service", service),
        cancel_url=url_of("service", service.pk),
    )


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def location_confidential(request: StaffRequest, pk: UUID) -> HttpResponse:
    """Make a place confidential, or end that. The page says exactly what is deleted."""
    location: Location = found(Location, pk=pk)
    url = url_of("location", pk)
    form = EmptyForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        wanted = request.POST.get("wanted")
        if wanted == "yes" and not location.is_confidential:
            confidentiality.make_confidential(location=location, by=request.user)
            say(
                request, "This place is confidential now. What could lead to its door was deleted, here and in the history."
            )
        elif wanted == "no" and location.is_confidential:
            confidentiality.end_confidentiality(location=location, by=request.user)
            say(request, "This place is no longer confidential. An address can be proposed; two people put it up.")
        return redirect(url)
    trail = trail_of("location", location)
    if location.is_confidential:
        return form_page(
            request,
            form,
            template="directory/location_confidential.html",
            title=f"End the secrecy of {location.name}?",
            wanted="no",
            consequences=[
                "This place may have an address again, and everyone will see it once two people have put it up.",
                "Nothing comes back by itself: the old address was deleted.",
                "Ask the agency in writing before you do this.",
            ],
            button="End the secrecy",
            is_grave=True,
            trail=trail,
            cancel_url=url,
            cancel_label="Keep it confidential",
        )
    return form_page(
        request,
        form,
        template="directory/location_confidential.html",
        title=f"Make {location.name} confidential?",
        wanted="yes",
        consequences=[
            "Visitors and partners will see the service, its phone and its area. They will see no address, no point, "
            "no distance and no ZIP.",
            "Its name stays. Go back and change the name first if it gives the place away.",
            "This deletes for good. Nobody here can bring it back. The agency keeps its address in its own safe place.",
            "Copies that partners or phones took before are not deleted by this.",
        ],
        deletes=traces_of_place(location),
        button="Delete this and make it confidential",
        is_grave=True,
        trail=trail,
        cancel_url=url,
        cancel_label="Change nothing",
    )


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def report_resolve(request: StaffRequest, pk: UUID) -> HttpResponse:
    service: Service = found(Service, pk=pk)
    reasons = reasons_of([pk])[pk]
    form = EmptyForm(request.POST if request.method == "POST" else None)
    back = reverse("directory:report_list")
    if form.is_bound and form.is_valid():
        count = reports.resolve_reports(service=service, by=request.user)
        say(request, f"{count} report{'' if count == 1 else 's'} about {service.name} answered. Its label is gone.")
        return redirect(back)
    said = [f"{label}: {count} time{'' if count == 1 else 's'}" for label, count in reasons]
    return form_page(
        request,
        form,
        template="pages/confirm_page.html",
        title=f"Answer the reports about {service.name}",
        consequences=[
            "Call or look first, and mend the listing. Then its label goes and the reports are kept as answered."
            if said
            else "There is no open report about this service."
        ],
        deletes_title="Visitors said",
        deletes=said,
        button="I looked into it",
        trail=[("Reports from visitors", back), (service.name, url_of("service", pk))],
        cancel_url=url_of("service", pk),
        cancel_label="Go to the service first",
    )
