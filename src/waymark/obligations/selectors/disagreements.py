"""Statements as other apps show and send them. Which part of the file one is against lies sealed with its words."""

from __future__ import annotations

from django.db.models import QuerySet

from waymark.obligations.models import Statement
from waymark.obligations.selectors.sealed import words_in
from waymark.people.models import Person
from waymark.people.selectors.disagreements import Said, put_statements
from waymark.vault.selectors import RecordSecret


def rows_of(person: Person) -> QuerySet[Statement]:
    """What the person said is wrong and has not taken back, oldest first."""
    rows = Statement.objects.filter(agency_id=person.agency_id, person=person, taken_back_at__isnull=True)
    return rows.order_by("made_at")


def opened(row: Statement, secret: RecordSecret) -> Said:
    words = words_in(secret, row)
    return Said(
        text=words.get("text", ""),
        note=row.note,
        part=words.get("part", ""),
        is_about_file=row.about == Statement.About.FILE,
    )


def register_statements() -> None:
    """Called when the app starts."""
    put_statements(rows_of, opened)
