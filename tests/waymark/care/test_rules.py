"""What the database refuses about care, whatever program writes: states, names, texts that are final, other agencies."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from django.db import Error, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.factories.accounts import UserFactory
from tests.factories.care import a_goal, a_need, a_safety_plan, a_service, a_step, an_assessment
from tests.factories.disclosures import acting, agency_with_member
from tests.factories.people import a_case
from tests.plugins.histories import often

from waymark.accounts.models import Agency, User
from waymark.care.models import PROGRESS, Assessment, CareOwned, Goal, Need, Progress, SafetyPlan, Service, Step
from waymark.cases.models import Case

pytestmark = pytest.mark.django_db
MAKERS = (a_need, a_goal, a_step, a_safety_plan, an_assessment, a_service)
ASSESSMENT = {"draft": {"done", "void"}, "done": {"void"}, "void": set[str]()}


def refused(act: Callable[[], object], match: str = "") -> None:
    with pytest.raises(IntegrityError, match=match or None), transaction.atomic():
        act()


def put(row: CareOwned, **values: Any) -> None:
    assert type(row)._default_manager.filter(pk=row.pk).update(**values) == 1


@pytest.fixture
def office(db: None) -> tuple[Agency, User]:
    return agency_with_member()


@settings(
    max_examples=often(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.sampled_from(["need", "goal", "step"]), st.lists(st.sampled_from(Progress.values), max_size=8))
def test_a_plan_ends_where_the_table_says(office: tuple[Agency, User], kind: str, ways: list[str]) -> None:
    agency, user = office
    with acting(user), transaction.atomic():
        row = {"need": a_need, "goal": a_goal, "step": a_step}[kind](a_case(agency, user), user)
        state = Progress.OPEN.value
        for new in ways:
            if new == state or new in PROGRESS[state]:
                if new != state or state == "open":
                    put(row, state=new)
                    state = new
            else:
                refused(lambda new=new: put(row, state=new), "no such way")  # type: ignore[misc]
        row.refresh_from_db()
        assert row.state == state  # type: ignore[attr-defined]
        assert (row.ended_at is None) == (state == "open")  # type: ignore[attr-defined]
        transaction.set_rollback(True)


def test_what_has_ended_is_not_changed() -> None:
    agency, user = agency_with_member()
    with acting(user):
        goal = a_goal(a_case(agency, user), user)
        put(goal, state="met")
        refused(lambda: put(goal, sealed=os.urandom(160)), "has ended")
        put(goal, state="open")
        put(goal, sealed=os.urandom(160))
        refused(lambda: a_goal(a_case(agency, user), user, state="met"), "begins open")


@pytest.mark.parametrize("old", ["draft", "done", "void"])
def test_answers_that_are_done_stay_as_they_are(old: str) -> None:
    agency, user = agency_with_member()
    with acting(user):
        for new in ("draft", "done", "void"):
            row = an_assessment(a_case(agency, user), user)
            if old != "draft":
                put(row, state=old)
            if new == old or new in ASSESSMENT[old]:
                put(row, state=new)
            else:
                refused(lambda row=row, new=new: put(row, state=new), "no such way")  # type: ignore[misc]
        if old != "draft":
            refused(lambda: put(row, sealed=os.urandom(160)), "are not changed")


def test_a_safety_plan_has_one_current_version_and_none_changes() -> None:
    agency, user = agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        first = a_safety_plan(case, user)
        refused(lambda: a_safety_plan(case, user), "one_current_safety_plan")
        refused(lambda: put(first, sealed=os.urandom(160)), "not changed")
        put(first, copy="given")
        put(first, state="superseded")
        second = a_safety_plan(case, user)
        assert (first.number, second.number) == (1, 2)
        refused(lambda: put(first, state="current"), "no such way")
        refused(lambda: put(first, copy="not_given"), "superseded")


def test_a_service_keeps_its_code_and_a_mistake_stays_one() -> None:
    agency, user = agency_with_member()
    with acting(user):
        service = a_service(a_case(agency, user), user, state="planned")
        put(service, state="no_show")
        put(service, state="provided")
        refused(lambda: put(service, state="planned"), "no such way")
        refused(lambda: put(service, code="hotline_talk"), "keeps its code")
        for wrong in ({"units": 0}, {"household": 0}, {"minutes": 1441}, {"state": "lost"}):
            refused(lambda wrong=wrong: put(service, **wrong))  # type: ignore[misc]
        put(service, voided_at=timezone.now())
        refused(lambda: put(service, minutes=5), "by mistake")


def test_no_table_of_care_has_a_place() -> None:
    """A service has no column in which a place could be written; words about one are sealed."""
    for model in (Need, Goal, Step, SafetyPlan, Assessment, Service):
        names = {field.name for field in model._meta.concrete_fields}
        assert not {"place", "location", "address", "where"} & names


@pytest.mark.parametrize("make", MAKERS)
def test_nothing_is_deleted_moved_to_another_or_written_in_anothers_name(make: Callable[..., CareOwned]) -> None:
    agency, user = agency_with_member()
    other = UserFactory(role="advocate", agency=agency)
    with acting(user):
        case, elsewhere = a_case(agency, user), a_case(agency, user)
        row = make(case, user)
        refused(lambda: row.delete(), "not deleted")
        refused(lambda: put(row, person_id=elsewhere.person_id), "stays that person")
        refused(lambda: put(row, case_id=elsewhere.pk), "stays that person")
        refused(lambda: make(elsewhere, other), "in the name of another")


@pytest.mark.parametrize("make", MAKERS)
def test_rows_of_another_agency_are_neither_seen_nor_pointed_to(make: Callable[..., CareOwned]) -> None:
    (agency, user), (there, stranger) = agency_with_member(), agency_with_member()
    with acting(user):
        case = a_case(agency, user)
        make(case, user)
    with acting(stranger):
        mine = a_case(there, stranger)
        assert type(make(mine, stranger))._default_manager.count() == 1
        with pytest.raises(Error):
            _point_to(make, mine, stranger, case)


def _point_to(make: Callable[..., CareOwned], mine: Case, by: User, hidden: Case) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        make(mine, by, case_id=hidden.pk)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_goal_is_not_its_own_pair() -> None:
    agency, user = agency_with_member()
    with acting(user):
        goal = a_goal(a_case(agency, user), user)
        refused(lambda: put(goal, pair_id=goal.pk), "its_own_pair")
