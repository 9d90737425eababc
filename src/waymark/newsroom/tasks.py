"""The newsroom's own job: requests from outside go after their last day."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from waymark.newsroom.actions.desk import delete_old_requests

log = structlog.stdlib.get_logger("waymark.newsroom")


@app.periodic(cron="37 3 * * *")
@app.task(name="newsroom.delete_old_requests", queueing_lock="newsroom.delete_old_requests")
def remove_old_requests(timestamp: int) -> None:
    """Every night."""
    delete_old_requests(on=timezone.localdate())
    log.info("old requests removed")
