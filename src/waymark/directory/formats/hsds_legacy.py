"""Versions 1.1 and 2 of the standard: tables that 3.x folded into others.

Each function turns one old row into new rows (table name, cells) or into a text that belongs into another row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

Cells = Mapping[str, str]


class NewRow(NamedTuple):
    """A row of 3.x in raw cells."""

    table: str
    cells: dict[str, str]


class NewText(NamedTuple):
    """A text that 3.x keeps in a field of another row."""

    table: str
    original_id: str
    field: str
    text: str


New = NewRow | NewText

_DAYS = {"mo": "MO", "tu": "TU", "we": "WE", "th": "TH", "fr": "FR", "sa": "SA", "su": "SU"}


def _address(kind: str) -> Callable[[Cells], Iterator[New]]:
    def convert(cells: Cells) -> Iterator[New]:
        lines = [cells.get(name, "").strip() for name in ("address_2", "address_3", "address_4")]
        new = {
            **{name: cells.get(name, "") for name in ("id", "location_id", "attention", "address_1", "city", "region")},
            **{name: cells.get(name, "") for name in ("state_province", "postal_code", "country")},
            "address_2": ", ".join(line for line in lines if line),
            "address_type": kind,
        }
        organization = cells.get("organization_id", "").strip()
        if not new["location_id"].strip() and organization:
            # 3.x has no address of an organization itself: it becomes a location of that organization.
            place = f"{kind}-address-of-organization-{organization}"
            yield NewRow("location", {"id": place, "organization_id": organization, "location_type": kind})
            new["location_id"] = place
        yield NewRow("address", new)

    return convert


def _regular_schedule(cells: Cells) -> Iterator[New]:
    weekday = cells.get("weekday", "").strip()
    # 1.1 wrote weekday names, some files write the numbers 1 (Monday) to 7 (Sunday).
    byday = list(_DAYS.values())[int(weekday) - 1] if weekday in set("1234567") else _DAYS.get(weekday[:2].lower(), "")
    kept = ("id", "service_id", "location_id", "service_at_location_id", "opens_at", "closes_at")
    yield NewRow("schedule", {**{name: cells.get(name, "") for name in kept}, "freq": "WEEKLY", "byday": byday})


def _holiday_schedule(cells: Cells) -> Iterator[New]:
    kept = ("id", "service_id", "location_id", "service_at_location_id", "opens_at", "closes_at")
    new = {name: cells.get(name, "") for name in kept}
    new["valid_from"], new["valid_to"] = cells.get("start_date", ""), cells.get("end_date", "")
    if cells.get("closed", "").strip().lower() in {"1", "true", "yes", "y", "t"}:
        new["opens_at"] = new["closes_at"] = ""
        new["description"] = "Closed"
        new["is_closed"] = "true"
    yield NewRow("schedule", new)


def _eligibility(cells: Cells) -> Iterator[New]:
    text = cells.get("eligibility", "").strip()
    if text and cells.get("service_id", "").strip():
        yield NewText("service", cells["service_id"], "eligibility_description", text)


def _payment(cells: Cells) -> Iterator[New]:
    yield NewRow(
        "cost_option",
        {
            "id": cells.get("id", ""),
            "service_id": cells.get("service_id", ""),
            "option": cells.get("payment", "") or cells.get("payment_accepted", ""),
        },
    )


def _service_term(cells: Cells) -> Iterator[New]:
    yield NewRow(
        "attribute",
        {
            "id": cells.get("id", ""),
            "link_id": cells.get("service_id", ""),
            "link_entity": "service",
            "taxonomy_term_id": cells.get("taxonomy_term_id", "") or cells.get("taxonomy_id", ""),
            "value": cells.get("taxonomy_detail", ""),
        },
    )


def _other_attribute(cells: Cells) -> Iterator[New]:
    yield NewRow("attribute", {**cells, "link_entity": cells.get("link_entity", "") or cells.get("link_type", "")})


def _taxonomy(cells: Cells) -> Iterator[New]:
    """Version 1.1 called a term a taxonomy; version 2 means the taxonomy itself."""
    if "parent_id" in cells or "vocabulary" in cells:
        kept = {name: cells.get(name, "") for name in ("id", "name", "parent_id")}
        yield NewRow("taxonomy_term", {**kept, "taxonomy": cells.get("vocabulary", "")})
    else:
        yield NewRow("taxonomy", dict(cells))


def _phone(cells: Cells) -> Iterator[New]:
    yield NewRow("phone", {name: cell for name, cell in cells.items() if name != "language"})
    language = cells.get("language", "").strip()
    if language and cells.get("id", "").strip():
        yield NewRow("language", {"id": f"phone-{cells['id']}", "phone_id": cells["id"], "name": language})


# File name (without ending) of old versions -> conversion. A name that is not here keeps its cells.
CONVERSIONS: dict[str, Callable[[Cells], Iterator[New]]] = {
    "physical_addresses": _address("physical"),
    "postal_addresses": _address("postal"),
    "regular_schedules": _regular_schedule,
    "holiday_schedules": _holiday_schedule,
    "eligibility": _eligibility,
    "eligibilities": _eligibility,
    "payments_accepted": _payment,
    "services_taxonomy": _service_term,
    "service_taxonomy": _service_term,
    "service_attributes": _service_term,
    "other_attributes": _other_attribute,
    "taxonomy": _taxonomy,
    "phones": _phone,
}
# Old file names whose rows only need the new table's name.
RENAMED: dict[str, str] = {
    "services_at_location": "service_at_location",
    "service_at_locations": "service_at_location",
    "accessibility_for_disabilities": "accessibility",
    "taxonomy_term": "taxonomy_term",
    "service_capacities": "service_capacity",
    "urls": "url",
    "address": "address",
    "attribute": "attribute",
    "meta_table_description": "meta_table_description",
}
