"""What cases have for a worker's home page: numbers and codes, never a name."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
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
        )
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
        )
    ]
