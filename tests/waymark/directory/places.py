"""Where the addresses of stewardship lead: the directory is the coalition's, so whoever may steward sees all of it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from tests.factories.accounts import UserFactory
from tests.factories.directory import HelpLineFactory, OrganizationFactory, full_service
from tests.plugins.places import no_object, of_coalition

from waymark.directory.models import ListingReport, Location, PendingChange, Phone, Service, Translation


def _service() -> Service:
    service = full_service()
    ListingReport.objects.create(service=service, reason=ListingReport.Reason.NO_ANSWER, reported_on=dt.date(2026, 11, 1))
    return service


def _change() -> PendingChange:
    phone = Phone.objects.first() or full_service().phones.get()
    return PendingChange.objects.create(
        entity="phone",
        entity_id=phone.pk,
        before={"number": phone.number},
        after={"number": "916-555-0199"},
        reason="Changed phone",
        proposed_by=UserFactory(),
        proposed_at=dt.datetime(2026, 11, 1, tzinfo=dt.UTC),
    )


def _translation(service: Service) -> Translation:
    return Translation.objects.create(
        entity="service", entity_id=service.pk, field_name="name", language="es", text="Inventado", source_hash=""
    )


def service(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_service).pk}


def organization(world: Any) -> dict[str, Any]:
    return {"pk": world.once(OrganizationFactory).pk}


def location(world: Any) -> dict[str, Any]:
    world.once(_service)
    return {"pk": Location.objects.order_by("name").first().pk}


def listing(world: Any) -> dict[str, Any]:
    return {"entity": "service", **service(world)}


def part(world: Any) -> dict[str, Any]:
    return {**listing(world), "kind": "phone", "row_pk": str(world.once(_service).phones.first().pk)}


def new_part(world: Any) -> dict[str, Any]:
    return {**listing(world), "kind": "phone"}


def words(world: Any) -> dict[str, Any]:
    return {**listing(world), "row_pk": world.once(_translation, service=world.once(_service)).pk}


def change(world: Any) -> dict[str, Any]:
    return {"pk": world.once(_change).pk}


def line(world: Any) -> dict[str, Any]:
    return {"slug": world.once(HelpLineFactory).slug}


PLACES = {
    "directory:change_detail": of_coalition(change),
    "directory:change_list": no_object(),
    "directory:change_refuse": of_coalition(change),
    "directory:change_withdraw": of_coalition(change),
    "directory:help_line_add": no_object(),
    "directory:help_line_detail": of_coalition(line),
    "directory:help_line_edit": of_coalition(line),
    "directory:help_line_list": no_object(),
    "directory:help_line_propose_again": of_coalition(line),
    "directory:help_line_put_up": of_coalition(line),
    "directory:help_line_take_down": of_coalition(line),
    "directory:help_line_verify": of_coalition(line),
    "directory:hours_list": no_object(),
    "directory:listing_add": of_coalition(lambda world: {"entity": "service"}),
    "directory:listing_edit": of_coalition(listing),
    "directory:listing_history": of_coalition(listing),
    "directory:listing_verify": of_coalition(listing),
    "directory:location_confidential": of_coalition(location),
    "directory:location_detail": of_coalition(location),
    "directory:location_list": no_object(),
    "directory:organization_detail": of_coalition(organization),
    "directory:organization_list": no_object(),
    "directory:part_add": of_coalition(new_part),
    "directory:part_edit": of_coalition(part),
    "directory:part_remove": of_coalition(part),
    "directory:phone_list": no_object(),
    "directory:report_list": no_object(),
    "directory:report_resolve": of_coalition(service),
    "directory:service_detail": of_coalition(service),
    "directory:service_hours": of_coalition(service),
    "directory:service_list": no_object(),
    "directory:stale_list": no_object(),
    "directory:translation_add": of_coalition(listing),
    "directory:translation_edit": of_coalition(words),
}
