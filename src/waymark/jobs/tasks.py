"""Work that belongs to no single app: clearing away what has served its time.

What is not kept cannot be stolen or subpoenaed. Finished jobs and ended sign-in sessions are of no use after some days, so
every night they go. Any number of workers may run; PostgreSQL gives each job to one of them, and a job that is waiting
already is not queued twice.
"""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from procrastinate import JobContext
from procrastinate.contrib.django import app

from waymark.accounts.models.sessions import SessionStore
from waymark.coalition.selectors import the_region
from waymark.notices.tasks import send_daily_letters

FINISHED_JOBS_KEPT_HOURS = 7 * 24
MORNING = 7

log = structlog.stdlib.get_logger("waymark.jobs")


@app.periodic(cron="17 3 * * *")
@app.task(name="jobs.remove_finished_jobs", queueing_lock="jobs.remove_finished_jobs", pass_context=True)
async def remove_finished_jobs(context: JobContext, timestamp: int) -> None:
    """Delete jobs that ended a week ago or earlier, failed ones too: their arguments are data."""
    await context.app.job_manager.delete_old_jobs(
        nb_hours=FINISHED_JOBS_KEPT_HOURS,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )


@app.periodic(cron="27 3 * * *")
@app.task(name="jobs.remove_ended_sessions", queueing_lock="jobs.remove_ended_sessions")
def remove_ended_sessions(timestamp: int) -> None:
    """Delete the sign-in sessions that have run out."""
    SessionStore.clear_expired()
    log.info("ended sessions removed")


@app.periodic(cron="0 * * * *")
@app.task(name="jobs.send_morning_letters", queueing_lock="jobs.send_morning_letters")
def send_morning_letters(timestamp: int) -> None:
    """Once a day, at seven in the region's own morning, tell those who want it that something waits."""
    region = the_region()
    zone = ZoneInfo(region.time_zone if region is not None else settings.TIME_ZONE)
    if dt.datetime.fromtimestamp(timestamp, tz=zone).hour == MORNING:
        log.info("daily letters sent", count=send_daily_letters())
