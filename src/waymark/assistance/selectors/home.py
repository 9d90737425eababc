"""What money and housing have for somebody's home page: numbers, never a name or an amount."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from waymark.accounts.models import User
from waymark.assistance.models import AssistanceRequest
from waymark.assistance.policies.who import APPROVE, HOUSING, PAY, visible
from waymark.assistance.selectors.housing import open_stays_ending
from waymark.assistance.selectors.requests import to_decide, to_pay
from waymark.pages.lines import HomeCount, Line
from waymark.people.policies import holds


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """Requests that wait for this very person to decide or to pay, and help with rent that ends soon."""
    lines: list[Line] = []
    here, rows = reverse("assistance:list"), AssistanceRequest.objects.all()
    if holds(user, APPROVE):
        words = ("request for money waits for a decision", "requests for money wait for a decision")
        lines.append(
            HomeCount(to_decide(visible(rows, to=user), user), *words, f"{here}?whose=decide", "Money", is_due=True)
        )
    if holds(user, PAY):
        words = ("approved request waits to be paid", "approved requests wait to be paid")
        lines.append(HomeCount(to_pay(visible(rows, to=user), user), *words, f"{here}?whose=pay", "Money", is_due=True))
    if holds(user, HOUSING):
        words = ("household's help with rent ends within two months", "households' help with rent ends within two months")
        ending = open_stays_ending(user, on=timezone.localdate(now))
        lines.append(HomeCount(ending, *words, reverse("assistance:stay_list") + "?due=soon", "Housing"))
    return lines
