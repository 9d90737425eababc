"""The OpenAPI 3.1 description, made from the tables that also read requests and write answers."""

from __future__ import annotations

from typing import Any

from waymark.directory.api.parameters import Parameter
from waymark.directory.api.paths import RESOURCES, Resource
from waymark.directory.formats.hsds_objects import OBJECTS, Field, HsdsObject, Kind

Json = dict[str, Any]

_TYPES: dict[Kind, Json] = {
    Kind.TEXT: {"type": "string"},
    Kind.URI: {"type": "string", "format": "uri"},
    Kind.EMAIL: {"type": "string", "format": "email"},
    Kind.NUMBER: {"type": "number"},
    Kind.UUID: {"type": "string", "format": "uuid"},
    Kind.DATE: {"type": "string", "format": "date"},
    Kind.TIME: {"type": "string", "pattern": "^\\d\\d:\\d\\d:\\d\\d$"},
    Kind.DATETIME: {"type": "string", "format": "date-time"},
    Kind.FLAG: {"type": "boolean"},
}
_ERRORS = {
    "404": "There is no such object.",
    "405": "The address does not answer this method.",
    "415": "The body is neither a form nor JSON.",
    "422": "A parameter cannot be used; `detail` says why.",
}


def _reference(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def field_schema(field: Field) -> Json:
    if field.kind is Kind.CHOICE:
        return {"type": "string", "enum": list(field.choices)}
    return dict(_TYPES[field.kind])


def object_schema(item: HsdsObject) -> Json:
    """The JSON Schema of an object as we publish it, our Profile's fields included."""
    properties: Json = {field.name: field_schema(field) for field in item.fields}
    for one in item.one:
        properties[one.key] = _reference(one.object)
    for many in item.many:
        properties[many.key] = {"type": "array", "items": _reference(many.object)}
    if item.has_attributes:
        properties["attributes"] = {"type": "array", "items": _reference("attribute")}
    if item.has_metadata:
        properties["metadata"] = {"type": "array", "items": _reference("metadata")}
    if item.name == "organization":
        properties["services"] = {"type": "array", "items": _reference("service")}
    if item.name == "service_at_location":
        properties["service"] = _reference("service")
    required = [field.name for field in item.fields if field.required]
    if item.name == "service_capacity":
        required.append("unit")
    return {"type": "object", "properties": properties, "required": required}


def _page_schema() -> Json:
    numbers = ("total_items", "total_pages", "page_number", "size")
    flags = ("first_page", "last_page", "empty")
    return {
        "type": "object",
        "properties": {
            **{name: {"type": "integer", "minimum": 0} for name in numbers},
            **{name: {"type": "boolean"} for name in flags},
            "note": {"type": "string", "description": "A word to whoever wrote the request."},
        },
        "required": [*numbers, *flags],
    }


def _parameter(parameter: Parameter) -> Json:
    return {
        "name": parameter.name,
        "in": "query",
        "required": False,
        "description": parameter.description,
        "schema": parameter.schema(),
    }


def _errors(*codes: str) -> Json:
    return {
        code: {"description": _ERRORS[code], "content": {"application/json": {"schema": _reference("Error")}}}
        for code in codes
    }


def _ok(schema: Json, description: str, *, streams: bool = False) -> Json:
    content: Json = {"application/json": {"schema": schema}}
    if streams:
        content["application/x-ndjson"] = {"schema": {"type": "string"}}
    return {"200": {"description": description, "content": content}}


def _list_operation(resource: Resource, method: str) -> Json:
    contents: Json = _reference(resource.object)
    if any(parameter.name == "minimal" for parameter in resource.parameters):
        contents = {"anyOf": [contents, _reference("Minimal")]}
    page = {"allOf": [_reference("Page")], "properties": {"contents": {"type": "array", "items": contents}}}
    operation: Json = {
        "operationId": f"{method}_{resource.path}",
        "summary": f"A page of {resource.title}, or all of them as ndjson.",
        "tags": ["required" if resource.is_required else "optional"],
        "parameters": [_parameter(parameter) for parameter in resource.parameters],
        "responses": _ok({**page, "type": "object", "required": ["contents"]}, f"A page of {resource.title}.", streams=True)
        | _errors("405", *(("415",) if method == "post" else ()), "422"),
    }
    if method == "post":
        body = {
            "type": "object",
            "properties": {parameter.name: parameter.schema() for parameter in resource.parameters},
            "additionalProperties": False,
        }
        operation["description"] = "As GET, with the search kept out of addresses and logs. The body wins over the address."
        operation["requestBody"] = {
            "required": False,
            "content": {"application/json": {"schema": body}, "application/x-www-form-urlencoded": {"schema": body}},
        }
    return operation


def _single_operation(resource: Resource) -> Json:
    return {
        "operationId": f"get_one_of_{resource.path}",
        "summary": f"One object of {resource.title}, fully nested.",
        "tags": ["required" if resource.is_required else "optional"],
        "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}},
            *(_parameter(parameter) for parameter in resource.single),
        ],
        "responses": _ok(_reference(resource.object), "The object.") | _errors("404", "405", "422"),
    }


def _root_operation() -> Json:
    texts = ("version", "profile", "openapi_url", "publisher", "data_guide")
    schema = {
        "type": "object",
        "properties": {
            name: {"type": "string", **({"format": "uri"} if name in {"profile", "openapi_url", "data_guide"} else {})}
            for name in texts
        },
        "required": list(texts[:3]),
    }
    return {
        "operationId": "get_root",
        "summary": "What this API is.",
        "tags": ["required"],
        "responses": _ok(schema, "Version, profile, description, publisher, guide.") | _errors("405", "422"),
    }


def _paths() -> Json:
    paths: Json = {"/": {"get": _root_operation()}}
    for resource in RESOURCES:
        paths[f"/{resource.path}"] = {
            "get": _list_operation(resource, "get"),
            "post": _list_operation(resource, "post"),
        }
        paths[f"/{resource.path}/{{id}}"] = {"get": _single_operation(resource)}
    return paths


def describe(base: str) -> Json:
    """The whole description; `base` is the address of the API."""
    schemas = {name: object_schema(item) for name, item in OBJECTS.items()}
    schemas["Page"] = _page_schema()
    schemas["Minimal"] = {
        "type": "object",
        "properties": {
            "id": {"type": "string", "format": "uuid"},
            "modified_date": {"type": "string", "format": "date-time"},
        },
        "required": ["id", "modified_date"],
        "additionalProperties": False,
    }
    schemas["Error"] = {
        "type": "object",
        "properties": {"detail": {"type": "string"}, "parameter": {"type": "string"}},
        "required": ["detail"],
    }
    return {
        "openapi": "3.1.0",
        "jsonSchemaDialect": "https://json-schema.org/draft/2020-12/schema",
        "info": {
            "title": "Service directory",
            "version": "3.2",
            "summary": "Human services of a region, as HSDS 3.1 objects with the 3.2 root.",
            "description": (
                "Read-only and open: no key, no cookie, no record of who asks. Filters are joined by AND. "
                "A confidential place is published without address, coordinates or postcode, and no postcode search "
                f"finds it: see {base}profile/."
            ),
            "license": {"name": "See the publisher", "url": f"{base}profile/"},
        },
        "servers": [{"url": base.rstrip("/")}],
        "tags": [{"name": "required"}, {"name": "optional"}],
        "paths": _paths(),
        "components": {"schemas": schemas},
    }
