"""Opening records: from an open vault to the key of one person or case, and from it to fields and files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from waymark.sealing.errors import CannotOpenError
from waymark.sealing.fields import open_field, seal_field
from waymark.sealing.places import Place
from waymark.vault.models import RecordHold, RecordKey, WrappedKey
from waymark.vault.policies import CASELOAD
from waymark.vault.selectors.keyring import OpenVault

NAMED = "record key for a named member"
# Why a record may have to be shown one day: code and words, for the forms of other apps.
HOLD_REASONS = RecordHold.Why.choices


class RecordGone(Exception):
    """The record's key was destroyed: a tombstone is left, and nothing opens."""


@dataclass(frozen=True)
class RecordSecret:
    """The open key of one record. It seals and opens that record's fields and files, each at its place."""

    agency: uuid.UUID
    kind: str
    record: uuid.UUID
    key: bytes = field(repr=False)

    def seal(self, table: str, column: str, row: object, value: bytes | str) -> bytes:
        """Close a field or a file for one table, column and row."""
        return seal_field(self.key, value.encode() if isinstance(value, str) else value, self._place(table, column, row))

    def open(self, table: str, column: str, row: object, sealed: bytes | memoryview) -> bytes:
        """The value, or CannotOpenError when it was moved, altered or closed with another key."""
        return open_field(self.key, bytes(sealed), self._place(table, column, row))

    def read(self, table: str, column: str, row: object, sealed: bytes | memoryview) -> str:
        """The value as text."""
        return self.open(table, column, row, sealed).decode()

    def _place(self, table: str, column: str, row: object) -> Place:
        return Place(table, column, str(row), str(self.agency))


def wrap_place(record_key: RecordKey, member: uuid.UUID | None, number: int) -> Place:
    """Where a wrapped key belongs: to one record, one reader and one epoch."""
    row = f"{record_key.kind}:{record_key.record}:{member or 'agency'}:{number}"
    return Place("vault_wrappedkey", "wrapped", row, str(record_key.agency_id))


def unwrap(vault: OpenVault, record_key: RecordKey, wrapped: WrappedKey) -> bytes:
    """The record's key out of one wrapped row, or CannotOpenError."""
    opened = open_field(
        vault.wrapping_key(wrapped.number),
        bytes(wrapped.wrapped),
        wrap_place(record_key, wrapped.member_id, wrapped.number),
    )
    if wrapped.member_id is None:
        return opened
    return vault.own.open(opened, purpose=NAMED, bound=named_bound(record_key, vault.user))


def named_bound(record_key: RecordKey, user: object) -> tuple[str, ...]:
    return (str(record_key.agency_id), record_key.kind, str(record_key.record), str(user))


def wraps_for(vault: OpenVault) -> QuerySet[WrappedKey]:
    """Wrapped keys that this member can open: those of the whole agency and those sealed to the member."""
    rows = WrappedKey.objects.filter(agency_id=vault.agency)
    return rows.filter(Q(member__isnull=True) | Q(member_id=vault.member))


def secrets_by_kind(
    vault: OpenVault, records: Iterable[tuple[str, uuid.UUID]]
) -> dict[tuple[str, uuid.UUID], RecordSecret]:
    """The keys of a few records of different kinds: one query. What this member may not open is left out."""
    asked = [Q(record_key__kind=kind, record_key__record=record) for kind, record in records]
    found = {}
    for row in wraps_for(vault).filter(reduce(or_, asked, Q(pk__in=()))).select_related("record_key"):
        try:
            key = unwrap(vault, row.record_key, row)
        except CannotOpenError:
            continue
        at = (row.record_key.kind, row.record_key.record)
        found[at] = RecordSecret(vault.agency, *at, key)
    return found


def secrets_of(vault: OpenVault, kind: str, records: Iterable[uuid.UUID]) -> dict[uuid.UUID, RecordSecret]:
    """The keys of many records at once, for a list: one query. What this member may not open is left out."""
    wanted = list(records)
    if len(wanted) > CASELOAD:
        raise ValueError(f"A list opens at most {CASELOAD} records.")
    rows = wraps_for(vault).filter(record_key__kind=kind, record_key__record__in=wanted).select_related("record_key")
    found = {}
    for row in rows:
        try:
            key = unwrap(vault, row.record_key, row)
        except CannotOpenError:
            continue
        found[row.record_key.record] = RecordSecret(vault.agency, kind, row.record_key.record, key)
    return found


def left_to_rewrap(vault: OpenVault) -> int:
    """How many wrapped keys still stand under an older epoch."""
    return WrappedKey.objects.filter(agency_id=vault.agency, number__lt=vault.number).count()


def tombstones(agency: uuid.UUID) -> QuerySet[RecordKey]:
    """Destroyed records, newest first."""
    rows = RecordKey.objects.filter(agency_id=agency, shredded_at__isnull=False)
    return rows.select_related("shredded_by").order_by("-shredded_at")


def holds_on(agency: uuid.UUID, kind: str, records: Iterable[uuid.UUID]) -> QuerySet[RecordHold]:
    """The holds that stand on records of a kind, the oldest first."""
    rows = RecordHold.objects.filter(
        agency_id=agency, record_key__kind=kind, record_key__record__in=list(records), lifted_at__isnull=True
    )
    return rows.select_related("record_key", "placed_by").order_by("placed_at", "pk")


def standing_holds(agency: uuid.UUID) -> QuerySet[RecordHold]:
    """Every hold of an agency that stands, the oldest first."""
    rows = RecordHold.objects.filter(agency_id=agency, lifted_at__isnull=True)
    return rows.select_related("record_key", "placed_by").order_by("placed_at", "pk")
