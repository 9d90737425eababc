"""The audit log as a CSV table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from waymark.documents.safe_csv import csv_line, csv_lines

HEADING = (
    "number",
    "at",
    "who",
    "actor",
    "role",
    "what",
    "verb",
    "about",
    "id",
    "purpose",
    "result",
    "times",
    "fields",
    "digest",
)


def line_of(row: Iterable[object]) -> str:
    """One row as a line of CSV."""
    return csv_line(row)


def table_lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Heading and rows, each as a line of CSV."""
    return csv_lines((HEADING, *rows))
