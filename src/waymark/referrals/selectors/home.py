"""What referrals have for a home page: that something waits or was answered, never what or for whom."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from waymark.accounts.models import User
from waymark.pages.lines import HomeCount, HomeRows, Line
from waymark.referrals.models import State
from waymark.referrals.policies import may_answer, may_send
from waymark.referrals.selectors.received import inbox
from waymark.referrals.selectors.sent import rows_for

LATELY = dt.timedelta(days=3)


def waiting_for(user: User, now: dt.datetime) -> list[Line]:
    """What other agencies asked and nobody here has answered."""
    if not may_answer(user):
        return []
    return [
        HomeCount(
            inbox(to=user, words="", way="", state="waits", at=now),
            "request of another agency waits for an answer",
            "requests of other agencies wait for an answer",
            reverse("referrals:inbox") + "?state=waits",
            "Request",
            is_due=True,
        )
    ]


def changed_for(user: User, now: dt.datetime) -> list[Line]:
    """What the others did with one's own requests."""
    if not may_send(user):
        return []
    mine = rows_for(to=user, words="").filter(made_by=user, moved_at__gt=now - LATELY).exclude(state=State.REQUESTED)
    return [
        HomeRows(
            mine, "{} moved a request of yours on".format, "referrals:detail", "Request", "-moved_at", "recipient__name"
        )
    ]
