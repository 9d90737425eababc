"""Sealed rows, opened for one member and one request: names, initials, case numbers, references."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from waymark.diversion.models.parties import SealedRecord
from waymark.law.models import Charge
from waymark.law.selectors import charge_on
from waymark.sealing.errors import CannotOpenError
from waymark.sealing.facts import unpack
from waymark.vault.policies import CASELOAD
from waymark.vault.selectors import OpenVault, RecordSecret, secrets_of

Opened = dict[uuid.UUID, dict[str, Any]]


def kind_of(row: SealedRecord) -> str:
    """What the vault calls the key of such a row."""
    return row._meta.label_lower


def facts_in(row: SealedRecord, secret: RecordSecret) -> dict[str, Any]:
    """What a row says about somebody."""
    return unpack(secret.open(row._meta.db_table, "sealed", row.pk, row.sealed))


def opened(rows: Iterable[SealedRecord], vault: OpenVault | None) -> Opened:
    """What many rows say: one query for their keys. A row that this member cannot open is left out."""
    known = {row.pk: row for row in rows}
    if vault is None or not known:
        return {}
    found: Opened = {}
    for pk, secret in secrets_of(vault, kind_of(next(iter(known.values()))), known).items():
        try:
            found[pk] = facts_in(known[pk], secret)
        except CannotOpenError:
            continue
    return found


def by_reference(rows: Iterable[SealedRecord], vault: OpenVault) -> dict[str, SealedRecord]:
    """Rows by the reference that is sealed in them: the one way in which what came in finds its row."""
    return {facts["reference"]: row for row, facts in opened_by_batch(rows, vault) if facts.get("reference")}


def rows_about(rows: Iterable[SealedRecord], vault: OpenVault, *, reference: str, case_number: str) -> list[SealedRecord]:
    """Rows of one person's case, by the program's reference or the court's number, however that is spaced."""
    number = _plain(case_number)
    return [
        row
        for row, facts in opened_by_batch(rows, vault)
        if (reference and facts.get("reference") == reference)
        or (number and _plain(facts.get("case_number") or "") == number)
    ]


def _plain(number: str) -> str:
    return "".join(each for each in number.upper() if each.isalnum())


def opened_by_batch(rows: Iterable[SealedRecord], vault: OpenVault) -> Iterator[tuple[SealedRecord, dict[str, Any]]]:
    """Rows with what they say, as many at once as the vault opens for a list; without those that it does not open."""
    for some in _batches(rows, CASELOAD):
        facts = opened(some, vault)
        yield from ((row, facts[row.pk]) for row in some if row.pk in facts)


def _batches(rows: Iterable[SealedRecord], size: int) -> Iterator[Sequence[SealedRecord]]:
    rest = iter(rows)
    while some := list(islice(rest, size)):
        yield some


def day_in(facts: dict[str, Any], name: str) -> dt.date | None:
    said = facts.get(name)
    return dt.date.fromisoformat(said) if said else None


def charge_in(section: str, on: dt.date | None) -> Charge | None:
    """A charge as it read on the day of the offense, or None when it was not in force."""
    return charge_on(section, on=on) if on is not None else None
