"""Reads the JSON form of the standard 3.x: one object, a list, a page of an API, lines of JSON, or the tabular form.

Nested objects become rows of their own tables. Lists are read as a stream, so a large file needs little memory.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

import ijson

from waymark.directory.formats.hsds_records import ExchangeError, Record
from waymark.directory.formats.hsds_rows import ALIASES, RowBuilder, table_named
from waymark.directory.formats.hsds_sources import BoundedLines, SourceFile
from waymark.directory.formats.hsds_tables import LINKS, NESTED, TABLES, Table

OBJECT_LIMIT = 64 * 1024**2
DEPTH_LIMIT = 12
_CHUNK = 1024**2
# Keys that carry an object's own linked rows, in every table.
_SHARED = {"attributes": "attribute", "metadata": "metadata"}


class _WatchedStream:
    """Refuses a single value that never ends, before the parser keeps all of it."""

    def __init__(self, stream: IO[bytes], file: str) -> None:
        self._stream = stream
        self._file = file
        self._since_quote = 0
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(_CHUNK if size < 0 else size)
        if self._read == 0:
            block = block.removeprefix(b"\xef\xbb\xbf")
        self._read += len(block)
        last = block.rfind(b'"')
        self._since_quote = self._since_quote + len(block) if last < 0 else len(block) - last
        if self._since_quote > OBJECT_LIMIT // 4:
            raise ExchangeError(
                f"{self._file}: one value near byte {self._read:,} is larger than {OBJECT_LIMIT // 4 // 1024**2} MB. "
                "Nothing was imported."
            )
        return block


def read_json(file: SourceFile, rows: RowBuilder) -> Iterator[Record]:
    """Typed rows of one JSON file. Raises ExchangeError when it is not JSON or holds nothing of the standard."""
    try:
        if file.suffix in {".ndjson", ".jsonl"}:
            yield from _lines(file, rows)
            return
        with file.open() as stream:
            shape, keys = _shape(stream, file)
        if shape == "list":
            yield from _stream(file, "item", rows)
        elif "contents" in keys:
            yield from _stream(file, "contents.item", rows)
        elif any(key.endswith(".csv") for key in keys):
            for key in keys:
                table = table_named(key.removesuffix(".csv"))
                if table is None:
                    rows.messages.not_mapped(file.name, key)
                    continue
                yield from _stream(file, f"{key}.item", rows, table)
        else:
            yield from _stream(file, "", rows)
    except ijson.JSONError as error:
        raise ExchangeError(f"{file.name}: this is not valid JSON ({error}). Nothing was imported.") from None


def _shape(stream: IO[bytes], file: SourceFile) -> tuple[str, list[str]]:
    """`list` or `object`, and an object's own keys, without keeping any value."""
    depth = 0
    keys: list[str] = []
    for event, value in ijson.basic_parse(_WatchedStream(stream, file.name)):
        if event == "start_array" and depth == 0:
            return "list", []
        if event in {"start_map", "start_array"}:
            depth += 1
        elif event in {"end_map", "end_array"}:
            depth -= 1
        elif event == "map_key" and depth == 1:
            keys.append(value)
        elif depth == 0:
            raise ExchangeError(f"{file.name}: an object or a list was expected.")
    return "object", keys


def _stream(file: SourceFile, prefix: str, rows: RowBuilder, table: Table | None = None) -> Iterator[Record]:
    # ijson takes a dot as a step between keys, and the tabular form has dots inside its keys.
    is_tabular = table is not None
    with file.open() as stream:
        watched = _WatchedStream(stream, file.name)
        if is_tabular:
            items: Iterator[Any] = iter(
                dict(ijson.kvitems(watched, "", use_float=True)).get(prefix.removesuffix(".item"), [])
            )
        else:
            items = ijson.items(watched, prefix, use_float=True)
        for number, item in enumerate(items, start=1):
            yield from _item(item, file, number, rows, table)


