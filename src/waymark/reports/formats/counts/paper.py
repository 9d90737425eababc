"""A certified report as a table and as paper. A hidden count is written as words, so that nobody reads it as nothing."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from waymark.documents.pdf import tagged_pdf
from waymark.documents.safe_csv import csv_lines
from waymark.reports.formats.counts.publishing import Block
from waymark.reports.formats.counts.templates import FunderTemplate

PAPER = Path(__file__).resolve().parent / "report.typ"
HIDDEN_WORDS = "hidden"


def words_of(count: int | None) -> str:
    """A number, or that it is hidden."""
    return HIDDEN_WORDS if count is None else str(count)


def facts_of(title: str, agency: str, report: Any, wanted: FunderTemplate) -> list[tuple[str, str]]:
    """What whoever reads the report must know of it."""
    when = report.certified_at
    return [
        ("Report", title),
        ("Agency", agency),
        ("From", report.starts_on.isoformat()),
        ("To", report.ends_on.isoformat()),
        ("FunderTemplate", f"{wanted.code} {wanted.version}"),
        ("Certified", f"{when:%Y-%m-%d %H:%M} UTC by {report.certified_by.display_name}"),
        ("Served", wanted.population["served"]),
        ("New", wanted.population["new"]),
        ("Hidden", wanted.says),
        *((("What was wrong", report.what_was_wrong),) if report.what_was_wrong else ()),
        *(("Not counted", text) for text in wanted.not_counted.values()),
    ]


def as_csv(title: str, agency: str, report: Any, wanted: FunderTemplate, blocks: Sequence[Block]) -> bytes:
    """CSV in UTF-8: what the report is, then a line for every number."""
    rows: list[Sequence[str]] = list(facts_of(title, agency, report, wanted))
    rows.append(("table", "what", "count"))
    rows += [(block.title, line.label, words_of(line.count)) for block in blocks for line in block.lines]
    return ("\ufeff" + "".join(csv_lines(rows))).encode()


def as_pdf(title: str, agency: str, report: Any, wanted: FunderTemplate, blocks: Sequence[Block]) -> bytes:
    """A tagged PDF."""
    data = {
        "facts": [list(pair) for pair in facts_of(title, agency, report, wanted)[1:]],
        "title": title,
        "blocks": [
            {"title": block.title, "lines": [[line.label, words_of(line.count)] for line in block.lines]}
            for block in blocks
        ],
    }
    return tagged_pdf(PAPER, data, language="en-US", title=title)
