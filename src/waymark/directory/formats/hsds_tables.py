"""The objects of the standard as an import needs them: in the order of their references, with what a row cannot do without.

The objects themselves are described once, in `hsds_objects`; this adds where references point and how objects nest.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from waymark.directory.formats.hsds_objects import OBJECTS, HsdsObject, Kind

TEXT_KINDS = frozenset({Kind.TEXT, Kind.URI, Kind.EMAIL, Kind.CHOICE})

# What is referred to comes first, so that one pass in this order can resolve every reference.
_ORDER = [
    "organization",
    "program",
    "organization_identifier",
    "taxonomy",
    "taxonomy_term",
    "unit",
    "service",
    "location",
    "address",
    "service_at_location",
    "contact",
    "phone",
    "schedule",
    "language",
    "service_area",
    "accessibility",
    "cost_option",
    "required_document",
    "funding",
    "service_capacity",
    "url",
    "attribute",
    "metadata",
    "meta_table_description",
]
# The standard demands more (a description, a city), but a row without them still helps somebody and is stored.
_ESSENTIAL = {
    "organization": {"name"},
    "program": {"organization_id", "name"},
    "organization_identifier": {"organization_id", "identifier"},
    "taxonomy": {"name"},
    "taxonomy_term": {"name"},
    "unit": {"name"},
    "service": {"name"},
    "address": {"location_id"},
    "service_at_location": {"service_id", "location_id"},
    "phone": {"number"},
    "cost_option": {"service_id"},
    "service_capacity": {"service_id", "unit_id", "available", "updated"},
    "url": {"url"},
    "attribute": {"link_id", "link_entity"},
    "metadata": {"resource_id", "resource_type", "last_action_date", "last_action_type", "field_name"},
}
_TARGETS = {"parent_organization_id": "organization", "parent_id": "taxonomy_term"}


@dataclass(frozen=True)
class ImportField:
    """One column. `column` is its name in our database; `refers_to` the table that a reference points to."""

    name: str
    kind: Kind
    column: str
    is_required: bool
    refers_to: str | None
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """One object of the standard; `file` is its name in the CSV form, `model` ours."""

    name: str
    file: str
    model: str
    fields: tuple[ImportField, ...]

    @cached_property
    def by_name(self) -> dict[str, ImportField]:
        return {field.name: field for field in self.fields}

    @property
    def references(self) -> list[ImportField]:
        return [field for field in self.fields if field.refers_to]

    @property
    def parents(self) -> list[ImportField]:
        """References of which at least one must be set for the row to belong to anything."""
        return [field for field in self.references if field.name not in _TARGETS]

    @property
    def title(self) -> str:
        """Its name in a sentence, with the article."""
        words = self.name.replace("_", " ")
        return f"an {words}" if words[0] in "aeiou" and not words.startswith("u") else f"a {words}"


def _target(name: str) -> str | None:
    if name in _TARGETS:
        return _TARGETS[name]
    stem = name.removesuffix("_id")
    return stem if name.endswith("_id") and stem in OBJECTS else None


def _table(item: HsdsObject) -> Table:
    essential = _ESSENTIAL.get(item.name, set()) | {"id"}
    fields = tuple(
        ImportField(field.name, field.kind, field.source, field.name in essential, _target(field.name), field.choices)
        for field in item.fields
    )
    return Table(item.name, item.csv, item.model, fields)


TABLES: dict[str, Table] = {name: _table(OBJECTS[name]) for name in _ORDER}
FILES: dict[str, Table] = {table.file: table for table in TABLES.values()}

# Lists and objects that stand inside another object in the JSON form: (outer table, key) -> (inner table, column that
# holds the reference, True when the outer row holds it).
NESTED: dict[tuple[str, str], tuple[str, str, bool]] = {
    **{(item.name, many.key): (many.object, many.back, False) for item in OBJECTS.values() for many in item.many},
    **{(item.name, one.key): (one.object, one.column, True) for item in OBJECTS.values() for one in item.one},
    # The compiled form has the first two, the UK's feeds the third.
    ("organization", "services"): ("service", "organization_id", False),
    ("service_at_location", "service"): ("service", "service_id", True),
    ("taxonomy", "taxonomy_terms"): ("taxonomy_term", "taxonomy_id", False),
}
# Rows that are linked by an id and the name of the table in which it is unique.
LINKS = {"attribute": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}
