"""The roster of an operation as each may read it: who takes part the hours and the phone, the own agency its names."""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass

from waymark.accounts.models import User
from waymark.operations import policies
from waymark.operations.models import AdvocateShift, Operation, ShiftAdvocate, SurgeRequest


@dataclass(frozen=True)
class Shift:
    """A shift; `names` are those of the reader's own agency, and empty for everybody else."""

    shift: AdvocateShift
    is_own: bool
    names: tuple[str, ...]


def shifts_of(operation: Operation, *, to: User) -> list[Shift]:
    """Shifts for those who take part. The row wall gives nobody another agency's names."""
    if to.acting is None or not policies.takes_part(to, operation):
        return []
    agency = to.acting.agency_id
    names: dict[uuid.UUID, list[str]] = defaultdict(list)
    stand = ShiftAdvocate.objects.filter(agency=agency, shift__operation=operation).select_related("advocate__user")
    for row in stand.order_by("advocate__user__display_name"):
        names[row.shift_id].append(row.advocate.user.display_name)
    shifts = AdvocateShift.objects.filter(operation=operation).select_related("agency")
    return [Shift(shift, shift.agency_id == agency, tuple(names[shift.pk])) for shift in shifts]


def own_shift(pk: uuid.UUID, operation: Operation, *, to: User) -> AdvocateShift | None:
    if to.acting is None:
        return None
    return AdvocateShift.objects.filter(pk=pk, operation=operation, agency=to.acting.agency_id).first()


def surge_of(operation: Operation, *, to: User) -> SurgeRequest | None:
    if not policies.may_see_surge(to, operation):
        return None
    return SurgeRequest.objects.filter(operation=operation).first()
