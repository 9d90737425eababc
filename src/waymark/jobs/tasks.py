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
from django.utils import timezone
from procrastinate import JobContext
from procrastinate.contrib.django import app

from waymark.accounts.actions.members import end_run_out
from waymark.accounts.models import Agency
from waymark.accounts.models.sessions import SessionStore
from waymark.coalition.selectors import the_region
from waymark.consent.actions.ending import end_releases, remind_of_ends
from waymark.disclosures.actions import purge_expired
from waymark.diversion.actions.reports import send_waiting_reports
from waymark.notices.tasks import send_daily_letters
from waymark.referrals.actions.clock import end_run_out as end_referrals
from waymark.referrals.actions.clock import forget_ended, remind

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


def _zone() -> ZoneInfo:
    region = the_region()
    return ZoneInfo(region.time_zone if region is not None else settings.TIME_ZONE)


@app.periodic(cron="0 * * * *")
@app.task(name="jobs.send_morning_letters", queueing_lock="jobs.send_morning_letters")
def send_morning_letters(timestamp: int) -> None:
    """Once a day, at seven in the region's own morning, tell those who want it that something waits."""
    zone = _zone()
    if dt.datetime.fromtimestamp(timestamp, tz=zone).hour == MORNING:
        log.info("daily letters sent", count=send_daily_letters())


@app.periodic(cron="5 * * * *")
@app.task(name="jobs.end_what_ran_out", queueing_lock="jobs.end_what_ran_out")
def end_what_ran_out(timestamp: int) -> None:
    """Places whose last day has passed in the region's own time, packets and referrals past their hour, releases that are
    over; each agency by itself.
    """
    with timezone.override(_zone()):
        for agency_id in Agency.objects.values_list("pk", flat=True):
            count = end_run_out(agency_id=agency_id) + purge_expired(agency_id=agency_id)
            count += end_releases(agency_id=agency_id) + remind_of_ends(agency_id=agency_id)
            count += end_referrals(agency_id=agency_id) + forget_ended(agency_id=agency_id) + remind(agency_id=agency_id)
            count += send_waiting_reports(agency_id=agency_id)
            if count:
                log.info("what ran out was ended", count=count)
