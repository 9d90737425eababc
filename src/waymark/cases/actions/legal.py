"""Legal relief: written down and moved on, sealed under the case's key. Its clock brings the case up in the caseload."""

from __future__ import annotations

import dataclasses
import uuid

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.cases.actions.opening import open_key_of
from waymark.cases.formats.legal import Legal, to_seal
from waymark.cases.models import OPEN_STATES, Case, LegalRelief
from waymark.cases.selectors.legal import TABLE, legal_in
from waymark.cases.selectors.records import KIND
from waymark.people.formats.sealed import pack
from waymark.people.policies import Refused
from waymark.vault.selectors import OpenVault


@transaction.atomic
def keep_legal(*, vault: OpenVault, case: Case, legal: Legal, row: LegalRelief | None, by: User) -> LegalRelief:
    """Write down something that is asked for, or (`row`) where it stands now. Where it stood before is kept with it."""
    secret = open_key_of(vault=vault, case=case, by=by)
    held = Case.objects.select_for_update().get(agency_id=case.agency_id, pk=case.pk)
    if held.state not in OPEN_STATES:
        raise Refused("This case is closed. Reopen it first.")
    pk = uuid.uuid4()
    before: tuple[tuple[str, str], ...] = ()
    if row is not None:
        pk = row.pk
        now = legal_in(row, secret)
        if now.kind != legal.kind:
            raise Refused("What was asked for stays what it was. Write down the other thing beside it.")
        today = timezone.localdate().isoformat()
        before = now.before if now.status == legal.status else (*now.before, (now.status, today))
    legal = dataclasses.replace(legal, before=before)
    sealed = secret.seal(TABLE, "sealed", pk, pack(to_seal(legal)))
    due = legal.due_on()
    if row is None:
        row = LegalRelief(pk=pk, agency_id=case.agency_id, case=held, made_by=by)
    row.sealed, row.due_on = sealed, due
    row.save()
    if due is not None and (held.due_on is None or due < held.due_on):
        held.due_on = due
        held.save(update_fields=["due_on"])
    record(verb="legal_relief.kept", by=by, kind=KIND, about=case.pk)
    return row
