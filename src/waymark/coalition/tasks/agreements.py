"""Every day: remind of reviews that are near or due, and end agreements whose last day has passed."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from waymark.coalition.actions import reviews
from waymark.coalition.selectors.calendar import region_zone

log = structlog.stdlib.get_logger("waymark.coalition")


@app.periodic(cron="7 14 * * *")
@app.task(name="coalition.remind_of_reviews", queueing_lock="coalition.remind_of_reviews")
def remind_of_reviews(timestamp: int) -> None:
    """The day is the region's: a reminder for the first of the month comes on the first of the month there."""
    today = timezone.localdate(timezone=region_zone())
    over = reviews.end_what_ran_out(on=today)
    told = reviews.remind_of_reviews(on=today)
    log.info("agreements looked at", task="coalition.remind_of_reviews", count=told, rows=over)
