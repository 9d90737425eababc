"""What record relief has for a worker's home page: numbers and codes, never a name."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.pages.lines import HomeCount, Line
from waymark.relief.models import OPEN_STATES, ReliefCase
from waymark.relief.policies import may_view, visible

AHEAD = dt.timedelta(days=7)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """One's own relief cases whose clock runs out, or that are heard, within a week."""
    if not may_view(user):
        return []
    rows = visible(ReliefCase.objects.filter(worker=user, state__in=OPEN_STATES), to=user)
    return [
        HomeCount(
            rows.filter(due_on__lte=timezone.localdate(now) + AHEAD),
            "relief case of yours is due within a week",
            "relief cases of yours are due within a week",
            reverse("relief:list") + "?whose=mine&due=month",
            "Relief",
            is_due=True,
        )
    ]
