"""Pages of the API's five lists, as finished JSON text.

Services and services at locations come from their documents in one query; organizations and taxonomies are few and are
built when asked. Filters are joined by AND, as the standard demands.
"""

from __future__ import annotations

import json
import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef, Q, QuerySet

from waymark.coalition.models import PostalArea
from waymark.directory.models import Attribute, Organization, Service, Taxonomy, TaxonomyTerm
from waymark.directory.selectors.documents import full_documents, in_batches, list_documents
from waymark.directory.selectors.epoch import Remembered, publication_epoch, sealed
from waymark.directory.selectors.freshness import dump
from waymark.directory.selectors.search import meaning_of, ranking
from waymark.directory.selectors.words import raw_words

EARTH_RADIUS = 6_371_008.8
STREAM_ROWS = 400
MOST_REMEMBERED = 50


@dataclass(frozen=True)
class ListQuery:
    """What a reader of a list asks for; None and empty mean that it does not matter."""

    search: str = ""
    taxonomy_term_id: uuid.UUID | None = None
    taxonomy_id: uuid.UUID | None = None
    organization_id: uuid.UUID | None = None
    modified_after: str = ""
    minimal: bool = False
    full: bool = False
    full_service: bool = False
    postcode: str = ""
    proximity: int | None = None
    top_only: bool = False
    parent_id: uuid.UUID | None = None
    page: int = 1
    per_page: int = 50


@dataclass
class Statement:
    """A growing SELECT over documents."""

    table: str
    key: str
    where: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    order: str = ""
    order_values: list[Any] = field(default_factory=list)
    join: str = ""

    def add(self, condition: str, *values: Any) -> None:
        self.where.append(condition)
        self.values += values

    @property
    def condition(self) -> str:
        return f" WHERE {' AND '.join(self.where)}" if self.where else ""

    def column(self, query: ListQuery) -> str:
        if query.minimal:
            return _minimal(self.key)
        return 'd."full"' if query.full else "d.listed"

    def count(self) -> tuple[str, list[Any]]:
        return f"SELECT count(*) FROM {self.table} d{self.join}{self.condition}", self.values  # noqa: S608

    def rows(self, column: str, limit: int | None, offset: int) -> tuple[str, list[Any]]:
        order = self.order or f"d.name, d.{self.key}"
        sql = f"SELECT {column} FROM {self.table} d{self.join}{self.condition} ORDER BY {order}"  # noqa: S608
        values = [*self.values, *self.order_values]
        if limit is not None:
            sql += " LIMIT %s OFFSET %s"
            values += [limit, offset]
        return sql, values


_counts: Remembered[int] = Remembered(4096)
_pages: Remembered[str] = Remembered(1000)
_details: Remembered[str | None] = Remembered(1000)
_centres: Remembered[tuple[float, float] | None] = Remembered(1024)


def _minimal(key: str) -> str:
    return (
        f"""'{{"id":"' || d.{key} || '","modified_date":"' || """
        """to_char(d.changed_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"}'"""
    )


def document_statement(name: str, query: ListQuery, epoch: int | None) -> Statement:
    visits = name == "service_at_location"
    made = Statement(*(("directory_visitdocument", "visit_id") if visits else ("directory_servicedocument", "service_id")))
    if query.taxonomy_term_id:
        made.add("d.terms @> ARRAY[%s]::uuid[]", query.taxonomy_term_id)
    if query.taxonomy_id:
        made.add("d.taxonomies @> ARRAY[%s]::uuid[]", query.taxonomy_id)
    if query.organization_id:
        made.add("d.organization_id = %s", query.organization_id)
    if query.modified_after:
        made.add("d.changed_at >= %s::timestamptz", query.modified_after)
    if query.postcode:
        _near(made, query, epoch)
    if query.search.strip():
        condition, values, score, score_values = ranking(meaning_of(query.search), "s" if visits else "d")
        if visits:
            made.join = " JOIN directory_servicedocument s ON s.service_id = d.service_id"
        made.add(condition, *values)
        made.order = f"({score}) DESC, d.name, d.{made.key}"
        made.order_values = score_values
    return made


def _near(made: Statement, query: ListQuery, epoch: int | None) -> None:
    """Places near the centre of a postcode; a confidential place has neither postcode nor point, so it is never found."""
    code = query.postcode.split("-")[0].strip().upper()
    if query.proximity is None:
        made.add("d.postcodes @> ARRAY[%s]::text[]", code)
        return
    centre = _centres.get(code, epoch, lambda: _centre(code))
    if centre is None:
        made.add("false")
        return
    latitude, longitude = (math.radians(part) for part in centre)
    point = [math.cos(latitude) * math.cos(longitude), math.cos(latitude) * math.sin(longitude), math.sin(latitude)]
    chord = 2 * math.sin(min(query.proximity / (2 * EARTH_RADIUS), math.pi / 2))
    made.add("d.point <@ cube_enlarge(cube(%s::float8[]), %s, 3)", point, chord)
    made.add("d.point <-> cube(%s::float8[]) <= %s", point, chord)
    made.order = f"d.point <-> cube(%s::float8[]), d.name, d.{made.key}"
    made.order_values = [point]


def _centre(code: str) -> tuple[float, float] | None:
    return PostalArea.objects.filter(code=code).values_list("latitude", "longitude").first()


def _document_page(name: str, query: ListQuery, epoch: int | None) -> tuple[int, str, int]:
    made = document_statement(name, query, epoch)
    count_sql, count_values = made.count()
    sql, values = made.rows(made.column(query), query.per_page, (query.page - 1) * query.per_page)
    with connection.cursor() as cursor:

        def count() -> int:
            cursor.execute(count_sql, count_values)
            return int(cursor.fetchone()[0])

        total = _counts.get(sealed(count_sql, count_values), epoch, count)
        cursor.execute(sql, values)
        rows = [row[0] for row in cursor.fetchall()]
    return total, ",".join(rows), len(rows)


