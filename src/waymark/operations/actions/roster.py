"""Who stands by, what a week may need, and forgetting both when they have served their time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Membership, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.audit.models import SYSTEM
from waymark.operations import policies
from waymark.operations.models import AdvocateShift, Operation, ShiftAdvocate, SurgeRequest

LONGEST_SHIFT = dt.timedelta(hours=24)
SHIFT_KEPT = dt.timedelta(days=30)
SURGE_KEPT = dt.timedelta(days=21)
FARTHEST_WEEK = dt.timedelta(days=26 * 7)
NOT_KEEPER = "The officer of an agency that sends advocates does this."
PURGES = "system:operations"


@transaction.atomic
def add_shift(
    *,
    operation: Operation,
    starts_at: dt.datetime,
    ends_at: dt.datetime,
    duty_phone: str,
    advocates: Sequence[uuid.UUID],
    by: User,
) -> AdvocateShift:
    """Some hours of the own agency. The hours and the phone are for those who take part, the names for the own agency."""
    acting = policies.must(policies.keeps_roster(by, operation), NOT_KEEPER, by)
    if not starts_at < ends_at <= starts_at + LONGEST_SHIFT:
        raise Refused("A shift ends after it begins, and lasts 24 hours at most.")
    stand = advocates_to_choose(acting).filter(pk__in=advocates)
    if not advocates or len(stand) != len(set(advocates)):
        raise Refused("Choose who stands in this shift among your agency’s advocates.")
    shift = AdvocateShift.objects.create(
        operation=operation, agency=acting.agency, starts_at=starts_at, ends_at=ends_at, duty_phone=duty_phone
    )
    ShiftAdvocate.objects.bulk_create(ShiftAdvocate(agency=acting.agency, shift=shift, advocate=member) for member in stand)
    record(verb="roster.shift_added", by=by, kind="operation", about=operation.pk)
    return shift


def advocates_to_choose(acting: Membership) -> Any:
    """The agency's own advocates."""
    found = Membership.objects.filter(agency=acting.agency_id, role=Role.ADVOCATE.value, state=Membership.State.ACTIVE)
    return found.select_related("user").order_by("user__display_name", "pk")


@transaction.atomic
def remove_shift(*, shift: AdvocateShift, by: User) -> None:
    acting = policies.must(policies.keeps_roster(by, shift.operation), "Its own agency takes a shift off the roster.", by)
    if shift.agency_id != acting.agency_id:
        raise Refused("An agency takes its own shifts off the roster.")
    record(verb="roster.shift_removed", by=by, kind="operation", about=shift.operation_id)
    shift.delete()


@transaction.atomic
def ask_surge(*, operation: Operation, values: Mapping[str, Any], by: User) -> SurgeRequest:
    """Say what a week may need. Of the day that was typed only its week is kept."""
    policies.must(policies.may_keep(by, operation), "The agency that leads the operation asks for this.", by)
    today = timezone.localdate()
    week = _monday(values["week"])
    if not _monday(today) <= week <= today + FARTHEST_WEEK:
        raise Refused("The week is this one or one of the next 26.")
    fields = {name: values[name] for name in ("people", "genders", "languages", "with_minors", "beds")}
    asked, _ = SurgeRequest.objects.update_or_create(
        operation=operation, defaults={**fields, "week_of": week, "delete_on": week + SURGE_KEPT}
    )
    record(verb="surge.asked", by=by, kind="operation", about=operation.pk)
    return asked


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())


@transaction.atomic
def take_back_surge(*, operation: Operation, by: User) -> None:
    policies.must(policies.may_keep(by, operation), "The agency that leads the operation takes it back.", by)
    record(verb="surge.taken_back", by=by, kind="operation", about=operation.pk)
    SurgeRequest.objects.filter(operation=operation).delete()


@transaction.atomic
def purge_surge(*, on: dt.date, by: str = PURGES) -> int:
    """Delete what was asked for weeks that are over. Gives how many rows are gone."""
    gone, _ = SurgeRequest.objects.filter(delete_on__lte=on).delete()
    if gone:
        record(verb="surge.purged", by=by, kind="operation", about=gone)
    return gone


def purge_shifts(*, agency_id: uuid.UUID, at: dt.datetime, by: str = PURGES) -> int:
    """Delete one agency's shifts of which nobody needs to know any more, and who stood in them. Gives how many."""
    with acting_for(agency_id, SYSTEM):
        old = AdvocateShift.objects.filter(agency=agency_id, ends_at__lt=at - SHIFT_KEPT)
        count = old.count()
        old.delete()
        if count:
            record(verb="roster.purged", by=by, chain=agency_id, kind="agency", about=agency_id, fields=["shifts"])
        return count
