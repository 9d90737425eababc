"""One raw row (cells of a CSV line, or keys of a JSON object) to one typed row of the standard.

Both forms pass through here, so that a wrong value is mended, warned about or refused in the same way in each.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from waymark.directory.formats.hsds_records import Messages, Record, stable_id
from waymark.directory.formats.hsds_tables import FILES, LINKS, TABLES, Table
from waymark.directory.formats.hsds_values import BadValueError, typed

# Names that versions 1.1 and 2 used, and that files in the wild still use, for fields of 3.x.
ALIASES: dict[str, dict[str, str]] = {
    "organization": {"url": "website"},
    "service_area": {"service_area": "name"},
    "language": {"language": "name"},
    "accessibility": {"accessibility": "description"},
    "phone": {"department": "description"},
    "service_capacity": {"updated_at": "updated"},
}
# What 3.x demands and older versions did not have: the meaning that those versions implied.
IMPLIED: dict[str, dict[str, str]] = {
    "service": {"status": "active"},
    "location": {"location_type": "physical"},
    "address": {"address_type": "physical"},
}


def table_named(word: str) -> Table | None:
    """The table for a name in any of its spellings (`service`, `services`, `service_at_locations`)."""
    name = word.strip().lower()
    return TABLES.get(name) or FILES.get(name) or TABLES.get(name.removesuffix("s"))


@dataclass
class RowBuilder:
    """Builds rows of one file set.

    `source` names the publisher: it keeps the ids of two publishers apart where they are not UUIDs.
    """

    source: str
    messages: Messages
    _seen_without_id: Counter[bytes] = field(default_factory=Counter)
    _implied_told: set[tuple[str, str]] = field(default_factory=set)

    def build(
        self, table: Table, raw: Mapping[str, Any], *, file: str, row: int, depth: int = 0, parent: str = ""
    ) -> Record | None:
        """The typed row, or None when a required value is missing or wrong (it has been said why)."""
        cells = self._renamed(table, raw)
        values: dict[str, Any] = {"id": self._id(table, cells, parent)}
        is_good = True
        for spec in table.fields[1:]:
            cell = cells.get(spec.name)

            def say(text: str, name: str = spec.name) -> None:
                self.messages.add("warning", text, file, row, name)

            try:
                value = typed(cell, spec, source=self.source, say=say)
            except BadValueError as error:
                value = None
                if spec.is_required:
                    self.messages.add("error", str(error), file, row, spec.name)
                    is_good = False
                else:
                    say(f"{error}; the value was left out")
            else:
                if value is None and spec.is_required and not spec.refers_to:
                    # A phone without a number or a service without a name helps nobody; the rest of the set is still good.
                    self.messages.add("warning", "this field must be filled: the row was left out", file, row, spec.name)
                    is_good = False
            if value is not None:
                values[spec.name] = value
        if not is_good:
            return None
        self._link(table, cells, values)
        self._imply(table, values, file, row)
        return Record(table.name, file, row, values, depth)

    def _renamed(self, table: Table, raw: Mapping[str, Any]) -> dict[str, Any]:
        cells = dict(raw)
        for old, new in ALIASES.get(table.name, {}).items():
            if old in cells and not cells.get(new) and old not in table.by_name:
                cells[new] = cells.pop(old)
        return cells

    def _id(self, table: Table, cells: Mapping[str, Any], parent: str) -> Any:
        original = str(cells.get("id") or "").strip()
        if original:
            return stable_id(self.source, table.name, original)
        # Without an id a row is known by its content, and by how often that content came before.
        content = repr([parent, *sorted((key, str(value)) for key, value in cells.items() if value not in (None, ""))])
        digest = hashlib.sha256(f"{table.name}{content}".encode()).digest()[:16]
        self._seen_without_id[digest] += 1
        return stable_id(self.source, table.name, f"content:{digest.hex()}:{self._seen_without_id[digest]}")

    def _link(self, table: Table, cells: Mapping[str, Any], values: dict[str, Any]) -> None:
        """Polymorphic links: the id is only unique inside the table that the neighboring cell names."""
        if table.name not in LINKS:
            return
        id_field, table_field = LINKS[table.name]
        target = table_named(str(values.get(table_field, "")))
        if target is not None:
            values[table_field] = target.name
            values[id_field] = stable_id(self.source, target.name, str(cells.get(id_field) or ""))

    def _imply(self, table: Table, values: dict[str, Any], file: str, row: int) -> None:
        for name, value in IMPLIED.get(table.name, {}).items():
            if name not in values:
                values[name] = value
                if (file, name) not in self._implied_told:
                    self._implied_told.add((file, name))
                    self.messages.add("warning", f"empty here and perhaps below: taken as “{value}”", file, row, name)