def _live_queryset(name: str, query: ListQuery) -> QuerySet[Model, uuid.UUID]:
    """Ids of organizations, taxonomies or terms that a query means, in order."""
    model: type[Model] = {"organization": Organization, "taxonomy": Taxonomy, "taxonomy_term": TaxonomyTerm}[name]
    condition = Q()
    for word in raw_words(query.search):
        texts = Q(name__icontains=word) | Q(description__icontains=word)
        if name == "organization":
            texts |= Q(alternate_name__icontains=word)
        condition &= texts
    if query.search.strip() and not raw_words(query.search):
        condition &= Q(pk__in=[])
    for key, column in ((query.taxonomy_term_id, "taxonomy_term_id"), (query.taxonomy_id, "taxonomy_term__taxonomy_id")):
        if key and name == "organization":
            linked = Attribute.objects.filter(**{column: key})
            services = Service.objects.filter(organization_id=OuterRef("pk"), id__in=linked.values("link_id"))
            condition &= Q(Exists(linked.filter(link_id=OuterRef("pk")))) | Q(Exists(services))
    if name == "taxonomy_term":
        if query.taxonomy_id:
            condition &= Q(taxonomy_id=query.taxonomy_id)
        if query.parent_id:
            condition &= Q(parent_id=query.parent_id)
        if query.top_only:
            condition &= Q(parent_id=None)
    found: QuerySet[Model, Any] = model._default_manager.filter(condition).order_by("name", "id")
    return found.values_list("pk", flat=True)


def _live_documents(name: str, ids: list[uuid.UUID], query: ListQuery) -> list[str]:
    if name != "organization":
        return [dump(document) for document in list_documents(name, ids)]
    return organization_documents(ids, full=query.full, full_service=query.full_service)


def organization_documents(ids: list[uuid.UUID], *, full: bool, full_service: bool) -> list[str]:
    """Organizations as JSON; nested ones name their services, or carry them whole."""
    documents = (full_documents if full or full_service else list_documents)("organization", ids)
    if full or full_service:
        services: dict[str, list[Any]] = {}
        with connection.cursor() as cursor:
            column = (
                '"full"' if full_service else "json_build_object('id', service_id, 'name', name, 'status', status)::text"
            )
            cursor.execute(
                f"SELECT organization_id, {column} FROM directory_servicedocument"  # noqa: S608
                " WHERE organization_id = ANY(%s) ORDER BY name, service_id",
                [ids],
            )
            for organization, text in cursor.fetchall():
                services.setdefault(str(organization), []).append(json.loads(text))
        for document in documents:
            if document["id"] in services:
                document["services"] = services[document["id"]]
    return [dump(document) for document in documents]


def page(name: str, query: ListQuery, epoch: int | None, note: str = "") -> str:
    """One page of a list as JSON text; ordinary pages are remembered for the epoch, big ones are not."""
    if query.per_page > MOST_REMEMBERED or query.full or query.full_service:
        return _page(name, query, epoch, note)
    return _pages.get(sealed(name, query, note), epoch, lambda: _page(name, query, epoch, note))


def _page(name: str, query: ListQuery, epoch: int | None, note: str) -> str:
    if name in {"service", "service_at_location"}:
        total, contents, size = _document_page(name, query, epoch)
    else:
        found = _live_queryset(name, query)
        total = found.count()
        start = (query.page - 1) * query.per_page
        rows = _live_documents(name, list(found[start : start + query.per_page]), query)
        contents, size = ",".join(rows), len(rows)
    pages = -(-total // query.per_page)
    head = {
        "total_items": total,
        "total_pages": pages,
        "page_number": query.page,
        "size": size,
        "first_page": query.page == 1,
        "last_page": query.page >= pages,
        "empty": size == 0,
        **({"note": note} if note else {}),
    }
    return f'{json.dumps(head)[:-1]}, "contents": [{contents}]}}'


def stream(name: str, query: ListQuery) -> Iterator[bytes]:
    """A whole list, one JSON object a line, at constant memory."""
    epoch = publication_epoch()
    if name not in {"service", "service_at_location"}:
        for batch in in_batches(_live_queryset(name, query).iterator(chunk_size=1000)):
            yield "".join(f"{text}\n" for text in _live_documents(name, batch, query)).encode()
        return
    made = document_statement(name, query, epoch)
    sql, values = made.rows(made.column(query), None, 0)
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(sql, values)
        while rows := cursor.fetchmany(STREAM_ROWS):
            yield "".join(f"{row[0]}\n" for row in rows).encode()


def one(name: str, key: uuid.UUID, *, full_service: bool = False) -> tuple[int | None, str | None]:
    """The epoch, and one fully nested object as JSON text or None."""
    if name in {"service", "service_at_location"}:
        table, column = ("servicedocument", "service_id") if name == "service" else ("visitdocument", "visit_id")

        def read() -> str | None:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT "full" FROM directory_{table} WHERE {column} = %s', [key])  # noqa: S608
                row = cursor.fetchone()
            return row[0] if row else None

        epoch = publication_epoch()
        return epoch, _details.get(sealed(name, key), epoch, read)
    epoch = publication_epoch()
    if name == "organization":
        texts = organization_documents([key], full=True, full_service=full_service)
    else:
        texts = [dump(document) for document in full_documents(name, [key])]
    return epoch, texts[0] if texts else None
