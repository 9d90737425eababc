"""Nested public documents, built in batches: one query for each kind of row, however many services are asked for.

Everything passes the serializer door (`formats.hsds_json.publish`). This module only finds rows, says how secret they are,
and nests what the door let through.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model, QuerySet

from waymark.directory.formats.hsds_json import Json, Secrecy, publish
from waymark.directory.formats.hsds_objects import OBJECTS, HsdsObject

Row = dict[str, Any]

BATCH = 200
HISTORY_SHOWN = 50

# What the organization inside a service carries. Its places stay out: a big agency has a hundred of them.
_ORGANIZATION_IN_SERVICE = frozenset(
    {"additional_websites", "funding", "contacts", "phones", "programs", "organization_identifiers"}
)

# Which other rows hang on a place or on a service at a place, by column.
_HANGING = ("phone", "contact", "schedule", "language", "accessibility", "service_area", "address")


def model_of(name: str) -> type[Model]:
    """The model that holds an object of the standard."""
    return apps.get_model("directory", OBJECTS[name].model)


def table_of(name: str) -> str:
    return model_of(name)._meta.db_table


def _columns(item: HsdsObject) -> list[str]:
    columns = [field.source for field in item.fields]
    columns += [one.column for one in item.one if one.column not in columns]
    if item.name == "service":
        columns.append("modified_at")
    return columns


def rows_of(name: str, **lookup: Any) -> list[Row]:
    """Raw rows of one object, in a lasting order; they must pass the door before anyone sees them."""
    return list(_queryset(name, **lookup))


def _queryset(name: str, **lookup: Any) -> QuerySet[Model, Row]:
    return model_of(name)._default_manager.filter(**lookup).order_by("id").values(*_columns(OBJECTS[name]))


class Secrets:
    """Which rows belong to confidential places. Read once for a batch; such places are few."""

    def __init__(self) -> None:
        self.places: set[uuid.UUID] = set()
        self.visits: set[uuid.UUID] = set()
        self.services: set[uuid.UUID] = set()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT l.id, v.id, v.service_id FROM directory_location l"
                " LEFT JOIN directory_serviceatlocation v ON v.location_id = l.id WHERE l.is_confidential"
            )
            for place, visit, service in cursor.fetchall():
                self.places.add(place)
                if visit:
                    self.visits.add(visit)
                    self.services.add(service)
        self._hanging: set[uuid.UUID] | None = None

    def hanging(self) -> set[uuid.UUID]:
        """Ids of every row that hangs on a confidential place: for rows that name any other row by its id."""
        if self._hanging is None:
            self._hanging = set(self.places | self.visits)
            if self.places:
                for name in _HANGING:
                    model = model_of(name)
                    columns = {field.name for field in OBJECTS[name].fields}
                    for column, ids in (("location_id", self.places), ("service_at_location_id", self.visits)):
                        if column in columns:
                            found = model._default_manager.filter(**{f"{column}__in": ids})
                            self._hanging.update(found.values_list("pk", flat=True))
        return self._hanging

    def of(self, name: str, row: Row, parent: Secrecy = Secrecy.OPEN) -> Secrecy:
        """How secret one row is; never less than the row it hangs on."""
        if (
            row["id"] in (self.places if name == "location" else self.visits)
            or row.get("location_id") in self.places
            or row.get("service_at_location_id") in self.visits
        ):
            return Secrecy.PLACE
        if name in {"attribute", "metadata"}:
            target = row["link_id" if name == "attribute" else "resource_id"]
            if self.places and target in self.hanging():
                return Secrecy.PLACE
            if target in self.services:
                return max(parent, Secrecy.SERVICE)
        if row["id"] in self.services or row.get("service_id") in self.services:
            return max(parent, Secrecy.SERVICE)
        return parent


def public_rows(name: str, **lookup: Any) -> Iterator[Json]:
    """Flat public rows of one object for tables (CSV), through the door, at constant memory."""
    secrets = Secrets()
    rows = _queryset(name, **lookup).iterator(chunk_size=1000)
    for row in rows:
        published = publish(name, row, secrets.of(name, row))
        if published is not None:
            yield published


class _Nester:
    """Builds nested objects level by level and hangs attributes and history on at the end, two queries for all."""

    def __init__(self, secrets: Secrets, flat: bool = False) -> None:
        self.secrets = secrets
        self.flat = flat
        self.built: dict[uuid.UUID, list[tuple[str, Json, Secrecy]]] = defaultdict(list)

    def nest(
        self,
        name: str,
        rows: Sequence[Row],
        parents: Sequence[Secrecy],
        only: frozenset[str] | None = None,
    ) -> list[Json | None]:
        item = OBJECTS[name]
        levels = [self.secrets.of(name, row, parent) for row, parent in zip(rows, parents, strict=True)]
        results = [publish(name, row, level) for row, level in zip(rows, levels, strict=True)]
        kept = [
            (row, level, result) for row, level, result in zip(rows, levels, results, strict=True) if result is not None
        ]
        for row, level, result in kept:
            self.built[row["id"]].append((name, result, level))
        if not kept:
            return results
        for one in item.one:
            self._one(one.key, one.object, one.column, kept)
        for many in item.many:
            if not self.flat and (only is None or many.key in only):
                self._many(many.key, many.object, many.back, kept)
        return results

    def _one(self, key: str, name: str, column: str, kept: list[tuple[Row, Secrecy, Json]]) -> None:
        wanted = {row[column] for row, _, _ in kept if row[column]}
        if not wanted:
            return
        rows = rows_of(name, id__in=wanted)
        only = _ORGANIZATION_IN_SERVICE if name == "organization" else None
        nested = self.nest(name, rows, [Secrecy.OPEN] * len(rows), only=only)
        found = {row["id"]: value for row, value in zip(rows, nested, strict=True)}
        for row, _, result in kept:
            value = found.get(row[column])
            if value is not None:
                result[key] = value

    def _many(self, key: str, name: str, back: str, kept: list[tuple[Row, Secrecy, Json]]) -> None:
        by_id = {row["id"]: (level, result) for row, level, result in kept}
        rows = rows_of(name, **{f"{back}__in": list(by_id)})
        if not rows:
            return
        levels = [by_id[row[back]][0] for row in rows]
        for row, value in zip(rows, self.nest(name, rows, levels), strict=True):
            if value is not None:
                by_id[row[back]][1].setdefault(key, []).append(value)

    def finish(self) -> None:
        """Hang attributes and recorded changes on every object that was built."""
        self._hang("attribute", "link_id", "attributes")
        self._hang("metadata", "resource_id", "metadata")

    def _hang(self, name: str, column: str, key: str) -> None:
        rows = rows_of(name, **{f"{column}__in": list(self.built)})
        if name == "metadata":
            rows = [row for row in rows if not (row["last_action_type"] == "create" and row["field_name"] == "id")]
            rows.sort(key=lambda row: (row["last_action_date"], row["id"]), reverse=True)
        terms: dict[object, Json | None] = {}
        if name == "attribute" and rows:
            term_rows = rows_of("taxonomy_term", id__in={row["taxonomy_term_id"] for row in rows})
            built = self.built
            self.built = defaultdict(list)
            nested = self.nest("taxonomy_term", term_rows, [Secrecy.OPEN] * len(term_rows))
            self.built = built
            terms = {row["id"]: value for row, value in zip(term_rows, nested, strict=True)}
        for row in rows:
            for owner, result, level in self.built[row[column]]:
                item = OBJECTS[owner]
                if not (item.has_attributes if name == "attribute" else item.has_metadata):
                    continue
                published = publish(name, row, self.secrets.of(name, row, level))
                if published is None or (name == "metadata" and len(result.get(key, ())) >= HISTORY_SHOWN):
                    continue
                if terms.get(row.get("taxonomy_term_id", row["id"])):
                    published["taxonomy_term"] = terms[row["taxonomy_term_id"]]
                result.setdefault(key, []).append(published)


def _in_order(name: str, ids: Sequence[uuid.UUID]) -> list[Row]:
    found = {row["id"]: row for row in rows_of(name, id__in=ids)}
    return [found[key] for key in ids if key in found]


def full_documents(name: str, ids: Sequence[uuid.UUID]) -> list[Json]:
    """Fully nested documents in the order of the ids; ids that do not exist are left out."""
    nester = _Nester(Secrets())
    rows = _in_order(name, ids)
    results = nester.nest(name, rows, [Secrecy.OPEN] * len(rows))
    nester.finish()
    if name == "service_at_location":
        _with_services(rows, results)
    return [result for result in results if result is not None]


def list_documents(name: str, ids: Sequence[uuid.UUID]) -> list[Json]:
    """Documents with their one-to-one objects only, as the standard's lists show them."""
    nester = _Nester(Secrets(), flat=True)
    rows = _in_order(name, ids)
    results = nester.nest(name, rows, [Secrecy.OPEN] * len(rows))
    if name == "service_at_location":
        _with_services(rows, results)
    return [result for result in results if result is not None]


def _with_services(rows: Sequence[Row], results: Sequence[Json | None]) -> None:
    """A service at a location names its service; that one comes without nested lists."""
    services = rows_of("service", id__in={row["service_id"] for row in rows})
    secrets = Secrets()
    published = {row["id"]: publish("service", row, secrets.of("service", row)) for row in services}
    for row, result in zip(rows, results, strict=True):
        service = published.get(row["service_id"])
        if result is not None and service is not None:
            result["service"] = service


def in_batches(ids: Iterable[uuid.UUID], size: int = BATCH) -> Iterator[list[uuid.UUID]]:
    iterator = iter(ids)
    while batch := list(islice(iterator, size)):
        yield batch
