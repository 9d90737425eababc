"""Export the directory: CSV data package, JSON or lines of JSON, each row through the one serializer door.

The file appears only when it is whole: it is written beside its place and moved there at the end.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO

from django.db import connection, transaction

from waymark.directory.formats.hsds_csv_writer import data_package, write_table
from waymark.directory.formats.hsds_json import Json
from waymark.directory.formats.hsds_records import ExchangeError
from waymark.directory.formats.hsds_tables import TABLES
from waymark.directory.selectors.documents import full_documents, in_batches, model_of, public_rows

Progress = Callable[[str, int], None]
FORMATS = ("csv", "json", "ndjson")
# Nested documents that together hold every row: a location that hangs on nothing stands by itself.
_ROOTS: dict[str, dict[str, object]] = {
    "service": {},
    "organization": {},
    "location": {"organization__isnull": True, "service_at_locations__isnull": True},
    "taxonomy": {},
    "taxonomy_term": {},
}


def format_for(path: Path) -> str:
    """The format that a path asks for: .json, .ndjson, else the CSV package (a folder, or one .zip file)."""
    return {".json": "json", ".ndjson": "ndjson", ".jsonl": "ndjson"}.get(path.suffix.lower(), "csv")


def export_hsds(*, path: Path, kind: str | None = None, progress: Progress | None = None) -> dict[str, int]:
    """Write the public directory to `path`; returns rows (CSV) or documents (JSON) by table.

    Raises ExchangeError when the place cannot be written. All tables come from one moment of the database.
    """
    kind = kind or format_for(path)
    if path.exists() and not (path.is_dir() and not any(path.iterdir())):
        raise ExchangeError(f"{path}: something is there already. Choose another name or remove it first.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".export-", dir=path.parent) as folder, transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        made = Path(folder) / "made"
        if kind == "csv":
            counts = _write_package(made, path.suffix.lower() == ".zip", progress)
        else:
            counts = _write_documents(made, kind, progress)
        if path.is_dir():
            path.rmdir()
        if made.is_dir():
            shutil.copytree(made, path)
        else:
            os.replace(made, path)
    return counts


def _write_package(made: Path, is_zip: bool, progress: Progress | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    if is_zip:
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in TABLES.values():
                with archive.open(f"{table.file}.csv", "w") as raw:
                    text = io.TextIOWrapper(raw, encoding="utf-8", newline="")
                    counts[table.name] = write_table(table, public_rows(table.name), text, progress)
                    text.flush()
                    text.detach()
            archive.writestr("datapackage.json", data_package())
        return counts
    made.mkdir()
    for table in TABLES.values():
        with (made / f"{table.file}.csv").open("w", encoding="utf-8", newline="") as stream:
            counts[table.name] = write_table(table, public_rows(table.name), stream, progress)
    (made / "datapackage.json").write_text(data_package(), encoding="utf-8")
    return counts


def _documents(name: str) -> Iterator[Json]:
    ids = model_of(name)._default_manager.filter(**_ROOTS[name]).order_by("id").values_list("id", flat=True)
    for batch in in_batches(ids.iterator(chunk_size=2_000)):
        yield from full_documents(name, batch)


def _write_documents(made: Path, kind: str, progress: Progress | None) -> dict[str, int]:
    counts: dict[str, int] = {}
    with made.open("w", encoding="utf-8") as stream:
        stream.write("[" if kind == "json" else "")
        is_first = True
        for name in _ROOTS:
            counts[name] = 0
            for document in _documents(name):
                _write_one(stream, document, kind, is_first)
                is_first = False
                counts[name] += 1
                if progress and counts[name] % 200 == 0:
                    progress(name, counts[name])
        stream.write("\n]\n" if kind == "json" else "")
    return counts


def _write_one(stream: IO[str], document: Json, kind: str, is_first: bool) -> None:
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    if kind == "ndjson":
        stream.write(text + "\n")
    else:
        stream.write(("\n" if is_first else ",\n") + text)
