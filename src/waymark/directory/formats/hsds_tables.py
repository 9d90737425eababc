"""The tables of the Human Services Data Specification 3.1: names, fields, types, references.

These are facts of the standard (https://docs.openreferral.org), written as one short table, so that the readers and
writers of files share them. The order is the order in which rows can be stored: what is referred to comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

STATUSES = ("active", "inactive", "defunct", "temporarily closed")
PLACE_TYPES = ("physical", "postal", "virtual")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FREQUENCIES = ("WEEKLY", "MONTHLY")


@dataclass(frozen=True)
class Field:
    """One column. `kind` is text, uuid, number, date, datetime, time or choice."""

    name: str
    kind: str = "text"
    is_required: bool = False
    refers_to: str | None = None
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One object of the standard; `file` is its name in the CSV form."""

    name: str
    file: str
    fields: tuple[Field, ...]

    @cached_property
    def by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @property
    def references(self) -> list[Field]:
        return [field for field in self.fields if field.refers_to]

    @property
    def parents(self) -> list[Field]:
        """References of which at least one must be set for the row to belong to anything."""
        return [field for field in self.references if field.name not in {"parent_id", "parent_organization_id"}]


_CHOICES = {
    "status": STATUSES,
    "location_type": PLACE_TYPES,
    "address_type": PLACE_TYPES,
    "wkst": WEEKDAYS,
    "freq": FREQUENCIES,
}


def _field(word: str) -> Field:
    """Read one word of the short form: `name!` required, `name:kind`, `name>table` a reference."""
    word, required = word.removesuffix("!"), word.endswith("!")
    if ">" in word:
        name, target = word.split(">")
        return Field(name, "uuid", required, target)
    name, _, kind = word.partition(":")
    if name in _CHOICES:
        return Field(name, "choice", required, None, _CHOICES[name])
    return Field(name, kind or "text", required)


def _table(name: str, file: str, words: str) -> Table:
    return Table(name, file, (Field("id", "uuid", is_required=True), *(_field(word) for word in words.split())))


_ALL = [
    _table(
        "organization",
        "organizations",
        "name! alternate_name description email website tax_status tax_id year_incorporated:number legal_status logo uri"
        " parent_organization_id>organization",
    ),
    _table("program", "programs", "organization_id>organization! name! alternate_name description"),
    _table(
        "organization_identifier",
        "organization_identifiers",
        "organization_id>organization! identifier_scheme identifier_type! identifier!",
    ),
    _table("taxonomy", "taxonomies", "name! description uri version"),
    _table(
        "taxonomy_term",
        "taxonomy_terms",
        "code name! description parent_id>taxonomy_term taxonomy language taxonomy_id>taxonomy term_uri",
    ),
    _table("unit", "units", "name! scheme identifier uri"),
    _table(
        "service",
        "services",
        "organization_id>organization program_id>program name! alternate_name description url email status"
        " interpretation_services application_process fees_description wait_time fees accreditations"
        " eligibility_description minimum_age:number maximum_age:number assured_date:date assurer_email licenses alert"
        " last_modified:datetime",
    ),
    _table(
        "location",
        "locations",
        "location_type url organization_id>organization name alternate_name description transportation latitude:number"
        " longitude:number external_identifier external_identifier_type",
    ),
    _table(
        "address",
        "addresses",
        "location_id>location! attention address_1 address_2 city region state_province postal_code country address_type",
    ),
    _table("service_at_location", "service_at_location", "service_id>service! location_id>location! description"),
    _table(
        "contact",
        "contacts",
        "organization_id>organization service_id>service service_at_location_id>service_at_location location_id>location"
        " name title department email",
    ),
    _table(
        "phone",
        "phones",
        "location_id>location service_id>service organization_id>organization contact_id>contact"
        " service_at_location_id>service_at_location number! extension:number type description",
    ),
    _table(
        "schedule",
        "schedules",
        "service_id>service location_id>location service_at_location_id>service_at_location valid_from:date valid_to:date"
        " dtstart:date timezone:number until:date count:number wkst freq interval:number byday byweekno bymonthday"
        " byyearday description opens_at:time closes_at:time schedule_link attending_type notes",
    ),
    _table("language", "languages", "service_id>service location_id>location phone_id>phone name code note"),
    _table(
        "service_area",
        "service_areas",
        "service_id>service service_at_location_id>service_at_location name description extent extent_type uri",
    ),
    _table("accessibility", "accessibility", "location_id>location description details url"),
    _table(
        "cost_option",
        "cost_options",
        "service_id>service! valid_from:date valid_to:date option currency amount:number amount_description",
    ),
    _table("required_document", "required_documents", "service_id>service document uri"),
    _table("funding", "funding", "organization_id>organization service_id>service source"),
    _table(
        "service_capacity",
        "service_capacity",
        "service_id>service! unit_id>unit! available:number! maximum:number description updated:datetime!",
    ),
    _table("url", "url", "organization_id>organization service_id>service label url!"),
    _table(
        "attribute",
        "attributes",
        "link_id:uuid! link_entity! link_type taxonomy_term_id>taxonomy_term value label",
    ),
    _table(
        "metadata",
        "metadata",
        "resource_id:uuid! resource_type! last_action_date:datetime! last_action_type! field_name! previous_value"
        " replacement_value updated_by",
    ),
    _table("meta_table_description", "meta_table_descriptions", "name language character_set"),
]

