"""The API's paths as one table: addresses, views and description are made from it."""

from __future__ import annotations

from dataclasses import dataclass

from waymark.directory.api import parameters as p


@dataclass(frozen=True)
class Resource:
    """A list and its single objects."""

    path: str
    object: str
    parameters: tuple[p.Parameter, ...]
    single: tuple[p.Parameter, ...] = ()
    title: str = ""
    is_required: bool = False


_PAGING = (p.PAGE, p.PER_PAGE, p.FORMAT)

RESOURCES = (
    Resource(
        "services",
        "service",
        (p.SEARCH, p.TAXONOMY_TERM, p.TAXONOMY, p.ORGANIZATION, p.MODIFIED_AFTER, p.MINIMAL, p.FULL, *_PAGING),
        title="services",
        is_required=True,
    ),
    Resource(
        "organizations",
        "organization",
        (p.SEARCH, p.TAXONOMY_TERM, p.TAXONOMY, p.FULL, p.FULL_SERVICE, *_PAGING),
        single=(p.FULL_SERVICE,),
        title="organizations",
    ),
    Resource(
        "service_at_locations",
        "service_at_location",
        (
            p.SEARCH,
            p.TAXONOMY_TERM,
            p.TAXONOMY,
            p.ORGANIZATION,
            p.MODIFIED_AFTER,
            p.FULL,
            p.POSTCODE,
            p.PROXIMITY,
            *_PAGING,
        ),
        title="services at locations",
    ),
    Resource("taxonomies", "taxonomy", (p.SEARCH, *_PAGING), title="taxonomies"),
    Resource(
        "taxonomy_terms",
        "taxonomy_term",
        (p.SEARCH, p.TAXONOMY, p.TOP_ONLY, p.PARENT, *_PAGING),
        title="taxonomy terms",
    ),
)
