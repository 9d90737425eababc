"""Services, organizations and places: reading, making, changing, and their whole history."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from waymark.access.guard import StaffRequest, requires
from waymark.access.permissions import Permission
from waymark.directory import policies
from waymark.directory.actions import listings as actions
from waymark.directory.actions import pending as change_actions
from waymark.directory.formats.spoken_hours import in_words, read_hours, rule_in_words
from waymark.directory.formats.translations import source_hash
from waymark.directory.forms.listings import LISTING_FORMS, LocationForm
from waymark.directory.forms.parts import PARTS
from waymark.directory.forms.reaching import LANGUAGES
from waymark.directory.forms.translations import FIELDS
from waymark.directory.models import Location, Service
from waymark.directory.selectors import changes, history, listings, reports, staleness, translations
from waymark.directory.views.doors import SINGULARS, form_page, listing_or_404, say, trail_of, url_of
from waymark.pages.listing import Ask
from waymark.pages.listing import Listing as Pages


def _ids(entity: str, listing: Any) -> list[UUID]:
    """The listing and the small rows that belong to it, from what has been read already."""
    ids = [listing.pk]
    for part in PARTS[entity].values():
        ids += [row.pk for row in getattr(listing, part.related).all() if isinstance(row.pk, UUID)]
    if entity == "service":
        ids += [rule.pk for rule in listing.schedules.all()]
    return ids


def _common(request: StaffRequest, entity: str, listing: Any) -> dict[str, Any]:
    ids = _ids(entity, listing)
    return {
        "title": listing.name or "A place without a name",
        "entity": entity,
        "listing": listing,
        "trail": trail_of(entity),
        "may_edit": policies.may_edit(request.user),
        "history": history.history_of(ids),
        "history_url": reverse("directory:listing_history", args=[entity, listing.pk]),
        "waiting": changes.described(listings.waiting_about(ids)),
        "checks": staleness.checks_by_field(entity, listing.pk),
        "translations": [
            {
                "row": row,
                "field": dict(FIELDS[entity]).get(row.field_name, row.field_name),
                "language": LANGUAGES.get(row.language, row.language),
                "is_old": row.source_hash != source_hash(getattr(listing, row.field_name, "")),
            }
            for row in translations.of_record(entity, listing.pk)
        ],
        "today": timezone.localdate(),
        "now": timezone.now(),
    }


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def service_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    service = listings.service_for_steward(pk)
    if service is None:
        raise Http404
    hours, left = read_hours(service.schedules.all())
    context = _common(request, "service", service)
    context["hours"] = in_words(hours) if hours.is_known or not left else []
    context["other_rules"] = [rule_in_words(rule) for rule in left]
    context["reasons"] = reports.reasons_of([pk])[pk]
    return render(request, "directory/service_detail.html", context)


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def organization_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    organization = listings.organization_for_steward(pk)
    if organization is None:
        raise Http404
    return render(request, "directory/organization_detail.html", _common(request, "organization", organization))


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def location_detail(request: StaffRequest, pk: UUID) -> HttpResponse:
    location = listings.location_for_steward(pk)
    if location is None:
        raise Http404
    return render(request, "directory/location_detail.html", _common(request, "location", location))


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_add(request: StaffRequest, entity: str) -> HttpResponse:
    form_class = LISTING_FORMS[entity]
    draft = f"{entity}:new"
    initial = {"organization": request.GET.get("organization", "")} if entity != "organization" else {}
    form: Any = form_class(request.POST) if request.method == "POST" else form_class(initial=initial)
    if form.is_bound and form.is_valid():
        listing = form.save(commit=False)
        point = _point_to_check(form, listing)
        actions.save_listing(listing=listing, needs=form.cleaned_data.get("needs"), by=request.user)
        if point is not None:
            change_actions.propose_change(
                entity="location",
                entity_id=listing.pk,
                before=point[0],
                after=point[1],
                reason="New place",
                by=request.user,
            )
        say(request, f"Saved. Now add what belongs to this {SINGULARS[entity]}.", saved=draft)
        return redirect(url_of(entity, listing.pk))
    return form_page(
        request,
        form,
        title=f"New {SINGULARS[entity]}",
        trail=trail_of(entity),
        draft_key=draft,
        cancel_url=reverse(f"directory:{entity}_list"),
    )


@requires(Permission.DIRECTORY_LISTING_EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def listing_edit(request: StaffRequest, entity: str, pk: UUID) -> HttpResponse:
    listing: Any = listing_or_404(entity, pk)
    form_class = LISTING_FORMS[entity]
    draft = f"{entity}:{pk}"
    form: Any = form_class(request.POST if request.method == "POST" else None, instance=listing)
    if form.is_bound and form.is_valid():
        changed = form.save(commit=False)
        point = _point_to_check(form, changed)
        actions.save_listing(listing=changed, needs=form.cleaned_data.get("needs"), by=request.user)
        if point is not None:
            change_actions.propose_change(
                entity="location", entity_id=pk, before=point[0], after=point[1], reason="Changed point", by=request.user
            )
            say(request, "Saved. The point on the map waits until a colleague has checked it.", saved=draft)
        else:
            say(request, "Saved.", saved=draft)
        return redirect(url_of(entity, pk))
    return form_page(
        request,
        form,
        title=f"Change {listing.name if not form.is_bound else form.initial.get('name', '')}",
        trail=trail_of(entity, listing_or_404(entity, pk) if form.is_bound else listing),
        draft_key=draft,
        cancel_url=url_of(entity, pk),
    )


def _point_to_check(form: Any, location: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """A new or changed point on the map waits: the row keeps the old one, the queue gets the new one."""
    if not isinstance(form, LocationForm) or "latitude" not in form.fields:
        return None
    before = {"latitude": form.initial.get("latitude"), "longitude": form.initial.get("longitude")}
    after = {"latitude": form.cleaned_data["latitude"], "longitude": form.cleaned_data["longitude"]}
    if before == after:
        return None
    if after["latitude"] is None:
        # Taking a point away is taking something down: one person, at once.
        return None
    location.latitude, location.longitude = before["latitude"], before["longitude"]
    return before, after


@requires(Permission.DIRECTORY_LISTING_VIEW)
@require_safe
def listing_history(request: StaffRequest, entity: str, pk: UUID) -> HttpResponse:
    readers: dict[str, Any] = {
        "service": listings.service_for_steward,
        "organization": listings.organization_for_steward,
        "location": listings.location_for_steward,
    }
    listing: Service | Location | None = readers[entity](pk)
    if listing is None:
        raise Http404
    pages = Pages(Ask(request.GET), history.history_rows(_ids(entity, listing)), per_page=50)
    return render(
        request,
        "directory/listing_history.html",
        {
            "title": f"History of {listing.name}",
            "trail": trail_of(entity, listing),
            "listing": pages,
            "history": history.in_words(pages.rows),
        },
    )
