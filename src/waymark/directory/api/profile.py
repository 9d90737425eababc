"""Our HSDS Profile at a public address: JSON Merge Patches (RFC 7386) of the standard's schemas, and a page for people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render

from waymark.access.guard import public
from waymark.directory.api import answers
from waymark.directory.api.description import describe, field_schema
from waymark.directory.api.endpoints import READ, answering, base_url
from waymark.directory.api.parameters import read
from waymark.directory.formats.hsds_json import PLACE_FIELDS, SERVICE_HIDES
from waymark.directory.formats.hsds_objects import OBJECTS

WORDS = {
    ("service", "police_contact"): (
        "Whether the service tells police about the person who asks: never unless the law demands it, only with the "
        "person's consent, it works with police, or not known. Unknown is never shown as a promise."
    ),
    ("location", "confidential"): (
        "True for a place that may not be found. It has no address, coordinates, postcode, name or way to it, and no "
        "postcode search finds it. Absent for all other places."
    ),
    ("schedule", "is_closed"): "True when the dates of this schedule are closed: a holiday or a pause.",
}


def patches(base: str) -> dict[str, dict[str, Any]]:
    """Merge patches by file name: what we add to the standard's schemas, and to its API description."""
    made: dict[str, dict[str, Any]] = {}
    for name, item in OBJECTS.items():
        added = {
            field.name: {"name": field.name, "description": WORDS[name, field.name], **field_schema(field)}
            for field in item.fields
            if field.profile
        }
        if added:
            made[f"{name}.json"] = {"properties": added}
    ours = describe(base)
    made["openapi.json"] = {key: ours[key] for key in ("info", "servers", "tags")} | {
        "components": {"schemas": {key: ours["components"]["schemas"][key] for key in ("Page", "Minimal", "Error")}}
    }
    return made


@public
@answering(*READ)
def profile_page(request: HttpRequest) -> HttpResponseBase:
    """What differs from the standard, in words."""
    read(request, ())
    base = base_url(request)
    context = {
        "files": sorted(patches(base)),
        "added": [(name, field, words) for (name, field), words in WORDS.items()],
        "kept": [(name.replace("_", " "), ", ".join(sorted(fields))) for name, fields in PLACE_FIELDS.items()],
        "held_back": [(name.replace("_", " "), ", ".join(sorted(fields))) for name, fields in SERVICE_HIDES.items()],
    }
    return render(request, "directory/hsds_profile.html", context)


@public
@answering(*READ)
def profile_file(request: HttpRequest, name: str) -> HttpResponseBase:
    """One merge patch."""
    read(request, ())
    found = patches(base_url(request)).get(name)
    if found is None:
        return answers.error(404, "The profile changes no schema of this name.")
    return answers.json_answer(found)
