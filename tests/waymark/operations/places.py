"""Where the addresses of operations lead: an operation that is over is the coalition's, its counts are its agencies'."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from tests.factories.accounts import UserFactory
from tests.factories.operations import OperationFactory, take_part
from tests.plugins.places import no_object, of_agency, of_coalition

from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, Membership
from waymark.operations.models import (
    AdvocateShift,
    AfterActionItem,
    Operation,
    OperationAgency,
    OperationTotal,
    OutcomeCount,
    QuarterlyFile,
    SurgeRequest,
)

LEADS = frozenset({AgencyKind.LAW_ENFORCEMENT, AgencyKind.PROSECUTION})
SHELTERS = frozenset({AgencyKind.VICTIM_SERVICES})


def member(world: Any, agency: Agency) -> Membership:
    return world.member_of(agency).memberships.get(agency=agency)


def led_by(world: Any, agency: Agency) -> Operation:
    return world.once(OperationFactory, lead=agency)


def own(world: Any, agency: Agency) -> dict[str, Any]:
    return {"pk": led_by(world, agency).pk}


def over(world: Any) -> dict[str, Any]:
    return {"pk": world.once(OperationFactory, name="Operation Over").pk}


def taken_part(world: Any, agency: Agency) -> dict[str, Any]:
    operation = led_by(world, agency)
    row, _ = OperationAgency.objects.get_or_create(
        operation=operation, name="Federal office (invented)", part="participated"
    )
    return {"pk": operation.pk, "part": row.pk}


def _number(world: Any, leads: Agency, kind: Any, **fields: Any) -> dict[str, Any]:
    operation = led_by(world, leads)
    row, _ = kind.objects.get_or_create(
        operation=operation,
        measure="arrests",
        side="buyer",
        defaults={"entered_by": member(world, leads), "entered_at": timezone.now(), "value": 4},
        **fields,
    )
    return {"pk": operation.pk, "row": row.pk}


def outcome(world: Any, agency: Agency) -> dict[str, Any]:
    return _number(world, agency, OutcomeCount, agency=agency)


def total(world: Any, agency: Agency) -> dict[str, Any]:
    return _number(world, agency, OperationTotal)


def after_action(world: Any, agency: Agency) -> dict[str, Any]:
    operation = led_by(world, agency)
    row, _ = AfterActionItem.objects.get_or_create(
        operation=operation,
        text="Ask for two interpreters",
        owner=member(world, agency),
        due_on=dt.date(2026, 12, 1),
    )
    return {"pk": operation.pk, "row": row.pk}


def with_shelter(world: Any, agency: Agency) -> dict[str, Any]:
    operation = world.once(OperationFactory, name=f"Operation with {agency.pk}")
    if not operation.taking_part.filter(agency=agency).exists():
        take_part(operation, agency, "advocate")
    return {"pk": operation.pk}


def shift(world: Any, agency: Agency) -> dict[str, Any]:
    found = with_shelter(world, agency)
    row, _ = AdvocateShift.objects.get_or_create(
        operation_id=found["pk"],
        agency=agency,
        defaults={
            "starts_at": timezone.now(),
            "ends_at": timezone.now() + dt.timedelta(hours=8),
            "duty_phone": "916-555-0170",
        },
    )
    return {**found, "shift": row.pk}


def with_surge(world: Any, agency: Agency) -> dict[str, Any]:
    operation = led_by(world, agency)
    monday = timezone.localdate() - dt.timedelta(days=timezone.localdate().weekday())
    SurgeRequest.objects.get_or_create(
        operation=operation,
        defaults={"week_of": monday, "people": "1-5", "beds": 2, "delete_on": monday + dt.timedelta(days=21)},
    )
    return {"pk": operation.pk}


def quarter(world: Any) -> dict[str, Any]:
    """A quarter whose file was made."""
    maker = UserFactory(role=Role.COORDINATOR.value)
    QuarterlyFile.objects.get_or_create(
        year=2020, quarter=4, defaults={"given_by": maker.acting, "given_at": timezone.now()}
    )
    return {"year": 2020, "quarter": 4}


def open_quarter(world: Any) -> dict[str, Any]:
    return {"year": 2020, "quarter": 1}


THE_OFFICER = {
    Role.ADVOCATE: "the agency's officer keeps its roster",
    Role.MEMBER: "the agency's officer keeps its roster",
}
PLACES = {
    "operations:add": no_object(),
    "operations:after_action_add": of_agency(own, only=LEADS),
    "operations:after_action_turn": of_agency(after_action, only=LEADS),
    "operations:agency_add": of_agency(own, only=LEADS),
    "operations:agency_remove": of_agency(taken_part, only=LEADS),
    "operations:detail": of_coalition(over),
    "operations:edit": of_agency(own, only=LEADS),
    "operations:list": no_object(),
    "operations:outcome_add": of_agency(own, only=LEADS),
    "operations:outcome_edit": of_agency(outcome, only=LEADS),
    "operations:outcome_import": of_agency(own, only=LEADS),
    "operations:outcome_remove": of_agency(outcome, only=LEADS),
    "operations:publication_correct": of_agency(own, only=LEADS),
    "operations:publish": of_agency(own, only=LEADS),
    "operations:quarter_file": of_coalition(quarter),
    "operations:quarter_list": no_object(),
    "operations:quarter_make": of_coalition(open_quarter),
    "operations:quarter_services": of_coalition(open_quarter),
    "operations:safety": of_agency(own, only=LEADS),
    "operations:service_counts": of_agency(with_shelter, only=SHELTERS),
    "operations:shift_add": of_agency(with_shelter, only=SHELTERS, hidden_from=THE_OFFICER),
    "operations:shift_remove": of_agency(shift, only=SHELTERS, hidden_from=THE_OFFICER),
    "operations:surge": of_agency(own, only=LEADS),
    "operations:surge_take_back": of_agency(with_surge, only=LEADS),
    "operations:total_add": of_agency(own, only=LEADS),
    "operations:total_edit": of_agency(total, only=LEADS),
}
