"""Rows that a court's order keeps from everybody, until their keys are destroyed."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.diversion.models import Enrollment, Matter, Referral
from waymark.diversion.models.parties import SealedRecord
from waymark.diversion.selectors.opened import kind_of
from waymark.vault.selectors import tombstones

MODELS: dict[str, type[SealedRecord]] = {"enrollment": Enrollment, "matter": Matter, "referral": Referral}


def waiting_rows(user: User) -> dict[str, QuerySet[SealedRecord]]:
    """What was put away in the own agency and still has a key, by its kind."""
    if user.acting is None:
        return {}
    agency, found = user.acting.agency_id, {}
    for kind, model in MODELS.items():
        rows = model._default_manager.filter(agency_id=agency, put_away_on__isnull=False)
        gone = tombstones(agency).filter(kind=kind_of(model())).order_by().values("record")
        found[kind] = rows.exclude(pk__in=gone)
    return found


def put_away_rows(user: User) -> list[tuple[str, SealedRecord]]:
    """What was put away in the own agency and still has a key, the oldest first."""
    found = [(kind, row) for kind, rows in waiting_rows(user).items() for row in rows[:500]]
    return sorted(found, key=lambda pair: (str(pair[1].put_away_on), pair[1].code))


def put_away_row(user: User, kind: str, pk: uuid.UUID) -> SealedRecord | None:
    return next((row for named, row in put_away_rows(user) if named == kind and row.pk == pk), None)
