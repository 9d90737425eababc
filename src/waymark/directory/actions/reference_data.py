"""Loads what every installation starts with: the needs in plain sentences, and the national help lines.

Loading again brings new wording and new sources; it never puts back a line that a steward took down, and never touches a
line that a steward has verified later than the file's source.
"""

from __future__ import annotations

import uuid
from pathlib import Path

from django.db import transaction

from waymark.directory.formats.help_lines_file import NATIONAL, LineRecord, read_help_lines
from waymark.directory.formats.needs_file import NeedRecord, read_needs
from waymark.directory.models import HelpLine, HelpLineChannel, Need, Taxonomy, TaxonomyTerm

NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://waymark.example/taxonomies/")
OPEN_ELIGIBILITY = uuid.uuid5(NAMESPACE, "open-eligibility")


def term_id(code: str) -> uuid.UUID:
    """The lasting id of an Open Eligibility term."""
    return uuid.uuid5(OPEN_ELIGIBILITY, code)


@transaction.atomic
def load_needs() -> int:
    """Load the needs and the Open Eligibility terms that they name; returns how many needs there are."""
    records = read_needs()
    for record in records:
        Need.objects.update_or_create(slug=record.slug, defaults=_need_columns(record))
    taxonomy, _ = Taxonomy.objects.update_or_create(
        id=OPEN_ELIGIBILITY,
        defaults={
            "name": "Open Eligibility",
            "description": "Codes and titles that our needs map to. Open Eligibility is licensed CC BY-SA 3.0.",
            "uri": "https://github.com/auntbertha/openeligibility",
            "version": "2.0",
        },
    )
    for code, title in sorted({term for record in records for term in record.open_eligibility}):
        TaxonomyTerm.objects.update_or_create(
            id=term_id(code),
            defaults={"code": code, "name": title, "taxonomy": taxonomy, "description": title, "language": "en"},
        )
    return len(records)


def _need_columns(record: NeedRecord) -> dict[str, object]:
    return {
        "group": record.group,
        "order": record.order,
        "sentence": record.sentence,
        "short": record.short,
        "words": record.words,
        "pictogram": record.pictogram,
        "is_tile": record.is_tile,
        "cadence_days": record.cadence_days,
        "open_eligibility": [code for code, _ in record.open_eligibility],
    }


@transaction.atomic
def load_help_lines(*, lines: list[LineRecord] | None = None, path: Path = NATIONAL) -> int:
    """Load help lines; returns how many were written."""
    written = 0
    for record in read_help_lines(path) if lines is None else lines:
        known = HelpLine.objects.filter(slug=record.slug).first()
        if known is not None and (
            known.state == HelpLine.State.TAKEN_DOWN or known.verified_on > record.columns["verified_on"]
        ):
            continue
        line, _ = HelpLine.objects.update_or_create(
            slug=record.slug, defaults=record.columns if known is None else _without_state(record.columns)
        )
        line.channels.all().delete()
        HelpLineChannel.objects.bulk_create(HelpLineChannel(help_line=line, **channel) for channel in record.channels)
        written += 1
    return written


def _without_state(columns: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in columns.items() if key != "state"}
