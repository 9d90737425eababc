"""Who is told that a request waits: those who may decide it now, and nobody who asked or approved it already."""

from __future__ import annotations

import pytest
from tests.factories.assistance import Three, a_fund, a_request, three_people
from tests.factories.people import a_case

from waymark.access.context import acting_for
from waymark.accounts.models import User
from waymark.assistance.actions.moving import decide_request, submit_request
from waymark.assistance.models import Move, State
from waymark.notices.models import Notice


def waiting(people: Three) -> dict[str, int]:
    """How often each of them was told that something waits."""
    told = {}
    for name in ("asks", "other", "approves", "pays"):
        user: User = getattr(people, name)
        with acting_for(people.agency.pk, user.pk):
            told[name] = Notice.objects.filter(to__user=user, kind="task.waits").count()
    return told


@pytest.mark.django_db
def test_only_who_may_decide_is_told_that_something_waits() -> None:
    people = three_people()
    with acting_for(people.agency.pk, people.asks.pk):
        fund = a_fund(people.agency, amount=20_000, cap_request=1_000)
        row = a_request(a_case(people.agency, people.asks), fund, people.asks, 8_000)
        submit_request(row=row, by=people.asks)
    assert waiting(people) == {"asks": 0, "other": 1, "approves": 1, "pays": 1}
    with acting_for(people.agency.pk, people.other.pk):
        state = decide_request(row=row, move=Move.APPROVE, amount=8_000, reason="", vault=None, by=people.other)
    assert state == State.SECOND
    assert waiting(people) == {"asks": 0, "other": 1, "approves": 2, "pays": 2}
