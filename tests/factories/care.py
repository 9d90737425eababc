"""Care for tests: rows of random bytes, for tests that open nothing (walls, rules of the database, who asks).

Invariants: a row is begun in a case of the same agency; whoever acts made it, as the database demands.
"""

from __future__ import annotations

import datetime as dt
import os
from typing import Any, TypeVar

from django.utils import timezone

from waymark.accounts.models import User
from waymark.care.formats.taxonomies import CURRENT
from waymark.care.models import Assessment, CareOwned, Goal, Need, SafetyPlan, Service, Step
from waymark.cases.models import Case

Row = TypeVar("Row", bound=CareOwned)


def _row(model: type[Row], case: Case, by: User, **fields: Any) -> Row:
    values = {"agency_id": case.agency_id, "person_id": case.person_id, "case_id": case.pk, "sealed": os.urandom(160)}
    row: Row = model._default_manager.create(**{**values, "made_by": by, **fields})
    row.refresh_from_db()
    return row


def a_need(case: Case, by: User, **fields: Any) -> Need:
    return _row(Need, case, by, **fields)


def a_goal(case: Case, by: User, need: Need | None = None, **fields: Any) -> Goal:
    return _row(Goal, case, by, need=need or a_need(case, by), **fields)


def a_step(case: Case, by: User, goal: Goal | None = None, **fields: Any) -> Step:
    return _row(Step, case, by, goal=goal or a_goal(case, by), **fields)


def a_safety_plan(case: Case, by: User, **fields: Any) -> SafetyPlan:
    return _row(SafetyPlan, case, by, **{"review_on": timezone.localdate() + dt.timedelta(days=30), **fields})


def an_assessment(case: Case, by: User, **fields: Any) -> Assessment:
    return _row(Assessment, case, by, **{"taken_on": timezone.localdate(), **fields})


def a_service(case: Case, by: User, **fields: Any) -> Service:
    return _row(Service, case, by, **{"taxonomy": CURRENT, "code": "case_work", "on": timezone.localdate(), **fields})
