"""The one serializer door: every row of the directory that leaves this system passes `publish`.

Pages, API, ndjson, CSV, snapshot and print all read what this door lets through. Empty text is left out, numbers are
numbers, and a value that the standard's schema would refuse (a broken web address in an imported file) is left out
rather than passed on. Rows about a *confidential place* keep a short list of fields, named here; anything new stays
inside until somebody adds it to that list on purpose.
"""

from __future__ import annotations

import datetime as dt
import math
import re
import uuid
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from waymark.directory.formats.hsds_objects import OBJECTS, Field, Kind

Json = dict[str, Any]

URI = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]*:(//[A-Za-z0-9._~%:@\[\]-]+)?[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*$")
EMAIL = re.compile(r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$")


class Secrecy(IntEnum):
    """How near a row is to a confidential place."""

    OPEN = 0
    SERVICE = 1  # the row belongs to a service that has a confidential place
    PLACE = 2  # the row is the place itself, or hangs on it


# What a row may show when it is, or hangs on, a confidential place. Objects that are missing show nothing at all.
PLACE_FIELDS: dict[str, frozenset[str]] = {
    "location": frozenset({"id", "location_type", "confidential"}),
    "service_at_location": frozenset({"id", "service_id", "location_id"}),
    "service_area": frozenset({"id", "service_at_location_id", "name"}),
    "phone": frozenset({"id", "location_id", "service_at_location_id", "number", "extension", "type"}),
    "schedule": frozenset(field.name for field in OBJECTS["schedule"].fields) - {"description", "notes", "schedule_link"},
    "language": frozenset({"id", "location_id", "phone_id", "name", "code"}),
}
# What a service with a confidential place holds back: names of staff and free text beside numbers.
SERVICE_HIDES: dict[str, frozenset[str]] = {
    "service": frozenset({"assurer_email"}),
    "contact": frozenset({"name", "email"}),
    "attribute": frozenset({"value", "label"}),
    "service_capacity": frozenset({"description"}),
    "metadata": frozenset({"previous_value", "replacement_value"}),
}


def public_author(updated_by: str) -> str:
    """Who made a change, as the public may know it: the work, never the person."""
    if updated_by in {"", "system"}:
        return "system"
    return "steward" if updated_by.startswith("staff:") else "source"


def _number(value: float) -> int | float | None:
    if not math.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else value


def _datetime(value: dt.datetime) -> str:
    if value.tzinfo is None:
        value = value.replace(tzinfo=dt.UTC)
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


def published_value(field: Field, value: Any) -> Any:
    """The JSON value of one field, or None when it says nothing or the standard would refuse it."""
    if value is None:
        return None
    match field.kind:
        case Kind.TEXT:
            return value or None
        case Kind.URI:
            return value if URI.match(value) else None
        case Kind.EMAIL:
            return value if EMAIL.match(value) else None
        case Kind.NUMBER:
            return _number(value)
        case Kind.UUID:
            return str(value) if isinstance(value, uuid.UUID) else value
        case Kind.DATE:
            return value.isoformat()
        case Kind.TIME:
            return value.strftime("%H:%M:%S")
        case Kind.DATETIME:
            return _datetime(value)
        case Kind.FLAG:
            return True if value else None
        case Kind.CHOICE:
            return value if value in field.choices else None


def _published_change(result: Json, row: Mapping[str, Any]) -> Json | None:
    """A change as the public may know it: of an object of the standard only, and by whose work."""
    item = OBJECTS.get(row["resource_type"])
    if item is None:
        return None
    names = {field.source: field.name for field in item.fields}
    result["field_name"] = names.get(row["field_name"], row["field_name"])
    result["updated_by"] = public_author(row["updated_by"])
    return result


def publish(name: str, row: Mapping[str, Any], secrecy: Secrecy = Secrecy.OPEN) -> Json | None:
    """One row as its public JSON object, without nested objects; None when nothing of it may leave."""
    if name == "location" and row.get("is_confidential"):
        secrecy = Secrecy.PLACE
    allowed = PLACE_FIELDS.get(name, frozenset()) if secrecy is Secrecy.PLACE else None
    if allowed is not None and not allowed:
        return None
    hidden = SERVICE_HIDES.get(name, frozenset()) if secrecy is Secrecy.SERVICE else frozenset()
    result: Json = {}
    for field in OBJECTS[name].fields:
        if (allowed is not None and field.name not in allowed) or field.name in hidden:
            value = None
        else:
            value = published_value(field, row[field.source])
        if value is None:
            if not field.required:
                continue
            if field.kind is not Kind.TEXT:
                return None
            value = ""
        result[field.name] = value
    if name == "metadata":
        return _published_change(result, row)
    if name == "service" and "last_modified" not in result and row.get("modified_at"):
        result["last_modified"] = _datetime(row["modified_at"])
    return result
