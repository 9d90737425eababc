"""What happens to decisions by themselves: a reminder the day before they close, and closing."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from waymark.audit.actions import record
from waymark.coalition.actions.decisions import path_of
from waymark.coalition.models import Decision
from waymark.coalition.selectors.tallies import still_to_answer
from waymark.notices.actions import notify

BEFORE = dt.timedelta(hours=24)
JOB = "system:coalition"
CLOSING = "decision.closing"


@transaction.atomic
def tell_closing_decisions(*, now: dt.datetime) -> int:
    """Remind those who have said nothing that a decision closes within a day. Each decision is told of once."""
    closing = Decision.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).select_related("group")
    found = closing.filter(state=Decision.State.OPEN, is_closing_told=False, closes_at__gt=now, closes_at__lte=now + BEFORE)
    told = 0
    for decision in found.order_by("pk"):
        told += notify(to=still_to_answer(decision), kind=CLOSING, path=path_of(decision))
        decision.is_closing_told = True
        decision.save(update_fields=["is_closing_told"])
    return told


@transaction.atomic
def close_decisions_that_are_over(*, now: dt.datetime) -> int:
    """Say of open decisions whose time is over that they are closed. Nobody could answer any more before that."""
    over = Decision.objects.select_for_update(skip_locked=True, no_key=True)
    found = list(over.filter(state=Decision.State.OPEN, closes_at__lte=now).order_by("pk"))
    for decision in found:
        decision.state = Decision.State.CLOSED
        decision.save(update_fields=["state"])
        record(verb="decision.closed", by=JOB, kind="decision", about=decision.pk)
    return len(found)
