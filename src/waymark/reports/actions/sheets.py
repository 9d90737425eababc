"""Bringing cases in from a sheet: looked at first, then opened some at a time while the page is open, each row once.

Nothing is brought in while a row has a problem. Everybody gets a file of their own, also who may be known: whether two
files are one person's is decided by a person, on a page that can be undone. The open page drives it: no job holds a key.
"""

from __future__ import annotations

import hashlib
import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.actions.moves import move_case
from waymark.cases.actions.opening import Intake, open_case, open_key_of
from waymark.cases.models import OPEN_STATES, Case
from waymark.cases.policies import LOOK_AGAIN
from waymark.people.actions.contacts import seal_contact
from waymark.people.actions.records import open_person, write_row
from waymark.people.formats.sealed import pack
from waymark.people.models import Address
from waymark.people.policies import Refused, age_on, band_of
from waymark.reports.actions.facts import seal_facts
from waymark.reports.formats.htcds import BadSheet, Reading, read_records, read_sheet
from waymark.reports.formats.htcds.mapping import incoming
from waymark.reports.formats.htcds.values import Value
from waymark.reports.models import CaseSheet, SheetRow
from waymark.reports.policies import AT_ONCE, must_exchange
from waymark.reports.selectors.sheets import KIND, opened_row
from waymark.sealing.errors import CannotOpenError
from waymark.vault.actions import new_record_key
from waymark.vault.actions import open_record as open_key
from waymark.vault.selectors import OpenVault, RecordGone, RecordSecret


def look_at_sheet(content: bytes) -> Reading:
    """What a file holds and what is wrong with it. Raises BadSheet; writes nothing."""
    return read_records(read_sheet(content))


@transaction.atomic
def take_sheet(*, vault: OpenVault, content: bytes, by: User) -> CaseSheet:
    """Keep a sheet, sealed, until somebody has looked at it and brings it in or drops it."""
    agency = must_exchange(by)
    try:
        reading = look_at_sheet(content)
    except BadSheet as bad:
        raise Refused(str(bad)) from None
    if reading.problems:
        raise Refused("This file has rows that cannot be brought in as they are.")
    pk = uuid.uuid4()
    secret = new_record_key(vault=vault, kind=KIND, record=pk)
    fingerprint = vault.index("case_sheet", hashlib.sha256(content).hexdigest())
    sheet = CaseSheet.objects.create(
        pk=pk, agency_id=agency, rows=len(reading.records), fingerprint=fingerprint, made_by=by
    )
    rows = [SheetRow(agency_id=agency, sheet=sheet, number=one.row) for one in reading.records]
    for row, one in zip(rows, reading.records, strict=True):
        held = {"values": one.values, "beside": one.beside}
        row.sealed = secret.seal("reports_sheetrow", "sealed", row.pk, pack(held))
    SheetRow.objects.bulk_create(rows)
    record(verb="case_sheet.taken", by=by, kind=KIND, about=pk)
    return sheet


@transaction.atomic
def bring_in_some(*, vault: OpenVault, sheet: uuid.UUID, by: User) -> int:
    """Open cases for the next rows of a sheet; returns how many are left. May be cut off and goes on from there."""
    held, secret = _held(vault, sheet, by)
    rows = list(SheetRow.objects.filter(agency_id=held.agency_id, sheet=held).order_by("number")[:AT_ONCE])
    for row in rows:
        _bring_in(vault, held, row, secret, by)
    SheetRow.objects.filter(agency_id=held.agency_id, pk__in=[row.pk for row in rows]).delete()
    held.done += len(rows)
    if held.left == 0:
        held.state, held.ended_at = CaseSheet.State.DONE, timezone.now()
        record(verb="case_sheet.brought_in", by=by, kind=KIND, about=held.pk)
    held.save(update_fields=["done", "state", "ended_at"])
    return held.left


@transaction.atomic
def drop_sheet(*, vault: OpenVault, sheet: uuid.UUID, by: User) -> None:
    """Bring nothing (more) of a sheet in. Its rows are gone; cases that were opened from it stay."""
    held, _ = _held(vault, sheet, by)
    SheetRow.objects.filter(agency_id=held.agency_id, sheet=held).delete()
    held.state, held.ended_at = CaseSheet.State.DROPPED, timezone.now()
    held.save(update_fields=["state", "ended_at"])
    record(verb="case_sheet.dropped", by=by, kind=KIND, about=held.pk)


def _held(vault: OpenVault, sheet: uuid.UUID, by: User) -> tuple[CaseSheet, RecordSecret]:
    agency = must_exchange(by)
    held = CaseSheet.objects.select_for_update().filter(agency_id=agency, pk=sheet).first()
    if held is None or held.state != CaseSheet.State.WAITING:
        raise Refused("This sheet was brought in or dropped meanwhile.")
    return held, open_sheet(vault=vault, sheet=held)


def open_sheet(*, vault: OpenVault, sheet: CaseSheet) -> RecordSecret:
    """The key of a sheet's rows. Raises Refused."""
    try:
        return open_key(vault=vault, kind=KIND, record=sheet.pk)
    except (CannotOpenError, RecordGone):
        raise Refused("This sheet does not open with your key. Drop it and bring the file again.") from None


def _bring_in(vault: OpenVault, sheet: CaseSheet, row: SheetRow, secret: RecordSecret, by: User) -> Case:
    values, beside = opened_row(row, secret)
    told = incoming(values)
    today = timezone.localdate()
    facts = {"languages": told.languages, "born": told.born.isoformat() if told.born else ""}
    intake = Intake(
        page=row.pk,
        name=told.name,
        age_band=band_of(age_on(told.born, today)) if told.born else "",
        facts=facts,
        due_on=today + LOOK_AGAIN,
    )
    case = open_case(vault=vault, intake=intake, by=by)
    person = case.person
    own = open_person(vault=vault, person=person, by=by)
    for channel, value in told.contacts:
        # Without a day on which it is safe: nobody is shown it until the person was asked.
        seal_contact(vault=vault, person=person, secret=own, values={"channel": channel, "value": value, "days": []}, by=by)
    if told.address:
        # Where somebody really is: shown after a fresh proof and for a reason alone.
        write_row(Address, person=person, secret=own, values={"text": told.address}, by=by, kind=Address.Kind.REAL)
    seal_facts(
        case=case,
        secret=open_key_of(vault=vault, case=case, by=by),
        values={"htcds": told.rest, "beside": beside, "gender": _gender(told.rest)},
        by=by,
    )
    for move, reason in told.moves:
        case = move_case(vault=vault, case=case, move=move, reason=reason, by=by)
    if case.state not in OPEN_STATES:
        Case.objects.filter(agency_id=case.agency_id, pk=case.pk).update(due_on=None)
    return case


def _gender(values: dict[str, Value]) -> str:
    """The standard's six words in the funder's three; what was not said stays unsaid."""
    words = {"Feminine": "female", "Masculine": "male", "TransgenderFeminine": "other", "TransgenderMasculine": "other"}
    return words.get(str(values.get("prs_Gender", "")), "other" if values.get("prs_Gender") == "NonConforming" else "")
