"""The worker's part: decisions are reminded of and closed in time, coming entries keep the clock on the wall."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from waymark.coalition.actions.calendar import keep_walls
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


@app.periodic(cron="57 3 * * *")
@app.task(name="coalition.keep_walls", queueing_lock="coalition.keep_walls")
def keep_calendar_walls(timestamp: int) -> None:
    """Keep coming entries at the time on the wall when the rules of a zone have changed."""
    log.info("calendar kept", rows=keep_walls())
