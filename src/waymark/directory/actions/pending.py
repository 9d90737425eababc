"""A changed phone number, address or map point waits until a second person has checked it.

One careless or captured account must not be able to send a frightened person to the wrong door. The form hides the button,
the policy refuses, and the database has a constraint: three times the same rule.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID, uuid4

from django.db import IntegrityError, InternalError, transaction
from django.db.models import Model
from django.utils import timezone

from waymark.accounts.models import User
from waymark.audit.actions import record
from waymark.directory import policies
from waymark.directory.actions.changes import directory_change
from waymark.directory.actions.listings import touch
from waymark.directory.models import Address, HelpLine, HelpLineChannel, Location, PendingChange, Phone
from waymark.directory.policies import Refused
from waymark.directory.selectors.help_lines import snapshot
from waymark.directory.selectors.listings import owner_of

MODELS: dict[str, type[Phone] | type[Address] | type[Location]] = {
    "phone": Phone,
    "address": Address,
    "location": Location,
}
FIELDS: dict[str, tuple[str, ...]] = {
    "phone": ("number", "extension", "type", "description"),
    "address": (
        "attention",
        "address_1",
        "address_2",
        "city",
        "region",
        "state_province",
        "postal_code",
        "country",
        "address_type",
    ),
    "location": ("latitude", "longitude"),
}
OWNER_FIELDS: dict[str, tuple[str, ...]] = {
    "phone": ("service", "organization", "location", "service_at_location", "contact"),
    "address": ("location",),
    "location": (),
}
# A change of these waits; a note beside a number may be mended at once.
GUARDED: dict[str, frozenset[str]] = {
    "phone": frozenset({"number", "extension"}),
    "address": frozenset(FIELDS["address"]),
    "location": frozenset(FIELDS["location"]),
}


def row_data(entity: str, row: Model) -> dict[str, Any]:
    """A row as plain data, with the ids of what it belongs to."""
    data = {name: getattr(row, name) for name in FIELDS[entity]}
    for name in OWNER_FIELDS[entity]:
        key = getattr(row, f"{name}_id")
        data[name] = str(key) if key else None
    return data


def must_wait(entity: str, before: dict[str, Any], after: dict[str, Any]) -> bool:
    """True when a second person has to check it: a new row, or a change of what is dialed or walked to."""
    return not before or any(before.get(name) != after.get(name) for name in GUARDED[entity])


@transaction.atomic
def propose_change(
    *, entity: str, entity_id: UUID | None, before: dict[str, Any], after: dict[str, Any], reason: str, by: User
) -> PendingChange:
    """Put a change in the queue. A second proposal for the same row replaces the person's own earlier one."""
    policies.must_edit(by)
    key = entity_id or uuid4()
    if entity_id is not None:
        PendingChange.objects.filter(
            entity=entity, entity_id=key, state=PendingChange.State.WAITING, proposed_by=by
        ).update(state=PendingChange.State.WITHDRAWN, decided_by=by, decided_at=timezone.now())
    change = PendingChange.objects.create(
        entity=entity,
        entity_id=key,
        before=before,
        after=after,
        reason=reason,
        proposed_by=by,
        proposed_at=timezone.now(),
    )
    record(verb="change.proposed", by=by, kind="change", about=change.pk)
    return change


def _locked(pk: UUID) -> PendingChange:
    return PendingChange.objects.select_for_update().get(pk=pk)


@transaction.atomic
def apply_change(*, change: PendingChange, by: User) -> PendingChange:
    """A second person has compared it with the source: it goes live now."""
    change = _locked(change.pk)
    policies.must_decide(by, change)
    with directory_change(by=by, verb="change.applied", kind="change", about=change.pk):
        if change.entity == "help_line":
            _apply_to_line(change)
        else:
            _apply_to_row(change)
        return _decide(change, PendingChange.State.APPLIED, by)


@transaction.atomic
def refuse_change(*, change: PendingChange, by: User) -> PendingChange:
    """A second person found it wrong: nothing changes, and the proposal stays in the record."""
    change = _locked(change.pk)
    policies.must_decide(by, change)
    record(verb="change.refused", by=by, kind="change", about=change.pk)
    return _decide(change, PendingChange.State.REFUSED, by)


@transaction.atomic
def withdraw_change(*, change: PendingChange, by: User) -> PendingChange:
    """The person who proposed it takes it back."""
    change = _locked(change.pk)
    policies.must_withdraw(by, change)
    record(verb="change.withdrawn", by=by, kind="change", about=change.pk)
    return _decide(change, PendingChange.State.WITHDRAWN, by)


def _decide(change: PendingChange, state: str, by: User) -> PendingChange:
    change.state = state
    change.decided_by = by
    change.decided_at = timezone.now()
    change.save(update_fields=["state", "decided_by", "decided_at"])
    return change


def _apply_to_row(change: PendingChange) -> None:
    model = MODELS[change.entity]
    row = model.objects.select_for_update().filter(pk=change.entity_id).first()
    if change.before:
        if row is None:
            raise Refused("What this would change was removed meanwhile. Refuse it, or add it anew.")
        now = row_data(change.entity, row)
        if any(now.get(name) != change.before.get(name) for name in GUARDED[change.entity]):
            raise Refused("This was changed by someone else since it was proposed. Refuse it and propose it again.")
    elif row is not None:
        raise Refused("This was added before. Nothing was changed now.")
    else:
        row = model(pk=change.entity_id)
        for name in OWNER_FIELDS[change.entity]:
            setattr(row, f"{name}_id", change.after.get(name))
    for name in FIELDS[change.entity]:
        if name in change.after:
            setattr(row, name, change.after[name])
    try:
        with transaction.atomic():
            row.save()
    except (IntegrityError, InternalError) as error:
        # The owner is gone, or the place has become confidential and the database refuses an address at it.
        raise Refused("The listing no longer takes this: it was removed or became confidential. Refuse it.") from error
    owner = owner_of(row) if change.entity != "location" else None
    if owner is not None:
        touch(owner)


def _apply_to_line(change: PendingChange) -> None:
    line = HelpLine.objects.select_for_update().filter(pk=change.entity_id).first()
    if line is None or line.state != HelpLine.State.SHOWN:
        raise Refused("This line is no longer shown. Refuse the change and propose the line again.")
    if snapshot(line) != change.before:
        raise Refused("This line was changed by someone else since it was proposed. Refuse it and propose it again.")
    write_line(line, change.after)


def write_line(line: HelpLine, data: dict[str, Any]) -> None:
    """Write a line and its channels from plain data, in order."""
    dates = {"operator_since", "verified_on", "review_on"}
    for name, value in data.items():
        if name != "channels":
            setattr(line, name, _date(value) if name in dates else value)
    line.save()
    line.channels.all().delete()
    for order, item in enumerate(data["channels"]):
        fields = {**item, "verified_on": _date(item.get("verified_on"))}
        HelpLineChannel.objects.create(help_line=line, order=order, **fields)


def _date(value: Any) -> dt.date | None:
    return dt.date.fromisoformat(value) if value else None
