"""Making rows about somebody: a key of their own, a random code, facts sealed; and destroying them when a court says so."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, TypeVar

from django.db import transaction
from django.utils import timezone

from waymark.accounts.models import User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.diversion import policies
from waymark.diversion.formats.references import new_code
from waymark.diversion.models import Enrollment, Referral
from waymark.diversion.models.parties import SealedRecord
from waymark.diversion.selectors.opened import facts_in, kind_of
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.facts import pack
from waymark.vault.actions import new_record_key, open_record, shred_record
from waymark.vault.selectors import OpenVault, RecordGone, RecordSecret

Row = TypeVar("Row", bound=SealedRecord)
CODES_TRIED = 50
GONE = "This row was destroyed. Nothing opens it."
CLOSED = "This row does not open with your key."


def fresh_code(model: type[SealedRecord], agency: uuid.UUID, letter: str) -> str:
    """A code that the agency has not given."""
    for _ in range(CODES_TRIED):
        code = new_code(letter)
        if not model._default_manager.filter(agency_id=agency, code=code).exists():
            return code
    raise Refused("No code is left to give. Tell whoever runs this installation.")


def make_row(
    model: type[Row], *, vault: OpenVault, letter: str, facts: Mapping[str, Any], by: User, pk: uuid.UUID, **open_: Any
) -> Row:
    """A row with `facts` sealed under a key of its own; a part of the act that needs it."""
    row = model(pk=pk, agency_id=vault.agency, code=fresh_code(model, vault.agency, letter), made_by=by, **open_)
    secret = new_record_key(vault=vault, kind=kind_of(row), record=row.pk)
    row.sealed = _seal(row, secret, facts)
    row.save(force_insert=True)
    return row


def _seal(row: SealedRecord, secret: RecordSecret, facts: Mapping[str, Any]) -> bytes:
    return secret.seal(row._meta.db_table, "sealed", row.pk, pack(facts))


def secret_for(vault: OpenVault, row: SealedRecord) -> RecordSecret:
    """The key of a row. Raises Refused for who cannot open it, and for a row that was destroyed."""
    try:
        return open_record(vault=vault, kind=kind_of(row), record=row.pk)
    except CannotOpenError:
        raise Refused(CLOSED) from None
    except RecordGone:
        raise Refused(GONE) from None


def facts_of(vault: OpenVault, row: SealedRecord) -> dict[str, Any]:
    return facts_in(row, secret_for(vault, row))


def change_facts(vault: OpenVault, row: SealedRecord, facts: Mapping[str, Any]) -> None:
    """Facts written anew; a part of the act that needs it."""
    row.sealed = _seal(row, secret_for(vault, row), {**facts_of(vault, row), **facts})
    row.save(update_fields=["sealed"])


@transaction.atomic
def put_away(*, row: SealedRecord, by: User) -> None:
    """A court has ordered relief: the row leaves every list and page of its agency. Its counts stay."""
    policies.must(by.acting is not None and by.acting.agency_id == row.agency_id, policies.NOT_A_PARTY)
    row.put_away_on = timezone.localdate()
    row.save(update_fields=["put_away_on"])
    if isinstance(row, Enrollment):
        Referral.objects.filter(agency_id=row.agency_id, pk=row.referral_id).update(put_away_on=row.put_away_on)
    record(verb="diversion_row.put_away", by=by, kind=kind_of(row), about=row.pk)


@transaction.atomic
def destroy_row(*, row: SealedRecord, by: User) -> None:
    """After it was put away: the key of the row is destroyed, and with it everything that said who it was."""
    policies.must(row.put_away_on is not None, "Put the row away first; it is destroyed afterwards.")
    shred_record(agency=row.agency_id, kind=kind_of(row), record=row.pk, by=by)