def _lines(file: SourceFile, rows: RowBuilder) -> Iterator[Record]:
    with file.open() as stream:
        lines = BoundedLines(stream, "utf-8-sig", file.name)
        for line in lines:
            if not line.strip():
                continue
            try:
                item = json.loads(line)
            except ValueError as error:
                raise ExchangeError(
                    f"{file.name}, row {lines.number}: this line is not valid JSON ({error}). Nothing was imported."
                ) from None
            yield from _item(item, file, lines.number, rows, None)


def _item(item: Any, file: SourceFile, number: int, rows: RowBuilder, table: Table | None) -> Iterator[Record]:
    if not isinstance(item, dict):
        rows.messages.add("error", "an object was expected", file.name, number)
        return
    table = table or table_of(item, file)
    if table is None:
        if {"version", "profile", "openapi_url"} <= item.keys():
            return
        rows.messages.add(
            "error", "this object is none of the standard: it has no name, status or location_type", file.name, number
        )
        return
    yield from _flatten(item, table, file.name, number, rows, depth=0, given={})


def table_of(item: Mapping[str, Any], file: SourceFile | None = None) -> Table | None:
    """Which table an object belongs to, by the keys that only one has; the file's name decides between the rest."""
    keys = item.keys()
    if "location_type" in keys:
        return TABLES["location"]
    if "status" in keys and "name" in keys:
        return TABLES["service"]
    if {"taxonomy_detail", "parent_id", "term_uri", "code"} & keys and "name" in keys:
        return TABLES["taxonomy_term"]
    if "name" not in keys:
        return TABLES["service_at_location"] if {"location", "service", "service_id", "location_id"} & keys else None
    if {"website", "legal_status", "year_incorporated", "organization_identifiers", "locations", "programs"} & keys:
        return TABLES["organization"]
    stem = file.stem if file else ""
    for name in ("taxonomy_term", "taxonomy", "organization", "service"):
        if name in stem:
            return TABLES[name]
    return TABLES["taxonomy"] if {"uri", "version"} & keys else TABLES["organization"] if "description" in keys else None


def _flatten(
    item: Mapping[str, Any], table: Table, file: str, row: int, rows: RowBuilder, *, depth: int, given: dict[str, Any]
) -> Iterator[Record]:
    """This object's row, then the rows of what stands inside it (what it refers to first)."""
    if depth > DEPTH_LIMIT:
        rows.messages.add("error", f"objects stand inside each other more than {DEPTH_LIMIT} deep", file, row, table.name)
        return
    flat: dict[str, Any] = dict(given)
    outer: list[tuple[Table, Mapping[str, Any]]] = []
    inner: list[tuple[Table, str, Mapping[str, Any]]] = []
    linked: list[tuple[str, Mapping[str, Any]]] = []
    for key, value in item.items():
        nested = NESTED.get((table.name, key))
        if key in _SHARED and isinstance(value, list):
            linked += [(key, child) for child in value if isinstance(child, dict)]
        elif nested and nested[2] and isinstance(value, dict):
            flat.setdefault(nested[1], value.get("id"))
            outer.append((TABLES[nested[0]], value))
        elif nested and not nested[2] and isinstance(value, list):
            inner += [(TABLES[nested[0]], nested[1], child) for child in value if isinstance(child, dict)]
        elif key in table.by_name or key in ALIASES.get(table.name, {}):
            if value is not None:
                flat[key] = value
        elif value not in (None, "", [], {}):
            rows.messages.not_mapped(file, f"{table.name}.{key}")
    for child_table, child in outer:
        hint = {"organization_id": flat.get("organization_id")} if child_table.name == "program" else {}
        yield from _flatten(child, child_table, file, row, rows, depth=depth + 1, given=hint)
    record = rows.build(table, flat, file=file, row=row, depth=depth, parent=str(given))
    if record is None:
        return
    yield record
    own_id = str(record.values["id"])
    for child_table, column, child in inner:
        # An object that names another owner keeps it: the standard repeats some rows where they are used.
        yield from _flatten(child, child_table, file, row, rows, depth=depth + 1, given={column: own_id})
    for key, child in linked:
        name = _SHARED[key]
        id_column, table_column = LINKS[name]
        owner = {id_column: own_id, table_column: table.name}
        yield from _flatten({**child, **owner}, TABLES[name], file, row, rows, depth=depth + 1, given={})
