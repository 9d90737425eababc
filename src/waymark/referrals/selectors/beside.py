"""The referrals of a case, as lines on the case's page."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from waymark.accounts.models import User
from waymark.cases.models import Case
from waymark.cases.selectors.around import CaseLine, put_on_cases
from waymark.referrals.models import Answer, State
from waymark.referrals.selectors import sent

GOOD = (State.ACCEPTED, State.IN_SERVICE, State.CONNECTED)


def referrals_beside(case: Case, to: User, at: dt.datetime) -> list[CaseLine]:
    """What was asked of other agencies and is still there, the newest first."""
    return [
        CaseLine(
            title=line.service,
            url=reverse("referrals:detail", args=[line.referral.pk]),
            state=line.says,
            says=f"{line.referral.recipient.name}, {line.referral.get_way_display().lower()}",
            at=line.referral.sent_at,
            is_good=line.state in GOOD or (line.state == State.ANSWERED and line.referral.answer == Answer.YES),
        )
        for line in sent.beside_case(case, to=to, at=at)
    ]


def register_beside_cases() -> None:
    """Called when the app starts."""
    put_on_cases(referrals_beside)