TABLES: dict[str, Table] = {table.name: table for table in _ALL}
FILES: dict[str, Table] = {table.file: table for table in _ALL}

# Lists and objects that stand inside another object in the JSON form: (outer table, key) -> (inner table, column that
# holds the reference, True when the outer row holds it).
NESTED: dict[tuple[str, str], tuple[str, str, bool]] = {
    ("service", "organization"): ("organization", "organization_id", True),
    ("service", "program"): ("program", "program_id", True),
    ("service", "additional_urls"): ("url", "service_id", False),
    ("service", "phones"): ("phone", "service_id", False),
    ("service", "schedules"): ("schedule", "service_id", False),
    ("service", "service_areas"): ("service_area", "service_id", False),
    ("service", "service_at_locations"): ("service_at_location", "service_id", False),
    ("service", "languages"): ("language", "service_id", False),
    ("service", "funding"): ("funding", "service_id", False),
    ("service", "cost_options"): ("cost_option", "service_id", False),
    ("service", "required_documents"): ("required_document", "service_id", False),
    ("service", "contacts"): ("contact", "service_id", False),
    ("service", "capacities"): ("service_capacity", "service_id", False),
    ("organization", "additional_websites"): ("url", "organization_id", False),
    ("organization", "funding"): ("funding", "organization_id", False),
    ("organization", "contacts"): ("contact", "organization_id", False),
    ("organization", "phones"): ("phone", "organization_id", False),
    ("organization", "locations"): ("location", "organization_id", False),
    ("organization", "programs"): ("program", "organization_id", False),
    ("organization", "organization_identifiers"): ("organization_identifier", "organization_id", False),
    ("organization", "services"): ("service", "organization_id", False),
    ("service_at_location", "service_areas"): ("service_area", "service_at_location_id", False),
    ("service_at_location", "contacts"): ("contact", "service_at_location_id", False),
    ("service_at_location", "phones"): ("phone", "service_at_location_id", False),
    ("service_at_location", "schedules"): ("schedule", "service_at_location_id", False),
    ("service_at_location", "location"): ("location", "location_id", True),
    ("service_at_location", "service"): ("service", "service_id", True),
    ("location", "languages"): ("language", "location_id", False),
    ("location", "addresses"): ("address", "location_id", False),
    ("location", "contacts"): ("contact", "location_id", False),
    ("location", "accessibility"): ("accessibility", "location_id", False),
    ("location", "phones"): ("phone", "location_id", False),
    ("location", "schedules"): ("schedule", "location_id", False),
    ("contact", "phones"): ("phone", "contact_id", False),
    ("phone", "languages"): ("language", "phone_id", False),
    ("attribute", "taxonomy_term"): ("taxonomy_term", "taxonomy_term_id", True),
    ("taxonomy_term", "taxonomy_detail"): ("taxonomy", "taxonomy_id", True),
    ("service_capacity", "unit"): ("unit", "unit_id", True),
}
