"""What of a person's care stands on the page of a case: the plans, the safety plan, the last services and instruments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from waymark.accounts.models import User
from waymark.care.models import Assessment, SafetyPlan
from waymark.care.selectors.assessments import assessments_of, opened_assessment
from waymark.care.selectors.at_once import rows_of
from waymark.care.selectors.household import household_of
from waymark.care.selectors.plan import plan_rows_of, plans_of
from waymark.care.selectors.safety import safety_plans_of
from waymark.care.selectors.services import opened_services, services_of
from waymark.people.selectors import OpenedPerson
from waymark.vault.selectors import OpenVault, RecordSecret

SHOWN = 3
# For so long an alert of the newest answers stands on the case itself.
ALERT_STANDS = dt.timedelta(days=14)


def care_beside(
    opened: OpenedPerson,
    secret: RecordSecret,
    *,
    vault: OpenVault,
    to: User,
    on: dt.date,
    also: Mapping[str, QuerySet[Any]],
) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """For the template of a case: `plans`, `safety`, `services`, `taken`, and the answers with an `alert`.

    The rows of `also` are read in the same question to the database, and given back beside it.
    """
    person = opened.person
    people = household_of(opened, secret, vault=vault, to=to, on=on)
    rows = rows_of(
        {
            **plan_rows_of([member.person.pk for member in people], to=to),
            "safety": safety_plans_of(person, to=to).filter(state=SafetyPlan.State.CURRENT),
            "service": services_of(person, to=to)[:SHOWN],
            "assessment": assessments_of(person, to=to).exclude(state=Assessment.State.VOID)[:SHOWN],
            **also,
        }
    )
    taken = [opened_assessment(row, secret) for row in rows["assessment"]]
    fresh = (one for one in taken if one.score.is_alert and one.row.taken_on >= on - ALERT_STANDS)
    context = {
        "plans": plans_of(people, rows, on=on),
        "safety": next(iter(rows["safety"]), None),
        "services": opened_services(rows["service"], secret),
        "taken": taken,
        "alert": next(fresh, None),
    }
    return context, {name: rows[name] for name in also}
