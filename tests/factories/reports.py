"""Reports and sheets for tests: rows that nothing opens, for walls and for who asks.

Invariants: a report is certified by whoever acts, as the database demands; a waiting sheet has as many lines as rows.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

from waymark.accounts.models import Agency, User
from waymark.reports.formats.counts.templates import current
from waymark.reports.models import CaseSheet, Report, SheetRow


def a_report(agency: Agency, by: User, **fields: Any) -> Report:
    """A certified quarter without a table."""
    values = {
        "template": "voca",
        "version": current("voca").version,
        "starts_on": dt.date(2026, 7, 1),
        "ends_on": dt.date(2026, 9, 30),
        "tables": [],
        **fields,
    }
    report = Report.objects.create(agency=agency, **values)
    report.refresh_from_db()
    return report


def a_sheet(agency: Agency, by: User, rows: int = 1) -> CaseSheet:
    """A waiting sheet whose lines nothing opens."""
    sheet = CaseSheet.objects.create(agency=agency, rows=rows, fingerprint=os.urandom(32), made_by=by)
    lines = [SheetRow(agency=agency, sheet=sheet, number=number, sealed=os.urandom(128)) for number in range(2, rows + 2)]
    SheetRow.objects.bulk_create(lines)
    return sheet
