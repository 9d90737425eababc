"""Recording operations, counts, checks and what to do better. Every text passes the reader that refuses persons."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from waymark.accounts.models import Agency, Membership, User
from waymark.accounts.policies import Refused
from waymark.audit.actions import record
from waymark.law.models import Charge
from waymark.law.selectors import charges_in_force
from waymark.operations import policies
from waymark.operations.formats.count_table import CountLine
from waymark.operations.formats.person_like import person_like_in
from waymark.operations.formats.safety import checklist
from waymark.operations.models import (
    AfterActionItem,
    Operation,
    OperationAgency,
    OperationTotal,
    OutcomeCount,
    SafetyCheck,
    ServiceCount,
)
from waymark.operations.models.counts import NO_SIDE, Counted

FIELDS = ("name", "edition", "year", "starts_on", "ends_on", "period_words", "settings", "source", "who_asked", "decision")
NOT_LEAD = "The agency that leads the operation keeps it."
NOT_IN_FORCE = "This charge was not in force on the days of the operation."


def known_names(operation: Operation | None = None) -> list[str]:
    """Names that are no people's: those of agencies and of the operation's own announcement."""
    names = [*Agency.objects.values_list("name", flat=True), *Agency.objects.values_list("short_name", flat=True)]
    if operation is not None and operation.pk:
        names += [operation.name, *operation.taking_part.values_list("name", flat=True)]
    return names


def must_name_nobody(*texts: str, known: Sequence[str] = ()) -> None:
    for text in texts:
        found = person_like_in(text, known=known)
        if found:
            raise Refused(str(found))


@transaction.atomic
def record_operation(*, values: Mapping[str, Any], by: User) -> Operation:
    acting = policies.must(policies.may_record(by), "Agencies that lead operations record them.", by)
    operation = Operation(lead=acting.agency, recorded_by=acting)
    _set(operation, values)
    operation.save(force_insert=True)
    OperationAgency.objects.create(
        operation=operation, agency=acting.agency, name=acting.agency.name, part=OperationAgency.Part.CONDUCTED
    )
    record(verb="operation.recorded", by=by, kind="operation", about=operation.pk, fields=FIELDS)
    return operation


@transaction.atomic
def change_operation(*, operation: Operation, values: Mapping[str, Any], by: User) -> Operation:
    policies.must(policies.may_keep(by, operation), NOT_LEAD, by)
    fresh = Operation.objects.select_for_update().get(pk=operation.pk)
    changed = _set(fresh, values)
    try:
        with transaction.atomic():
            fresh.save(update_fields=FIELDS)
    except IntegrityError as error:
        raise Refused("A charge that is counted was not in force on these days. Change the count first.") from error
    record(verb="operation.changed", by=by, kind="operation", about=fresh.pk, fields=changed)
    return fresh


def _set(operation: Operation, values: Mapping[str, Any]) -> tuple[str, ...]:
    changed = tuple(name for name in FIELDS if name in values and getattr(operation, name) != values[name])
    for name in changed:
        setattr(operation, name, values[name])
    if operation.ends_on and operation.starts_on and operation.ends_on < operation.starts_on:
        raise Refused("The last day is before the first.")
    if (operation.ends_on is None) != (operation.starts_on is None):
        raise Refused("Give both days, or none.")
    if operation.ends_on and operation.ends_on.year != operation.year:
        raise Refused("The year is that of the last day.")
    texts = (operation.name, operation.edition, operation.period_words, operation.source, operation.who_asked)
    must_name_nobody(*texts, known=known_names())
    twin = Operation.objects.filter(name=operation.name, edition=operation.edition, year=operation.year)
    if twin.exclude(pk=operation.pk).exists():
        raise Refused("This operation is recorded already.")
    return changed


@transaction.atomic
def add_agency(*, operation: Operation, agency: Agency | None, name: str, part: str, by: User) -> OperationAgency:
    """An agency of the coalition, or the name of one outside it."""
    policies.must(policies.may_keep(by, operation), NOT_LEAD, by)
    name = agency.name if agency else " ".join(name.split())
    if not name:
        raise Refused("Choose an agency of the coalition, or write the name of another.")
    if agency is None:
        must_name_nobody(name, known=known_names(operation))
    if operation.taking_part.filter(name__iexact=name).exists():
        raise Refused("This agency is on the list already.")
    made = OperationAgency.objects.create(operation=operation, agency=agency, name=name, part=part)
    record(verb="operation.agency_added", by=by, kind="operation", about=operation.pk, fields=("taking_part",))
    return made


@transaction.atomic
def remove_agency(*, taking_part: OperationAgency, by: User) -> None:
    operation = taking_part.operation
    policies.must(policies.may_keep(by, operation), NOT_LEAD, by)
    if taking_part.agency_id == operation.lead_id:
        raise Refused("The agency that leads the operation stays on the list.")
    if taking_part.agency_id and operation.outcomes.filter(agency=taking_part.agency_id).exists():
        raise Refused("This agency has entered counts. They would be left without an owner.")
    taking_part.delete()
    record(verb="operation.agency_removed", by=by, kind="operation", about=operation.pk, fields=("taking_part",))


def _counted(row: Counted, *, operation: Operation, values: Mapping[str, Any], acting: Membership) -> None:
    charge: Charge | None = values.get("charge")
    if values["measure"] in NO_SIDE and values["side"] != "not_stated":
        raise Refused("This measure has no side: choose “Not stated”.")
    must_name_nobody(values["words"], known=known_names(operation))
    row.measure, row.side, row.charge = values["measure"], values["side"], charge
    row.value, row.words = values["value"], values["words"]
    row.entered_by, row.entered_at = acting, timezone.now()


def _saved(row: Counted, *, is_new: bool) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=is_new)
    except IntegrityError as error:
        if "charge_in_force" in str(error) or "not in force" in str(error):
            raise Refused(NOT_IN_FORCE) from error
        raise Refused("There is a number of this kind already: change that one.") from error


@transaction.atomic
def enter_outcome(
    *, operation: Operation, values: Mapping[str, Any], by: User, outcome: OutcomeCount | None = None
) -> OutcomeCount:
    """One number of the own agency, new or changed. No value means that it was not counted, and is not zero."""
    acting = policies.must(policies.may_count(by, operation), "Agencies that took part enter their own counts.", by)
    if outcome is not None and outcome.agency_id != acting.agency_id:
        raise Refused("An agency changes its own counts only.")
    row = outcome or OutcomeCount(operation=operation, agency=acting.agency)
    _counted(row, operation=operation, values=values, acting=acting)
    _saved(row, is_new=outcome is None)
    record(verb="outcome.entered", by=by, kind="operation", about=operation.pk, fields=(row.measure,))
    return row


@transaction.atomic
def remove_outcome(*, outcome: OutcomeCount, by: User) -> None:
    acting = policies.must(policies.may_count(by, outcome.operation), "Agencies keep their own counts.", by)
    if outcome.agency_id != acting.agency_id:
        raise Refused("An agency removes its own counts only.")
    outcome.delete()
    record(verb="outcome.removed", by=by, kind="operation", about=outcome.operation_id, fields=(outcome.measure,))


@transaction.atomic
def import_outcomes(*, operation: Operation, lines: Sequence[CountLine], by: User) -> int:
    """All lines or none. A kind that the agency entered before takes the new number."""
    acting = policies.must(policies.may_count(by, operation), "Agencies that took part enter their own counts.", by)
    first, last = operation.starts_on or dt.date(operation.year, 1, 1), operation.ends_on or dt.date(operation.year, 12, 31)
    charges = {charge.section: charge for day in (first, last) for charge in charges_in_force(on=day)}
    unknown = sorted({line.charge for line in lines if line.charge} - charges.keys())
    if unknown:
        raise Refused(f"{len(unknown)} of the charges were not in force on the days of the operation, or are not known.")
    own = {
        (row.measure, row.side, row.charge_id): row
        for row in OutcomeCount.objects.filter(operation=operation, agency=acting.agency_id)
    }
    for line in lines:
        charge = charges[line.charge] if line.charge else None
        row = own.get((line.measure, line.side, charge.pk if charge else None))
        fresh = row or OutcomeCount(operation=operation, agency=acting.agency)
        values = {"measure": line.measure, "side": line.side, "charge": charge, "value": line.value, "words": line.words}
        _counted(fresh, operation=operation, values=values, acting=acting)
        _saved(fresh, is_new=row is None)
    record(verb="outcome.imported", by=by, kind="operation", about=operation.pk, fields=("value",))
    return len(lines)


@transaction.atomic
def announce_total(
    *, operation: Operation, values: Mapping[str, Any], by: User, total: OperationTotal | None = None
) -> OperationTotal:
    """What the lead announced for the whole operation."""
    acting = policies.must(policies.may_keep(by, operation), NOT_LEAD, by)
    row = total or OperationTotal(operation=operation)
    _counted(row, operation=operation, values=values, acting=acting)
    _saved(row, is_new=total is None)
    record(verb="operation.total_entered", by=by, kind="operation", about=operation.pk, fields=(row.measure,))
    return row


@transaction.atomic
def count_services(*, operation: Operation, values: Mapping[str, int | None], by: User) -> None:
    """The own agency's four numbers at once. They stay behind its row wall."""
    acting = policies.must(
        policies.may_count_services(by, operation), "Agencies for victims that took part count this.", by
    )
    for kind in ServiceCount.Kind.values:
        ServiceCount.objects.update_or_create(
            agency=acting.agency,
            operation=operation,
            kind=kind,
            defaults={"value": values.get(kind), "entered_by": acting, "entered_at": timezone.now()},
        )
    record(verb="service_counts.entered", by=by, kind="operation", about=operation.pk, fields=ServiceCount.Kind.values)


