"""Rows of several tables by one question to the database, for a page on which everything about a person comes together.

Each table's rows come as JSON and are made rows again, so that what reads them does not know the difference.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import BinaryField, F, Model, QuerySet, Value, Window
from django.db.models.functions import JSONObject, RowNumber


def rows_of(asked: Mapping[str, QuerySet[Any]]) -> dict[str, list[Any]]:
    """The rows of each question, in its order. They are to be read: relations are not loaded along."""
    found: dict[str, list[Any]] = {kind: [] for kind in asked}
    branches = [_branch(kind, rows) for kind, rows in asked.items()]
    for kind, _, body in sorted(branches[0].union(*branches[1:], all=True), key=lambda row: (row[0], row[1])):
        found[kind].append(_row(asked[kind].model, body))
    return found


def _branch(kind: str, rows: QuerySet[Any]) -> QuerySet[Any, Any]:
    columns = {field.attname: F(field.attname) for field in rows.model._meta.concrete_fields}
    order: list[Any] = list(rows.query.order_by)
    place = Window(RowNumber(), order_by=order)
    shaped: QuerySet[Any, Any] = rows.annotate(of=Value(kind), row_place=place, body=JSONObject(**columns))
    return shaped.values_list("of", "row_place", "body")


def _row(model: type[Model], body: dict[str, Any]) -> Model:
    values = [
        _bytes(body[field.attname]) if isinstance(field, BinaryField) else field.to_python(body[field.attname])
        for field in model._meta.concrete_fields
    ]
    return model.from_db("default", [field.attname for field in model._meta.concrete_fields], values)


def _bytes(said: str | None) -> bytes | None:
    """What PostgreSQL writes for bytes: `\\x` and two digits each."""
    return None if said is None else bytes.fromhex(said.removeprefix("\\x"))
