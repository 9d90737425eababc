"""Legal holds: a record that somebody may have to show cannot be destroyed meanwhile.

The database refuses to destroy a held record, whatever program asks (migrations/sql/holds.sql).
"""

from __future__ import annotations

import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.vault import policies
from waymark.vault.actions.events import tell
from waymark.vault.models import RecordHold, RecordKey
from waymark.vault.policies import Refused


@transaction.atomic
def hold_record(*, kind: str, record: uuid.UUID, why: str, by: User) -> RecordHold:
    """Place a hold on a record of the agency for which `by` acts; the same reason twice is one hold.

    Raises Refused for a record that is not there or was destroyed.
    """
    policies.must_open(by)
    agency = policies.agency_of(by)
    row = RecordKey.objects.select_for_update().filter(agency_id=agency, kind=kind, record=record).first()
    if row is None or row.shredded_at is not None:
        raise Refused("There is no such record any more.")
    known = RecordHold.objects.filter(agency_id=agency, record_key=row, why=why, lifted_at__isnull=True).first()
    if known is not None:
        return known
    hold = RecordHold.objects.create(agency_id=agency, record_key=row, why=why, placed_by=by)
    tell("record.held", by=by, kind=kind, about=record)
    return hold


@transaction.atomic
def lift_hold(*, hold: uuid.UUID, by: User) -> RecordHold:
    """Take a hold away: only who may destroy records, so that the worker of a case does not. Raises Refused."""
    policies.must_shred(by)
    agency = policies.agency_of(by)
    rows = RecordHold.objects.select_for_update(of=("self",)).select_related("record_key")
    row = rows.filter(agency_id=agency, pk=hold, lifted_at__isnull=True).first()
    if row is None:
        raise Refused("This hold was lifted already.")
    row.lifted_at, row.lifted_by = timezone.now(), by
    row.save(update_fields=["lifted_at", "lifted_by"])
    tell("record.hold_lifted", by=by, kind=row.record_key.kind, about=row.record_key.record)
    return row
