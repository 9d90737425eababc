"""Recording operations and counts: who may, what the database refuses, what adds up and what is never added."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.operations import OperationFactory, take_part
from tests.plugins.staff import SiteClient

from waymark.access.context import acting_for
from waymark.access.permissions import Role
from waymark.accounts.models import Agency, AgencyKind, User
from waymark.accounts.policies import Refused
from waymark.audit.models import Event
from waymark.law.models import Charge
from waymark.law.selectors import charge_on
from waymark.operations import actions, selectors
from waymark.operations.formats.safety import checklist
from waymark.operations.models import AfterActionItem, Operation, OperationTotal, OutcomeCount, SafetyCheck, ServiceCount

pytestmark = pytest.mark.django_db
StaffOf = Callable[..., SiteClient]
BUYERS = {"measure": "arrests", "side": "buyer", "charge": None, "value": 22, "words": ""}


def somebody(kind: AgencyKind, role: Role = Role.MEMBER) -> User:
    return UserFactory(role=role.value, agency=AgencyFactory(kind=kind.value))


def agency_of(user: User) -> Agency:
    assert user.acting is not None
    return user.acting.agency


@pytest.fixture
def sheriff() -> User:
    return somebody(AgencyKind.LAW_ENFORCEMENT)


@pytest.fixture
def operation(sheriff: User) -> Operation:
    return OperationFactory(lead=agency_of(sheriff))


@pytest.fixture
def shelter(operation: Operation) -> User:
    user = somebody(AgencyKind.VICTIM_SERVICES, Role.ADVOCATE)
    take_part(operation, agency_of(user), "advocate")
    return user


def events_of(user: User) -> list[str]:
    with acting_for(agency_of(user).pk, user.pk):
        return list(Event.objects.order_by("id").values_list("verb", flat=True))


def of_charge(section: str) -> Charge:
    found = charge_on(section, on=dt.date(2020, 9, 1))
    assert found is not None
    return found


def test_the_kinds_that_lead_record_and_others_do_not(sheriff: User) -> None:
    made = actions.record_operation(values={"name": "Operation Invented", "year": 2020}, by=sheriff)
    assert made.lead == agency_of(sheriff)
    assert [(row.name, row.part) for row in made.taking_part.all()] == [(agency_of(sheriff).name, "conducted")]
    assert events_of(sheriff) == ["operation.recorded"]
    for kind in (AgencyKind.VICTIM_SERVICES, AgencyKind.COURT, AgencyKind.DEFENSE, AgencyKind.SCHOOL):
        with pytest.raises(Refused, match="lead operations"):
            actions.record_operation(values={"name": "Operation Other", "year": 2020}, by=somebody(kind))
    with pytest.raises(Refused, match="lead operations"):
        actions.record_operation(
            values={"name": "Operation Other", "year": 2020},
            by=UserFactory(role="officer", agency=AgencyFactory(kind="faith")),
        )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"name": "Operation for Maria"}, "somebody's name"),
        ({"edition": "with a 16-year-old"}, "age of one person"),
        ({"source": "https://ads.example"}, "a link"),
        ({"period_words": "1200 block of a street"}, "street address"),
        ({"starts_on": dt.date(2020, 9, 2), "ends_on": dt.date(2020, 9, 1)}, "before the first"),
        ({"starts_on": dt.date(2020, 9, 2)}, "both days"),
        ({"starts_on": dt.date(2019, 9, 2), "ends_on": dt.date(2019, 9, 3)}, "that of the last day"),
        ({"name": "Operation Twice"}, "recorded already"),
    ],
)
def test_an_operation_names_nobody_and_its_days_make_sense(sheriff: User, values: dict[str, Any], reason: str) -> None:
    OperationFactory(name="Operation Twice", year=2020)
    with pytest.raises(Refused, match=reason):
        actions.record_operation(values={"name": "Operation Invented", "year": 2020, **values}, by=sheriff)
    assert Operation.objects.count() == 1


def test_until_it_is_over_only_the_few_see_it(operation: Operation, sheriff: User, shelter: User) -> None:
    """Officers of the agencies in it, whoever recorded it, whoever stands by; their colleagues count when it is over."""
    stranger, police = somebody(AgencyKind.PROSECUTION), somebody(AgencyKind.LAW_ENFORCEMENT)
    take_part(operation, agency_of(police))
    officers = [UserFactory(role=Role.OFFICER.value, agency=agency_of(one)) for one in (sheriff, police, shelter)]
    recorder = UserFactory(role=Role.MEMBER.value, agency=agency_of(sheriff))
    Operation.objects.update(recorded_by=recorder.acting)
    for day, seen in ((dt.date(2020, 11, 15), False), (dt.date(2020, 11, 16), True)):
        for who in (stranger, sheriff, police, shelter):
            assert (selectors.operation_for(who, operation.pk, on=day) is not None) == seen
        for who in (*officers, recorder):
            assert selectors.operation_for(who, operation.pk, on=day) is not None
    without_days = OperationFactory(year=2019, starts_on=None, ends_on=None)
    assert selectors.operation_for(stranger, without_days.pk, on=dt.date(2019, 12, 31)) is None
    assert selectors.operation_for(stranger, without_days.pk, on=dt.date(2020, 1, 1)) is not None
    steward = UserFactory(role=Role.STEWARD.value)
    assert list(selectors.operations_listed(steward, on=dt.date(2026, 1, 1))) == []


def test_an_agency_writes_its_own_counts_alone(operation: Operation, sheriff: User, shelter: User) -> None:
    police = somebody(AgencyKind.LAW_ENFORCEMENT)
    with pytest.raises(Refused, match="took part"):
        actions.enter_outcome(operation=operation, values=BUYERS, by=police)
    take_part(operation, agency_of(police))
    row = actions.enter_outcome(operation=operation, values=BUYERS, by=police)
    assert row.agency == agency_of(police)
    assert events_of(police) == ["outcome.entered"]
    with pytest.raises(Refused, match="own counts"):
        actions.enter_outcome(operation=operation, values=BUYERS, by=sheriff, outcome=row)
    with pytest.raises(Refused, match="own counts"):
        actions.remove_outcome(outcome=row, by=sheriff)
    with pytest.raises(Refused, match="took part"):
        actions.enter_outcome(operation=operation, values=BUYERS, by=shelter)
    with pytest.raises(Refused, match="of this kind already"):
        actions.enter_outcome(operation=operation, values=BUYERS, by=police)
    with pytest.raises(Refused, match="somebody's name"):
        actions.enter_outcome(operation=operation, values={**BUYERS, "side": "seller", "words": "with Jessica"}, by=police)
    actions.remove_outcome(outcome=row, by=police)
    assert not OutcomeCount.objects.exists()


def test_a_charge_is_counted_on_its_days_alone(operation: Operation, sheriff: User) -> None:
    loitering = of_charge("PC 653.22")
    values = {**BUYERS, "side": "seller", "charge": loitering}
    row = actions.enter_outcome(operation=operation, values=values, by=sheriff)
    late = OperationFactory(lead=agency_of(sheriff), year=2024, starts_on=dt.date(2024, 6, 1), ends_on=dt.date(2024, 6, 2))
    undated = OperationFactory(lead=agency_of(sheriff), year=2024, starts_on=None, ends_on=None)
    for other in (late, undated):
        with pytest.raises(Refused, match="not in force"):
            actions.enter_outcome(operation=other, values=values, by=sheriff)
        with pytest.raises(Refused, match="not in force"):
            actions.announce_total(operation=other, values=values, by=sheriff)
    # Nor can the days be moved away from under a count.
    with pytest.raises(Refused, match="was not in force on these days"):
        actions.change_operation(
            operation=operation,
            values={"year": 2024, "starts_on": dt.date(2024, 6, 1), "ends_on": dt.date(2024, 6, 2)},
            by=sheriff,
        )
    row.refresh_from_db()
    with pytest.raises(DatabaseError, match="not in force"), transaction.atomic():
        OutcomeCount.objects.filter(pk=row.pk).update(operation=late)


def test_no_measure_counts_arrests_of_juveniles_and_no_side_where_there_is_none(
    operation: Operation, sheriff: User
) -> None:
    at = {"operation": operation, "agency": agency_of(sheriff), "entered_by": sheriff.acting, "entered_at": timezone.now()}
    for wrong in (
        {"measure": "juvenile_arrests"},
        {"measure": "arrests", "side": "minors"},
        {"measure": "waivers", "side": "buyer"},
    ):
        with pytest.raises(IntegrityError, match="outcome_"), transaction.atomic():
            OutcomeCount.objects.create(**at, **wrong)
    with pytest.raises(Refused, match="no side"):
        actions.enter_outcome(operation=operation, values={**BUYERS, "measure": "juveniles_recovered"}, by=sheriff)
    recovered = {**BUYERS, "measure": "juveniles_recovered", "side": "not_stated", "value": 1}
    assert actions.enter_outcome(operation=operation, values=recovered, by=sheriff).value == 1


def test_sums_are_held_against_what_was_announced_and_nothing_is_not_zero(operation: Operation, sheriff: User) -> None:
    police = somebody(AgencyKind.LAW_ENFORCEMENT)
    take_part(operation, agency_of(police))
    for by, value in ((sheriff, 20), (police, 26)):
        actions.enter_outcome(operation=operation, values={**BUYERS, "value": value}, by=by)
    actions.enter_outcome(operation=operation, values={**BUYERS, "side": "seller", "value": None}, by=police)
    actions.announce_total(operation=operation, values={**BUYERS, "value": 46, "words": "total of 46 arrests"}, by=sheriff)
    actions.announce_total(operation=operation, values={**BUYERS, "side": "exploiter", "value": None}, by=sheriff)
    actions.announce_total(operation=operation, values={**BUYERS, "side": "other", "value": 0}, by=sheriff)
    found = {
        line.label: (line.counted, line.announced, line.missing, line.state)
        for line in selectors.compared(selectors.outcomes_of(operation), selectors.totals_of(operation))
    }
    assert found == {
        "Arrests · Buyers": (46, 46, 0, "agrees"),
        "Arrests · Exploiters": (None, None, 0, "open"),
        "Arrests · Other": (None, 0, 0, "open"),
        "Arrests · People who sell": (None, None, 1, "open"),
    }
    total = OperationTotal.objects.get(side="buyer")
    actions.announce_total(operation=operation, values={**BUYERS, "value": 40}, by=sheriff, total=total)
    line = next(iter(selectors.compared(selectors.outcomes_of(operation), selectors.totals_of(operation))))
    assert (line.state, line.difference) == ("differs", 6)
    with pytest.raises(Refused, match="leads the operation"):
        actions.announce_total(operation=operation, values=BUYERS, by=police)


def test_what_an_agency_for_victims_counts_nobody_else_reads(operation: Operation, sheriff: User, shelter: User) -> None:
    other = somebody(AgencyKind.VICTIM_SERVICES, Role.ADVOCATE)
    take_part(operation, agency_of(other), "advocate")
    with acting_for(agency_of(shelter).pk, shelter.pk):
        actions.count_services(operation=operation, values={"met": 9, "requested": 4, "accepted": None}, by=shelter)
        assert {kind: row.value for kind, row in selectors.service_counts_of(shelter, operation).items()} == {
            "met": 9,
            "requested": 4,
            "offered": None,
            "accepted": None,
        }
    for by in (sheriff, other):
        with acting_for(agency_of(by).pk, by.pk):
            assert ServiceCount.objects.count() == 0
            assert selectors.service_counts_of(by, operation) == {}
    with pytest.raises(Refused, match="for victims"):
        actions.count_services(operation=operation, values={"met": 9}, by=sheriff)


def test_the_checklist_keeps_who_answered_and_knows_its_lines(operation: Operation, sheriff: User) -> None:
    actions.check_safety(operation=operation, states={"advocates": "done", "medical": "", "invented": "done"}, by=sheriff)
    assert [(row.item, row.state) for row in SafetyCheck.objects.all()] == [("advocates", "done")]
    actions.check_safety(operation=operation, states={"advocates": "not_done"}, by=sheriff)
    assert SafetyCheck.objects.get().state == "not_done"
    duties = [item for item in checklist().items.values() if "AB 2020" in item.source]
    assert len(duties) == 4


def test_what_to_do_better_has_an_owner_who_turns_it(operation: Operation, sheriff: User, shelter: User) -> None:
    due = dt.date(2021, 1, 1)
    item = actions.add_after_action(operation=operation, text="Ask for two interpreters", due_on=due, by=shelter)
    assert item.owner == shelter.acting
    with pytest.raises(Refused, match="phone number"):
        actions.add_after_action(operation=operation, text="Call 916-555-0142", due_on=due, by=shelter)
    stranger = somebody(AgencyKind.LAW_ENFORCEMENT)
    with pytest.raises(Refused, match="owner"):
        actions.turn_after_action(item=item, is_done=True, by=stranger)
    actions.turn_after_action(item=item, is_done=True, by=sheriff)
    assert AfterActionItem.objects.get().state == "done"
    actions.turn_after_action(item=item, is_done=False, by=shelter)
    assert AfterActionItem.objects.get().done_at is None
    with pytest.raises(IntegrityError, match="after_action_is_done_at_a_time"), transaction.atomic():
        AfterActionItem.objects.update(state="done")


def test_agencies_come_on_and_off_the_list(operation: Operation, sheriff: User) -> None:
    police = AgencyFactory(kind="law_enforcement")
    actions.add_agency(operation=operation, agency=police, name="", part="participated", by=sheriff)
    actions.add_agency(operation=operation, agency=None, name="Federal Office", part="conducted", by=sheriff)
    for name, reason in (("federal office", "already"), ("", "Choose"), ("Deputy Kowalski", "somebody's name")):
        with pytest.raises(Refused, match=reason):
            actions.add_agency(operation=operation, agency=None, name=name, part="conducted", by=sheriff)
    rows = {row.name: row for row in operation.taking_part.all()}
    with pytest.raises(Refused, match="stays"):
        actions.remove_agency(taking_part=rows[agency_of(sheriff).name], by=sheriff)
    member = UserFactory(role="member", agency=police)
    actions.enter_outcome(operation=operation, values=BUYERS, by=member)
    with pytest.raises(Refused, match="entered counts"):
        actions.remove_agency(taking_part=rows[police.name], by=sheriff)
    actions.remove_agency(taking_part=rows["Federal Office"], by=sheriff)
    assert operation.taking_part.count() == 2


def attested(content: bytes) -> dict[str, Any]:
    return {"file": SimpleUploadedFile("counts.csv", content), "is_attested": "on"}


def test_a_file_comes_in_whole_or_not_at_all(staff_of: StaffOf, operation: Operation) -> None:
    client = staff_of(Role.MEMBER.value, agency=operation.lead)
    url = f"/operations/{operation.pk}/counts/import/"
    wrong = b"measure,side,charge,value,words\narrests,buyer,,22,\narrests,seller,,3,Maria was met\n"
    answer = client.send(url, attested(wrong))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Line 3: The words look like somebody&#x27;s name" in page
    assert "Maria" not in page
    late = b"measure,charge,value\narrests,PC 653.25,22\n"
    assert "not in force" in client.send(url, attested(late)).content.decode()
    assert not OutcomeCount.objects.exists()
    right = b"measure,side,charge,value\narrests,buyer,PC 647(b)(2),22\ninvestigations,,,2\ncontacts,seller,,\n"
    assert client.send(url, attested(right)).status_code == 302
    again = b"measure,side,charge,value\narrests,buyer,PC 647(b)(2),23\n"
    assert client.send(url, attested(again)).status_code == 302
    assert sorted(OutcomeCount.objects.values_list("measure", "value")) == [
        ("arrests", 23),
        ("contacts", None),
        ("investigations", 2),
    ]


@time_machine.travel("2020-10-01T20:00:00Z", tick=False)
def test_the_pages_before_it_is_over_are_there_for_the_few(staff_of: StaffOf, operation: Operation) -> None:
    lead = staff_of(Role.OFFICER.value, agency=operation.lead)
    stranger = staff_of(Role.MEMBER.value, agency=AgencyFactory(kind="prosecution"))
    url = f"/operations/{operation.pk}/"
    assert lead.get(url).status_code == 200
    assert "Not over" in lead.get("/operations/").content.decode()
    assert stranger.get(url).status_code == 404
    assert operation.name not in stranger.get("/operations/").content.decode()
    for page in ("counts/new/", "totals/new/", "safety/", "edit/", "agencies/new/", "after-action/new/", "services/"):
        assert stranger.get(url + page).status_code == 404
    kept = lead.send(url + "counts/new/", {"measure": "arrests", "side": "buyer", "value": "-1", "words": "as published"})
    assert kept.status_code == 422
    assert "as published" in kept.content.decode()
    assert (
        lead.send(url + "counts/new/", {"measure": "arrests", "side": "buyer", "value": "", "words": ""}).status_code == 302
    )
    assert "Not counted" in lead.get(url).content.decode()
    assert lead.get(url).content.decode().count("Arrests are not convictions") == 1


def test_the_list_costs_the_same_with_5000_operations(staff_of: StaffOf, operation: Operation) -> None:
    client = staff_of(Role.MEMBER.value, agency=operation.lead)
    Operation.objects.bulk_create(
        Operation(name=f"Operation Many {number}", lead=operation.lead, year=2000 + number % 20) for number in range(5_000)
    )
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/operations/").content.decode()
    assert "5001" in page
    assert len(asked) <= 12
