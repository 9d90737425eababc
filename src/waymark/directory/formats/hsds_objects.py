"""The 24 objects of the Human Services Data Specification 3.1 as one table.

Serializer, API description, import, export and the tests read this table, so a field exists in all of them or in none.
`profile` marks the few fields that the standard lacks and that our HSDS Profile adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    TEXT = "text"
    URI = "uri"
    EMAIL = "email"
    NUMBER = "number"
    UUID = "uuid"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    FLAG = "flag"
    CHOICE = "choice"


@dataclass(frozen=True)
class Field:
    """One field: its name in the standard, its column here, its kind, and whether the standard demands it."""

    name: str
    kind: Kind = Kind.TEXT
    column: str = ""
    required: bool = False
    choices: tuple[str, ...] = ()
    profile: bool = False

    @property
    def source(self) -> str:
        return self.column or self.name


@dataclass(frozen=True)
class Many:
    """A nested list: its key, the object in it, and the column there that points back."""

    key: str
    object: str
    back: str


@dataclass(frozen=True)
class One:
    """A nested single object: its key, the object, and our own column that points to it."""

    key: str
    object: str
    column: str


@dataclass(frozen=True)
class HsdsObject:
    """An object: its name (the schema's file), its model, its CSV file, its fields and what it nests."""

    name: str
    model: str
    csv: str
    fields: tuple[Field, ...]
    many: tuple[Many, ...] = ()
    one: tuple[One, ...] = ()
    has_attributes: bool = True
    has_metadata: bool = True


PLACE_KINDS = ("physical", "postal", "virtual")
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def _id() -> Field:
    return Field("id", Kind.UUID, required=True)


def _ref(name: str) -> Field:
    return Field(name, Kind.UUID)


def _texts(*names: str) -> tuple[Field, ...]:
    return tuple(Field(name) for name in names)


_ALL = (
    HsdsObject(
        "organization", "Organization", "organizations",
        (
            _id(), Field("name", required=True), Field("alternate_name"), Field("description", required=True),
            Field("email", Kind.EMAIL), Field("website", Kind.URI), *_texts("tax_status", "tax_id"),
            Field("year_incorporated", Kind.NUMBER), *_texts("legal_status", "logo"), Field("uri", Kind.URI),
            _ref("parent_organization_id"),
        ),
        many=(
            Many("additional_websites", "url", "organization_id"), Many("funding", "funding", "organization_id"),
            Many("contacts", "contact", "organization_id"), Many("phones", "phone", "organization_id"),
            Many("locations", "location", "organization_id"), Many("programs", "program", "organization_id"),
            Many("organization_identifiers", "organization_identifier", "organization_id"),
        ),
    ),
    HsdsObject(
        "program", "Program", "programs",
        (_id(), _ref("organization_id"), Field("name", required=True), Field("alternate_name"),
         Field("description", required=True)),
    ),
    HsdsObject(
        "organization_identifier", "OrganizationIdentifier", "organization_identifiers",
        (_id(), _ref("organization_id"), Field("identifier_scheme"), Field("identifier_type", required=True),
         Field("identifier", required=True)),
    ),
    HsdsObject(
        "service", "Service", "services",
        (
            _id(), _ref("organization_id"), _ref("program_id"), Field("name", required=True),
            *_texts("alternate_name", "description"), Field("url", Kind.URI), Field("email", Kind.EMAIL),
            Field("status", Kind.CHOICE, required=True, choices=("active", "inactive", "defunct", "temporarily closed")),
            *_texts("interpretation_services", "application_process", "fees_description", "wait_time", "fees",
                    "accreditations", "eligibility_description"),
            Field("minimum_age", Kind.NUMBER), Field("maximum_age", Kind.NUMBER), Field("assured_date", Kind.DATE),
            Field("assurer_email", Kind.EMAIL), *_texts("licenses", "alert"), Field("last_modified", Kind.DATETIME),
            Field("police_contact", Kind.CHOICE, profile=True,
                  choices=("never_unless_law", "with_consent", "works_with_police", "unknown")),
        ),
        many=(
            Many("additional_urls", "url", "service_id"), Many("phones", "phone", "service_id"),
            Many("schedules", "schedule", "service_id"), Many("service_areas", "service_area", "service_id"),
            Many("service_at_locations", "service_at_location", "service_id"),
            Many("languages", "language", "service_id"), Many("funding", "funding", "service_id"),
            Many("cost_options", "cost_option", "service_id"),
            Many("required_documents", "required_document", "service_id"),
            Many("contacts", "contact", "service_id"), Many("capacities", "service_capacity", "service_id"),
        ),
        one=(One("organization", "organization", "organization_id"), One("program", "program", "program_id")),
    ),
    HsdsObject(
        "service_area", "ServiceArea", "service_areas",
        (_id(), _ref("service_id"), _ref("service_at_location_id"),
         *_texts("name", "description", "extent", "extent_type", "uri")),
    ),
    HsdsObject(
        "service_at_location", "ServiceAtLocation", "service_at_location",
        (_id(), _ref("service_id"), _ref("location_id"), Field("description")),
        many=(
            Many("service_areas", "service_area", "service_at_location_id"),
            Many("contacts", "contact", "service_at_location_id"), Many("phones", "phone", "service_at_location_id"),
            Many("schedules", "schedule", "service_at_location_id"),
        ),
        one=(One("location", "location", "location_id"),),
    ),
    HsdsObject(
        "location", "Location", "locations",
        (
            _id(), _ref("organization_id"), Field("location_type", Kind.CHOICE, required=True, choices=PLACE_KINDS),
            Field("url", Kind.URI), *_texts("name", "alternate_name", "description", "transportation"),
            Field("latitude", Kind.NUMBER), Field("longitude", Kind.NUMBER),
            *_texts("external_identifier", "external_identifier_type"),
            Field("confidential", Kind.FLAG, column="is_confidential", profile=True),
        ),
        many=(
            Many("languages", "language", "location_id"), Many("addresses", "address", "location_id"),
            Many("contacts", "contact", "location_id"), Many("accessibility", "accessibility", "location_id"),
            Many("phones", "phone", "location_id"), Many("schedules", "schedule", "location_id"),
        ),
    ),
    HsdsObject(
        "address", "Address", "addresses",
        (
            _id(), _ref("location_id"), Field("attention"), Field("address_1", required=True), Field("address_2"),
            Field("city", required=True), Field("region"), Field("state_province", required=True),
            Field("postal_code", required=True), Field("country", required=True),
            Field("address_type", Kind.CHOICE, required=True, choices=PLACE_KINDS),
        ),
    ),
    HsdsObject(
        "contact", "Contact", "contacts",
        (_id(), _ref("organization_id"), _ref("service_id"), _ref("service_at_location_id"), _ref("location_id"),
         *_texts("name", "title", "department"), Field("email", Kind.EMAIL)),
        many=(Many("phones", "phone", "contact_id"),),
    ),
    HsdsObject(
        "phone", "Phone", "phones",
        (_id(), _ref("location_id"), _ref("service_id"), _ref("organization_id"), _ref("contact_id"),
         _ref("service_at_location_id"), Field("number", required=True), Field("extension", Kind.NUMBER),
         *_texts("type", "description")),
        many=(Many("languages", "language", "phone_id"),),
    ),
    HsdsObject(
        "schedule", "Schedule", "schedules",
        (
            _id(), _ref("service_id"), _ref("location_id"), _ref("service_at_location_id"),
            Field("valid_from", Kind.DATE), Field("valid_to", Kind.DATE), Field("dtstart", Kind.DATE),
            Field("timezone", Kind.NUMBER), Field("until", Kind.DATE), Field("count", Kind.NUMBER),
            Field("wkst", Kind.CHOICE, choices=WEEKDAYS), Field("freq", Kind.CHOICE, choices=("WEEKLY", "MONTHLY")),
            Field("interval", Kind.NUMBER), *_texts("byday", "byweekno", "bymonthday", "byyearday", "description"),
            Field("opens_at", Kind.TIME), Field("closes_at", Kind.TIME), Field("schedule_link", Kind.URI),
            *_texts("attending_type", "notes"), Field("is_closed", Kind.FLAG, profile=True),
        ),
    ),
    HsdsObject(
        "language", "Language", "languages",
        (_id(), _ref("service_id"), _ref("location_id"), _ref("phone_id"), *_texts("name", "code", "note")),
    ),
    HsdsObject(
        "accessibility", "Accessibility", "accessibility",
        (_id(), _ref("location_id"), *_texts("description", "details"), Field("url", Kind.URI)),
    ),
    HsdsObject(
        "cost_option", "CostOption", "cost_options",
        (_id(), _ref("service_id"), Field("valid_from", Kind.DATE), Field("valid_to", Kind.DATE),
         *_texts("option", "currency"), Field("amount", Kind.NUMBER), Field("amount_description")),
    ),
    HsdsObject(
        "required_document", "RequiredDocument", "required_documents",
        (_id(), _ref("service_id"), Field("document"), Field("uri", Kind.URI)),
    ),
    HsdsObject(
        "funding", "Funding", "funding",
        (_id(), _ref("organization_id"), _ref("service_id"), Field("source")),
    ),
    HsdsObject(
        "unit", "Unit", "units",
        (_id(), Field("name", required=True), *_texts("scheme", "identifier"), Field("uri", Kind.URI)),
    ),
    HsdsObject(
        "service_capacity", "ServiceCapacity", "service_capacity",
        (_id(), _ref("service_id"), _ref("unit_id"), Field("available", Kind.NUMBER, required=True),
         Field("maximum", Kind.NUMBER), Field("description"), Field("updated", Kind.DATETIME, required=True)),
        one=(One("unit", "unit", "unit_id"),),
    ),
    HsdsObject(
        "url", "Url", "url",
        (_id(), _ref("organization_id"), _ref("service_id"), Field("label"), Field("url", Kind.URI, required=True)),
    ),
    HsdsObject(
        "taxonomy", "Taxonomy", "taxonomies",
        (_id(), Field("name", required=True), Field("description", required=True), Field("uri", Kind.URI),
         Field("version")),
        has_attributes=False,
    ),
    HsdsObject(
        "taxonomy_term", "TaxonomyTerm", "taxonomy_terms",
        (_id(), Field("code"), Field("name", required=True), Field("description", required=True), _ref("parent_id"),
         Field("taxonomy", column="taxonomy_name"), Field("language"), _ref("taxonomy_id"),
         Field("term_uri", Kind.URI)),
        one=(One("taxonomy_detail", "taxonomy", "taxonomy_id"),),
        has_attributes=False,
    ),
    HsdsObject(
        "attribute", "Attribute", "attributes",
        (_id(), _ref("link_id"), _ref("taxonomy_term_id"), *_texts("link_type", "link_entity", "value", "label")),
        one=(One("taxonomy_term", "taxonomy_term", "taxonomy_term_id"),),
        has_attributes=False,
    ),
    HsdsObject(
        "metadata", "Metadata", "metadata",
        (_id(), _ref("resource_id"), Field("resource_type"), Field("last_action_date", Kind.DATETIME, required=True),
         Field("last_action_type", required=True), Field("field_name", required=True),
         Field("previous_value", required=True), Field("replacement_value", required=True),
         Field("updated_by", required=True)),
        has_attributes=False, has_metadata=False,
    ),
    HsdsObject(
        "meta_table_description", "MetaTableDescription", "meta_table_descriptions",
        (_id(), *_texts("name", "language", "character_set")),
    ),
)  # fmt: skip

OBJECTS: dict[str, HsdsObject] = {item.name: item for item in _ALL}