@transaction.atomic
def check_safety(*, operation: Operation, states: Mapping[str, str], by: User) -> None:
    """Answer lines of the checklist; a line without an answer stays as it is."""
    acting = policies.must(policies.may_keep(by, operation), NOT_LEAD, by)
    answered = {item: state for item, state in states.items() if item in checklist().items and state}
    for item, state in answered.items():
        SafetyCheck.objects.update_or_create(
            operation=operation,
            item=item,
            defaults={"state": SafetyCheck.State(state), "checked_by": acting, "checked_at": timezone.now()},
        )
    record(verb="operation.safety_checked", by=by, kind="operation", about=operation.pk, fields=sorted(answered))


@transaction.atomic
def add_after_action(*, operation: Operation, text: str, due_on: dt.date, by: User) -> AfterActionItem:
    """What should be better next time; whoever writes it sees to it."""
    acting = policies.must(policies.takes_part(by, operation), "Agencies that took part say what to do better.", by)
    must_name_nobody(text, known=known_names(operation))
    made = AfterActionItem.objects.create(operation=operation, text=text, owner=acting, due_on=due_on)
    record(verb="after_action.added", by=by, kind="operation", about=operation.pk)
    return made


@transaction.atomic
def turn_after_action(*, item: AfterActionItem, is_done: bool, by: User) -> None:
    """Done, or open again."""
    policies.must(policies.may_finish(by, item), "Its owner and the lead agency say when it is done.", by)
    item.state = AfterActionItem.State.DONE if is_done else AfterActionItem.State.OPEN
    item.done_at = timezone.now() if is_done else None
    item.save(update_fields=["state", "done_at"])
    record(verb="after_action.turned", by=by, kind="operation", about=item.operation_id, fields=("state",))
