"""Lists and records of the directory as a steward reads them: everything, hidden and closed listings included."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from waymark.directory.models import (
    Address,
    ListingReport,
    Location,
    Need,
    Organization,
    PendingChange,
    Phone,
    Schedule,
    Service,
)
from waymark.directory.selectors.staleness import with_due_date

LISTING_MODELS: dict[str, type[Service] | type[Organization] | type[Location]] = {
    "service": Service,
    "organization": Organization,
    "location": Location,
}


def services_listed(*, words: str, status: str, mark: str, need: str = "") -> QuerySet[Service]:
    """Services with their owner and next check. `mark` narrows to reported, waiting or never checked."""
    services = with_due_date(Service.objects.select_related("organization")).annotate(
        has_reports=Exists(ListingReport.objects.filter(service=OuterRef("pk"), resolved_on=None)),
        has_hours=Exists(Schedule.objects.filter(service=OuterRef("pk"))),
    )
    if words:
        services = services.filter(
            Q(name__icontains=words) | Q(alternate_name__icontains=words) | Q(organization__name__icontains=words)
        )
    if status:
        services = services.filter(status=status)
    if need:
        services = services.filter(needs=need)
    if mark == "reported":
        services = services.filter(has_reports=True)
    elif mark == "unchecked":
        services = services.filter(Q(("verified_on", None)))
    elif mark == "hours":
        services = services.filter(has_hours=False)
    return services.order_by("name", "id")


def organizations_listed(*, words: str) -> QuerySet[Organization]:
    organizations = Organization.objects.all()
    if words:
        organizations = organizations.filter(Q(name__icontains=words) | Q(alternate_name__icontains=words))
    return organizations.order_by("name", "id")


def locations_listed(*, words: str, kind: str, confidential: str) -> QuerySet[Location]:
    locations = Location.objects.select_related("organization").prefetch_related("addresses")
    if words:
        locations = locations.filter(
            Q(name__icontains=words)
            | Q(organization__name__icontains=words)
            | Exists(
                Address.objects.filter(location=OuterRef("pk")).filter(
                    Q(city__icontains=words) | Q(address_1__icontains=words)
                )
            )
        )
    if kind:
        locations = locations.filter(location_type=kind)
    if confidential:
        locations = locations.filter(is_confidential=confidential == "yes")
    return locations.order_by("name", "id")


def phones_listed(*, words: str, owner: str) -> QuerySet[Phone]:
    """Every number with whose it is; digits match however the number is written."""
    phones = Phone.objects.select_related(
        "service", "organization", "location", "contact__service", "contact__organization", "service_at_location__service"
    )
    if words:
        digits = [mark for mark in words if mark.isdigit()]
        found = (
            Q(service__name__icontains=words) | Q(organization__name__icontains=words) | Q(location__name__icontains=words)
        )
        if digits:
            found |= Q(number__regex=r"[^0-9]*".join(digits))
        phones = phones.filter(found)
    if owner:
        phones = phones.filter(**{f"{owner}__isnull": False})
    return phones.order_by("number", "id")


def hours_listed(*, words: str, known: str) -> QuerySet[Service]:
    """Services with their hours; those without known hours never show as open, so a steward must find them."""
    services = (
        Service.objects.select_related("organization")
        .prefetch_related("schedules")
        .annotate(has_hours=Exists(Schedule.objects.filter(service=OuterRef("pk"))))
    )
    if words:
        services = services.filter(Q(name__icontains=words) | Q(organization__name__icontains=words))
    if known:
        services = services.filter(has_hours=known == "yes")
    return services.order_by("name", "id")


def service_for_steward(pk: UUID) -> Service | None:
    """One service with all that belongs to it, in a bounded number of queries."""
    return (
        with_due_date(Service.objects.select_related("organization", "program"))
        .prefetch_related(
            "phones__languages",
            "schedules",
            "languages",
            "cost_options",
            "required_documents",
            "contacts",
            "service_areas",
            "funding",
            "additional_urls",
            "dated_alerts",
            "needs",
            "service_at_locations__location__addresses",
            "capacities__unit",
        )
        .filter(pk=pk)
        .first()
    )


def organization_for_steward(pk: UUID) -> Organization | None:
    return (
        Organization.objects.select_related("parent_organization")
        .prefetch_related(
            "phones__languages",
            "contacts",
            "programs",
            "organization_identifiers",
            "funding",
            "additional_websites",
            "services",
            "locations",
        )
        .filter(pk=pk)
        .first()
    )


def location_for_steward(pk: UUID) -> Location | None:
    return (
        Location.objects.select_related("organization")
        .prefetch_related(
            "addresses",
            "phones__languages",
            "languages",
            "accessibility",
            "contacts",
            "schedules",
            "service_at_locations__service",
        )
        .filter(pk=pk)
        .first()
    )


def needs_in_order() -> QuerySet[Need]:
    return Need.objects.order_by("order", "slug")


def directory_counts() -> dict[str, int]:
    """How many services and organizations visitors can find."""
    live = Service.objects.filter(status=Service.Status.ACTIVE)
    return {"services": live.count(), "organizations": live.values("organization").distinct().count()}


def waiting_about(ids: list[UUID]) -> QuerySet[PendingChange]:
    """Waiting changes of these very rows, or of rows that will belong to them."""
    wanted = [str(pk) for pk in ids]
    about = Q(entity_id__in=ids)
    for key in ("service", "organization", "location"):
        about |= Q(**{f"after__{key}__in": wanted})
    return PendingChange.objects.filter(about, state=PendingChange.State.WAITING).select_related("proposed_by")


def owner_of(row: Any) -> Service | Organization | Location | None:
    """The listing that a phone, a contact or another small row belongs to."""
    for name in ("service", "organization", "location"):
        owner = getattr(row, name, None)
        if owner is not None:
            return owner  # type: ignore[no-any-return]
    for name in ("service_at_location", "contact"):
        between = getattr(row, name, None)
        if between is not None:
            return owner_of(between)
    return None


def traces_of_place(location: Location) -> list[str]:
    """What making a place confidential deletes, counted and named for the person who decides."""
    found = [f"Address: {address.address_1}, {address.city} {address.postal_code}" for address in location.addresses.all()]
    if location.latitude is not None:
        found.append(f"Point on the map: {location.latitude}, {location.longitude}")
    for label, value in (
        ("Other name", location.alternate_name),
        ("What to look for", location.description),
        ("How to get there", location.transportation),
        ("Web page", location.url),
        ("Number in another list", location.external_identifier),
    ):
        if value:
            found.append(f"{label}: {value}")
    ways_in = location.accessibility.count()
    if ways_in:
        found.append(f"Ways in: {ways_in}")
    waiting = waiting_about([location.pk, *location.addresses.values_list("pk", flat=True)]).count()
    if waiting:
        found.append(f"Waiting changes of it: {waiting}")
    found.append("Its texts in other languages")
    found.append("The history of all of this, and of its phones, contacts and hours")
    return found
