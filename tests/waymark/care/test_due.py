"""What is due in plans stands in the caseload, in the supervisor's view and at home, by days and codes alone."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.factories.care import a_goal, a_safety_plan, a_service, a_step, an_assessment
from tests.factories.people import a_case, a_denial
from tests.waymark.care.test_journey import a_plan, case_of
from tests.waymark.cases.desks import Desk, desk_of_colleague

pytestmark = pytest.mark.django_db


def on(days: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=days)


def test_what_is_due_stands_in_the_caseload_the_team_and_at_home(desk: Desk) -> None:
    with desk.person.acting():
        late, soon, calm = (a_case(desk.agency, desk.user, due_on=on(60)) for _ in range(3))
        goal = a_goal(late, desk.user, due_on=on(-1))
        a_step(late, desk.user, goal, due_on=on(-3))
        done = a_step(calm, desk.user, due_on=on(-3))
        type(done).objects.filter(pk=done.pk).update(state="met")
        a_safety_plan(soon, desk.user, review_on=on(2))
        a_service(soon, desk.user, state="planned", on=on(5))
    page = desk.get("/cases/")
    assert "2 in the plan past their day" in page
    assert "Next in the plan: the safety plan" in page
    assert "2 within a week" in page
    for filtered, inside in (("late", {late.code}), ("now", {late.code}), ("week", {late.code, soon.code})):
        shown = desk.get(f"/cases/?due={filtered}")
        assert {code for code in (late.code, soon.code, calm.code) if code in shown} == inside
    team = desk.get("/cases/team/")
    assert "are past their day" in team
    assert 'data-label="Plans due within a week">2<' in team
    home = desk.get("/")
    for said in (
        "1 step in a plan of yours is due or late",
        "1 goal in a plan of yours is due or late",
        f"Look at the safety plan in case {soon.code}",
        f"A service is planned in case {soon.code}",
    ):
        assert said in home, said
    assert calm.code not in home


def test_nothing_of_a_plan_is_due_for_whom_the_person_is_denied(desk: Desk) -> None:
    colleague = desk_of_colleague(desk)
    with desk.person.acting():
        case = a_case(desk.agency, desk.user)
        a_step(case, desk.user, due_on=on(-1))
        a_denial(case.person, colleague.user, desk.user)
    assert "past its day" in desk.get("/cases/?whose=all")
    assert case.code not in colleague.get("/cases/?whose=all")
    assert "past its day" not in colleague.get("/cases/team/").replace("No open case is past its day", "")


def test_a_case_with_a_full_plan_asks_few_questions(desk: Desk) -> None:
    here = case_of(desk, name="Rosa Invented")
    for _ in range(3):
        a_plan(desk, here)
    desk.get(here)
    with CaptureQueriesContext(connection) as work:
        desk.get(here)
    few = [query["sql"] for query in work if "SAVEPOINT" not in query["sql"] and "'', true" not in query["sql"]]
    with desk.person.acting():
        case = a_case(desk.agency, desk.user)
        for _ in range(20):
            a_step(case, desk.user)
    a_plan(desk, here)
    desk.get(here)
    with CaptureQueriesContext(connection) as more:
        desk.get(here)
    many = [query["sql"] for query in more if "SAVEPOINT" not in query["sql"] and "'', true" not in query["sql"]]
    assert len(few) == len(many)
    assert len(few) <= 21, "\n".join(sql[:160] for sql in few)


@pytest.mark.parametrize("path", ["services/", "instruments/", "safety-plan/"])
def test_the_lists_of_care_ask_few_questions(desk: Desk, path: str) -> None:
    with desk.person.acting():
        case = a_case(desk.agency, desk.user)
        for _ in range(3):
            a_service(case, desk.user)
            an_assessment(case, desk.user)
        a_safety_plan(case, desk.user)
    here = f"/cases/{case.pk}/{path}"
    desk.get(here)
    with CaptureQueriesContext(connection) as work:
        desk.get(here)
    asked = [query["sql"] for query in work if "SAVEPOINT" not in query["sql"] and "'', true" not in query["sql"]]
    assert len(asked) <= 12, "\n".join(asked)
