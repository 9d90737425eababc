"""The HMIS CSV export of fiscal year 2026: 24 tables with exact columns, and the checks that a reader makes of them."""

from waymark.reports.formats.hmis.archive import EMPTY, as_archive
from waymark.reports.formats.hmis.checks import Finding, findings_in
from waymark.reports.formats.hmis.tables import COLUMNS, CSV_VERSION, Column, Tables, code_hash, key_of

__all__ = [
    "COLUMNS",
    "CSV_VERSION",
    "EMPTY",
    "Column",
    "Finding",
    "Tables",
    "as_archive",
    "code_hash",
    "findings_in",
    "key_of",
]
