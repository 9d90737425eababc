"""Notes: written, corrected for a day, added to ever after."""

from __future__ import annotations

import datetime as dt
import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases import policies
from waymark.cases.actions.opening import open_key_of
from waymark.cases.models import Addendum, Case, Note
from waymark.cases.selectors.records import KIND, was_told_limits
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault

NOT_TOLD = (
    "First tell the person where confidentiality ends, and write down that you did (Notices told). "
    "Then write what was said in confidence."
)


def _must_be_told(case: Case, kind: str) -> None:
    if kind == Note.Kind.PRIVILEGED and not was_told_limits(case):
        raise Refused(NOT_TOLD)


@transaction.atomic
def write_note(*, vault: OpenVault, case: Case, kind: str, happened_on: dt.date, text: str, by: User) -> Note:
    """Write a note. A privileged one needs that the person was told where confidentiality ends; the database asks too."""
    secret = open_key_of(vault=vault, case=case, by=by)
    _must_be_told(case, kind)
    pk = uuid.uuid4()
    note = Note.objects.create(
        pk=pk,
        agency_id=case.agency_id,
        case=case,
        kind=kind,
        happened_on=happened_on,
        text=secret.seal("cases_note", "text", pk, pack({"text": text})),
    )
    record(verb="note.written", by=by, kind=KIND, about=case.pk)
    return note


@transaction.atomic
def change_note(*, vault: OpenVault, case: Case, note: Note, kind: str, happened_on: dt.date, text: str, by: User) -> None:
    """Correct one's own note within a day."""
    secret = open_key_of(vault=vault, case=case, by=by)
    if not policies.may_change_note(by, note, at=timezone.now()):
        raise Refused("This note is final, or a colleague's. Add to it instead.")
    if note.kind == Note.Kind.PRIVILEGED and kind != note.kind:
        raise Refused("A note about privileged talk stays one.")
    _must_be_told(case, kind)
    note.kind, note.happened_on = kind, happened_on
    note.text = secret.seal("cases_note", "text", note.pk, pack({"text": text}))
    note.save(update_fields=["kind", "happened_on", "text"])
    record(verb="note.corrected", by=by, kind=KIND, about=case.pk)


@transaction.atomic
def add_to_note(*, vault: OpenVault, case: Case, note: Note, text: str, by: User) -> Addendum:
    """Add to a note; what stands there stays."""
    secret = open_key_of(vault=vault, case=case, by=by)
    pk = uuid.uuid4()
    added = Addendum.objects.create(
        pk=pk,
        agency_id=case.agency_id,
        note=note,
        text=secret.seal("cases_addendum", "text", pk, pack({"text": text})),
    )
    record(verb="note.added_to", by=by, kind=KIND, about=case.pk)
    return added
