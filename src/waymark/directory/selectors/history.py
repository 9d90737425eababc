"""The history of a listing: who changed what, from what, to what.

The database writes one row for each changed field (HSDS `metadata`); a steward reads names here, the public door shows
only that a steward or a source did it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.directory.models import Metadata
from waymark.directory.selectors.changes import WORDS

STAFF = "staff:"
JOBS = {"": "The system", "system": "The system", "import": "An import"}


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    what: str
    before: str
    after: str
    who: str


def history_rows(ids: Iterable[UUID]) -> QuerySet[Metadata]:
    return Metadata.objects.filter(resource_id__in=list(ids)).order_by("-last_action_date", "id")


def history_of(ids: Iterable[UUID], *, limit: int = 20) -> list[Change]:
    """The newest changes of a record and of what belongs to it: two queries."""
    return in_words(history_rows(ids)[:limit])


def in_words(rows: Iterable[Metadata]) -> list[Change]:
    found = list(rows)
    staff: set[UUID] = set()
    for row in found:
        if row.updated_by.startswith(STAFF):
            try:
                staff.add(UUID(row.updated_by.removeprefix(STAFF)))
            except ValueError:
                continue
    names = {f"{STAFF}{pk}": name for pk, name in User.objects.filter(pk__in=staff).values_list("pk", "display_name")}
    return [
        Change(
            at=row.last_action_date,
            what=_what(row),
            before="" if row.field_name == "id" else row.previous_value,
            after="" if row.field_name == "id" else row.replacement_value,
            who=names.get(row.updated_by) or JOBS.get(row.updated_by) or row.updated_by.removeprefix(STAFF),
        )
        for row in found
    ]


def _what(row: Metadata) -> str:
    field = WORDS.get(row.field_name, row.field_name.replace("_", " "))
    kind = row.resource_type.replace("_", " ")
    verb = {"create": "added", "insert": "added", "delete": "removed"}.get(row.last_action_type.lower(), "")
    if row.field_name == "id":
        return f"{kind.capitalize()} {verb or 'changed'}"
    return " ".join(part for part in (f"{kind.capitalize()}:", field, verb) if part)
