"""The service directory: HSDS 3.1 in full (24 objects), and what the standard lacks."""

from waymark.directory.models.help_lines import HelpLine, HelpLineChannel
from waymark.directory.models.organizations import Organization, OrganizationIdentifier, Program
from waymark.directory.models.places import (
    Accessibility,
    Address,
    Contact,
    Language,
    Location,
    Phone,
    Schedule,
    ServiceAtLocation,
)
from waymark.directory.models.projection import Publication, SearchWord, ServiceDocument, StaleMark, VisitDocument
from waymark.directory.models.services import (
    CostOption,
    Funding,
    RequiredDocument,
    Service,
    ServiceAlert,
    ServiceArea,
    ServiceCapacity,
    Unit,
    Url,
)
from waymark.directory.models.stewardship import ListingReport, PendingChange, Translation, Verification
from waymark.directory.models.taxonomy import (
    Attribute,
    Metadata,
    MetaTableDescription,
    Need,
    Taxonomy,
    TaxonomyTerm,
)

__all__ = [
    "Accessibility",
    "Address",
    "Attribute",
    "Contact",
    "CostOption",
    "Funding",
    "HelpLine",
    "HelpLineChannel",
    "Language",
    "ListingReport",
    "Location",
    "MetaTableDescription",
    "Metadata",
    "Need",
    "Organization",
    "OrganizationIdentifier",
    "PendingChange",
    "Phone",
    "Program",
    "Publication",
    "RequiredDocument",
    "Schedule",
    "SearchWord",
    "Service",
    "ServiceAlert",
    "ServiceArea",
    "ServiceAtLocation",
    "ServiceCapacity",
    "ServiceDocument",
    "StaleMark",
    "Taxonomy",
    "TaxonomyTerm",
    "Translation",
    "Unit",
    "Url",
    "Verification",
    "VisitDocument",
]
