"""Writes the CSV data package of the standard: one file for each object, and `datapackage.json` that describes them.

Cells that a spreadsheet would run as a formula get an apostrophe in front; our reader takes it off again.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from waymark.directory.formats.hsds_objects import Kind
from waymark.directory.formats.hsds_tables import TABLES, Table
from waymark.directory.formats.hsds_values import looks_like_formula

_TYPES = {
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.DATETIME: "datetime",
    Kind.TIME: "time",
    Kind.FLAG: "boolean",
}
Progress = Callable[[str, int], None]


def cell(value: Any) -> str:
    """The text of one cell."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if looks_like_formula(text) else text


def write_table(table: Table, rows: Iterable[Mapping[str, Any]], stream: IO[str], progress: Progress | None = None) -> int:
    """Write a table's rows with its heading; returns the number of rows."""
    names = [field.name for field in table.fields]
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(names)
    count = 0
    for row in rows:
        writer.writerow([cell(row.get(name)) for name in names])
        count += 1
        if progress and count % 2_000 == 0:
            progress(table.file, count)
    return count


def data_package() -> str:
    """The descriptor (Frictionless Data Package) of all tables, as JSON text."""
    resources = []
    for table in TABLES.values():
        fields = [
            {
                "name": field.name,
                "type": _TYPES.get(field.kind, "string"),
                **({"format": "uuid"} if field.kind is Kind.UUID else {}),
                **({"constraints": {"required": True}} if field.is_required else {}),
            }
            for field in table.fields
        ]
        foreign_keys = [
            {
                "fields": field.name,
                "reference": {
                    "resource": "" if field.refers_to == table.name else TABLES[field.refers_to or ""].file,
                    "fields": "id",
                },
            }
            for field in table.references
        ]
        resources.append(
            {
                "name": table.file,
                "path": f"{table.file}.csv",
                "encoding": "utf-8",
                "schema": {"primaryKey": "id", "fields": fields, "foreignKeys": foreign_keys},
            }
        )
    package = {"name": "human_services_data", "profile": "tabular-data-package", "resources": resources}
    return json.dumps(package, indent=2) + "\n"
