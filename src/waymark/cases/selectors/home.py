"""What cases have for a worker's home page: numbers and codes, never a name."""

from __future__ import annotations

import datetime as dt

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.care.selectors.due import due_rows
from waymark.cases.models import OPEN_STATES, Case
from waymark.cases.policies import may_view, visible
from waymark.pages.lines import HomeCount, HomeRows, Line

AHEAD = dt.timedelta(days=7)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """One's own cases that are to be looked at today or were before."""
    if not may_view(user):
        return []
    rows = visible(Case.objects.filter(worker=user, state__in=OPEN_STATES), to=user)
    return [
        HomeCount(
            rows.filter(due_on__lte=timezone.localdate(now)),
            "case of yours is to be looked at today",
            "cases of yours are to be looked at today",
            reverse("cases:list") + "?due=now",
            "Case",
            is_due=True,
        ),
        *_late_in_plans(user, timezone.localdate(now)),
    ]


def next_for(user: User, now: dt.datetime) -> list[Line]:
    """One's own cases of the coming week, by code."""
    if not may_view(user):
        return []
    today = timezone.localdate(now)
    rows = visible(Case.objects.filter(worker=user, state__in=OPEN_STATES), to=user)
    return [
        HomeRows(
            rows.filter(due_on__gt=today, due_on__lte=today + AHEAD),
            says=lambda code: f"Look at case {code}",
            route="cases:detail",
            kind="Case",
            at="due_on",
            name="code",
            is_day=True,
        ),
        *_next_in_plans(user, today),
    ]


# Each kind of care that has a day: how many are late in words, and what the line of a coming one says.
CARE = {
    "step": (
        "step in a plan of yours is due or late",
        "steps in plans of yours are due or late",
        "A step is due in case {}",
    ),
    "goal": (
        "goal in a plan of yours is due or late",
        "goals in plans of yours are due or late",
        "A goal is due in case {}",
    ),
    "safety": (
        "safety plan is to be looked at again",
        "safety plans are to be looked at again",
        "Look at the safety plan in case {}",
    ),
    "service": (
        "planned service waits for how it went",
        "planned services wait for how they went",
        "A service is planned in case {}",
    ),
}


def _mine(user: User) -> QuerySet[Case]:
    return visible(Case.objects.filter(worker=user, state__in=OPEN_STATES), to=user)


def _late_in_plans(user: User, today: dt.date) -> list[Line]:
    """What in the plans of one's own cases is due today or was before."""
    return [
        HomeCount(
            rows.filter(day__lte=today, case_id__in=_mine(user).values("pk")),
            CARE[kind][0],
            CARE[kind][1],
            reverse("cases:list") + "?due=now",
            "Plan",
            is_due=True,
        )
        for kind, rows in due_rows(to=user).items()
    ]


def _next_in_plans(user: User, today: dt.date) -> list[Line]:
    """What in the plans of one's own cases comes this week, by the code of the case."""
    code = _mine(user).filter(pk=OuterRef("case_id")).values("code")
    return [
        HomeRows(
            rows.filter(day__gt=today, day__lte=today + AHEAD, case_id__in=_mine(user).values("pk")),
            says=CARE[kind][2].format,
            route="cases:detail",
            kind="Plan",
            at="day",
            name=Subquery(code),
            key="case_id",
            is_day=True,
            is_deadline=True,
        )
        for kind, rows in due_rows(to=user).items()
    ]
