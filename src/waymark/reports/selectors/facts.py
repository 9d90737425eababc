"""The facts of cases for counts and standards, opened."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from waymark.cases.models import Case
from waymark.cases.selectors.records import KIND
from waymark.people.formats.sealed import unpack
from waymark.reports.models import CaseFacts
from waymark.sealing.errors import CannotOpenError
from waymark.vault.policies import CASELOAD
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

One = TypeVar("One")
TABLE = "reports_casefacts"


def some_at_a_time(rows: Iterable[One], size: int = CASELOAD) -> Iterator[list[One]]:
    """Rows in lists as long as a vault opens at once."""
    left = iter(rows)
    while part := list(islice(left, size)):
        yield part


def has_facts(case: Case) -> bool:
    """Whether something was said of a case for counts; what, only an open vault knows."""
    return CaseFacts.objects.filter(agency_id=case.agency_id, case=case).exists()


def facts_of(case: Case, secret: RecordSecret) -> dict[str, Any]:
    """What is known of one case for counts; empty when nothing was said yet."""
    row = CaseFacts.objects.filter(agency_id=case.agency_id, case=case).first()
    return unpack(secret.open(TABLE, "sealed", row.pk, row.sealed)) if row is not None else {}


def facts_by_case(vault: OpenVault, cases: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[str, Any]]:
    """The facts of many cases, two queries for each five hundred. What this member cannot open is left out."""
    found = {}
    for some in some_at_a_time(cases):
        rows = {row.case_id: row for row in CaseFacts.objects.filter(agency_id=vault.agency, case_id__in=some)}
        for pk, secret in secrets_of(vault, KIND, rows).items():
            try:
                found[pk] = unpack(secret.open(TABLE, "sealed", rows[pk].pk, rows[pk].sealed))
            except CannotOpenError:
                continue
    return found
