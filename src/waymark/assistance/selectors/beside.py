"""Money and stays of a case, as lines on the case's page."""

from __future__ import annotations

import datetime as dt

from django.urls import reverse

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.assistance.formats.amounts import dollars
from waymark.assistance.models import AssistanceRequest, HousingStay, State
from waymark.assistance.policies.who import visible, visible_stays
from waymark.cases.models import Case
from waymark.cases.selectors.around import CaseLine
from waymark.people.policies import holds

SHOWN = 5
GOOD = (State.APPROVED, State.COMMITTED, State.PAID, State.PROVEN, State.CLOSED)


def money_beside(case: Case, to: User, at: dt.datetime) -> list[CaseLine]:
    """The newest requests of a case, and its stays."""
    if not holds(to, Permission.ASSISTANCE_HOUSING_WORK):
        return []
    requests = visible(AssistanceRequest.objects.filter(case=case), to=to).select_related("fund")
    stays = visible_stays(HousingStay.objects.filter(case=case), to=to)
    return [
        *(
            CaseLine(
                title="Rapid rehousing",
                url=reverse("assistance:stay_detail", args=[stay.pk]),
                state=stay.get_state_display(),
                says=f"Help until {stay.helped_until:%B} {stay.helped_until.day}, {stay.helped_until.year}"
                if stay.helped_until
                else "No help with rent yet",
                at=stay.made_at,
                is_good=stay.state == "moved_in",
            )
            for stay in stays.order_by("-made_at")[:2]
        ),
        *(
            CaseLine(
                title=f"{row.get_category_display()}, {dollars(row.amount)}",
                url=reverse("assistance:detail", args=[row.pk]),
                state=row.get_state_display(),
                says=f"{row.code}, of {row.fund.name}",
                at=row.asked_at,
                is_good=row.state in GOOD,
            )
            for row in requests.order_by("-asked_at")[:SHOWN]
        ),
    ]
