"""Taking the agency's cases out as a file. Each person gets a line in the ledger before the first byte leaves.

The file is for the agency itself: to move to another program, to keep, to feed its own comparable database. What happens
to it afterwards is out of the software's hands, and the page says so before.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.models import Case
from waymark.consent.actions.ledger import hash_of, write_line
from waymark.people.models import Person
from waymark.people.policies import Refused
from waymark.reports.formats import hmis, htcds
from waymark.reports.policies import must_exchange
from waymark.reports.selectors.hmis import hmis_tables
from waymark.reports.selectors.leaving import Opened, as_records, opened_cases
from waymark.vault.selectors import OpenVault

CSV, XLSX = "csv", "xlsx"


@transaction.atomic
def take_out_cases(*, vault: OpenVault, cases: Sequence[Case], form: str, by: User) -> bytes:
    """Cases as a sheet of the standard."""
    must_exchange(by)
    opened = _must_open(cases, vault)
    records = as_records(opened, agency=by.acting.agency.name if by.acting else "")
    head, rows = htcds.records_as_rows(records)
    content = htcds.as_xlsx(head, rows) if form == XLSX else htcds.as_csv(head, rows)
    parts = sorted({f"htcds_{name.partition('_')[0]}" for one in records for name in one.values})
    _write_ledger(vault, opened, content, parts, "file" if form == XLSX else "csv", by)
    record(verb="cases.taken_out", by=by, kind="case", purpose=f"HTCDS {form}")
    return content


@transaction.atomic
def take_out_hmis(
    *, vault: OpenVault, cases: Sequence[Case], starts_on: dt.date, ends_on: dt.date, place: str, by: User
) -> bytes:
    """Cases as the HMIS CSV export, for the agency's own comparable database. Refused with what a reader would refuse."""
    must_exchange(by)
    opened = _must_open(cases, vault)
    tables = hmis_tables(opened, starts_on=starts_on, ends_on=ends_on, place=place, by=by)
    wrong = hmis.findings_in(tables)
    if wrong:
        raise Refused("The export would be refused: " + "; ".join(str(one) for one in wrong[:5]))
    agency = by.acting.agency.name if by.acting else ""
    content = hmis.as_archive(tables, agency=agency)
    _write_ledger(vault, opened, content, ["hmis_client", "hmis_enrollment", "hmis_services"], "file", by)
    record(verb="cases.taken_out", by=by, kind="case", purpose="HMIS CSV")
    return content


def _must_open(cases: Sequence[Case], vault: OpenVault) -> list[Opened]:
    opened = opened_cases(cases, vault=vault)
    if not opened:
        raise Refused("None of these cases opens with your key. Nothing was taken out.")
    return opened


def _write_ledger(
    vault: OpenVault, opened: Sequence[Opened], content: bytes, fields: Sequence[str], method: str, by: User
) -> None:
    """One line for each person: the file stayed with their own agency, and they can see that it was made."""
    hashed = hash_of(content, vault=vault)
    people: dict[object, Person] = {one.case.person_id: one.case.person for one in opened}
    for person in people.values():
        write_line(
            by=by,
            person=person,
            basis="internal",
            method=method,
            fields=fields,
            recipient="own_agency",
            content_hash=hashed,
        )
