"""What the database says of relief cases, whatever program writes: who keeps them, which steps there are, what is final."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.disclosures import acting
from tests.factories.people import a_person
from tests.factories.relief import a_holder, a_relief
from tests.plugins.histories import often

from waymark.accounts.models import Agency, AgencyKind, User
from waymark.relief.models import MOVES, Holder, Move, ReliefCase, ReliefStep, State

pytestmark = pytest.mark.django_db
DAY = dt.date(2026, 5, 4)
CHANGEABLE = {State.ASKING, State.DRAFTED, State.REVIEWED, State.CONFIRMED, State.DENIED, State.WITHDRAWN}


@pytest.fixture
def office() -> tuple[Agency, User]:
    agency = AgencyFactory(kind=AgencyKind.LEGAL_AID)
    return agency, UserFactory(role="advocate", agency=agency)


def refused(act: Callable[[], object], match: str = "") -> None:
    with pytest.raises(IntegrityError, match=match or None), transaction.atomic():
        act()


def moved(case: ReliefCase, move: str) -> None:
    if move == Move.CONFIRM and not Holder.objects.filter(relief=case).exists():
        a_holder(case, name="Invented Bureau", sealed_on=DAY)
    ReliefStep.objects.create(agency_id=case.agency_id, relief=case, move=move, happened_on=DAY)


def put_into(case: ReliefCase, state: str) -> None:
    """The shortest way of steps to a state."""
    paths: dict[str, list[str]] = {State.ASKING: []}
    waiting = [State.ASKING.value]
    while waiting:
        here = waiting.pop(0)
        for (start, move), there in MOVES.items():
            if start == here and there not in paths:
                paths[there] = [*paths[here], move]
                waiting.append(there)
    for move in paths[state]:
        moved(case, move)
    case.refresh_from_db()


@pytest.mark.parametrize("state", State.values)
def test_every_step_in_every_state(office: tuple[Agency, User], state: str) -> None:
    """All ten steps in all ten states: the database's table is the program's, and the days follow."""
    agency, user = office
    with acting(user):
        person = a_person(agency, user)
        for move in Move.values:
            case = a_relief(agency, user, person)
            put_into(case, state)
            expected = MOVES.get((state, move))  # type: ignore[call-overload]
            if expected is None:
                refused(lambda case=case, move=move: moved(case, move))  # type: ignore[misc]
                continue
            moved(case, move)
            case.refresh_from_db()
            told = ReliefStep.objects.filter(relief=case).latest("at")
            assert (case.state, told.from_state, told.to_state, told.by_id) == (expected, state, expected, user.pk)
            days = {
                "serve": case.served_on,
                "file": case.filed_on,
                "set_hearing": case.hearing_on,
                "order": case.decided_on,
            }
            assert days.get(move, DAY) == DAY


@settings(
    max_examples=often(15), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(st.sampled_from(Move.values), max_size=14))
def test_random_steps_end_where_the_table_says(office: tuple[Agency, User], moves: list[str]) -> None:
    agency, user = office
    with acting(user), transaction.atomic():
        case, state = a_relief(agency, user), State.ASKING.value
        for move in moves:
            there = MOVES.get((state, move))  # type: ignore[call-overload]
            if there is None:
                refused(lambda move=move: ReliefStep.objects.create(  # type: ignore[misc]
                    agency_id=case.agency_id, relief=case, move=move, happened_on=DAY))  # fmt: skip
            else:
                moved(case, move)
                state = there
        case.refresh_from_db()
        assert case.state == state
        transaction.set_rollback(True)


@pytest.mark.parametrize("kind", [AgencyKind.VICTIM_SERVICES, AgencyKind.HEALTH, AgencyKind.OTHER_NON_PROFIT])
def test_only_lawyers_keep_relief_cases(kind: AgencyKind) -> None:
    agency = AgencyFactory(kind=kind)
    user = UserFactory(role="advocate", agency=agency)
    with acting(user):
        person = a_person(agency, user)
        refused(lambda: a_relief(agency, user, person), "Only defense and legal aid")


def test_state_and_days_move_by_a_step_alone(office: tuple[Agency, User]) -> None:
    agency, user = office
    with acting(user):
        case = a_relief(agency, user)
        rows = ReliefCase.objects.filter(pk=case.pk)
        for change in ({"state": State.ORDERED}, {"served_on": DAY}, {"filed_on": DAY}, {"decided_on": DAY}):
            refused(lambda change=change: rows.update(**change), "by a step alone")  # type: ignore[misc]
        refused(lambda: rows.update(person=a_person(agency, user)), "keeps its person")
        refused(lambda: rows.delete(), "stays")
        moved(case, Move.DRAFT)
        refused(lambda: ReliefStep.objects.filter(relief=case).update(happened_on=DAY), "stays")
        refused(lambda: ReliefStep.objects.filter(relief=case).delete(), "stays")


@pytest.mark.parametrize("state", State.values)
def test_words_that_were_served_stay_until_it_is_decided(office: tuple[Agency, User], state: str) -> None:
    agency, user = office
    with acting(user):
        case = a_relief(agency, user)
        put_into(case, state)
        rows = ReliefCase.objects.filter(pk=case.pk)
        if state in CHANGEABLE:
            assert rows.update(sealed=os.urandom(160)) == 1
        else:
            refused(lambda: rows.update(sealed=os.urandom(160)), "served stays")


@pytest.mark.parametrize("state", State.values)
def test_nobody_hears_of_it_before_it_is_served_or_seals_without_an_order(office: tuple[Agency, User], state: str) -> None:
    agency, user = office
    told = AgencyFactory(kind=AgencyKind.PROSECUTION)
    with acting(user):
        case = a_relief(agency, user)
        put_into(case, state)
        holder = a_holder(case, agency_told=told)
        rows = Holder.objects.filter(pk=holder.pk)
        if state in {State.ASKING, State.DRAFTED, State.REVIEWED}:
            refused(lambda: rows.update(serve_packet=holder.pk), "before the petition is")
        else:
            assert rows.update(serve_packet=holder.pk) == 1
        for change in ({"order_packet": holder.pk}, {"sealed_on": DAY}):
            if state in {State.ORDERED, State.CONFIRMED}:
                assert rows.update(**change) == 1
            else:
                refused(lambda change=change: rows.update(**change), "Without an order")  # type: ignore[misc]


def test_an_order_is_carried_out_when_every_agency_has_sealed(office: tuple[Agency, User]) -> None:
    agency, user = office
    with acting(user):
        case = a_relief(agency, user)
        put_into(case, State.ORDERED)
        finish = lambda: ReliefStep.objects.create(  # noqa: E731
            agency_id=case.agency_id, relief=case, move="confirm", happened_on=DAY
        )
        refused(finish, "Not every agency")
        one, two = a_holder(case, name="Invented Bureau", sealed_on=DAY), a_holder(case, name="Invented Court")
        refused(finish, "Not every agency")
        Holder.objects.filter(pk=two.pk).update(sealed_on=DAY)
        refused(lambda: Holder.objects.filter(pk=one.pk).update(destroyed_on=DAY - dt.timedelta(days=1)))
        finish()


def test_a_holder_is_a_member_or_has_a_name_and_stands_once(office: tuple[Agency, User]) -> None:
    agency, user = office
    with acting(user):
        case = a_relief(agency, user)
        refused(lambda: a_holder(case, name=""))
        refused(lambda: a_holder(case, name="x", agency_told=agency))
        a_holder(case, name="Invented Bureau")
        refused(lambda: a_holder(case, name="Invented Bureau"))
        refused(lambda: a_holder(case, name="Another", serve_packet=case.pk))


def test_an_office_sees_and_writes_its_own_rows_alone(office: tuple[Agency, User]) -> None:
    agency, user = office
    with acting(user):
        case = a_relief(agency, user)
        a_holder(case)
        moved(case, Move.DRAFT)
    other = AgencyFactory(kind=AgencyKind.DEFENSE)
    stranger = UserFactory(role="advocate", agency=other)
    with acting(stranger):
        for model in (ReliefCase, ReliefStep, Holder):
            assert model.objects.count() == 0
        assert ReliefCase.objects.filter(pk=case.pk).update(section="PC 1") == 0
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            a_relief(agency, stranger, case.person)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM relief_reliefcase")
        assert cursor.fetchone()[0] == 0, "outside of a context nobody sees a row"
