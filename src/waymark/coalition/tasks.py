"""The worker's part of decisions: a reminder the day before one closes, and closing when its time is over."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from waymark.coalition.actions.closing import close_decisions_that_are_over, tell_closing_decisions

log = structlog.stdlib.get_logger("waymark.coalition")


@app.periodic(cron="*/15 * * * *")
@app.task(name="coalition.attend_to_decisions", queueing_lock="coalition.attend_to_decisions")
def attend_to_decisions(timestamp: int) -> None:
    """Close what is over, and remind of what closes within a day."""
    now = timezone.now()
    closed, told = close_decisions_that_are_over(now=now), tell_closing_decisions(now=now)
    if closed or told:
        log.info("decisions attended to", count=closed + told)
