"""The jobs of operations: what was asked for a week, and who stood by, go when they have served their time."""

from __future__ import annotations

import structlog
from django.utils import timezone
from procrastinate.contrib.django import app

from waymark.accounts.models import Agency
from waymark.operations.actions.roster import purge_shifts, purge_surge

log = structlog.stdlib.get_logger("waymark.operations")


@app.periodic(cron="47 3 * * *")
@app.task(name="operations.forget_roster", queueing_lock="operations.forget_roster")
def forget_roster(timestamp: int) -> None:
    """Every night."""
    count = purge_surge(on=timezone.localdate())
    for agency_id in Agency.objects.values_list("pk", flat=True):
        count += purge_shifts(agency_id=agency_id, at=timezone.now())
    log.info("roster forgotten", count=count)
