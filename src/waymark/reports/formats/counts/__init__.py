"""A funder's counts from a template: which tables, of whom, by what; computed, suppressed, audited. Pure."""

from waymark.reports.formats.counts.counting import Counted, CountedService, tables_of
from waymark.reports.formats.counts.publishing import (
    Changed,
    Hidden,
    Published,
    as_lines,
    corrected,
    packed,
    protected,
    unpacked,
)
from waymark.reports.formats.counts.templates import FunderTemplate, template, templates

__all__ = [
    "Changed",
    "Counted",
    "CountedService",
    "FunderTemplate",
    "Hidden",
    "Published",
    "as_lines",
    "corrected",
    "packed",
    "protected",
    "tables_of",
    "template",
    "templates",
    "unpacked",
]
