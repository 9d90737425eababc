"""The Human Trafficking Case Data Standard 2.0 as a sheet: one row a case, one column a field.

It is a vocabulary for bringing cases in and out, and not our model: its consent is a checkbox, its referrals have no state.
"""

from waymark.reports.formats.htcds.fields import Field, Part, fields, parts
from waymark.reports.formats.htcds.records import Reading, Record, read_records, records_as_rows
from waymark.reports.formats.htcds.sheets import BadSheet, Sheet, as_csv, as_xlsx, read_sheet

__all__ = [
    "BadSheet",
    "Field",
    "Part",
    "Reading",
    "Record",
    "Sheet",
    "as_csv",
    "as_xlsx",
    "fields",
    "parts",
    "read_records",
    "read_sheet",
    "records_as_rows",
]
