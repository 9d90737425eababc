"""The reports of one court day as one tagged PDF: one person a page, and on each by whom it was printed and its end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from waymark.documents.pdf import tagged_pdf

TEMPLATE = Path(__file__).resolve().parent / "docket.typ"


@dataclass(frozen=True)
class Sheet:
    """One person's page. Without rows there is no report, and nothing says why."""

    heading: str
    hearing: str
    rows: tuple[tuple[str, str], ...]
    contests: tuple[str, ...] = ()


def docket_pdf(sheets: Sequence[Sheet], *, on: dt.date, printed: str) -> bytes:
    """`printed` says who printed it and when; every page carries it. Its title names the court day and nobody."""
    again = "What was disclosed here may not be disclosed again."
    said = {
        "sheets": [
            {"heading": each.heading, "hearing": each.hearing, "rows": each.rows, "contests": each.contests}
            for each in sheets
        ],
        "destroy": f"Printed by {printed}. Destroy after the court day. {again}",
    }
    return tagged_pdf(TEMPLATE, said, language="en-US", title=f"Reports for {on:%B} {on.day}, {on.year}")
