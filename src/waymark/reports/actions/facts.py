"""Writing down what counts and standards ask of a case."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.actions.opening import open_key_of
from waymark.cases.models import Case
from waymark.people.formats.sealed import pack
from waymark.reports.models import CaseFacts
from waymark.reports.selectors.facts import TABLE
from waymark.vault.selectors import OpenVault, RecordSecret


@transaction.atomic
def write_facts(*, vault: OpenVault, case: Case, values: Mapping[str, Any], by: User) -> None:
    """Keep the facts of a case, sealed under its key."""
    seal_facts(case=case, secret=open_key_of(vault=vault, case=case, by=by), values=values, by=by)
    record(verb="case_facts.written", by=by, kind="case", about=case.pk)


def seal_facts(*, case: Case, secret: RecordSecret, values: Mapping[str, Any], by: User) -> None:
    """The row of facts; a part of the act that needs it."""
    row = CaseFacts.objects.filter(agency_id=case.agency_id, case=case).first()
    pk = row.pk if row is not None else uuid.uuid4()
    row = row or CaseFacts(pk=pk, agency_id=case.agency_id, case=case)
    row.sealed = secret.seal(TABLE, "sealed", pk, pack(values))
    row.changed_by = by
    row.save()
