"""What comes up for an advocate on their home page: the shifts in which they stand, and nothing of the operation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from waymark.access.permissions import Permission
from waymark.accounts.models import User
from waymark.accounts.policies.people import holds
from waymark.operations.models import AdvocateShift, ShiftAdvocate
from waymark.pages.lines import HomeRows, Line


def next_for(user: User, now: dt.datetime) -> Sequence[Line]:
    if user.acting is None or not holds(user, Permission.OPERATION_COUNT):
        return []
    own = ShiftAdvocate.objects.filter(advocate=user.acting).values("shift_id")
    return [
        HomeRows(
            AdvocateShift.objects.filter(pk__in=own, ends_at__gt=now),
            lambda name: "You stand by",
            "operations:detail",
            "roster",
            at="starts_at",
            key="operation_id",
        )
    ]
